"""The longest values that texts are filled with. Names are invented, and say so."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from conversations.domain import (
    accommodations,
    availability,
    devices,
    education,
    fields,
    kinds,
    languages,
    ragam,
    reach,
    situation,
)
from conversations.domain.region import load_region
from conversations.domain.seeker import Seeker
from conversations.domain.vacancy import Training, Vacancy
from conversations.engine.texts import Listing, Money, Text, Value, t
from conversations.wording import pay
from tests.support.offers import training, vacancy

REGION = load_region("12.22")
PHONE = "+6281234567890"
OFFICE = max(REGION.offices, key=lambda office: len(office.institution))


def long_name(*words: str, length: int = 80) -> str:
    """A name of ``length`` letters, made of several words."""
    name = " ".join(words)
    while len(name) < length:
        name += " Contoh"
    return name[:length].strip().ljust(length, "h")


NAME = long_name("Siti", "Nurhaliza", "boru")
TITLE = long_name("Petugas", "Administrasi")
EMPLOYER = long_name("PT", "Perkebunan")
PLACE = long_name("Desa Perkebunan Batang Saponggol", length=60)
WAGE = 999_999_999
LONG_DAYS = (date(2027, 9, 29), date(2026, 12, 2), date(2026, 11, 24))
""""Wednesday, 29 September 2027"; a few days before the end; the last day."""
OWN_WORDS = tuple(long_name(first, length=60) for first in ("bantuan", "ruangan", "peralatan"))
TITLES = tuple(f"{TITLE[:78]} {letter}" for letter in string.ascii_uppercase)
"""Titles of 80 letters that differ."""

EVERYTHING: Mapping[str, object] = {
    "ragam": ragam.CODES,
    "accommodations": (*accommodations.CODES, *OWN_WORDS),
    "fields": (*fields.CODES, *OWN_WORDS),
}

DESCRIPTION = " ".join(["Pekerjaan contoh dengan keterangan yang panjang sekali."] * 6)


def vacancies() -> tuple[Vacancy, ...]:
    """One that says everything that can be said, as long as it gets, and four that say it otherwise."""
    full = vacancy(
        1,
        TITLES[0],
        **EVERYTHING,
        employer=EMPLOYER,
        place=PLACE,
        description=DESCRIPTION,
        education="s3",
        wage_min=WAGE - 1,
        wage_max=WAGE,
        kinds=kinds.CODES,
        openings=999,
        closes_on=LONG_DAYS[0],
        apply_to=long_name("kirim", "surat", "lamaran", "ke", length=160),
        hours=long_name("Senin", "sampai", "Minggu", length=120),
        skills=(long_name("bisa"), long_name("mampu")),
        experience=long_name("dua", "tahun", length=120),
    )
    plain = replace(full, description="", accommodations=("mes",), fields=("menjahit",), ragam=("wicara",), skills=())
    return (
        full,
        replace(plain, id=2, title=TITLES[1], closes_on=LONG_DAYS[1], wage_per="day", apply_to="petugas"),
        replace(plain, id=3, title=TITLES[2], closes_on=LONG_DAYS[2], wage_per="piece", fields=("penjualan",)),
        replace(plain, id=4, title=TITLES[3], wage_min=None, wage_max=None, accommodations=(), district=None),
        replace(plain, id=999_999_999, title=TITLES[4], wage_min=WAGE, verified=True, closes_on=None, education=None),
    )


def trainings() -> tuple[Training, ...]:
    full = training(
        1,
        TITLES[0],
        **EVERYTHING,
        provider=EMPLOYER,
        place=PLACE,
        description=DESCRIPTION,
        starts_on=LONG_DAYS[0],
        ends_on=date(2027, 11, 24),
        hours=long_name("Senin", "sampai", "Minggu", length=120),
        places=999,
        cost=WAGE,
        allowance=long_name("makan", "dan", "ongkos", length=120),
        register_by=LONG_DAYS[0],
    )
    plain = replace(full, description="", accommodations=(), fields=("menjahit",), ragam=("wicara",))
    return (
        full,
        replace(plain, id=2, title=TITLES[1], starts_on=None, ends_on=None, cost=0),
        replace(plain, id=3, title=TITLES[2], ends_on=None),
        replace(plain, id=999_999_999, title=TITLES[3], cost=None, district=None),
    )


SEEKER = Seeker(
    1,
    NAME,
    birth_year=1998,
    district="12.22.02",
    needs=(*accommodations.CODES, *OWN_WORDS),
    education="smp",
    fields=(*fields.CODES, *OWN_WORDS),
    ragam=ragam.CODES,
    sex="P",
    phone="+6281200000001",
    birth_date="1998-09-29",
    nik="1222014909980001",
    village="12.22.02.2001",
    hometown=long_name("Kota", length=80),
    address=long_name("Jalan", length=200),
    other_phone="+6281200000002",
    phone_shared="yes",
    contact_ways=reach.WAYS.codes,
    contact_times=reach.TIMES.codes,
    seeing="tidak bisa",
    hearing="tidak bisa",
    walking="tidak bisa",
    remembering="tidak bisa",
    self_care="tidak bisa",
    communicating="tidak bisa",
    devices=(*devices.CODES, *OWN_WORDS),
    school="pesantren",
    major=long_name("jurusan"),
    certificate="yes",
    skills=OWN_WORDS,
    certificates=OWN_WORDS,
    experience=long_name("dua", "tahun", length=200),
    languages=(*languages.CODES, *OWN_WORDS),
    kinds=kinds.CODES,
    hours=availability.HOURS.codes,
    distance="jauh",
    lowest_wage=WAGE,
    lowest_wage_per="minggu",
    bpjs=situation.INSURANCES.codes,
    situation="kebun",
)
"""Everything answered, and everything chosen."""

# One value for each name that texts use. A person's or an office's own words, and what is enumerated, count as one
# word of a sentence: they are not ours to shorten, and are split like all imported text (rule 1).
ONE_WORD = "Contoh".ljust(80, "h")

VALUES: dict[str, Value] = {
    **dict.fromkeys(
        ("name", "title", "employer", "provider", "contact", "address", "hours", "allowance", "experience"), ONE_WORD
    ),
    "place": ONE_WORD,
    "office": OFFICE.institution,
    "controller": OFFICE.institution,
    "region": REGION.name,
    **dict.fromkeys(
        (
            "needs",
            "fields",
            "field",
            "wanted",
            "ragam",
            "levels",
            "kind",
            "kinds",
            "skills",
            "choices",
            "ways",
            "times",
        ),
        Listing((ONE_WORD,)),
    ),
    **dict.fromkeys(("day", "first", "last"), LONG_DAYS[0]),
    **dict.fromkeys(("wage", "low", "high", "cost"), Money(WAGE)),
    **dict.fromkeys(("number", "count", "left", "age", "length", "most"), 999_999_999),
    "level": max(
        (education.EDUCATION.by_code[code].label for code in education.CODES), key=lambda text: len(text.msgid)
    ),
    "pay": pay(vacancies()[0]),
    "label": t("Jenis kelamin dan tanggal lahir"),
    "value": ONE_WORD,
    "option": Text("{title}, {place}, {pay}", (("title", ONE_WORD), ("place", ONE_WORD), ("pay", pay(vacancies()[0])))),
    "answer": "999999999",
    "code": "9999 9999",
    "words": ONE_WORD,
    "receipt": "9999 9999 9999",
    "digits": "9999",
    "size": 700,
    "channel": ONE_WORD,
    "people": Listing((ONE_WORD,)),
    "officer": ONE_WORD,
    "topic": t("Ingin bicara dengan petugas"),
    "why": t("menunggu pesan berikutnya dari orangnya"),
    "places": Listing(("WhatsApp", "Telegram", t("halaman web"))),
}


def placeholders(msgid: str) -> frozenset[str]:
    """The names a text is filled with."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(msgid) if name)


def filled(msgid: str) -> Text:
    """The text with the worst value for each name. Raises KeyError: a name that has no worst value yet."""
    values: dict[str, Value] = {name: VALUES[name] for name in sorted(placeholders(msgid))}
    if {"first", "last"} <= values.keys() and "day" not in values and "Nomor" in msgid:
        values |= {"first": 999_999_998, "last": 999_999_999}
    return Text(msgid, tuple(values.items()))
