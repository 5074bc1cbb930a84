"""What the tests of several channels share."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import logs


@pytest.fixture
def everything_logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The service's own logging, with every logger down to DEBUG."""
    levels = {name: logging.getLogger(name).level for name in ("", *logs.OWN)}
    monkeypatch.setattr(logging.root, "handlers", list(logging.root.handlers))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    buffer = io.StringIO()
    logs.configure("debug", stream=buffer, as_json=True)
    logging.root.setLevel(logging.DEBUG)
    yield buffer
    logging.captureWarnings(False)
    structlog.reset_defaults()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
