"""Walks through every state of every conversation in one language, and keeps what is heard there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

from conversations.domain.kept import Given
from conversations.domain.purposes import MATCHING
from conversations.domain.seeker import Seeker
from conversations.engine.events import MessageReceived
from conversations.engine.messages import OutgoingMessage
from conversations.engine.questions import agreed
from tests.locales import worst
from tests.support.chat import CODE, NOW, Chat
from tests.support.desk import OFFICER, Desk

Said: TypeAlias = str | MessageReceived

NONSENSE = "xyzzy plugh"

WORDS = (
    "BATAL", "KEMBALI", "LEWATI", "ULANG", "BANTUAN", "MENU", "SELESAI", "PETUGAS", "STOP",
    "halo", "daftar", NONSENSE, "1998", "2008", "2015", "lupa", "1899", "2099", "31 februari 1990",
    "0812 3456 7890", "17 Agustus 2010", worst.NAME, worst.NAME * 2, "tanjung medan", "medan", "x" * 2_000, " ",
)  # fmt: skip
"""What is tried in every state, besides its own buttons."""

WISHES = (
    "loker", "loker menjahit", "loker admin kotapinang", "kerja apa yang cocok untuk saya", "kerja dari rumah",
    "loker di medan gaji 5 juta", "loker harian untuk tuna netra yang ada lift", "loker bukan menjahit", "pelatihan",
    "pelatihan menjahit", "loker 1", "loker 3", "loker 4", "loker 999999999", "loker 77", "pelatihan 1",
    "pelatihan 2", "pelatihan 3", "pelatihan 77", "data saya", "hapus data saya", "siapa yang lihat data saya",
    "jeda dulu", "ubah nomor hp saya", "ubah nama", "ubah ragam", "kabari kalau ada loker", "jangan kabari lagi",
    "bahasa", "makasih", "mau bicara orang", "diminta bayar 500rb biar masuk", "aku gak sanggup lagi hidup begini",
    "iuran bpjs berapa", "hasil lamaran saya", "saya mau pasang lowongan", "saya mau daftarkan anak saya",
    "cara pakai ini gimana", "sambungkan", "SAMBUNG 4829 1573", "SAMBUNG 1111 2222", "1111-2222", "putuskan",
    "bukan saya", "kabar di sini", "izin saya", "cabut izin saya", "jangan bagikan ke bpjs", "jangan bagikan ke dinsos",
    "jangan cocokkan otomatis", "cocokkan lagi", "siapa terhubung dengan data saya", "hp saya hilang", "ganti nomor",
    "PIN", "ganti pin", "hapus pin", "lupa pin",
)  # fmt: skip
"""What people ask for; said where nothing is open."""

OTHERS = (
    MessageReceived(media="voice"),
    MessageReceived(phone="+6281200000001"),
    MessageReceived(phone="+6281200000001", phone_is_own=False),
    MessageReceived(edited=True),
    MessageReceived(choice="0:old"),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn: where the person was, what they did, and what they got to read."""

    before: Chat
    said: Said
    after: Chat
    messages: tuple[OutgoingMessage, ...]

    @property
    def is_a_second_tap(self) -> bool:
        """The same button twice in a row: a trembling hand, which is not answered."""
        return isinstance(self.said, MessageReceived) and self.said.choice == self.before.session.last_tap

    def __str__(self) -> str:
        top = self.before.session.top
        shown = "\n".join(message.text for message in self.messages)
        return f"{top.conversation + '.' + top.state if top else 'start'} > {self.said!r}\n{shown}"


def say(chat: Chat, said: Said) -> Chat:
    """The chat after this, the one before it left as it was. ``heard`` holds what was answered."""
    copy = replace(chat, effects=[], heard=[])
    if isinstance(said, str):
        copy.says(said)
    else:
        copy.event(said)
    return copy


def taps(chat: Chat) -> Iterator[MessageReceived]:
    for message in chat.heard:
        for button in message.quick_replies:
            yield MessageReceived(choice=button.value)


