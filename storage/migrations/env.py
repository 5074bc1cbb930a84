"""How Alembic runs here: always inside the transaction it is given (see ``storage.schema``)."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from storage.models import metadata


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write a migration with the plain types of this day: the project's own may change or go."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_render,
    # SQLite changes little about a table that is there: Alembic then copies it into a new one.
    render_as_batch=True,
)
context.run_migrations()
