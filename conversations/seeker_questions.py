"""The questions about a seeker, asked by registration and by the profile alike."""

from __future__ import annotations

from collections.abc import Callable

from conversations.domain import accommodations, education, fields, ragam
from conversations.domain.seeker import OUTSIDE
from conversations.domain.vocabulary import Vocabulary
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Is, State, When
from conversations.engine.questions import Ask, Choice, Choose, ChooseMany, Left, Problem
from conversations.engine.session import Json
from conversations.engine.texts import Shown, Text, t
from conversations.understanding import answers as parse
from conversations.understanding import manner, people, reaching
from conversations.understanding.schooling import Schooling, schooling

UNKNOWN = "unknown"
"""The birth year of somebody who does not know it: an answer, unlike one that is skipped."""

LONGEST_NAME = 80

ADULT = 18
"""Years of age from which a person consents for themselves (UU 27/2022 with UU 35/2014 art. 1)."""


def by_whom(own: Text, other: Text) -> Callable[[Talk], Text]:
    """The wording for a person themselves, and for a companion who speaks for somebody."""
    return lambda talk: other if talk.frame.answers.get("for_whom") == "other" else own


def choices_of(vocabulary: Vocabulary, codes: tuple[str, ...]) -> tuple[Choice, ...]:
    terms = (vocabulary.by_code[code] for code in codes)
    return tuple(Choice(term.code, term.label, (term.code, *term.spellings), term.inline) for term in terms)


def read_name(_: Talk, said: Said) -> Json | Problem | None:
    """The name without what leads up to it; a nickname is enough."""
    if manner.is_pleasantry(said.text):
        return None
    if len(said.text) > LONGEST_NAME and people.person_name(said.text) is None:
        return Problem(t("Nama itu terlalu panjang. Tulis paling banyak 80 huruf. Contoh: Ani"))
    return people.person_name(said.text)


NAME = Ask(
    name="name",
    own_words=True,
    text=by_whom(t("Siapa nama Anda? Nama panggilan juga boleh."), t("Siapa namanya? Nama panggilan juga boleh.")),
    label=t("Nama"),
    required_because=t("Nama perlu, supaya kami tahu harus menyapa siapa. Nama panggilan cukup."),
    parse=read_name,
    hint=t("Tulis nama dengan huruf. Contoh: Ani"),
)


def read_birth_year(talk: Talk, said: Said) -> Json | Problem | None:
    match parse.birth_year(said.text, talk.context.today):
        case parse.BirthYear(year):
            return year
        case parse.Unknown():
            return UNKNOWN
        case parse.Problem(text):
            return Problem(text)
    return None


def dated_in(talk: Talk, year: Json) -> bool:
    """Whether the whole date that is known is of that year."""
    seeker = talk.context.seeker
    return seeker is not None and seeker.birth_date is not None and seeker.birth_date.startswith(f"{year}-")


def shown_birth_year(_: Talk, value: Json) -> Shown:
    return t("tidak tahu") if value == UNKNOWN else str(value)


BIRTH_YEAR = Ask(
    name="birth_year",
    text=by_whom(
        t("Tahun berapa Anda lahir? Jika lupa, balas: lupa"), t("Tahun berapa dia lahir? Jika lupa, balas: lupa")
    ),
    label=t("Tahun lahir"),
    required_because=t("Tahun lahir perlu, karena di bawah 18 tahun harus ada izin orang tua. Jika lupa, balas: lupa"),
    parse=read_birth_year,
    hint=t("Tulis tahunnya dengan empat angka. Contoh: 1998"),
    display=shown_birth_year,
    also=lambda talk, value: {} if dated_in(talk, value) else {"birth_date": None},
)


def age_unclear(answers: Json, context: Context) -> bool:
    """A year alone leaves one year of doubt; a forgotten one leaves all."""
    year = answers.get("birth_year")
    return year == UNKNOWN or (isinstance(year, int) and context.today.year - year == ADULT)


def is_minor(answers: Json, context: Context) -> bool:
    year = answers.get("birth_year")
    if age_unclear(answers, context):
        return answers.get("adult") in ("no", UNKNOWN)
    return isinstance(year, int) and context.today.year - year < ADULT


