"""Who somebody is when their platform has two names for them, and withholds or hands on one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from conversations.engine.handed_on import SILENCE
from storage import contacts, links, outbox, seekers, sessions, tickets
from storage.bulk import together
from storage.contacts import Identity, Known
from storage.models import contact_aliases, contact_seekers
from storage.models import contacts as kept_contacts
from storage.sessions import SessionToSave
from storage.work import Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BUDI = Identity("whatsapp", "6281200000001", alias="ID.100")


def recognise(work: Work, *who: Identity) -> list[Known]:
    return contacts.recognise(work, list(who), NOW)


def one(work: Work, who: Identity) -> Known:
    [known] = recognise(work, who)
    return known


def test_both_names_are_one_contact(work: Work) -> None:
    first = one(work, BUDI)
    assert not first.stranger
    hidden = one(work, replace(BUDI, address="ID.100"))
    older = one(work, replace(BUDI, alias=None))
    again = one(work, BUDI)
    assert {first.contact_id, hidden.contact_id, older.contact_id, again.contact_id} == {first.contact_id}
    assert not any(known.stranger for known in (hidden, older, again))


def test_who_began_without_a_number_stays_when_it_is_shown(work: Work) -> None:
    hidden = one(work, Identity("whatsapp", "ID.100", alias="ID.100"))
    assert one(work, BUDI).contact_id == hidden.contact_id


def test_a_number_that_comes_with_another_alias_is_doubted_until_it_was_asked(work: Work) -> None:
    first = one(work, BUDI)
    other = replace(BUDI, alias="ID.200")
    second = one(work, other)
    assert (second.contact_id, second.stranger) == (first.contact_id, True)
    assert one(work, other).stranger, "nobody has been asked yet"
    contacts.trust(work, first.contact_id)
    assert not one(work, other).stranger
    assert one(work, replace(BUDI, address="ID.100")).contact_id != first.contact_id, "the old alias names nobody here"


def test_several_new_ones_at_once(work: Work) -> None:
    ani = Identity("whatsapp", "6281200000002", alias="ID.2")
    cici = Identity("telegram", "3")
    known = recognise(work, BUDI, cici, ani, BUDI)
    assert [k.contact_id for k in known[:1]] == [known[3].contact_id]
    assert len({k.contact_id for k in known}) == 3
    assert not any(k.stranger for k in known)
    assert work.connection.scalar(sa.select(sa.func.count()).select_from(contact_aliases)) == 2


def test_a_new_number_takes_the_talk_along(work: Work) -> None:
    before = one(work, BUDI)
    to = Identity("whatsapp", "6281200000099", alias="ID.300")
    assert contacts.readdress(work, BUDI, to)
    after = one(work, to)
    assert (after.contact_id, after.stranger) == (before.contact_id, False)
    assert one(work, replace(BUDI, alias="ID.400")).contact_id != before.contact_id, "the old number is somebody's else"


def test_only_the_user_id_changes(work: Work) -> None:
    before = one(work, Identity("whatsapp", "ID.100", alias="ID.100"))
    to = Identity("whatsapp", "ID.300", alias="ID.300")
    assert contacts.readdress(work, Identity("whatsapp", "ID.100", alias="ID.100"), to)
    assert one(work, to).contact_id == before.contact_id


def test_two_talks_are_never_mixed(work: Work) -> None:
    budi, ani = Identity("whatsapp", "6281200000001"), Identity("whatsapp", "6281200000002")
    first, second = recognise(work, budi, ani)
    assert not contacts.readdress(work, budi, ani)
    assert not contacts.readdress(work, Identity("whatsapp", "6281299999999"), budi)
    assert [known.contact_id for known in recognise(work, budi, ani)] == [first.contact_id, second.contact_id]


OLD, NEW = Identity("whatsapp", "6281200000001"), Identity("whatsapp", "6281200000002")


def registered(work: Work, who: Identity, name: str) -> int:
    seeker_id = seekers.add(work, {"name": name}, education_rank=None, now=NOW)
    seekers.link(work, one(work, who).contact_id, seeker_id, "self")
    return seeker_id


def doubted(work: Work, known: Known) -> datetime | None:
    at: datetime | None = work.connection.scalar(
        sa.select(kept_contacts.c.doubted_at).where(kept_contacts.c.id == known.contact_id)
    )
    return at


def test_who_has_written_from_the_new_number_already_takes_their_registration_there(work: Work) -> None:
    ani, old, new = registered(work, OLD, "Ani Contoh"), one(work, OLD), one(work, NEW)
    links.prefer(work, old.contact_id, ani, NOW)
    contacts.set_alerts(work, old.contact_id, False)
    assert links.offer(work, old.contact_id, ani, "00000001", NOW, NOW + timedelta(minutes=15))
    asked = tickets.open_ticket(work, old.contact_id, ani, "human", "tolong", NOW)
    sessions.save(work, [SessionToSave(new.contact_id, {"a": "now"}, 0)], NOW)
    outbox.add(work, [outbox.NewMessage(old.contact_id, "whatsapp", {"text": "kabar"}, kind="alert")], NOW)
    assert contacts.readdress(work, OLD, NEW)
    before, after = recognise(work, OLD, NEW)
    assert (before.contact_id, after.contact_id) == (old.contact_id, new.contact_id)
    assert (before.seekers, [seeker.id for seeker in after.seekers]) == ((), [ani])
    assert (after.session, after.alerts) == ({"a": "now"}, False)
    assert work.connection.scalars(sa.select(contact_seekers.c.preferred_at)).all() == [NOW]
    assert [(t.id, t.contact_id) for t in tickets.list_open(work)] == [(asked, new.contact_id)]
    assert links.offered(work, "00000001", NOW) is None
    assert outbox.waiting_for(work, old.contact_id, NOW) == []
    assert (doubted(work, before), doubted(work, after)) == (NOW, None)


def test_a_registration_that_is_there_already_stays_and_the_old_number_is_doubted(work: Work) -> None:
    ani, budi = registered(work, OLD, "Ani Contoh"), registered(work, NEW, "Budi Contoh")
    together(work, contacts.hearing(work, one(work, OLD).contact_id, NOW + timedelta(hours=1), SILENCE))
    assert not contacts.readdress(work, OLD, NEW)
    before, after = recognise(work, OLD, NEW)
    assert [[seeker.id for seeker in known.seekers] for known in (before, after)] == [[ani], [budi]]
    assert (doubted(work, before), doubted(work, after)) == (NOW + timedelta(hours=1), None)


def stored(work: Work, known: Known) -> str:
    return str(work.connection.scalar(sa.select(kept_contacts.c.address).where(kept_contacts.c.id == known.contact_id)))


def test_what_is_sent_goes_to_the_number_that_was_shown_last(work: Work) -> None:
    hidden = replace(BUDI, address="ID.100")
    known = one(work, hidden)
    assert stored(work, known) == "ID.100"
    for written, kept in ((BUDI, BUDI), (hidden, BUDI), (replace(BUDI, address="6281200000009"),) * 2):
        assert one(work, written).contact_id == known.contact_id
        assert stored(work, known) == kept.address
    assert one(work, replace(BUDI, alias="ID.200")).contact_id != known.contact_id, "the number before is free"


def test_a_number_that_is_another_contacts_stays_theirs(work: Work) -> None:
    first, other = recognise(work, BUDI, Identity("whatsapp", "6281200000009"))
    assert one(work, replace(BUDI, address="6281200000009")).contact_id == first.contact_id
    assert (stored(work, first), stored(work, other)) == (BUDI.address, "6281200000009")


def test_when_somebody_was_heard_only_grows(work: Work) -> None:
    known = one(work, BUDI)
    assert known.heard_at is None
    for hours in (1, 3, 2):
        together(work, contacts.hearing(work, known.contact_id, NOW + timedelta(hours=hours), SILENCE))
    assert one(work, BUDI).heard_at == NOW + timedelta(hours=3)
    contacts.not_heard_since(work, known.contact_id, NOW + timedelta(hours=2))
    assert one(work, BUDI).heard_at == NOW + timedelta(hours=2)
    contacts.not_heard_since(work, known.contact_id, NOW + timedelta(hours=9))
    assert one(work, BUDI).heard_at == NOW + timedelta(hours=2), "nothing is made up"
