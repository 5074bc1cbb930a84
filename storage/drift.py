"""Differences between what the migrations made and what the models say: there must be none.

Read from the databases' own catalogues, because Alembic's comparison overlooks the conditions of
partial indexes, checks, and what happens on delete.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.models import metadata
from storage.work import Database

_EXPECTED = "setara_expected"

_POSTGRESQL = sa.text("""
    SELECT table_name || '.' || column_name || ' ' || udt_name || ' null=' || is_nullable
           || ' default=' || coalesce(regexp_replace(column_default, '^nextval.*', 'sequence'), '-')
      FROM information_schema.columns WHERE table_schema = :schema
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = :schema
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = CAST(:schema AS regnamespace) AND contype <> 'n'
""")


def drift(database: Database) -> list[str]:
    """Every difference as one line; empty when ``database``, as migrated, is what the models say. Changes nothing."""
    made, wanted = _postgresql(database) if database.postgresql else _sqlite(database)
    return sorted(
        [f"only in the migrations: {line}" for line in made - wanted]
        + [f"only in the models: {line}" for line in wanted - made]
    )


def _postgresql(database: Database) -> tuple[set[str], set[str]]:
    """What is there, and what the models make in a schema of their own that is rolled back again."""
    with database.engine.connect() as connection:
        here = connection.scalar(sa.text("SELECT current_schema()"))
        connection.execute(sa.schema.CreateSchema(_EXPECTED))
        connection.execute(sa.text(f"SET LOCAL search_path = {_EXPECTED}"))
        metadata.create_all(connection)
        wanted = {line.replace(f"{_EXPECTED}.", "") for line in connection.scalars(_POSTGRESQL, {"schema": _EXPECTED})}
        connection.execute(sa.text(f"SET LOCAL search_path = {here}"))
        made = {line.replace(f"{here}.", "") for line in connection.scalars(_POSTGRESQL, {"schema": here})}
        connection.rollback()
    return {line for line in made if "alembic_version" not in line}, wanted


def _sqlite(database: Database) -> tuple[set[str], set[str]]:
    memory = sa.create_engine("sqlite://")
    with memory.connect() as connection:
        metadata.create_all(connection)
        wanted = _sqlite_shape(connection)
    memory.dispose()
    with database.read() as work:
        return _sqlite_shape(work.connection), wanted


def _sqlite_shape(connection: sa.Connection) -> set[str]:
    shape = set()
    tables = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    for table, statement in tables:
        if table == "alembic_version" or table.startswith("sqlite_"):
            continue
        shape.add(f"{table} autoincrement={'AUTOINCREMENT' in statement}")
        for check in sa.inspect(connection).get_check_constraints(table):
            shape.add(f"{table} check {check['name']} {check['sqltext']}")
        for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"):
            shape.add(f"{table}.{row.name} {row.type} notnull={row.notnull} default={row.dflt_value} key={row.pk}")
        for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})"):
            shape.add(f"{table}.{row[3]} -> {row[2]}.{row[4]} on delete {row.on_delete}")
        for row in connection.exec_driver_sql(f"PRAGMA index_list({table})"):
            columns = [column.name for column in connection.exec_driver_sql(f"PRAGMA index_info({row.name})")]
            shape.add(f"{table} index {columns} unique={row.unique} partial={row.partial}")
    made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return shape | {" ".join(statement.split()) for (statement,) in made}
