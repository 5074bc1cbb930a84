"""What each of many may take comes back with time, and is remembered of a bounded number."""

from __future__ import annotations

from bot.allowance import Allowance


def test_the_limit_refills_and_its_memory_is_bounded() -> None:
    now = 0.0
    limit = Allowance(2, most=100, clock=lambda: now)
    assert [limit.allow("a") for _ in range(3)] == [True, True, False]
    now = 30.0
    assert [limit.allow("a") for _ in range(2)] == [True, False]
    now = 3_600.0
    assert [limit.allow("a") for _ in range(3)] == [True, True, False]
    for number in range(1_000):
        limit.allow(f"host {number}")
    assert len(limit) == 100


def test_an_hours_allowance_comes_back_evenly_and_looking_takes_nothing() -> None:
    now = 0.0
    limit = Allowance(5, 3_600, clock=lambda: now)
    assert [limit.has("a") for _ in range(9)] == [True] * 9
    assert [limit.allow("a") for _ in range(6)] == [True] * 5 + [False]
    assert not limit.has("a")
    now = 720.0
    assert limit.has("a")
    now = 0.0
    assert not limit.has("a"), "a clock that is set back gives nothing"
