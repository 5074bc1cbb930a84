"""``setara office``: what came from paper, whom no chat reaches, and who is registered twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from bot.claiming import GOOD_FOR, make_code
from bot.commands import AsJson, opened, show
from bot.opening import Opened
from conversations.domain.reach import Reach, reach_of
from conversations.domain.region import Region
from conversations.domain.seeker import Seeker
from conversations.domain.vacancy import Vacancy
from conversations.engine.texts import Text, t
from conversations.links import shown
from conversations.wording import pay
from locales.render import translator
from storage import audit, call_list, duplicates, merging, paper, seekers
from storage.call_list import ToTell
from storage.work import Work

_tr = translator("id")


class How(StrEnum):
    called = "called"
    visited = "visited"
    written = "written"
    unreachable = "unreachable"


Done = Annotated[
    tuple[int, int] | None,
    typer.Option("--done", metavar="SEEKER VACANCY", help="Pencari kerja ini sudah diberi tahu tentang lowongan ini."),
]
ByHow = Annotated[
    How | None,
    typer.Option(
        "--how", help="called (ditelepon), visited (didatangi), written (disurati), unreachable (tidak tercapai)."
    ),
]


def add_to(office: typer.Typer) -> None:
    """Give ``setara office`` these commands."""
    office.command(name="call-list")(list_calls)
    office.command()(invitations)
    office.command(name="claim-code")(claim_code)
    office.command(name="duplicates")(list_duplicates)
    office.command()(merge)
    office.command()(differ)


def refuse(reason: Text) -> typer.Exit:
    """Say why not, on stderr, and end with 1."""
    typer.echo(_tr(reason), err=True)
    return typer.Exit(1)


# Whom to call or visit


def list_calls(as_json: AsJson = False, done: Done = None, how: ByHow = None) -> None:
    """Siapa yang perlu ditelepon atau didatangi: ada lowongan cocok, tetapi tidak ada chat."""
    with opened() as everything, everything.database.work() as work:
        if done is not None:
            mark_done(work, everything, *done, how)
            return
        now = everything.local_now()
        found = call_list.to_tell(work, now.date())
        for one in found:
            audit.note(work, None, "read", now, seeker_id=one.seeker.id)
        if as_json:
            show([call_json(one, everything.region) for one in found])
            return
        for one in found:
            for line in call_lines(one, everything.region):
                print(_tr(line))
            print()
        if not found:
            print(_tr(t("Tidak ada yang perlu ditelepon atau didatangi.")))


def mark_done(work: Work, everything: Opened, seeker_id: int, vacancy_id: int, how: How | None) -> None:
    """Note that an officer told somebody; whoever may not be called was not."""
    now = everything.local_now()
    if how is None:
        raise refuse(t("Tulis caranya. Contoh: --how called"))
    seeker = seekers.load(work, [seeker_id]).get(seeker_id)
    if seeker is not None and how is How.called and reach_of(seeker).no_calls:
        raise refuse(t("Orang ini tidak mau ditelepon. Datangi, atau kirim surat."))
    if not call_list.tell(work, seeker_id, [vacancy_id], how.value, now):
        raise refuse(t("Ini tidak ada di daftar, atau sudah dicatat petugas lain."))
    audit.note(work, None, "told", now, seeker_id=seeker_id, vacancy=vacancy_id, how=how.value)
    print(_tr(t("Dicatat. Orang ini tidak perlu diberi tahu lagi tentang lowongan itu.")))


def home_of(seeker: Seeker, region: Region) -> str:
    """Address, village and district in words; empty: nothing is known."""
    village = next((v.name for v in region.villages if v.code == seeker.village), None)
    district = region.district(seeker.district)
    places = (seeker.address, village, district.name if district else seeker.hometown)
    return ", ".join(place for place in places if place)


def call_lines(one: ToTell, region: Region) -> list[Text]:
    """One person to be told, as an officer reads it: how to reach them, then what to tell."""
    seeker, reach = one.seeker, reach_of(one.seeker)
    return [
        t("Pencari kerja {seeker}: {name}", seeker=seeker.id, name=seeker.name),
        *([t("Telepon: {phone}", phone=reach.phone)] if reach.phone else [t("Telepon: tidak ada")]),
        *([t("Telepon lain: {phone}", phone=reach.other_phone)] if reach.other_phone else []),
        *reach.lines,
        *([t("Datangi, atau kirim surat.")] if reach.no_calls or not (reach.phone or reach.other_phone) else []),
        t("Alamat: {address}", address=home_of(seeker, region) or t("tidak ada")),
        *(vacancy_line(vacancy) for vacancy in one.vacancies),
    ]


def vacancy_line(vacancy: Vacancy) -> Text:
    what = t("{title}, {place}, {pay}", title=vacancy.title, place=vacancy.place, pay=pay(vacancy))
    if vacancy.closes_on is None:
        return t("Lowongan {number}: {vacancy}.", number=vacancy.id, vacancy=what)
    return t("Lowongan {number}: {vacancy}. Batas: {day}.", number=vacancy.id, vacancy=what, day=vacancy.closes_on)


def call_json(one: ToTell, region: Region) -> dict[str, Any]:
    seeker, reach = one.seeker, reach_of(one.seeker)
    return {
        "seeker": seeker.id,
        "name": seeker.name,
        **reach_json(reach),
        "place": home_of(seeker, region),
        "vacancies": [
            {
                "id": vacancy.id,
                "title": vacancy.title,
                "place": vacancy.place,
                "pay": _tr(pay(vacancy)),
                "closes_on": day_json(vacancy.closes_on),
            }
            for vacancy in one.vacancies
        ],
    }


def reach_json(reach: Reach) -> Mapping[str, Any]:
    lines = [_tr(line) for line in reach.lines]
    return {"phone": reach.phone, "other_phone": reach.other_phone, "no_calls": reach.no_calls, "reach": lines}


def day_json(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


# Invitations and claims


def invitations(as_json: AsJson = False) -> None:
    """Siapa yang baru diundang: formulirnya ada, izinnya belum. Dihapus sesudah 90 hari."""
    with opened() as everything, everything.database.work() as work:
        now = everything.local_now()
        found = paper.invitations(work)
        for one in found:
            audit.note(work, None, "read", now, seeker_id=one.seeker.id)
            until, reach = one.until.astimezone(everything.zone).date(), reach_of(one.seeker)
            number = str((one.seeker.paper or {}).get("number", ""))
            if as_json:
                about = {"seeker": one.seeker.id, "form": number, "name": one.seeker.name, "until": until.isoformat()}
                show({**about, **reach_json(reach), "place": home_of(one.seeker, everything.region)})
                continue
            print(_tr(t("Pencari kerja {seeker}: {name}", seeker=one.seeker.id, name=one.seeker.name)))
            print(_tr(t("Formulir {form}. Dihapus {day}.", form=number, day=until)))
            print(_tr(t("Telepon: {phone}", phone=reach.phone or t("tidak ada"))))
            for line in reach.lines:
                print(_tr(line))
            print()
        if not found and not as_json:
            print(_tr(t("Tidak ada undangan.")))


def claim_code(seeker: int, as_json: AsJson = False) -> None:
    """Buat kode untuk diberikan langsung kepada orangnya; di chat mana pun, kode itu membuka datanya."""
    with opened() as everything, everything.database.work() as work:
        now = everything.local_now()
        code = make_code(work, seeker, now)
        if code is None:
            raise refuse(t("Tidak ada pencari kerja {seeker}.", seeker=seeker))
        audit.note(work, None, "claim_code", now, seeker_id=seeker)
        until = now + GOOD_FOR
        if as_json:
            show({"seeker": seeker, "code": code, "until": until.isoformat(timespec="seconds")})
            return
        print(_tr(t("Kode: {code}", code=shown(code))))
        print(_tr(t("Berlaku sampai {day}, untuk satu kali.", day=until.date())))
        print(_tr(t("Berikan hanya kepada orangnya sendiri. Di chat, ia menulis: SAMBUNG {code}", code=shown(code))))


# One person, one record


def list_duplicates(as_json: AsJson = False) -> None:
    """Siapa yang mungkin terdaftar dua kali."""
    with opened() as everything, everything.database.work() as work:
        now = everything.local_now()
        found = duplicates.waiting(work)
        people = seekers.load(work, {id_ for one in found for id_ in (one.seeker_id, one.other_id)})
        for seeker_id in sorted(people):
            audit.note(work, None, "read", now, seeker_id=seeker_id)
        for one in found:
            names = [people[id_].name for id_ in (one.seeker_id, one.other_id)]
            if as_json:
                show(
                    {
                        "seekers": [one.seeker_id, one.other_id],
                        "names": names,
                        "why": one.why,
                        "noticed_at": noticed(one.noticed_at, everything),
                    }
                )
                continue
            why = t("NIK sama") if one.why == "nik" else t("nama, tahun lahir, dan kecamatan mirip")
            print(
                _tr(
                    t(
                        "{first} ({name}) dan {second} ({other}): {why}.",
                        first=one.seeker_id,
                        name=names[0],
                        second=one.other_id,
                        other=names[1],
                        why=why,
                    )
                )
            )
        if not found and not as_json:
            print(_tr(t("Tidak ada yang tampak terdaftar dua kali.")))


def noticed(at: datetime, everything: Opened) -> str:
    return at.astimezone(everything.zone).isoformat(timespec="seconds")


def merge(keep: int, other: int) -> None:
    """Gabungkan OTHER ke dalam KEEP: satu orang, satu catatan. Ini tidak bisa dibatalkan."""
    with opened() as everything, everything.database.work() as work:
        now = everything.local_now()
        if not merging.merge(work, keep, other, now):
            raise refuse(t("Keduanya harus pencari kerja yang berbeda dan terdaftar."))
        audit.note(work, None, "merge", now, seeker_id=keep, other=other)
        audit.note(work, None, "merged_into", now, seeker_id=other, other=keep)
        print(_tr(t("Pencari kerja {other} sudah digabung ke {seeker}.", other=other, seeker=keep)))


def differ(one: int, other: int) -> None:
    """Catat bahwa keduanya dua orang yang berbeda."""
    with opened() as everything, everything.database.work() as work:
        now = everything.local_now()
        if not duplicates.differ(work, one, other, now):
            raise refuse(t("Keduanya harus pencari kerja yang berbeda dan terdaftar."))
        audit.note(work, None, "differ", now, seeker_id=one, other=other)
        audit.note(work, None, "differ", now, seeker_id=other, other=one)
        print(_tr(t("Dicatat: keduanya dua orang yang berbeda.")))
