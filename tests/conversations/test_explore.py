"""Every path of every conversation: random people do random things, and nothing breaks or ends blind."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.catalogue import REGISTRY
from conversations.domain.seeker import Seeker
from conversations.engine.events import MessageReceived
from tests.support.chat import Chat
from tests.support.desk import OFFICER
from tests.support.offers import TRAININGS, VACANCIES

WORDS = [
    "BATAL",
    "KEMBALI",
    "LEWATI",
    "ULANG",
    "BANTUAN",
    "MENU",
    "SELESAI",
    "PETUGAS",
    "STOP",
    "LAINNYA",
    "ya",
    "tidak",
    "1",
    "2",
    "3",
    "5",
    "7",
    "99",
    "lupa",
    "1998",
    "2010",
    "2008",
    "halo",
    "daftar",
    "setuju",
    "simpan",
    "ubah",
    "hapus",
    "Ani",
    "torgamba",
    "sma",
    "menjahit",
]
SENTENCES = [
    "loker admin kotapinang",
    "kerja apa yang cocok untuk saya",
    "jadwal pelatihan jahit kapan",
    "hapus data saya",
    "data apa yang disimpan tentang saya",
    "ubah nomor hp saya",
    "ubah nama",
    "kabari kalau ada loker baru",
    "makasih kak",
    "1 dan 3",
    "loker 2",
    "pelatihan 1",
    "ganti bahasa",
    "saya mau daftar",
    "aku gak sanggup lagi hidup begini",
    "sambungkan",
    "SAMBUNG 4829 1573",
    "sambung 1111-2222",
    "putuskan",
    "kabar di sini",
    "lengkapi profil",
    "telepon",
    "jangan telepon, chat saja",
    "17 agustus 2010",
    "12220145",
    "ganti",
    "ganti Ani",
    "Budi Contoh",
    "tentang Rina",
    "daftarkan orang lain lagi",
    "daftar untuk tetangga saya",
]

messages = st.one_of(
    st.sampled_from(WORDS).map(lambda text: MessageReceived(text=text)),
    st.sampled_from(SENTENCES).map(lambda text: MessageReceived(text=text)),
    st.text(max_size=40).map(lambda text: MessageReceived(text=text)),
    st.sampled_from(["voice", "photo"]).map(lambda kind: MessageReceived(media=kind)),
    st.sampled_from(["job:2", "job:999", "training:1", "ticket:1", "1:self", "3:+1", "job:", ":", "x"]).map(
        lambda choice: MessageReceived(choice=choice)
    ),
    st.just(MessageReceived(phone="+6281200000001")),
    st.just(MessageReceived(phone="+6281200000001", phone_is_own=False)),
    st.just(MessageReceived(edited=True)),
    st.just(MessageReceived(text="/start", start="job-2")),
)
silence = st.just("silence")
"""What comes next may be somebody else's message."""
tap = st.integers(min_value=0, max_value=20)
"""Tap the n-th of the buttons that are visible, when there are any."""

steps = st.lists(st.one_of(messages, tap, tap, silence), max_size=25)
CODES = {"48291573": Seeker(2, "Budi Contoh")}
ANI = Seeker(1, "Ani Contoh", fields=("menjahit",), needs=("kursi roda",))
BUDI, RINA = Seeker(3, "Budi Contoh", for_whom="other"), Seeker(4, "Rina Contoh", for_whom="other", paused=True)
people = st.sampled_from([(), (ANI,), (BUDI, ANI), (RINA, BUDI, ANI)])


Moves: TypeAlias = "list[MessageReceived | int | str]"


def play(chat: Chat, moves: Moves) -> None:
    for move in moves:
        if isinstance(move, str):
            chat.may_be_another = True
        elif isinstance(move, int):
            buttons = [b for m in chat.heard for b in m.quick_replies]
            if buttons:
                chat.event(MessageReceived(choice=buttons[move % len(buttons)].value))
        else:
            chat.event(move)


@given(steps, people, st.sampled_from(["id", "id@mudah", "en"]), st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_nothing_breaks_and_help_and_cancel_always_answer(
    moves: Moves, seekers: tuple[Seeker, ...], locale: str, linked: bool, officer: bool
) -> None:
    chat = Chat(VACANCIES, TRAININGS, seekers, locale=locale, linked=linked and bool(seekers), codes=CODES)
    chat.phone = "+6281200000001" if linked else None
    if officer:
        chat.officer = OFFICER
        chat.says("KANTOR")
    play(chat, moves)
    if chat.session.held is not None:
        assert chat.says("BANTUAN"), "help must answer while it is not known who writes"
        chat.says("ya")
    chat.may_be_another = False
    depth = len(chat.session.stack)
    assert chat.says("BANTUAN"), "help must answer in every state"
    assert len(chat.session.stack) == depth, "help must leave what is open as it is"
    assert chat.says("BATAL"), "cancel must answer in every state"
    assert len(chat.session.stack) <= depth
    for _ in range(3 * len(REGISTRY.conversations) * (len(chat.seekers) + 1)):
        chat.says("BATAL")
    assert all(REGISTRY.conversations[f.conversation].passing for f in chat.session.stack), "BATAL ends everything"
    assert chat.says("halo"), "a hello must always be answered"


@given(steps, people, st.booleans())
@settings(max_examples=100, deadline=None)
def test_every_message_keeps_to_the_limits(moves: Moves, seekers: tuple[Seeker, ...], officer: bool) -> None:
    chat = Chat(VACANCIES, TRAININGS, seekers, codes=CODES, officer=OFFICER if officer else None)
    for move in moves:
        play(chat, [move])
        for message in chat.heard:
            options = len(message.quick_replies)
            lines = message.text.split("\n")
            body = lines[: len(lines) - options] if options else lines
            assert len(body) <= 5, message.text
            assert len("\n".join(body)) <= 300, message.text
            assert options <= 7, message.text
            assert all(1 <= len(b.value.encode()) <= 64 for b in message.quick_replies)


def test_every_state_is_reachable() -> None:
    """From the start of its conversation, by the rule of forms or by what its states say they lead to."""
    for conversation in REGISTRY.conversations.values():
        if conversation.finish is not None or conversation.starts is None:
            continue  # a form asks its states one after the other
        reached = {conversation.states[0].name}
        frontier = list(conversation.states)
        for state in frontier:
            reached.update(state.leads_to)
        assert {s.name for s in conversation.states} <= reached, conversation.name
