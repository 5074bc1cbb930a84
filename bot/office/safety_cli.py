"""``setara office``: keeping others out of somebody's data, and answering for what was erased."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands import AsJson, show
from bot.office.cli import at, desk, office_cli, plain, refuse
from storage import audit, contacts, erasures, links, pins, seekers

Undo = Annotated[bool, typer.Option("--undo", help="Batalkan: kembali seperti biasa.")]


@office_cli.command()
def freeze(contact_id: int, undo: Undo = False) -> None:
    """Kunci satu chat: tidak membaca, mengubah, atau dikabari apa pun. Untuk ponsel yang hilang atau dicuri."""
    with desk() as (_, one):
        known = contacts.freeze(one.work, contact_id, None if undo else one.now)
        audit.note(one.work, one.by, "unfreeze" if undo else "freeze", one.now, contact=contact_id, done=int(known))
    if not known:
        raise refuse(f"Tidak ada kontak bernomor {contact_id}.")
    print(f"Kontak {contact_id} {'dibuka lagi' if undo else 'dikunci'}.")


@office_cli.command(name="contacts")
def contacts_(seeker_id: int, as_json: AsJson = False) -> None:
    """Chat mana saja yang terhubung dengan data seseorang. Pembacaan ini tercatat."""
    with desk() as (everything, one):
        audit.note(one.work, one.by, "contacts", one.now, seeker_id=seeker_id)
        for speaker in links.speakers(one.work, seeker_id):
            if as_json:
                show({"contact": speaker.contact_id, "channel": speaker.channel, "joined_at": plain(speaker.joined_at)})
                continue
            since = at(everything, speaker.joined_at) if speaker.joined_at else "sejak pendaftaran"
            print(f"kontak {speaker.contact_id}: {speaker.channel}, {since}")


@office_cli.command()
def protect(seeker_id: int, undo: Undo = False) -> None:
    """Sembunyikan seseorang dari semua daftar dan pencarian, karena ada yang tidak boleh menemukannya."""
    with desk() as (_, one):
        known = seekers.protect(one.work, seeker_id, None if undo else one.now)
        act = "unprotect" if undo else "protect"
        audit.note(one.work, one.by, act, one.now, seeker_id=seeker_id if known else None)
    if not known:
        raise refuse(f"Tidak ada pencari kerja bernomor {seeker_id}.")
    print(f"Pencari kerja {seeker_id} {'tampil lagi di daftar' if undo else 'tidak tampil di daftar apa pun'}.")


@office_cli.command()
def unpin(seeker_id: int) -> None:
    """Hapus PIN yang terlupa, sesudah memastikan orangnya."""
    with desk() as (_, one):
        known = seeker_id in seekers.load(one.work, [seeker_id])
        if known:
            pins.set_pin(one.work, seeker_id, None, one.now)
        audit.note(one.work, one.by, "unpin", one.now, seeker_id=seeker_id if known else None)
    if not known:
        raise refuse(f"Tidak ada pencari kerja bernomor {seeker_id}.")
    print(f"PIN pencari kerja {seeker_id} dihapus.")


@office_cli.command()
def receipt(number: str) -> None:
    """Kapan dan berapa banyak yang dihapus dengan tanda terima ini; siapa orangnya tidak diketahui siapa pun."""
    with desk() as (everything, one):
        found = erasures.find(one.work, number)
        if found is None:
            raise refuse("Tidak ada tanda terima dengan nomor itu.")
        counts = ", ".join(f"{name}: {count}" for name, count in found.counts.items())
        print(f"Dihapus {at(everything, found.erased_at)}. {counts}".rstrip())