def state_of(chat: Chat) -> tuple[object, ...]:
    """Which question is open: in each, everything is tried once."""
    top = chat.session.top
    if chat.session.held is not None:
        return ("held", chat.session.held.misses > 0)
    if top is None:
        return (chat.seeker is None, chat.linked)
    return (
        chat.seeker is None,
        chat.linked,
        top.conversation,
        top.state,
        *(bool(top.scratch.get(x)) for x in ("chosen", "changing", "wrong")),
        # What follows from saving: a registration, or a draft.
        agreed(top.answers.get("consent")),
    )


def place_of(chat: Chat) -> tuple[object, ...]:
    """What else is shown there: a page, an offer, the wording for a companion. From each, every button is tapped."""
    top = chat.session.top
    if top is None:
        return state_of(chat)
    shown = tuple(top.scratch.get(name) for name in ("page", "offset", "id", "part", "failed"))
    marks = (chat.seeker.paused, chat.seeker.objects) if chat.seeker is not None else ()
    return (*state_of(chat), shown, top.answers.get("for_whom"), top.scratch.get("permission"), marks)


def start(locale: str, *seekers: Seeker, offers: bool = True) -> Chat:
    given = (Given(MATCHING, 1, "", "web", "self", NOW),) if seekers else ()
    if not offers:
        return Chat(seekers=seekers, locale=locale, consents=given)
    return Chat(worst.vacancies(), worst.trainings(), seekers, locale=locale, phone=worst.PHONE, consents=given)


@cache
def everywhere(locale: str) -> tuple[Heard, ...]:
    """Every turn of a walk that reaches every state, as one who is not registered and as those who are."""
    companion = replace(worst.SEEKER, for_whom="other")
    turns = [*_walked(start(locale), WISHES, (*WORDS, *OTHERS)), *_walked(start(locale, companion), WISHES, ())]
    draft = replace(companion, birth_year=None, status="draft")
    turns += _walked(start(locale, draft), ("dia setuju", "saya setuju"), WORDS)
    for seekers in ((), (companion,), (companion, replace(worst.SEEKER, id=worst.SEEKER.id + 1))):
        turns += _walked(start(locale, *seekers, offers=False), ("loker", "pelatihan"), ())
    with_pin = start(locale, replace(worst.SEEKER, pin="4071"), offers=False)
    turns += _walked(with_pin, ("data saya", "hapus pin"), (NONSENSE, "1357", "4071", "lupa PIN", "BATAL", "ULANG"))
    turns += [*_introduced(locale), *_at_several_places(locale), *_after_a_silence(locale), *_chosen_one_by_one(locale)]
    return (*turns, *_at_the_office(locale))


def _walked(first: Chat, wishes: Sequence[Said], everything: Sequence[Said]) -> Iterator[Heard]:
    """``wishes`` at the start, ``everything`` once in each state, and from each place every button that is there."""
    states, places = {state_of(first)}, {place_of(first)}
    queue: deque[tuple[Chat, Sequence[Said]]] = deque([(first, (*wishes, *everything))])
    while queue:
        chat, tried = queue.popleft()
        for said in tried:
            after = say(chat, said)
            yield Heard(chat, said, after, tuple(after.heard))
            if said == NONSENSE:
                again = say(after, said)
                yield Heard(after, said, again, tuple(again.heard))
            if after.locale == first.locale and (place := place_of(after)) not in places:
                news = () if (state := state_of(after)) in states else everything
                states.add(state)
                places.add(place)
                queue.append((after, (*taps(after), *news)))


def _introduced(locale: str) -> Iterator[Heard]:
    """Who tells everything at once, puts things right in plain words, and changes them in the review."""
    for place in ("aek batu", "medan"):
        told = f"saya Ani Contoh perempuan umur 25 tahun tuli tinggal di {place} hp 0812 3456 7890"
        tried = (told, "ya", "LEWATI", "SMA, bisa jahit", "nama saya salah, yang benar Ina", "umur saya 26 bukan 25")
        yield from _walked(start(locale, offers=False), tried[:1], tried[1:])
    wishes = ("ubah nomor hp jadi 0813 0000 0009", "saya pindah ke medan", "saya pindah ke aek batu")
    yield from _walked(start(locale, worst.SEEKER, offers=False), wishes, (NONSENSE, "ya", "tidak", "BANTUAN"))


