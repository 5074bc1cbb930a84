"""The lock files install what the project asks for, from anywhere, and nothing unchecked."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME = PROJECT["dependencies"]
DEV = [*RUNTIME, *PROJECT["optional-dependencies"]["dev"]]


def pins(lock: str) -> dict[str, str]:
    """Version by name; every pin must come with hashes."""
    found: dict[str, str] = {}
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    for entry in entries:
        match = re.match(r"([A-Za-z0-9._-]+)==(\S+)", entry)
        assert match, entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
        found[canonicalize_name(match[1])] = match[2]
    return found


@pytest.mark.parametrize(("lock", "asked"), [("requirements.lock", RUNTIME), ("requirements-dev.lock", DEV)])
def test_a_lock_holds_what_is_asked_for(lock: str, asked: list[str]) -> None:
    pinned = pins(lock)
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement


def test_what_is_tested_is_what_runs() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime.items() <= dev.items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(-index|-extra|-find|i\b|f\b)", text, re.MULTILINE)


def test_the_licence_is_the_one_that_is_named() -> None:
    licence = (ROOT / "LICENSE").read_text()
    assert PROJECT["license"] == "Apache-2.0"
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
