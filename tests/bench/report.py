"""The figures as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench.contenders import Contender
from tests.bench.figures import Measured
from tests.bench.rounds import Played

Results = Mapping[str, Sequence[Played]]
"""Each contender's rounds, by its key."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Medians over the rounds: turns a second (and the slowest and fastest round), milliseconds; microseconds of
    processor time a turn that the service used, and the driver.
    """

    rate: float
    lowest: float
    highest: float
    p50: float
    p99: float
    service_cpu: float
    driver_cpu: float

    @classmethod
    def of(cls, runs: Sequence[Measured]) -> Summary:
        rates = [run.rate for run in runs]
        return cls(
            median(rates),
            min(rates),
            max(rates),
            median(run.percentile(0.5) for run in runs),
            median(run.percentile(0.99) for run in runs),
            median(run.service_cpu / len(run.latencies) * 1e6 for run in runs),
            median(run.driver_cpu / len(run.latencies) * 1e6 for run in runs),
        )


def together(rounds: Sequence[Played]) -> Summary:
    return Summary.of([played.together for played in rounds])


def alone(rounds: Sequence[Played]) -> Summary:
    return Summary.of([played.alone for played in rounds])


def over_http(
    console: Console,
    title: str,
    contenders: Sequence[Contender],
    results: Results,
    pick: Callable[[Sequence[Played]], Summary],
) -> None:
    """One row a contender; the last columns compare with (c2), python-telegram-bot's queue, keeping nothing."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("a kill keeps")
    for column in ("turns/s", "rounds", "p50 ms", "p99 ms", "cpu us", "driver us", "x (c2)"):
        table.add_column(column, justify="right")
    peer = pick(results["c2"]).rate if results.get("c2") else None
    for contender in contenders:
        rounds = results.get(contender.key)
        if not rounds:
            table.add_row(contender.title, contender.keeps, "failed")
            continue
        row = pick(rounds)
        table.add_row(
            contender.title,
            contender.keeps,
            f"{row.rate:,.0f}",
            f"{row.lowest:,.0f}-{row.highest:,.0f}",
            f"{row.p50:.2f}",
            f"{row.p99:.2f}",
            f"{row.service_cpu:,.0f}",
            f"{row.driver_cpu:,.0f}",
            f"{row.rate / peer:.2f}" if peer else "-",
            end_section=contender.key in ("b-postgres", "floor-b"),
        )
    console.print(table)


@dataclass(frozen=True, slots=True)
class Goal:
    """What was aimed at and what came out; ``value`` is None when it could not be measured."""

    what: str
    value: float | None
    limit: float
    at_least: bool
    unit: str

    @property
    def met(self) -> bool:
        if self.value is None:
            return False
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def goals(console: Console, wanted: Sequence[Goal]) -> None:
    table = Table(title="Goals", title_justify="left")
    for column, justify in (("", "left"), ("goal", "right"), ("measured", "right"), ("", "left")):
        table.add_column(column, justify="right" if justify == "right" else "left")
    for goal in wanted:
        sign = ">=" if goal.at_least else "<="
        got = "not measured" if goal.value is None else f"{goal.value:.2f}{goal.unit}"
        table.add_row(goal.what, f"{sign} {goal.limit:g}{goal.unit}", got, "met" if goal.met else "NOT met")
    console.print(table)


def facts(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Names and values; nothing when there are none."""
    if not rows:
        return
    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