def _at_several_places(locale: str) -> Iterator[Heard]:
    """Who joins another contact, in the middle of registering too; and who has several already."""
    good = {CODE: replace(worst.SEEKER, id=2)}
    joining = replace(start(locale, offers=False), codes=good)
    yield from _walked(joining, ("SAMBUNG 4829 1573",), (NONSENSE, "BANTUAN", "SAMBUNG 1111 2222"))
    invited = replace(joining, codes={CODE: replace(worst.SEEKER, id=2, status="invited")})
    yield from _walked(invited, ("SAMBUNG 4829 1573",), (NONSENSE, "BANTUAN"))
    filling = say(say(say(joining, "daftar"), "1"), "ya")
    yield from _walked(filling, ("SAMBUNG 4829 1573",), ())
    registered = replace(start(locale, worst.SEEKER, offers=False), codes=good)
    yield from _walked(registered, ("SAMBUNG 4829 1573",), ())
    linked = replace(registered, codes={CODE: worst.SEEKER}, linked=True)
    wishes = ("SAMBUNG 4829 1573", "STOP", "putuskan", "kabar di sini", "lihat data saya", "sambungkan")
    yield from _walked(linked, wishes, (NONSENSE, "BANTUAN", "KEMBALI", "BATAL", "ULANG"))


def _after_a_silence(locale: str) -> Iterator[Heard]:
    """Whose number may be somebody else's: everything is tried at the question, and once it was missed twice."""
    for seekers in ((), (worst.SEEKER,)):
        for said in ("loker", "halo", *OTHERS[:2]):
            silent = replace(start(locale, *seekers, offers=False), may_be_another=True, linked=bool(seekers))
            asked = say(silent, said)
            yield Heard(silent, said, asked, tuple(asked.heard))
            if asked.session.held is None:
                continue
            once = say(asked, NONSENSE)
            missed = say(once, NONSENSE)
            yield Heard(once, NONSENSE, missed, tuple(missed.heard))
            for chat in (asked, missed):
                answers: tuple[Said, ...] = (*WORDS, *OTHERS, "ya", "tidak", "itu saya", *taps(chat))
                for answer in answers:
                    after = say(chat, answer)
                    yield Heard(chat, answer, after, tuple(after.heard))


def _at_the_office(locale: str) -> Iterator[Heard]:
    """An officer's console, with the longest names and words; becoming one; and a person who answers an officer."""
    desk = Desk(worst.SEEKER, worst.NAME, " ".join(["kata"] * 150))
    console = replace(start(locale, offers=False), officer=replace(OFFICER, name=worst.NAME), desk=desk)
    words = (NONSENSE, "BANTUAN", "KEMBALI", "BATAL", "ULANG", "tidak ada", "besar", worst.NAME, "x" * 2_000)
    yield from _walked(console, ("KANTOR", "PETUGAS KODE 1111 2222 3333"), (*words, *OTHERS))
    person = replace(start(locale, offers=False), desk=desk)
    codes = ("PETUGAS KODE 1111 2222 3333", "PETUGAS KODE 4444 5555 6666")
    tickets = ("tiket 1", "tiket 2", "tiket 3", "KANTOR")
    yield from _walked(person, (*codes, *tickets), (*words, "aku gak sanggup lagi hidup begini"))


def _chosen_one_by_one(locale: str) -> Iterator[Heard]:
    """Every option there is, tapped one after the other, in each question that takes several."""
    for question in ("what helps", "work"):
        chat = start(locale)
        for answer in ("daftar", "1", "ya", worst.NAME, "1998", "1", *(["LEWATI"] * 2 if question == "work" else [])):
            chat = say(chat, answer)
        while options := _unchosen(chat):
            before, chat = chat, say(chat, options[0])
            yield Heard(before, options[0], chat, tuple(chat.heard))


def _unchosen(chat: Chat) -> list[MessageReceived]:
    """Taps on what is not chosen yet; on the way to the next page where this one has nothing left."""
    replies = [b for m in chat.heard for b in m.quick_replies if not b.value.endswith(":done")]
    options = [b for b in replies if ":+" not in b.value]
    return [MessageReceived(choice=b.value) for b in options or ([] if _all_chosen(chat) else replies)]


def _all_chosen(chat: Chat) -> bool:
    top = chat.session.top
    return top is None or len(top.scratch.get("chosen", ())) >= 20
