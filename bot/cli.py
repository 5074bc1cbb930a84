"""The ``setara`` command. Answers go to stdout, everything else to stderr."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import logs, paper_commands
from bot.commands import AsJson, opened, show, told
from bot.office import safety_cli
from bot.office.cli import office_cli
from bot.opening import Opened
from bot.settings import SettingsError, load_settings
from locales.render import LOCALES, catalogue, translator

if TYPE_CHECKING:
    from storage.undelivered import Undelivered

cli = typer.Typer(
    help="Setara Kerja: layanan chat untuk pencari kerja dengan disabilitas.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
examples_cli = typer.Typer(help="Data contoh.", no_args_is_help=True)
cli.add_typer(examples_cli, name="examples")
key_cli = typer.Typer(help="Kunci yang mengunci data.", no_args_is_help=True)
cli.add_typer(key_cli, name="key")
assert safety_cli, "its commands are part of the office's"
paper_commands.add_to(office_cli)
cli.add_typer(office_cli, name="office")


class Kind(StrEnum):
    vacancies = "vacancies"
    trainings = "trainings"
    seekers = "seekers"


@cli.command()
def run(
    examples: Annotated[bool, typer.Option("--examples", help="Isi data contoh bila basis data kosong.")] = False,
) -> None:
    """Jalankan layanan: chat di web, dan Telegram atau WhatsApp bila tokennya diisi."""
    with opened(level="info") as everything:
        from bot.app import build, listen, serve
        from bot.rotating import note_serving

        sockets = listen(everything.settings)
        note_serving(everything.database)
        remove_examples_if_real(everything)
        if examples:
            load_examples_if_empty(everything)
        host, port = everything.settings.host, sockets[0].getsockname()[1]
        print(f"Chat web: http://{f'[{host}]' if ':' in host else host}:{port}/", file=sys.stderr)
        serve(build(everything), sockets)


def load_examples_if_empty(everything: Opened) -> None:
    """So that a newcomer finds something; never where real people write."""
    from bot.examples import load_examples_once

    if everything.settings.for_real_people:
        print("Data contoh tidak diisi, karena layanan ini melayani orang yang sebenarnya.", file=sys.stderr)
        return
    if loaded := load_examples_once(everything.database, everything.region, everything.local_now()):
        print(
            f"Basis data kosong, jadi diisi contoh: {loaded}. Untuk menghapusnya: setara examples remove",
            file=sys.stderr,
        )


def remove_examples_if_real(everything: Opened) -> None:
    """What was loaded for a first look must not be offered to real people."""
    from bot.examples import remove_examples as remove

    if everything.settings.for_real_people and (removed := remove(everything.database)):
        print(f"Data contoh dihapus, karena layanan ini melayani orang yang sebenarnya: {removed}.", file=sys.stderr)


@cli.command()
def chat(
    contact: Annotated[
        str, typer.Option("--contact", help="Nama kontak; tiap nama punya percakapannya sendiri.")
    ] = "saya",
    as_json: AsJson = False,
) -> None:
    """Bercakap di terminal ini, seperti lewat saluran lain."""
    with opened() as everything:
        from bot.announce import Announcer
        from bot.channels.terminal import Terminal, chat_json
        from bot.channels.terminal import chat as talk

        terminal = Terminal(everything.turntaker(), contact, Announcer(everything))
        if as_json:
            chat_json(terminal, sys.stdin, sys.stdout)
            return
        person = sys.stdin.isatty()
        if person:
            print("Tulis pesan lalu tekan Enter. Untuk keluar: Ctrl-D.", file=sys.stderr)
        try:
            talk(terminal, sys.stdin, sys.stdout, prompt="> " if person else "")
        except KeyboardInterrupt:
            print(file=sys.stderr)


@cli.command()
def ask(
    text: Annotated[
        str | None, typer.Argument(help="Pertanyaan; tanpa ini, satu pertanyaan tiap baris masukan.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Cari lowongan atau pelatihan dengan kata sendiri, tanpa menyimpan apa pun."""
    with opened() as everything:
        from bot.asking import ask as answer

        tr = translator("id")
        today = everything.local_now().date()
        for line in [text] if text is not None else sys.stdin:
            with everything.database.read() as work:
                found = answer(work, line.strip(), everything.region, today).to_json(everything.region, tr)
            if as_json:
                show(found)
                continue
            print(found["intent"])
            for result in found["results"]:
                print(f"  {result['id']}: {result['title']}. {' '.join(result['reasons'])}")


