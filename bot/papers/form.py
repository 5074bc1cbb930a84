"""The registration form on paper: the questions of the chat, in their order and words, to be filled in by hand.

What the chat asks is taken from its conversations, so that form and chat cannot disagree. What only paper needs
(who was in the room, what a chat finds out by itself) stands after the question that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.papers import typesetting
from conversations import consent
from conversations import seeker_questions as about
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import State
from conversations.engine.questions import Ask, Choose, ChooseMany, Consent
from conversations.engine.session import Frame, Session
from conversations.engine.texts import Shown, Text, Translate, t
from conversations.registration import registration

ASKED: tuple[State, ...] = (
    *(state for state in registration.states if state.name not in about.TOLD),
    *(about.RAGAM, about.SEX, about.PHONE),
)
"""What stands on the form, in the order in which the chat asks: registering, and the first of what completes it."""

Question = Ask | Choose | ChooseMany


@dataclass(frozen=True, slots=True)
class Writing:
    """A place to write by hand, and what belongs there."""

    label: Shown
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """One question on paper; ``name``: of the chat's question, or of what only paper asks."""

    name: str
    heading: Shown
    texts: tuple[Shown, ...] = ()
    choices: tuple[Shown, ...] = ()
    writing: tuple[Writing, ...] = ()


ANSWER = Writing(t("Jawaban:"))

OFFICE: tuple[Field, ...] = (
    Field("form_number", t("Nomor formulir"), writing=(ANSWER,)),
    Field("officer", t("Nama petugas"), writing=(ANSWER,)),
    Field("form_date", t("Tanggal formulir"), writing=(Writing(t("Tanggal, bulan, tahun:")),)),
)

ONLY_ON_PAPER: dict[str, tuple[Field, ...]] = {
    "for_whom": (
        Field(
            "companion_name",
            t("Nama pendamping"),
            (t("Isi ini jika orang lain membantu mendaftar."),),
            writing=(ANSWER,),
        ),
        Field("companion_relation", t("Hubungan pendamping"), (t("Contoh: ibu, adik, tetangga."),), writing=(ANSWER,)),
    ),
    "consent": (
        Field(
            "consent_manner",
            t("Cara persetujuan diberikan"),
            (t("Pilih satu."),),
            (t("Tertulis"), t("Lisan dibacakan"), t("Bahasa isyarat"), t("Wali")),
            (Writing(t("Tanda tangan atau cap jempol:"), 2),),
        ),
    ),
    "name": (
        Field(
            "nik",
            t("NIK"),
            (t("NIK adalah 16 angka di kartu tanda penduduk."), t("Boleh dikosongkan.")),
            writing=(ANSWER,),
        ),
    ),
    "district": (
        Field("village", t("Desa atau kelurahan"), writing=(ANSWER,)),
        Field(
            "address", t("Alamat"), (t("Contoh: nama jalan, dusun, dekat apa."),), writing=(Writing(ANSWER.label, 2),)
        ),
    ),
    "education": (
        Field(
            "skills",
            t("Keterampilan"),
            (t("Apa yang bisa Anda kerjakan? Contoh: menjahit, mengetik."), t("Boleh dikosongkan.")),
            writing=(Writing(ANSWER.label, 2),),
        ),
    ),
    "phone": (
        Field(
            "may_call",
            t("Boleh ditelepon?"),
            (t("Pilih satu."),),
            (
                t("Boleh ditelepon"),
                t("Jangan telepon, kirim pesan saja"),
                t("Telepon ini milik orang lain"),
                t("Saya tidak punya telepon"),
            ),
        ),
    ),
}
"""After a question of the chat; left out once the chat asks the same, under the same name."""

IN_THE_CHAT = frozenset(["check", "guardian", "guardian_consent"])
"""Questions that paper does not ask: there an officer explains, hears whether it was understood, and sees a letter."""

UNTITLED: dict[str, Text] = {"consent": t("Persetujuan"), "parent_consent": t("Izin orang tua atau wali")}
"""Questions that a review does not show, and which therefore have no label."""

WITHOUT_A_CHAT: dict[str, tuple[Text, tuple[Text, ...], tuple[Text, ...]]] = {
    "birth_year": (
        t("Tanggal lahir"),
        (t("Kapan Anda lahir? Jika lupa tanggalnya, tulis tahunnya saja."),),
        (t("Saya lupa tahunnya"),),
    ),
}
"""Questions whose words in the chat speak of replying: (heading, question, boxes) on paper."""