GROWN_UP = Choose(
    name="adult",
    text=by_whom(t("Apakah Anda sudah berumur 18 tahun?"), t("Apakah dia sudah berumur 18 tahun?")),
    when=When("age unclear", age_unclear),
    label=t("Sudah 18 tahun"),
    required_because=t("Di bawah 18 tahun perlu izin orang tua atau wali."),
    choices=(
        Choice("yes", t("Sudah"), ("ya", "iya", "sudah", "udah")),
        Choice("no", t("Belum"), ("tidak", "belum", "blm", "no")),
        Choice(UNKNOWN, t("Tidak tahu"), ("gak tau", "tidak tahu", "lupa")),
    ),
)

# Where


def places(context: Context) -> tuple[Choice, ...]:
    districts = tuple(Choice(d.code, d.name, tuple(d.aliases)) for d in context.region.districts)
    elsewhere = t("Di luar {region}", region=context.region.short_name)
    return (*districts, Choice(OUTSIDE, elsewhere, ("luar", "di luar", "luar daerah", "tempat lain")))


def read_place(talk: Talk, said: Said) -> Json | Problem | None:
    """A village leads to its district; a place elsewhere is outside."""
    match = talk.context.region.find_place(said.text)
    if match is None:
        return None
    if match.kind == "outside":
        return OUTSIDE
    if match.district is None:
        return Problem(t("Nama itu ada di beberapa kecamatan. Balas nama kecamatannya. Contoh: 1"))
    return match.district


def moved_to(talk: Talk, district: Json) -> dict[str, Json]:
    """What is no longer true of where somebody lives, once the district is another."""
    seeker = talk.context.seeker
    if seeker is None or seeker.district == district:
        return {}
    return {"village": None, "hometown": None, "address": None}


DISTRICT = Choose(
    name="district",
    text=by_whom(
        t("Anda tinggal di kecamatan mana? Nama desa juga boleh."),
        t("Dia tinggal di kecamatan mana? Nama desa juga boleh."),
    ),
    label=t("Kecamatan"),
    required_because=t("Tempat tinggal perlu, supaya kami mencari kerja yang dekat."),
    choices=places,
    other=read_place,
    hint=t("Tempat itu belum kami kenal. Balas angka atau nama kecamatan. Contoh: 1"),
    also=moved_to,
)

# Needs, education, fields

NOTHING = ("tidak ada", "tidak", "gak ada", "ga ada", "nggak ada", "tidak perlu", "gak perlu", "kosong", "none", "-")

NEEDS = ChooseMany(
    name="needs",
    text=by_whom(
        t("Apa yang membantu Anda bekerja? Boleh lebih dari satu, atau tulis sendiri."),
        t("Apa yang membantu dia bekerja? Boleh lebih dari satu, atau tulis sendiri."),
    ),
    label=t("Yang membantu"),
    optional=True,
    choices=choices_of(accommodations.ACCOMMODATIONS, accommodations.CODES),
    own_words=True,
    none=(*NOTHING, "not sure"),
    hint=t("Balas angka, atau tulis yang membantu. Contoh: 1 dan 3"),
)


def read_education(_: Talk, said: Said) -> Json | None:
    """The level completed; of a range the lower one, which no missing certificate can refuse later."""
    found = schooling(said.text)
    return found.level if isinstance(found, Schooling) else education.parse(said.text)


EDUCATION = Choose(
    name="education",
    text=by_whom(t("Apa pendidikan terakhir Anda?"), t("Apa pendidikan terakhirnya?")),
    label=t("Pendidikan"),
    optional=True,
    choices=choices_of(education.EDUCATION, education.CODES),
    other=read_education,
    hint=t("Balas angka, atau tulis pendidikannya. Contoh: SMP"),
)

FIELDS = ChooseMany(
    name="fields",
    text=by_whom(
        t("Kerja apa yang Anda minati? Boleh lebih dari satu, atau tulis sendiri."),
        t("Kerja apa yang dia minati? Boleh lebih dari satu, atau tulis sendiri."),
    ),
    label=t("Minat kerja"),
    optional=True,
    choices=choices_of(fields.FIELDS, fields.CODES),
    own_words=True,
    none=(*NOTHING, "apa saja", "apa aja", "semua", "bebas", "terserah"),
    hint=t("Balas angka, atau tulis jenis kerjanya. Contoh: 1 dan 3"),
)