@cli.command(name="import")
def import_(kind: Kind, file: Path, as_json: AsJson = False) -> None:
    """Masukkan lowongan, pelatihan, atau formulir kertas dari CSV atau XLSX; nomor yang sama diperbarui."""
    with opened() as everything:
        from bot.imports import Report, import_file, import_forms

        report = Report()
        reading = (file, everything.database, everything.region, everything.local_now(), report)
        try:
            if kind is Kind.seekers:
                import_forms(*reading)
            else:
                import_file("trainings" if kind is Kind.trainings else "vacancies", *reading)
        finally:  # when the database fails on the way: what was committed stays
            if as_json:
                show(report.to_json())
            else:
                for line in report.lines(translator("id")):
                    print(line)
        if report.failed:
            raise typer.Exit(1)


class Locale(StrEnum):
    indonesian = "id"
    easy = "id@mudah"
    english = "en"


@cli.command()
def form(
    out: Annotated[Path, typer.Option("--out", help="Nama berkas PDF.")] = Path("formulir-pendaftaran.pdf"),
    locale: Annotated[Locale, typer.Option("--locale", help="Bahasa formulir.")] = Locale.indonesian,
) -> None:
    """Buat formulir pendaftaran untuk dicetak: PDF huruf besar, terbaca oleh pembaca layar."""
    from bot.papers.file import FileRefused, write_form

    try:
        write_form(out, load_settings(), locale.value)
    except (SettingsError, FileRefused) as refused:
        for line in refused.lines:
            print(line, file=sys.stderr)
        raise typer.Exit(2) from None
    print(out)


@cli.command()
def stats(as_json: AsJson = False) -> None:
    """Berapa yang terdaftar, dibuka, dikabari, menunggu, dan dihitung platform per bulan."""
    with opened() as everything:
        from storage.stats import collect

        with everything.database.read() as work:
            counted = asdict(collect(work, everything.local_now()))
        if as_json:
            show(counted)
        else:
            for month, categories in counted.pop("messages").items():
                counted |= {f"messages {month} {category}": number for category, number in categories.items()}
            for became, number in counted.pop("registrations").items():
                counted[f"registrations {became}"] = number
            for name, number in counted.items():
                print(f"{name}: {number}")


WHY = {
    "failed": "pesan gagal",
    "waiting": "pesan masih menunggu",
    "unreachable": "tidak bisa dikirimi lagi",
    "until_heard": "lowongan yang menunggu pesan berikutnya dari orangnya",
}


REASONS = {
    "account": "akun WhatsApp ditolak; periksa token dan keadaan akun",
    "template": "templat WhatsApp ditolak; periksa di WhatsApp Manager",
    "pace": "batas kecepatan platform; dicoba lagi",
    "pair": "terlalu banyak pesan untuk satu orang; dicoba lagi",
    "131026": "nomor ini tidak ada di WhatsApp, atau tidak menerima pesan layanan",
    "131047": "lebih dari 24 jam sejak orangnya menulis",
    "131050": "orangnya menghentikan kabar lewat WhatsApp",
    "400": "pesan tidak diterima platform",
    "401": "token Telegram ditolak",
    "403": "orangnya memblokir layanan ini",
    "429": "batas kecepatan platform; dicoba lagi",
    "5xx": "gangguan di platform",
    "network": "tidak ada sambungan ke platform",
    "timeout": "platform tidak menjawab",
}
"""What a code means to an officer; the platform's own words follow it."""


def reason(one: Undelivered) -> str:
    if one.kind == "until_heard":
        return one.why
    meant = REASONS.get(one.why.partition(":")[0])
    return f"{meant} ({one.why})" if meant else one.why or "sebabnya tidak dicatat"


