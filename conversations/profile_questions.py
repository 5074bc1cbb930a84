"""The questions about a seeker that the first pass leaves out: who somebody is, and how they are reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from conversations import seeker_questions as about
from conversations.domain import devices, functioning, reach
from conversations.domain.region import Village
from conversations.domain.seeker import OUTSIDE
from conversations.domain.vocabulary import Vocabulary
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import When
from conversations.engine.questions import Ask, Choice, Choose, ChooseMany, Problem
from conversations.engine.session import Json
from conversations.engine.texts import Shown, Text, t
from conversations.understanding import answers as parse
from conversations.understanding import identity, manner

LONGEST_WORDS = 200
"""Characters of an answer in somebody's own words."""


def words(longest: int = LONGEST_WORDS) -> Callable[[Talk, Said], Json | Problem | None]:
    """Reads an answer in the person's own words: as it is, but for spaces."""

    def read(_: Talk, said: Said) -> Json | Problem | None:
        text = " ".join(said.text.split())
        if manner.is_question(text) or manner.is_pleasantry(text) or manner.is_refusal(text) or manner.is_unsure(text):
            return None
        if len(text) > longest:
            return Problem(t("Itu terlalu panjang. Tulis paling banyak {most} huruf.", most=longest))
        return text if any(letter.isalnum() for letter in text) else None

    return read


def terms(vocabulary: Vocabulary) -> tuple[Choice, ...]:
    return about.choices_of(vocabulary, vocabulary.codes)


# Birth and identity


def read_birth_date(talk: Talk, said: Said) -> Json | Problem | None:
    match parse.birth_year(said.text, talk.context.today):
        case parse.BirthYear(born_on=date() as born_on):
            return born_on.isoformat()
        case parse.BirthYear():
            return Problem(t("Tulis tanggal, bulan, dan tahunnya. Contoh: 17 Agustus 1999"))
        case parse.Problem(text):
            return Problem(text)
    return None  # forgotten: it may be left open


BIRTH_DATE = Ask(
    name="birth_date",
    text=about.by_whom(t("Tanggal berapa Anda lahir?"), t("Tanggal berapa dia lahir?")),
    label=t("Tanggal lahir"),
    optional=True,
    parse=read_birth_date,
    hint=t("Tulis tanggal, bulan, dan tahunnya. Contoh: 17 Agustus 1999"),
    display=lambda _, value: t("{day}", day=date.fromisoformat(str(value))),
    also=lambda _, value: {"birth_year": int(str(value)[:4])},
)


def born_a_minor(answers: Mapping[str, Json], context: Context) -> bool:
    """Whether a date of birth that was just given makes somebody a child, which the year did not."""
    value, known = answers.get("birth_date"), context.seeker
    if not isinstance(value, str) or (known is not None and about.is_minor({"birth_year": known.birth_year}, context)):
        return False
    born = date.fromisoformat(value)
    coming_of_age = born.replace(year=born.year + about.ADULT, day=min(born.day, 28))
    return context.today < coming_of_age


def nik_doubts(talk: Talk, value: Json) -> tuple[Text, ...]:
    seeker = talk.context.seeker
    born = date.fromisoformat(seeker.birth_date) if seeker and seeker.birth_date else None
    return identity.nik_doubts(str(value), born, seeker.sex if seeker else None)


NIK = Ask(
    name="nik",
    text=about.by_whom(
        t("Berapa nomor induk kependudukan (NIK) Anda? Ada di kartu penduduk atau kartu keluarga."),
        t("Berapa nomor induk kependudukannya (NIK)? Ada di kartu penduduk atau kartu keluarga."),
    ),
    label=t("NIK (nomor penduduk)"),
    optional=True,
    parse=lambda _, said: identity.nik(said.text),
    hint=t("Tulis 16 angka dari kartu itu. Contoh: 1222014505990001"),
    # Never shown in full: the chat may be read over somebody's shoulder.
    display=lambda _, value: t("berakhir {digits}", digits=str(value)[-4:]),
    remark=nik_doubts,
)

# Where somebody lives


def lives(outside: bool) -> Callable[[Mapping[str, Json], Context], bool]:
    def holds(answers: Mapping[str, Json], context: Context) -> bool:
        district = answers.get("district") or (context.seeker.district if context.seeker else None)
        return (district == OUTSIDE) is outside

    return holds


INSIDE, ELSEWHERE = When("lives in the region", lives(False)), When("lives outside the region", lives(True))


def villages(context: Context) -> tuple[Choice, ...]:
    """Those of the person's district; all, while it is not known."""
    district = context.seeker.district if context.seeker else None
    there = [v for v in context.region.villages if v.district == district] or context.region.villages
    return tuple(Choice(v.code, v.name) for v in there)


def read_village(talk: Talk, said: Said) -> Json | Problem | None:
    """A village's name, also of another district and misspelt; one of several of that name is asked for by district."""
    match = talk.context.region.find_place(said.text)
    if match is None:
        return None
    if match.kind == "outside":
        return Problem(t("Tempat itu di luar daerah ini. Untuk mengubah kecamatan, tulis: ubah kecamatan"))
    named = [v for v in talk.context.region.villages if v.name == match.name and v.district in match.districts]
    own = talk.context.seeker.district if talk.context.seeker else None
    near = [v for v in named if v.district == own] or named
    if len(near) == 1:
        return near[0].code
    return Problem(t("Nama itu belum jelas. Tulis nama desa atau kelurahannya. Contoh: Aek Batu"))


