"""What platforms report later: in any order, more than once, about what may be gone; each message counted once."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest
import sqlalchemy as sa

from storage import contacts, outbox, receipts, stats
from storage.contacts import Identity
from storage.models import outbox as table
from storage.outbox import NewMessage
from storage.work import Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def sent(work: Work) -> int:
    """A message that its platform accepted at delivery's first attempt."""
    [known] = contacts.recognise(work, [Identity("whatsapp", "6281200000001")], NOW)
    outbox.add(work, [NewMessage(known.contact_id, "whatsapp", {"text": "halo"}, kind="alert")], NOW)
    [claimed] = outbox.claim(work, 1, ["whatsapp"], NOW)
    outbox.confirm(work, [claimed.id], NOW)
    return claimed.id


def state(work: Work) -> tuple[str, str | None]:
    row = work.connection.execute(sa.select(table.c.state, table.c.receipt)).one()
    return row.state, row.receipt


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_what_has_arrived_has_arrived(work: Work, sent: int, order: tuple[str, ...]) -> None:
    for receipt in (*order, *order):
        receipts.receive(work, sent, receipt)
    assert state(work) == ("sent", "read")


def test_what_failed_is_taken_up_again_once(work: Work, sent: int) -> None:
    receipts.receive(work, sent, "sent")
    doubted = receipts.doubt(work, sent, 1, NOW)
    assert doubted is not None
    assert doubted.accepted_at == NOW
    assert (doubted.message.id, doubted.message.sendings, doubted.message.address) == (sent, 1, "6281200000001")
    assert state(work) == ("claimed", None)
    assert receipts.doubt(work, sent, 1, NOW) is None, "the same report again"
    outbox.fail(work, sent, "5xx", NOW)
    [again] = outbox.claim(work, 1, ["whatsapp"], NOW)
    outbox.confirm(work, [again.id], NOW)
    assert receipts.doubt(work, sent, 1, NOW) is None, "of the sending before"
    assert receipts.doubt(work, sent, 2, NOW) is not None


@pytest.mark.parametrize("receipt", ["delivered", "read"])
def test_what_has_arrived_does_not_fail(work: Work, sent: int, receipt: str) -> None:
    receipts.receive(work, sent, receipt)
    assert receipts.doubt(work, sent, 1, NOW) is None
    assert state(work) == ("sent", receipt)


def test_a_report_about_what_is_not_kept_does_nothing(work: Work, sent: int) -> None:
    receipts.receive(work, sent + 1, "read")
    receipts.count(work, sent + 1, "utility", True, "2026-03")
    assert receipts.doubt(work, sent + 1, 1, NOW) is None
    assert state(work) == ("sent", None)


def test_each_message_is_counted_once_in_its_month(work: Work, sent: int) -> None:
    [known] = contacts.recognise(work, [Identity("whatsapp", "6281200000001")], NOW)
    ids = outbox.add(work, [NewMessage(known.contact_id, "whatsapp", {"text": "halo"})] * 3, NOW)
    for month, outbox_id, category, billable in (
        ("2026-03", sent, "utility", True),
        ("2026-04", sent, "utility", True),
        ("2026-03", ids[0], "utility", True),
        ("2026-03", ids[1], "service", False),
        ("2026-04", ids[2], "utility", True),
    ):
        receipts.count(work, outbox_id or 0, category, billable, month)
    assert stats.collect(work, NOW).messages == {
        "2026-03": {"whatsapp service, free": 1, "whatsapp utility, billable": 2},
        "2026-04": {"whatsapp utility, billable": 1},
    }
