"""The questions about work that the first pass leaves out: what somebody has learned, wishes for, and does now."""

from __future__ import annotations

from collections.abc import Callable

from conversations import profile_questions as person
from conversations import seeker_questions as about
from conversations.domain import availability, kinds, languages, schooling, situation
from conversations.engine.context import Said, Talk
from conversations.engine.questions import Ask, Choose, ChooseMany, Left, Problem
from conversations.engine.session import Json
from conversations.engine.texts import Money, Shown, t
from conversations.understanding.births import Problem as Unwell
from conversations.understanding.births import Unknown
from conversations.understanding.schooling import Schooling
from conversations.understanding.schooling import schooling as understood_schooling
from conversations.understanding.working import AnyWage, Wage, lowest_wage, things

# What somebody has learned


def read_school(_: Talk, said: Said) -> Json | Left | None:
    found = understood_schooling(said.text)
    if isinstance(found, Schooling):
        return found.way
    return None if found is None else Left()


SCHOOL = Choose(
    name="school",
    text=t("Di sekolah apa belajarnya?"),
    label=t("Jenis sekolah"),
    optional=True,
    choices=person.terms(schooling.SCHOOLS),
    other=read_school,
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


def list_of(certificates: bool) -> Callable[[Talk, Said], tuple[str, ...] | Left | None]:
    """Reads what somebody lists in their own words."""

    def read(_: Talk, said: Said) -> tuple[str, ...] | Left | None:
        found = things(said.text, certificates)
        return Left() if isinstance(found, Unknown) else found

    return read


SKILLS = ChooseMany(
    name="skills",
    text=about.by_whom(
        t("Apa yang Anda bisa? Tulis beberapa, pisahkan dengan koma."),
        t("Apa yang dia bisa? Tulis beberapa, pisahkan dengan koma."),
    ),
    label=t("Keterampilan"),
    optional=True,
    choices=(),
    reads=list_of(certificates=False),
    own_words=True,
    none=about.NOTHING,
    hint=t("Tulis yang bisa dikerjakan. Contoh: menjahit, memasak"),
)

CERTIFICATES = ChooseMany(
    name="certificates",
    answered_by=("find_training",),
    text=t("Pelatihan atau sertifikat apa yang ada? Tulis beberapa, pisahkan dengan koma."),
    label=t("Sertifikat"),
    optional=True,
    choices=(),
    reads=list_of(certificates=True),
    own_words=True,
    none=about.NOTHING,
    hint=t("Tulis nama pelatihannya. Contoh: kursus menjahit"),
)

EXPERIENCE = Ask(
    name="experience",
    answered_by=("find_training",),
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
    reads=person.several("languages", own=True),
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
    reads=person.several("hours"),
    none=ANY,
    hint=t("Balas angka atau kata pilihannya. Contoh: pagi"),
)

DISTANCE = Choose(
    name="distance",
    text=t("Sejauh apa bisa pergi untuk bekerja?"),
    label=t("Jarak kerja"),
    optional=True,
    choices=person.terms(availability.DISTANCES),
    other=person.single("distances"),
    hint=t("Balas angka atau kata pilihannya. Contoh: 3"),
)


def read_wage(talk: Talk, said: Said) -> Json | Problem | Left | None:
    """[rupiah, in which time]; "UMK" is the region's own, and whoever takes any wage leaves it open."""
    match lowest_wage(said.text, talk.context.region.wage_minimum):
        case Wage(amount, per):
            return [amount, per]
        case Unwell(text):
            return Problem(text)
        case AnyWage() | Unknown():
            return Left()
    return None


def shown_wage(talk: Talk, value: Json) -> Shown:
    """As it was answered just now, or as it is kept."""
    seeker = talk.context.seeker
    kept = seeker.lowest_wage_per if seeker else None
    amount, per = value if isinstance(value, list) else (value, kept)
    wage = Money(int(amount))
    said = {
        "minggu": t("{wage} per minggu", wage=wage),
        "hari": t("{wage} per hari", wage=wage),
        "jam": t("{wage} per jam", wage=wage),
        "satuan": t("{wage} per satuan", wage=wage),
    }
    return said.get(str(per), t("{wage} per bulan", wage=wage))


LOWEST_WAGE = Ask(
    name="lowest_wage",
    text=t("Berapa upah paling rendah yang mau diterima, sebulan?"),
    label=t("Upah paling rendah"),
    optional=True,
    parse=read_wage,
    hint=t("Tulis upah untuk satu bulan. Contoh: 2.000.000"),
    display=shown_wage,
    also=lambda _, value: {"lowest_wage": value[0], "lowest_wage_per": value[1]},
)

# What somebody does now

BPJS = ChooseMany(
    name="bpjs",
    text=t("Jadi peserta jaminan apa sekarang?"),
    label=t("Jaminan"),
    optional=True,
    choices=person.terms(situation.INSURANCES),
    reads=person.several("insurances"),
    none=about.NOTHING,
    hint=t("Balas angka atau kata pilihannya. Contoh: 1"),
)

SITUATION = Choose(
    name="situation",
    text=about.by_whom(t("Apa kegiatan Anda sekarang?"), t("Apa kegiatannya sekarang?")),
    label=t("Kegiatan sekarang"),
    optional=True,
    choices=person.terms(situation.SITUATIONS),
    other=person.single("situations"),
    hint=t("Balas angka atau kata pilihannya. Contoh: sedang bekerja"),
)
