"""The questions about a seeker that the first pass leaves out: who somebody is, and how they are reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from conversations import seeker_questions as about
from conversations.domain import devices, functioning, reach
from conversations.domain.region import Village
from conversations.domain.seeker import OUTSIDE
from conversations.domain.vocabulary import Vocabulary
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import When
from conversations.engine.questions import Ask, Choice, Choose, ChooseMany, Left, Problem
from conversations.engine.session import Json
from conversations.engine.texts import Shown, Text, t
from conversations.understanding import manner, nik, reaching
from conversations.understanding.addresses import Address, address
from conversations.understanding.births import BirthYear, Unknown, birth_date
from conversations.understanding.births import Problem as Unwell
from conversations.understanding.nik import Doubt
from conversations.understanding.profile_words import Named, Topic, level, named, one

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


def read_birth_date(talk: Talk, said: Said) -> Json | Problem | Left | None:
    match birth_date(said.text, talk.context.today):
        case BirthYear(born_on=date() as born_on):
            return born_on.isoformat()
        case BirthYear():
            return Problem(t("Tulis tanggal, bulan, dan tahunnya. Contoh: 17 Agustus 1999"))
        case Unwell(text):
            return Problem(text)
        case Unknown():
            return Left()
    return None


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


DOUBTS: Mapping[Doubt, Text] = {
    Doubt.LENGTH: t("NIK biasanya 16 angka. Nomor ini tetap disimpan."),
    Doubt.DATE: t("Tanggal lahir di NIK itu tidak ada. Nomor ini tetap disimpan."),
    Doubt.PLACE: t("Daerah di NIK itu belum dikenal. Nomor ini tetap disimpan."),
    Doubt.BIRTH: t("Tanggal lahir di NIK itu berbeda. Nomor ini tetap disimpan."),
    Doubt.SEX: t("Jenis kelamin di NIK itu berbeda. Nomor ini tetap disimpan."),
}


def nik_doubts(talk: Talk, value: Json) -> tuple[Text, ...]:
    """What looks wrong, one thing of it: it may be right all the same, and nothing is refused."""
    seeker = talk.context.seeker
    born = (seeker.birth_date or (str(seeker.birth_year) if seeker.birth_year else None)) if seeker else None
    return tuple(DOUBTS[doubt] for doubt in nik.doubts(str(value), born, seeker.sex if seeker else None)[:1])


def read_nik(_: Talk, said: Said) -> Json | Problem | Left | None:
    match nik.nik(said.text):
        case nik.Nik(digits):
            return digits
        case nik.NoNik() | Unknown():
            return Left()
    return None


NIK = Ask(
    name="nik",
    text=about.by_whom(
        t("Berapa nomor induk kependudukan (NIK) Anda? Ada di kartu penduduk atau kartu keluarga."),
        t("Berapa nomor induk kependudukannya (NIK)? Ada di kartu penduduk atau kartu keluarga."),
    ),
    label=t("NIK (nomor penduduk)"),
    optional=True,
    parse=read_nik,
    hint=t("Tulis 16 angka dari kartu itu. Contoh: 1222014505990001"),
    # Never shown in full: the chat may be read over somebody's shoulder.
    display=lambda _, value: t("berakhir {digits}", digits=nik.last_digits(str(value))),
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


def read_village(talk: Talk, said: Said) -> Json | Problem | Left | None:
    """A village's name, also of another district, and misspelt."""
    region, seeker = talk.context.region, talk.context.seeker
    found = address(said.text, region, seeker.district if seeker else None)
    if not isinstance(found, Address):
        return Left() if isinstance(found, Unknown) else None
    if found.district == OUTSIDE:
        return Problem(t("Tempat itu di luar daerah ini. Untuk mengubah kecamatan, tulis: ubah kecamatan"))
    return found.village or Problem(t("Nama itu belum jelas. Tulis nama desa atau kelurahannya. Contoh: Aek Batu"))


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


