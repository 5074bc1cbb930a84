"""What every command has in common: opening what it needs, and answering on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from bot import logs
from bot.opening import Opened, open_everything
from bot.settings import SettingsError, load_settings
from locales.render import translator
from storage.problems import OperationalProblem

AsJson = Annotated[bool, typer.Option("--json", help="Jawaban sebagai JSON.")]


@contextmanager
def opened(*, migrate: bool = False, level: logs.Level = "warning") -> Iterator[Opened]:
    """Everything a command needs; what stands in the way is said in one line each, and ends with 2."""
    with told():
        settings = load_settings()
        logs.configure(level, secrets=settings.secrets())
        for line in settings.warnings:
            print(line, file=sys.stderr)
        everything = open_everything(settings, migrate=migrate)
        try:
            yield everything
        finally:
            everything.database.close()


@contextmanager
def told() -> Iterator[None]:
    """What stands in the way is said in one line each, and ends with 2."""
    try:
        yield
    except SettingsError as refused:
        for line in refused.lines:
            print(line, file=sys.stderr)
        raise typer.Exit(2) from None
    except OperationalProblem as problem:
        detail = " ".join(str(problem).split())
        print(f"{translator('id')(problem.text)} ({detail})", file=sys.stderr)
        raise typer.Exit(2) from None


def show(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
