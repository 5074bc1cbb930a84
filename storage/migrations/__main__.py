"""Draft the next migration from what the models say now. Read it, then raise ``storage.schema.HEAD``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.keys import KeyRing, generate_key
from storage.schema import HEAD, alembic_config, upgrade
from storage.work import Database


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder, 'draft.db')}", KeyRing([generate_key()]))
        try:
            upgrade(database)
            with database.work() as work:
                command.revision(alembic_config(work), message, autogenerate=True, rev_id=f"{int(HEAD) + 1:04}")
        finally:
            database.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m storage.migrations "what changes"')
    main(sys.argv[1])
