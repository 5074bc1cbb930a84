"""The questions about work that the first pass leaves out: what somebody has learned, wishes for, and does now."""

from __future__ import annotations

from conversations import profile_questions as person
from conversations import seeker_questions as about
from conversations.domain import availability, kinds, languages, schooling, situation
from conversations.domain.wording import words_of
from conversations.engine.context import Said, Talk
from conversations.engine.questions import Ask, Choose, ChooseMany, Problem
from conversations.engine.session import Json
from conversations.engine.texts import Money, t
from conversations.understanding.amounts import amount_at, split_unit

# What somebody has learned

SCHOOL = Choose(
    name="school",
    text=t("Di sekolah apa belajarnya?"),
    label=t("Jenis sekolah"),
    optional=True,
    choices=person.terms(schooling.SCHOOLS),
    hint=t("Balas angka atau kata pilihannya. Contoh: sekolah umum"),
)

MAJOR = Ask(
    name="major",
    text=t("Apa jurusannya?"),
    label=t("Jurusan"),
    optional=True,
    own_words=True,
    parse=person.words(80),
    hint=t("Tulis jurusannya. Contoh: tata busana"),
)

CERTIFICATE = Choose(
    name="certificate",
    text=t("Apakah ijazahnya ada?"),
    label=t("Ijazah ada"),
    optional=True,
    choices=person.YES_NO,
    other=lambda _, said: person.yes_no(said.text),
)

SKILLS = ChooseMany(
    name="skills",
    text=about.by_whom(
        t("Apa yang Anda bisa? Tulis beberapa, pisahkan dengan koma."),
        t("Apa yang dia bisa? Tulis beberapa, pisahkan dengan koma."),
    ),
    label=t("Keterampilan"),
    optional=True,
    choices=(),
    own_words=True,
    none=about.NOTHING,
    hint=t("Tulis yang bisa dikerjakan. Contoh: menjahit, memasak"),
)

CERTIFICATES = ChooseMany(
    name="certificates",
    text=t("Pelatihan atau sertifikat apa yang ada? Tulis beberapa, pisahkan dengan koma."),
    label=t("Sertifikat"),
    optional=True,
    choices=(),
    own_words=True,
    none=about.NOTHING,
    hint=t("Tulis nama pelatihannya. Contoh: kursus menjahit"),
)

EXPERIENCE = Ask(
    name="experience",
    text=t("Pengalaman kerjanya apa? Membantu keluarga atau usaha kecil juga pengalaman."),
    label=t("Pengalaman"),
    optional=True,
    own_words=True,
    parse=person.words(),
    hint=t("Tulis pengalamannya. Contoh: dua tahun membantu di warung"),
)

LANGUAGES = ChooseMany(
    name="languages",
    text=t("Bahasa dan cara baca apa yang dipakai? Boleh lebih dari satu."),
    label=t("Bahasa"),
    optional=True,
    choices=person.terms(languages.LANGUAGES),
    own_words=True,
    none=about.NOTHING,
    hint=t("Balas angka, atau tulis bahasanya. Contoh: BISINDO"),
)

# What somebody wishes for

ANY = (*about.NOTHING, "apa saja", "apa aja", "semua", "bebas", "terserah", "kapan saja")

KINDS = ChooseMany(
    name="kinds",
    text=t("Jenis kerja apa yang dicari? Boleh lebih dari satu."),
    label=t("Jenis kerja"),
    optional=True,
    choices=person.terms(kinds.KINDS),
    none=ANY,
    hint=t("Balas angka atau kata pilihannya. Contoh: penuh waktu"),
)

HOURS = ChooseMany(
    name="hours",
    text=t("Kapan bisa bekerja? Boleh lebih dari satu."),
    label=t("Waktu kerja"),
    optional=True,
    choices=person.terms(availability.HOURS),
    none=ANY,
    hint=t("Balas angka atau kata pilihannya. Contoh: pagi"),
)

DISTANCE = Choose(
    name="distance",
    text=t("Sejauh apa bisa pergi untuk bekerja?"),
    label=t("Jarak kerja"),
    optional=True,
    choices=person.terms(availability.DISTANCES),
    hint=t("Balas angka atau kata pilihannya. Contoh: 3"),
)

LEAST, MOST = 50_000, 100_000_000
"""Rupiah a month that are taken for a wage."""


def read_wage(_: Talk, said: Said) -> Json | Problem | None:
    """An amount of rupiah by the month: "2 juta", "1.500.000"; one by the day is asked for by the month."""
    words = [part for word in words_of(said.text[:120]) for part in (split_unit(word) or (word,))]
    found = next(filter(None, (amount_at(words, at) for at in range(len(words)))), None)
    if found is None or not LEAST <= found[1] <= MOST:
        return None
    if not {"hari", "harian", "minggu", "jam"}.isdisjoint(words):
        return Problem(t("Tulis upah untuk satu bulan. Contoh: 2.000.000"))
    return found[1]


LOWEST_WAGE = Ask(
    name="lowest_wage",
    text=t("Berapa upah paling rendah yang mau diterima, sebulan?"),
    label=t("Upah paling rendah"),
    optional=True,
    parse=read_wage,
    hint=t("Tulis upah untuk satu bulan. Contoh: 2.000.000"),
    display=lambda _, value: t("{wage} per bulan", wage=Money(int(value))),
)

# What somebody does now

BPJS = ChooseMany(
    name="bpjs",
    text=t("Jadi peserta jaminan apa sekarang?"),
    label=t("Jaminan"),
    optional=True,
    choices=person.terms(situation.INSURANCES),
    none=about.NOTHING,
    hint=t("Balas angka atau kata pilihannya. Contoh: 1"),
)

SITUATION = Choose(
    name="situation",
    text=about.by_whom(t("Apa kegiatan Anda sekarang?"), t("Apa kegiatannya sekarang?")),
    label=t("Kegiatan sekarang"),
    optional=True,
    choices=person.terms(situation.SITUATIONS),
    hint=t("Balas angka atau kata pilihannya. Contoh: sedang bekerja"),
)
