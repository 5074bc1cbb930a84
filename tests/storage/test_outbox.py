"""The outbox: what is claimed when, in which order, and what becomes of it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from storage import contacts, inbound, outbox
from storage.contacts import Identity
from storage.inbound import Arrival
from storage.outbox import NewMessage
from storage.work import Database, Work

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)


def _contacts(work: Work, *names: str, channel: str = "telegram") -> list[int]:
    found = contacts.recognise(work, [Identity(channel, name) for name in names], NOW)
    return [known.contact_id for known in found]


def _reply(contact_id: int, text: str = "halo") -> NewMessage:
    return NewMessage(contact_id, "telegram", {"text": text})


def _alert(contact_id: int, text: str = "lowongan", not_before: datetime | None = None) -> NewMessage:
    return NewMessage(contact_id, "telegram", {"text": text}, kind="alert", not_before=not_before)


def _claimed(work: Work, limit: int = 100, at: datetime = NOW) -> list[str]:
    return [delivery.body["text"] for delivery in outbox.claim(work, limit, ["telegram"], at)]


def test_a_delivery_says_what_must_be_known_when_sending(work: Work) -> None:
    [ani] = _contacts(work, "1001")
    [reply] = outbox.add(work, [_reply(ani)], NOW)
    contacts.set_alerts(work, ani, False)
    [delivery] = outbox.claim(work, 5, ["telegram", "web"], NOW)
    assert delivery == outbox.Delivery(
        id=reply or 0,
        contact_id=ani,
        channel="telegram",
        address="1001",
        kind="reply",
        body={"text": "halo"},
        attempts=1,
        created_at=NOW,
        alerts=False,
        blocked=False,
        locale="id",
        heard_at=None,
        sendings=1,
    )


def test_ids_come_back_in_the_order_of_the_messages(work: Work) -> None:
    [ani] = _contacts(work, "1")
    texts = [str(number) for number in range(150)]
    ids = outbox.add(work, [_reply(ani, text) for text in texts], NOW)
    stored = outbox.waiting_for(work, ani, NOW)
    assert [(one.id, one.body["text"]) for one in stored] == list(zip(ids, texts, strict=True))


def test_replies_go_before_alerts_and_each_contact_gets_one_at_a_time(work: Work) -> None:
    ani, budi, citra = _contacts(work, "1", "2", "3")
    outbox.add(work, [_alert(citra, "c-alert"), _reply(ani, "a1"), _reply(ani, "a2"), _alert(ani, "a-alert")], NOW)
    outbox.add(work, [_reply(budi, "b1")], NOW)
    assert _claimed(work, limit=2) == ["a1", "b1"]
    assert _claimed(work) == ["c-alert"]
    assert _claimed(work) == []
    ani_first = outbox.transcript(work, ani, 10)[0].outbox_id
    outbox.confirm(work, [ani_first or 0], NOW)
    assert _claimed(work) == ["a2"]
    assert _claimed(work) == []


def test_an_alert_waits_for_every_reply_of_its_contact_but_holds_up_none(work: Work) -> None:
    [ani] = _contacts(work, "1")
    tomorrow = NOW + timedelta(days=1)
    outbox.add(work, [_alert(ani, "besok", not_before=tomorrow), _alert(ani, "sekarang"), _reply(ani, "balas")], NOW)
    assert _claimed(work) == ["balas"]
    assert _claimed(work) == []
    outbox.confirm(work, [one.outbox_id or 0 for one in outbox.transcript(work, ani, 1)], NOW)
    # "sekarang" was written after "besok" and stays behind it.
    assert _claimed(work) == []
    assert _claimed(work, at=tomorrow) == ["besok"]


def test_a_reply_that_waits_for_the_person_to_write_holds_up_no_alert(work: Work) -> None:
    [ani] = _contacts(work, "1")
    [held, _] = outbox.add(work, [_reply(ani, "balas"), _alert(ani, "kabar")], NOW)
    assert _claimed(work) == ["balas"]
    outbox.fail(work, held or 0, "131047", NOW + outbox.KEEP)
    assert _claimed(work) == ["kabar"]


def test_only_what_is_due_on_the_channels_asked_for(work: Work) -> None:
    [ani] = _contacts(work, "1")
    [web] = _contacts(work, "1", channel="web")
    outbox.add(work, [NewMessage(web, "web", {"text": "web"}), _alert(ani, "nanti", not_before=LATER)], NOW)
    assert _claimed(work) == []
    assert _claimed(work, at=LATER) == ["nanti"]
    assert [one.body for one in outbox.waiting_for(work, web, NOW)] == [{"text": "web"}]


def test_stalled_claims_are_taken_up_again(work: Work) -> None:
    ani, budi = _contacts(work, "1", "2")
    held = NewMessage(budi, "telegram", {"text": "held"}, claimed=True)
    outbox.add(work, [_reply(ani, "a"), held], NOW)
    assert _claimed(work) == ["a"]
    assert _claimed(work, at=NOW + outbox.STALLED) == []
    rescued = outbox.claim(work, 10, ["telegram"], NOW + outbox.STALLED + timedelta(seconds=1))
    assert [(delivery.body["text"], delivery.attempts) for delivery in rescued] == [("a", 2), ("held", 1)]


def test_failing_retries_later_or_ends_with_its_error(work: Work) -> None:
    ani, budi = _contacts(work, "1", "2")
    first, second = outbox.add(work, [_reply(ani, "a"), _reply(budi, "b")], NOW)
    outbox.claim(work, 10, ["telegram"], NOW)
    outbox.fail(work, first or 0, "502", LATER)
    outbox.fail(work, second or 0, "400: bad", None)
    assert _claimed(work) == []
    [again] = outbox.claim(work, 10, ["telegram"], LATER)
    assert (again.id, again.attempts) == (first, 2)
    outbox.release(work, [first or 0], LATER)
    [again] = outbox.claim(work, 10, ["telegram"], LATER)
    assert again.attempts == 2


def test_what_ended_is_not_ended_otherwise(work: Work) -> None:
    [ani] = _contacts(work, "1")
    [only] = outbox.add(work, [_reply(ani)], NOW)
    outbox.claim(work, 10, ["telegram"], NOW)
    outbox.confirm(work, [only or 0], NOW)
    outbox.fail(work, only or 0, "too late", NOW)
    outbox.drop(work, [only or 0])
    outbox.rescue(work, LATER)
    assert _claimed(work, at=LATER) == []
    [line] = outbox.transcript(work, ani, 5)
    assert (line.outbox_id, line.confirmed) == (only, True)


def test_a_dedupe_key_is_written_once(work: Work) -> None:
    [ani] = _contacts(work, "1")
    digest = NewMessage(ani, "telegram", {"text": "x"}, kind="alert", dedupe_key="digest:1:2026-03-02")
    first, plain = outbox.add(work, [digest, _reply(ani)], NOW)
    again, other = outbox.add(work, [digest, _reply(ani)], NOW)
    assert again is None
    assert None not in (first, plain, other)


def test_the_answers_to_a_redelivered_message(work: Work) -> None:
    [ani] = _contacts(work, "1")
    inbound.record(work, [Arrival("telegram", "7", ani), Arrival("telegram", "8", ani)], NOW)
    answers = [NewMessage(ani, "telegram", {"text": text}, external_id="7") for text in ("satu", "dua")]
    first, second = outbox.add(work, answers, NOW)
    outbox.confirm(work, [first or 0], NOW)
    assert outbox.for_inbound(work, "telegram", "7") == [
        outbox.Stored(first or 0, {"text": "satu"}, True),
        outbox.Stored(second or 0, {"text": "dua"}, False),
    ]
    assert outbox.for_inbound(work, "telegram", "8") == []
    assert outbox.for_inbound(work, "web", "7") == []


def test_a_transcript_has_words_and_answers_in_order(work: Work) -> None:
    [ani] = _contacts(work, "1", channel="web")
    said = [Arrival("web", str(number), ani, said=f"kata {number}") for number in (9, 10)]
    inbound.record(work, said, NOW)
    outbox.add(work, [NewMessage(ani, "web", {"text": f"jawab {n}"}, external_id=str(n)) for n in (9, 10)], NOW)
    outbox.add(work, [NewMessage(ani, "web", {"text": "alert"}, kind="alert")], LATER)
    lines = outbox.transcript(work, ani, 50)
    assert [line.said or (line.body or {})["text"] for line in lines] == [
        "kata 9",
        "jawab 9",
        "kata 10",
        "jawab 10",
        "alert",
    ]
    assert [line.said or (line.body or {})["text"] for line in outbox.transcript(work, ani, 2)] == ["jawab 10", "alert"]


def test_what_is_older_than_seven_days_is_purged_though_it_waits(work: Work) -> None:
    [ani] = _contacts(work, "1")
    inbound.record(work, [Arrival("telegram", "7", ani)], NOW)
    sent, _waiting = outbox.add(work, [_reply(ani, "sent"), _reply(ani, "waiting")], NOW)
    outbox.confirm(work, [sent or 0], NOW)
    inbound.record(work, [Arrival("telegram", "8", ani)], LATER)
    assert outbox.purge(work, NOW + outbox.KEEP) == 0
    assert outbox.purge(work, NOW + outbox.KEEP + timedelta(minutes=1)) == 3
    assert inbound.record(work, [Arrival("telegram", n, ani) for n in ("7", "8")], LATER) == {("telegram", "7")}
    assert outbox.transcript(work, ani, 5) == []


def test_several_senders_never_claim_the_same_message(database: Database) -> None:
    """Four at once, each confirming what it claimed: everything goes out once, and in order for each contact."""
    with database.work() as work:
        ids = _contacts(work, *(str(number) for number in range(10)))
        outbox.add(work, [_reply(contact_id, str(turn)) for turn in range(6) for contact_id in ids], NOW)
    sent: list[tuple[int, str]] = []
    guard = threading.Lock()
    failures: list[BaseException] = []

    def send() -> None:
        try:
            while True:
                with database.work() as work:
                    claimed = outbox.claim(work, 4, ["telegram"], NOW)
                with guard:
                    sent.extend((delivery.contact_id, delivery.body["text"]) for delivery in claimed)
                    finished = len(sent) >= 60
                with database.work() as work:
                    outbox.confirm(work, [delivery.id for delivery in claimed], NOW)
                if finished:
                    return
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(sent) == 60
    for contact_id in ids:
        assert [text for to, text in sent if to == contact_id] == ["0", "1", "2", "3", "4", "5"]