def village(context: Context, code: Json) -> Village | None:
    return next((v for v in context.region.villages if v.code == code), None)


def shown_village(talk: Talk, value: Json) -> Shown:
    found = village(talk.context, value)
    return found.name if found else str(value)


VILLAGE = Choose(
    name="village",
    text=about.by_whom(t("Anda tinggal di desa atau kelurahan mana?"), t("Dia tinggal di desa atau kelurahan mana?")),
    when=INSIDE,
    label=t("Desa atau kelurahan"),
    optional=True,
    choices=villages,
    other=read_village,
    hint=t("Balas angka, atau tulis nama desanya. Contoh: Aek Batu"),
    display=shown_village,
    also=lambda talk, value: {"district": str(value).rpartition(".")[0], "hometown": None},
)

HOMETOWN = Ask(
    name="hometown",
    text=about.by_whom(t("Anda tinggal di kota atau kabupaten mana?"), t("Dia tinggal di kota atau kabupaten mana?")),
    when=ELSEWHERE,
    label=t("Kota atau kabupaten"),
    optional=True,
    own_words=True,
    parse=words(80),
    hint=t("Tulis nama kota atau kabupatennya. Contoh: Rantauprapat"),
)

ADDRESS = Ask(
    name="address",
    text=t("Apa alamat rumahnya? Jalan, nomor, atau dekat apa."),
    label=t("Alamat"),
    optional=True,
    own_words=True,
    parse=words(),
    hint=t("Tulis alamatnya. Contoh: Jalan Contoh nomor 5, dekat masjid"),
)

# How somebody is reached


def yes_no(text: str) -> str | None:
    match manner.yes_no(text):
        case True:
            return "yes"
        case False:
            return "no"
    return None


YES_NO = (
    Choice("yes", t("Ya"), ("ya", "iya", "ada", "punya", "sudah", "betul")),
    Choice("no", t("Tidak"), ("tidak", "tidak ada", "belum", "gak", "nggak", "ga", "sendiri", "tidak punya")),
)

PHONE_SHARED = Choose(
    name="phone_shared",
    text=t("Apakah telepon itu dipakai bersama orang lain?"),
    label=t("Telepon dipakai bersama"),
    optional=True,
    choices=YES_NO,
    other=lambda _, said: yes_no(said.text),
)

OTHER_PHONE = Ask(
    name="other_phone",
    text=t("Ada nomor lain yang bisa dihubungi? Contoh: nomor keluarga."),
    label=t("Telepon lain"),
    optional=True,
    parse=lambda _, said: parse.phone(said.phone or said.text),
    hint=t("Tulis nomor telepon dengan angka. Contoh: 0812 3456 7890"),
    display=about.shown_phone,
)


def promised(_: Talk, value: Json) -> tuple[Text, ...]:
    """What binds officers and employers is said back."""
    if reach.NO_CALLS not in value:
        return ()
    return (t("Baik. Petugas dan pemberi kerja tidak akan menelepon."),)


CONTACT_WAYS = ChooseMany(
    name="contact_ways",
    text=about.by_whom(
        t("Bagaimana Anda mau dihubungi? Boleh lebih dari satu."),
        t("Bagaimana dia mau dihubungi? Boleh lebih dari satu."),
    ),
    label=t("Cara dihubungi"),
    optional=True,
    choices=terms(reach.WAYS),
    hint=t("Balas angka atau kata pilihannya. Contoh: lewat chat"),
    remark=promised,
)

CONTACT_TIMES = ChooseMany(
    name="contact_times",
    text=t("Kapan waktu yang baik untuk dihubungi?"),
    label=t("Waktu dihubungi"),
    optional=True,
    choices=terms(reach.TIMES),
    none=("kapan saja", "bebas", "terserah", "semua", "apa saja"),
    hint=t("Balas angka atau kata pilihannya. Contoh: pagi"),
)

# What is hard, and what is used


def level_of(name: str, text: Text, label: Text) -> Choose:
    return Choose(
        name=name,
        text=text,
        label=label,
        optional=True,
        choices=terms(functioning.LEVELS),
        hint=t("Balas angka atau kata pilihannya. Contoh: 1"),
    )


FUNCTIONING = (
    level_of("seeing", t("Apakah sulit melihat, walau memakai kacamata?"), t("Melihat")),
    level_of("hearing", t("Apakah sulit mendengar, walau memakai alat bantu dengar?"), t("Mendengar")),
    level_of("walking", t("Apakah sulit berjalan atau naik tangga?"), t("Berjalan")),
    level_of("remembering", t("Apakah sulit mengingat atau berkonsentrasi?"), t("Mengingat")),
    level_of("self_care", t("Apakah sulit mengurus diri, seperti mandi atau berpakaian?"), t("Mengurus diri")),
    level_of(
        "communicating",
        t("Apakah sulit berkomunikasi dalam bahasanya sendiri, termasuk isyarat?"),
        t("Berkomunikasi"),
    ),
)
"""The Washington Group Short Set, in its own order and wording."""

DEVICES = ChooseMany(
    name="devices",
    text=t("Alat bantu apa yang dipakai? Boleh lebih dari satu, atau tulis sendiri."),
    label=t("Alat bantu"),
    optional=True,
    choices=terms(devices.DEVICES),
    own_words=True,
    none=about.NOTHING,
    hint=t("Balas angka, atau tulis nama alatnya. Contoh: tongkat"),
)