COLUMNS: dict[str, str] = {
    "nomor_formulir": "form_number",
    "petugas": "officer",
    "tanggal_formulir": "form_date",
    "persetujuan": "consent",
    "persetujuan_cara": "consent_manner",
    "nama": "name",
    "nik": "nik",
    "tanggal_lahir": "birth_year",
    "jenis_kelamin": "sex",
    "kecamatan": "district",
    "desa": "village",
    "alamat": "address",
    "telepon": "phone",
    "ragam_disabilitas": "ragam",
    "kebutuhan": "needs",
    "pendidikan": "education",
    "keterampilan": "skills",
    "bidang_minat": "fields",
    "pendamping_nama": "companion_name",
    "pendamping_hubungan": "companion_relation",
}
"""The columns of the seekers' file in their order, and the field of the form that each is typed from."""


def asked() -> Iterator[Question]:
    """The questions of the chat, in its order."""
    for state in ASKED:
        if isinstance(state, Ask | Choose | ChooseMany) and state.name not in IN_THE_CHAT:
            yield state


def fields_of(talk: Talk) -> tuple[Field, ...]:
    """What is asked of the person, as it stands on paper."""
    questions = list(asked())
    names = {question.name for question in questions}
    found: list[Field] = []
    for question in questions:
        found.append(on_paper(question, talk))
        found += [field for field in ONLY_ON_PAPER.get(question.name, ()) if field.name not in names]
    return tuple(found)


def on_paper(question: Question, talk: Talk) -> Field:
    """A question of the chat, to be answered by hand."""
    heading: Shown = question.label or UNTITLED[question.name]
    texts = _words(question, talk)
    notes = (t("Boleh dikosongkan."),) if question.optional else ()
    if question.name in WITHOUT_A_CHAT:
        heading, texts, boxes = WITHOUT_A_CHAT[question.name]
        return Field(question.name, heading, (*texts, *notes), boxes, (ANSWER,))
    if isinstance(question, Ask):
        return Field(question.name, heading, (*texts, *notes), writing=(ANSWER,))
    choices = tuple(choice.label for choice in question.options(talk))
    if isinstance(question, Choose):
        return Field(question.name, heading, (*texts, t("Pilih satu."), *notes), choices)
    own = (Writing(t("Tulis sendiri:")),) if question.own_words else ()
    return Field(question.name, heading, (*texts, t("Pilih semua yang sesuai."), *notes), choices, own)


def _words(question: Question, talk: Talk) -> tuple[Shown, ...]:
    """As the chat words it; how to hand over a telephone means nothing on paper."""
    text = question.text(talk) if callable(question.text) else question.text
    lines = text if isinstance(text, tuple) else (text,)
    return tuple(line for line in lines if line not in consent.HAND_OVER) if isinstance(question, Consent) else lines


def form_of(context: Context) -> dict[str, Any]:
    """The whole form as data for its template, in the locale of ``context``."""
    tr = context.tr
    # On paper it is the person who is asked, whoever holds the pen.
    talk = Talk(context, Session(), Frame("form", 1, "", 0, {"for_whom": "self"}))
    fields = fields_of(talk)
    numbered = [_shown(field, tr, number) for number, field in enumerate(fields, start=1)]
    places = {field.name: tr(field.heading) for field in OFFICE} | {
        field.name: one["heading"] for field, one in zip(fields, numbered, strict=True)
    }
    return {
        "intro": [
            tr(t("Formulir ini untuk mendaftar sebagai pencari kerja. Gratis.")),
            tr(t("Beri tanda centang di kotak yang sesuai, atau tulis di atas garis.")),
            tr(t("Petugas boleh membacakan dan menuliskan jawaban Anda.")),
        ],
        "sections": [
            {
                "heading": tr(t("Diisi oleh petugas")),
                "texts": [],
                "fields": [_shown(field, tr) for field in OFFICE],
            },
            {
                "heading": tr(t("Diisi oleh pencari kerja")),
                "texts": [],
                "fields": numbered,
            },
        ],
        "typing": {
            "heading": tr(t("Untuk petugas: mengetik ke berkas")),
            "text": tr(t("Ini urutan kolom di berkas, dan tempat jawabannya di formulir ini.")),
            "columns": [f"{column}: {places[name]}" for column, name in COLUMNS.items()],
        },
    }


def _shown(field: Field, tr: Translate, number: int | None = None) -> dict[str, Any]:
    heading = tr(field.heading)
    return {
        "heading": heading if number is None else f"{number}. {heading}",
        "texts": [tr(text) for text in field.texts],
        "choices": [tr(choice) for choice in field.choices],
        "writing": [{"label": tr(entry.label), "lines": entry.lines} for entry in field.writing],
    }


def pdf_of(context: Context) -> bytes:
    """The form as PDF/UA-1, in the locale of ``context`` and with the places of its region."""
    title = context.tr(t("Formulir pendaftaran Setara Kerja, {region}", region=context.region.short_name))
    return typesetting.pdf("form", form_of(context), title=title, language=context.locale.partition("@")[0])
