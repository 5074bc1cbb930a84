"""What the service writes about itself: to stderr, one event a line, and never a secret or an identity.

Words of people do not belong in an event at all; the redaction here is the net beneath that rule. It works
on the finished line, so it also covers tracebacks and what libraries log (an HTTP client's URL holds the
bot's token).
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Literal, TextIO, TypeAlias

_rich = sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # None: "not installed"
try:
    # structlog loads rich, where there is any, for tracebacks in colour. They are not used here, and
    # would more than double the time until the first line.
    import structlog
finally:
    if _rich is None:
        del sys.modules["rich"]

Level: TypeAlias = Literal["debug", "info", "warning", "error"]

OWN = ("bot", "conversations", "locales", "storage")
"""The loggers that ``level`` is for. Libraries speak from WARNING on: below it they log people's words."""

_PATTERNS = (
    # A token stands in the Bot API's paths as /bot<token>/, whatever its length.
    (re.compile(r"(?<=/bot)\d+(?::|%3A)[^/\s\"'\\]+", re.IGNORECASE), "[token]"),
    (re.compile(r"\b\d+(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE), "[token]"),
    (re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}="), "[key]"),
    (re.compile(r"(?<=://)[^/\s\"'\\@]+@"), "[login]@"),
    (re.compile(r"(?P<path>(?:https?://|/)[^\s?\"'<>\\]*)\?[^\s\"'<>\\]+"), r"\g<path>?[query]"),
    (re.compile(r"\[parameters: .*?\](?=\\n|\n|\"|$)", re.DOTALL), "[parameters]"),
    (re.compile(r"(?<!\d)\d{16}(?!\d)"), "[nik]"),
    (re.compile(r"(?<![\d.])(?:\+?62[\s-]?|0)8\d{2}[\s-]?\d{3,4}[\s-]?\d{2,5}(?!\d)"), "[phone]"),
)


class Redaction:
    """Removes what may appear in no log from a finished line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """``secrets``: exact texts to remove besides what is recognised by its form."""
        # Longest first, so that a list of keys is removed before its parts.
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, line: str) -> str:
        if self._known is not None:
            line = self._known.sub("[secret]", line)
        for pattern, replacement in _PATTERNS:
            line = pattern.sub(replacement, line)
        return line


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record of structlog or of any library, then redacts the whole of it."""

    def __init__(self, redact: Redaction, as_json: bool, colors: bool) -> None:
        renderer: structlog.typing.Processor
        if as_json:
            renderer = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        else:
            renderer = structlog.dev.ConsoleRenderer(
                colors=colors, pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
            )
        # JSON has a form of its own for line breaks.
        before = structlog.processors.format_exc_info if as_json else _one_line
        super().__init__(
            foreign_pre_chain=[*_SHARED, structlog.stdlib.ExtraAdder(allow=())],
            processors=[self.remove_processors_meta, before, renderer],
        )
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    """stderr, which can be closed at any time without harm."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        # logging would print the record's arguments here, past the redaction.
        kind = sys.exc_info()[0]
        with suppress(OSError, ValueError):
            self.stream.write(f"log line lost: {record.name} {kind.__name__ if kind else ''}\n")


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module (``get_logger(__name__)``). Events are short English words, details are values."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def configure(
    level: Level = "info",
    *,
    as_json: bool | None = None,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send everything that is logged in this process to stderr, redacted. May be called again.

    ``as_json``: None for key=value on a terminal and JSON elsewhere. ``secrets``: ``Settings.secrets()``.
    Uncaught exceptions and warnings are logged as well, for they would reach stderr as they are.
    """
    stream = stream or sys.stderr
    on_terminal = stream.isatty()
    handler = _Handler(stream)
    handler.setFormatter(
        _Formatter(Redaction(secrets), as_json=not on_terminal if as_json is None else as_json, colors=on_terminal)
    )
    for logger in list(logging.root.manager.loggerDict.values()):
        # A library's own handler would go round the redaction.
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(level.upper())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # Off, so that configure holds for loggers that have already spoken.
        cache_logger_on_first_use=False,
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _one_line(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape line breaks in what was logged: a line in the log is an event, whoever wrote its words."""
    for key, value in event.items():
        if isinstance(value, str) and ("\n" in value or "\r" in value):
            event[key] = value.replace("\r", "\\r").replace("\n", "\\n")
    return event


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    get_logger("bot").critical("uncaught exception", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _log_uncaught(args.exc_type, args.exc_value, args.exc_traceback)