# Asked with the rest of the profile, see ``portions``

RAGAM = ChooseMany(
    name="ragam",
    text=by_whom(
        t("Apa ragam disabilitas Anda? Pemberi kerja tidak melihatnya tanpa izin Anda."),
        t("Apa ragam disabilitasnya? Pemberi kerja tidak melihatnya tanpa izin."),
    ),
    label=t("Ragam disabilitas"),
    optional=True,
    choices=choices_of(ragam.RAGAM, ragam.CODES),
    none=(*NOTHING, "not sure"),
    hint=t("Balas angka atau kata pilihannya. Jika belum tahu, balas: belum tahu"),
)

SEX = Choose(
    name="sex",
    text=by_whom(t("Anda perempuan atau laki-laki?"), t("Dia perempuan atau laki-laki?")),
    label=t("Jenis kelamin"),
    optional=True,
    choices=(
        Choice("P", t("Perempuan"), ("p", "wanita", "cewek")),
        Choice("L", t("Laki-laki"), ("l", "lk", "pria", "cowok")),
    ),
    other=lambda _, said: parse.sex(said.text),
)


def read_phone(_: Talk, said: Said) -> Json | Problem | Left | None:
    found = reaching.phones(said.phone or said.text)
    if isinstance(found, tuple):
        return found[0].number
    return None if found is None else Left()


def shown_phone(_: Talk, value: Json) -> Shown:
    """As it is written and read aloud here: "+6281234567890" as "0812 3456 7890"; from abroad as it came."""
    local = str(value).replace("+62", "0", 1)
    return " ".join(local[at : at + 4] for at in range(0, len(local), 4)) if local.startswith("0") else local


def this_phone(talk: Talk) -> tuple[Choice, str] | None:
    """The number somebody writes from, where the channel knows it."""
    words = ("nomor ini", "ini", "yang ini", "nomor saya ini", "nomor wa ini", "this number")
    return (Choice("this", t("Pakai nomor ini"), words), talk.context.phone) if talk.context.phone else None


PHONE = Ask(
    name="phone",
    text=by_whom(
        t("Berapa nomor telepon Anda? Petugas memakainya hanya untuk urusan kerja."),
        t("Berapa nomor telepon yang bisa dihubungi? Petugas memakainya hanya untuk urusan kerja."),
    ),
    label=t("Telepon"),
    optional=True,
    wants_contact=True,
    parse=read_phone,
    hint=t("Tulis nomor telepon dengan angka. Contoh: 0812 3456 7890"),
    display=shown_phone,
    at_hand=this_phone,
)

FOR_WHOM = Choose(
    name="for_whom",
    label=t("Mendaftar untuk"),
    other=lambda _, said: people.for_whom(said.text),
    # Who is spoken for decides whose yes it is.
    unsettles=("consent", "check", "parent_consent", "guardian", "guardian_consent"),
    text=t("Anda mendaftar untuk siapa?"),
    required_because=t("Ini perlu, supaya pertanyaan berikutnya sesuai."),
    choices=(
        Choice(
            "self", t("Saya sendiri"), ("saya", "aku", "awak", "sendiri", "diri sendiri", "untuk saya", "buat saya")
        ),
        Choice(
            "other",
            t("Orang lain"),
            ("anak saya", "anak", "anakku", "saudara", "adik", "kakak", "teman", "tetangga", "suami", "istri", "ibu"),
        ),
    ),
)

BASIC: tuple[State, ...] = (NAME, BIRTH_YEAR, DISTRICT, NEEDS, EDUCATION, FIELDS)

FOR_OTHER = Is("for_whom", ("other",))


TOLD = ("ragam", "sex", "village", "hometown", "phone")
"""What the first pass asks nobody, and takes from who tells it unasked."""


def to_save(answers: dict[str, Json]) -> dict[str, Json]:
    """The answers of the first pass as fields of a Seeker; questions that were not asked are left as they are."""
    names = {state.name for state in (FOR_WHOM, *BASIC)}
    values = {name: value for name, value in answers.items() if name in names or (name in TOLD and value is not None)}
    if values.get("birth_year") == UNKNOWN:
        values["birth_year"] = None
    return values
