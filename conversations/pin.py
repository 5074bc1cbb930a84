"""A PIN that a person may set: asked before their data is read back or changed, and kept nowhere as digits."""

from __future__ import annotations

import re

from conversations.engine.context import Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import Answer, Hush, OpenTicket, PinTried, SetPin, TryPin, Unlock
from conversations.engine.messages import Message
from conversations.engine.moves import Do, Done, Goto, Move, Open, Retry
from conversations.engine.texts import Text, t

_DIGITS = re.compile(r"(?:\D*\bpin\D*|)(\d{4,6})\W*", re.IGNORECASE)
_WISHES = (
    ("forgot", re.compile(r"(?:saya\s+)?(?:lupa|forgot(?: my)?)\s+pin(?:\s*(?:saya|nya))?", re.IGNORECASE)),
    ("remove", re.compile(r"(?:hapus|matikan|buang|copot|remove)\s+pin(?:\s*(?:saya|nya))?", re.IGNORECASE)),
    (
        "set",
        re.compile(r"(?:(?:pasang|buat|bikin|ganti|ubah|set|change)\s+)?pin(?:\s*(?:saya|baru))?", re.IGNORECASE),
    ),
)


def unmistakable(text: str) -> Move | None:
    """ "PIN", "ganti PIN", "hapus PIN", "lupa PIN"; digits said with it are not kept, whatever is open."""
    words = text.strip(" .!")
    for wish, pattern in _WISHES:
        if pattern.fullmatch(words):
            return Open("pin", {"wish": wish})
    if re.match(r"pin\b", words, re.IGNORECASE) and _DIGITS.fullmatch(words):
        return Open("pin", {"wish": "set"}, effects=(Hush(),))
    return None


def digits_in(text: str) -> str | None:
    found = _DIGITS.fullmatch("".join(text.split()) if text[:1].isdigit() else text.strip())
    return found[1] if found else None


def without(text: str, state: str, say: Text) -> Move:
    """What is no PIN is asked for again; if it holds a digit, it may be one written wrongly, and is not kept."""
    if any(letter.isdigit() for letter in text):
        return Goto(state, (say,), (Hush(),))
    return Retry(say)


WRONG = t("PIN itu empat sampai enam angka. Contoh: 4071")

# Saying it


def ask_pin(talk: Talk) -> Message:
    return Message((t("Tulis PIN Anda. Ini menjaga data Anda."), t("Jika lupa, tulis: lupa PIN")))


def hear_pin(talk: Talk, said: Said) -> Move:
    digits = digits_in(said.text)
    return Do(TryPin(digits)) if digits else without(said.text, "say", WRONG)


def claims_pin(talk: Talk, said: Said) -> bool:
    return digits_in(said.text) is not None


def found(talk: Talk, answer: Answer) -> Move:
    assert isinstance(answer, PinTried), "nothing else is asked for here"
    match answer.outcome:
        case "good":
            return opened(talk)
        case "braked":
            return Done(
                (
                    t("PIN salah terlalu sering. Coba lagi sesudah satu jam."),
                    t("Jika perlu segera, balas PETUGAS."),
                )
            )
    return Goto("say", (t("PIN itu salah."),))


def opened(talk: Talk) -> Move:
    """What was wanted before the PIN was asked for."""
    answers = talk.frame.answers
    match answers.get("wish"):
        case "set":
            return Goto("new", effects=(Unlock(),))
        case "remove":
            return removed()
    then = answers.get("then")
    if then is None:
        return Done((t("PIN benar. Tulis lagi yang Anda inginkan."),), (Unlock(),))
    return Done(effects=(Unlock(),), then=Open(str(then), answers.get("with", {})))


# Setting it


def ask_new(talk: Talk) -> Message:
    return Message(
        (
            t("Pilih PIN: empat sampai enam angka."),
            t("PIN diminta sebelum data Anda dibaca atau diubah."),
            t("Jangan pakai tahun lahir. Sesudahnya, hapus pesan PIN itu dari chat ini."),
        )
    )


def hear_new(talk: Talk, said: Said) -> Move:
    digits = digits_in(said.text)
    if digits is None:
        return without(said.text, "new", WRONG)
    if len(set(digits)) == 1 or digits in "0123456789" or digits in "9876543210":
        return Goto("new", (t("PIN itu mudah ditebak. Pilih angka lain."),), (Hush(),))
    return Done(
        (
            t("PIN disimpan. Angkanya tidak disimpan di sini."),
            t("Untuk mengganti: ganti PIN. Untuk menghapus: hapus PIN."),
        ),
        (SetPin(digits), Unlock()),
    )


def removed() -> Move:
    return Done((t("PIN dihapus. Data Anda tidak lagi dijaga PIN."),), (SetPin(None),))


# The conversation


def starts(talk: Talk) -> Move:
    seeker, wish = talk.context.seeker, talk.frame.answers.get("wish")
    if seeker is None:
        return Done((t("PIN menjaga data pendaftaran. Anda belum mendaftar."),))
    if wish == "forgot":
        return Done(
            (t("Petugas akan membantu menghapus PIN, sesudah memastikan siapa Anda."),), (OpenTicket("pin", ""),)
        )
    if seeker.pin is not None:
        return Goto("say")
    return Done((t("Anda belum memasang PIN. Untuk memasang, balas: PIN"),)) if wish == "remove" else Goto("new")


pin = Conversation(
    name="pin",
    version=1,
    title=t("PIN"),
    states=(
        Menu("say", ask_pin, hear_pin, ("new",), claims_pin),
        Menu("new", ask_new, hear_new, (), claims_pin),
    ),
    starts=starts,
    found=found,
    fits=lambda context: context.seeker is not None,
)
