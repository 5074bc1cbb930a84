"""What a waiting page reads, once a second: what is new, and nothing besides."""

from __future__ import annotations

import sqlalchemy as sa

from bot.web_history import WebHistory
from bot.writer import Writer
from storage.models import outbox
from storage.work import Database
from tests.support.service import Office


async def test_a_page_that_waits_reads_only_what_came_since(database: Database) -> None:
    office = Office(database)
    turns = [office.says("w", word, channel="web", said=word) for word in ("halo", "bantuan", "daftar")]
    office.says("other", "halo", channel="web", said="halo")
    history = WebHistory(Writer(office.turntaker))
    everything = [reply.outbox_id for turn in turns for reply in turn.replies]
    *_, before, newest = everything
    (entry,) = await history.newer("w", before)
    assert (entry.who, entry.outbox_id, entry.text) == ("service", newest, turns[-1].replies[-1].message.text)
    assert [e.outbox_id for e in await history.newer("w", 0)] == everything
    with database.work() as work:  # nothing that was read before is opened again: this could not be
        broken = sa.type_coerce(b"rusak", sa.LargeBinary)
        work.connection.execute(outbox.update().where(outbox.c.id <= before).values(body=broken))
    assert [e.outbox_id for e in await history.newer("w", before)] == [newest]
    assert await history.newer("w", newest) == []
    assert await history.newer("nobody", 0) == []