def has_phone(answers: Mapping[str, Json], context: Context) -> bool:
    return answers.get("phone") is not None or (context.seeker is not None and context.seeker.phone is not None)


PHONE_SHARED = Choose(
    name="phone_shared",
    when=When("has a telephone", has_phone),
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
    parse=about.read_phone,
    hint=t("Tulis nomor telepon dengan angka. Contoh: 0812 3456 7890"),
    display=about.shown_phone,
)


def promised(_: Talk, value: Json) -> tuple[Text, ...]:
    """What binds officers and employers is said back."""
    if reach.NO_CALLS not in value:
        # Said back, so that a misreading is noticed before anybody's telephone rings.
        may = t("Baik. Petugas boleh menelepon. Jika tidak boleh, balas KEMBALI.")
        return (may,) if "telepon" in value else ()
    return (t("Baik. Petugas dan pemberi kerja tidak akan menelepon."),)


def read_ways(_: Talk, said: Said) -> tuple[str, ...] | Left | None:
    found = reaching.reach(said.text)
    return found.ways if isinstance(found, reaching.Reach) else _left(found)


def without_calls(text: str, ways: Sequence[str]) -> Sequence[str]:
    """A word for calling among words against it is no wish to be called."""
    if "telepon" not in ways or not reaching.refuses_calls(text):
        return ways
    return [*(way for way in ways if way not in ("telepon", reach.NO_CALLS)), reach.NO_CALLS]


def read_times(_: Talk, said: Said) -> tuple[str, ...] | Left | None:
    found = reaching.reach(said.text)
    return found.times if isinstance(found, reaching.Reach) else _left(found)


def _left(found: Unknown | None) -> Left | None:
    return None if found is None else Left()


def several(topic: Topic, own: bool = False) -> Callable[[Talk, Said], tuple[str, ...] | Left | None]:
    """Reads what an answer names of ``topic``, and with ``own`` what it names besides."""

    def read(_: Talk, said: Said) -> tuple[str, ...] | Left | None:
        found = named(said.text, topic)
        if isinstance(found, Named):
            return (*found.codes, *found.own) if own else found.codes
        return _left(found)

    return read


def single(topic: Topic) -> Callable[[Talk, Said], Json | Left | None]:
    """Reads the one thing of ``topic`` that an answer names."""

    def read(_: Talk, said: Said) -> Json | Left | None:
        found = one(said.text, topic)
        return Left() if isinstance(found, Unknown) else found

    return read


CONTACT_WAYS = ChooseMany(
    name="contact_ways",
    text=about.by_whom(
        t("Bagaimana Anda mau dihubungi? Boleh lebih dari satu."),
        t("Bagaimana dia mau dihubungi? Boleh lebih dari satu."),
    ),
    label=t("Cara dihubungi"),
    optional=True,
    choices=terms(reach.WAYS),
    reads=read_ways,
    settle=without_calls,
    hint=t("Balas angka atau kata pilihannya. Contoh: lewat chat"),
    remark=promised,
)

CONTACT_TIMES = ChooseMany(
    name="contact_times",
    text=t("Kapan waktu yang baik untuk dihubungi?"),
    label=t("Waktu dihubungi"),
    optional=True,
    choices=terms(reach.TIMES),
    reads=read_times,
    none=("kapan saja", "bebas", "terserah", "semua", "apa saja"),
    hint=t("Balas angka atau kata pilihannya. Contoh: pagi"),
)

# What is hard, and what is used


def read_level(_: Talk, said: Said) -> Json | Left | None:
    found = level(said.text)
    return Left() if isinstance(found, Unknown) else found


def level_of(name: str, text: Text, label: Text) -> Choose:
    return Choose(
        name=name,
        text=text,
        label=label,
        optional=True,
        choices=terms(functioning.LEVELS),
        other=read_level,
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
    reads=several("devices", own=True),
    own_words=True,
    none=about.NOTHING,
    hint=t("Balas angka, atau tulis nama alatnya. Contoh: tongkat"),
)