@cli.command()
def clips(
    every: Annotated[bool, typer.Option("--all", help="Semua teks, bukan hanya pertanyaan.")] = False,
    as_json: AsJson = False,
) -> None:
    """Pertanyaan apa yang bisa direkam, nama berkasnya, dan apa yang sudah ada."""
    with opened() as everything:
        from bot.clips import SUFFIXES, Recordings, every_text, stem

        recordings = Recordings(everything.settings.clips)
        for locale in LOCALES:
            words, recorded = catalogue(locale), recordings.of(locale)
            for msgid in every_text():
                if not (every or "?" in msgid or msgid in recorded):
                    continue
                have = {clip.kind: clip.kilobytes for clip in recorded.get(msgid, ())}
                said = words.get(msgid, msgid)
                if as_json:
                    show({"locale": locale, "file": stem(msgid), "text": said, "kilobytes": have})
                else:
                    there = ", ".join(f"{SUFFIXES[kind]} {size} kB" for kind, size in have.items())
                    print(f"{locale}/{stem(msgid)}: {there or 'belum ada'}: {said}")


@cli.command()
def undelivered(as_json: AsJson = False) -> None:
    """Apa yang tidak sampai kepada orang, dan mengapa."""
    with opened() as everything:
        from bot.announce import Announcer
        from storage.undelivered import collect

        with everything.database.read() as work:
            found = collect(work, Announcer(everything).manners(), everything.clock())
        for one in found:
            since = one.since.astimezone(everything.zone)
            if as_json:
                show(asdict(one) | {"since": since.isoformat(timespec="seconds")})
            else:
                seekers = f", pencari kerja {', '.join(map(str, one.seekers))}" if one.seekers else ""
                whom = f"{one.channel}, kontak {one.contact_id}{seekers}"
                print(f"{since:%Y-%m-%d %H.%M} {whom}: {WHY[one.kind]}: {reason(one)}")
        if not found and not as_json:
            print("Semua sampai, atau masih dalam perjalanan.")


@cli.command()
def backup(target: Path, as_json: AsJson = False) -> None:
    """Buat cadangan ke berkas atau folder TARGET, juga selagi layanan berjalan."""
    with opened() as everything:
        from bot import backups

        file, rows = backups.write(everything, target)
        if as_json:
            show({"file": str(file), "rows": dict(rows)})
        else:
            print(f"Cadangan dibuat: {file}, {backups.total(rows)} baris. Simpan kuncinya di tempat lain.")


@cli.command()
def restore(
    file: Path,
    replace: Annotated[bool, typer.Option("--replace", help="Ganti isi basis data yang sudah ada.")] = False,
    moving: Annotated[
        bool,
        typer.Option("--moving", help="Pindah rumah: layanan sudah dihentikan sebelum cadangan ini dibuat."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Pulihkan cadangan FILE ke basis data yang kosong; yang sudah dihapus tetap terhapus."""
    with told():
        from bot import backups

        settings = load_settings()
        logs.configure("warning", secrets=settings.secrets())
        done = backups.restore(settings, file, replace=replace, moving=moving)
        if as_json:
            show(backups.as_json(done))
        else:
            print("\n".join(backups.lines(done)))


@key_cli.command()
def rotate() -> None:
    """Ganti kunci: bertahap, juga selagi layanan berjalan; boleh diulang kapan saja."""
    from bot import rotating

    with opened() as everything:
        said = rotating.add_key(everything.settings, everything.database.key_ring)
    if said is not None:
        print(said)
    with opened() as everything:
        if rotating.still_old(everything):
            print("Sekarang mulai ulang layanan, lalu jalankan lagi: setara key rotate")
            return
        for line in rotating.rewrite(everything):
            print(line)


@cli.command()
def migrate() -> None:
    """Bawa susunan basis data ke versi terbaru."""
    with opened(migrate=True):
        print("Susunan basis data sudah terbaru.")


@examples_cli.command(name="remove")
def remove_examples() -> None:
    """Hapus data contoh."""
    with opened() as everything:
        from bot.examples import remove_examples as remove

        removed = remove(everything.database)
        print(f"Data contoh dihapus: {removed}.")


def main() -> None:
    # What is piped in and out is UTF-8 wherever this runs, and a wrong byte is no reason to stop.
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli()
