"""What is kept about a person: to see it, to pause it, to erase it (UU 27/2022 art. 5-13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations import links, own_copy, permissions, profile, safety
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import (
    Answer,
    DrawReceipt,
    EraseSeeker,
    KeptListed,
    ListKept,
    OpenTicket,
    PauseSeeker,
    ReceiptDrawn,
    SetAlerts,
    SetObjection,
)
from conversations.engine.messages import Message, QuickReply
from conversations.engine.moves import Do, Done, Goto, Move, Open, Retry, Say, Show, Stay
from conversations.engine.questions import (
    MORE,
    SEE_MORE,
    Choice,
    names_one,
    page_of,
    picked,
    plainly,
    turned_page,
    wants_more,
)
from conversations.engine.review import paged
from conversations.engine.texts import Text, t
from conversations.seeker_questions import ADULT
from conversations.understanding import Meaning


def choices(talk: Talk) -> tuple[Choice, ...]:
    paused = talk.context.seeker is not None and talk.context.seeker.paused
    rest = (
        Choice("resume", t("Lanjutkan pencarian"), ("lanjutkan", "aktifkan lagi"))
        if paused
        else Choice("pause", t("Berhenti sementara"), ("berhenti", "jeda", "tunda"))
    )
    objects = talk.context.seeker is not None and talk.context.seeker.objects
    matching = (
        Choice("agree_again", t("Cocokkan lowongan lagi"), ("cocokkan lagi",))
        if objects
        else Choice("object", t("Jangan cocokkan otomatis"), ("jangan cocokkan",))
    )
    return (
        Choice("view", t("Lihat data saya"), ("lihat", "data saya")),
        Choice("change", t("Ubah data"), ("ubah", "ganti")),
        Choice("permissions", t("Izin saya"), ("izin",)),
        Choice("erase", t("Hapus data"), ("hapus", "hapus semua", "hapus data saya")),
        Choice("shared", t("Siapa melihat data saya"), ("siapa", "siapa yang lihat")),
        Choice("connected", t("Chat yang terhubung"), ("chat", "terhubung", "siapa terhubung")),
        rest,
        matching,
    )


def ask(talk: Talk) -> Message:
    return Message(
        (t("Ini tentang data Anda. Apa yang Anda inginkan?"),), page_of(choices(talk), int(talk.scratch("page", 0)))
    )


def hear(talk: Talk, said: Said) -> Move:
    if turned := turned_page(talk, said, len(choices(talk))):
        return turned
    wanted = picked(talk, said, choices(talk))
    return wanted_move(talk.context, wanted, talk) or Retry(t("Balas angka atau kata pilihannya. Contoh: 1"))


def claims(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, choices(talk))


def wanted_move(context: Context, wanted: str | None, talk: Talk) -> Move | None:
    match wanted:
        case "view":
            return Goto("kept")
        case "change":
            return Done(then=Open("profile", {"for_whom": context.seeker.for_whom if context.seeker else "self"}))
        case "pause":
            return Done(PAUSED, (PauseSeeker(True),))
        case "resume":
            said = t("Pencarian kerja berjalan lagi. Kami mengabari jika ada yang cocok.")
            return Done((said,), (PauseSeeker(False), SetAlerts(True)))
        case "erase":
            return Goto("erase")
        case "shared":
            return Goto("shared")
        case "link":
            return Done(then=Open("linking"))
        case "connected":
            return Done(then=Open("linking", {"topic": "connected"}))
        case "permissions":
            return Done(then=Open("permissions"))
        case "object":
            return Done(permissions.OBJECTED, (SetObjection(True),))
        case "agree_again":
            return Done((permissions.MATCHED_AGAIN,), (SetObjection(False),))
    return None


PAUSED = (t("Pencarian kerja berhenti sementara. Data tetap disimpan. Untuk lanjut, balas: lanjutkan"),)


# What is kept


def ask_kept(talk: Talk) -> Message:
    pages = paged(talk, kept_lines(talk))
    page = min(int(talk.scratch("page", 0)), len(pages) - 1)
    heading = t("Ini yang kami simpan:") if page == 0 else t("Data lainnya:")
    replies = page_of(kept_choices(), 0)
    if len(pages) > 1:
        replies = (*replies, QuickReply(SEE_MORE, f"+{(page + 1) % len(pages)}", MORE))
    return Message((heading, *pages[page]), replies)


def kept_lines(talk: Talk) -> tuple[Text, ...]:
    seeker = talk.context.seeker
    return profile.lines_of(talk, seeker) if seeker else ()


def kept_choices() -> tuple[Choice, ...]:
    *others, back = next_choices()
    return (*others, Choice("copy", t("Simpan salinannya"), ("salinan", "simpan", "unduh", "simpan salinan")), back)


def hear_kept(talk: Talk, said: Said) -> Move:
    if said.choice is not None and said.choice.startswith("+") and said.choice[1:].isdigit():
        return Stay({"page": int(said.choice[1:])})
    if said.choice is None and wants_more(talk, said.text):
        return Stay({"page": (int(talk.scratch("page", 0)) + 1) % len(paged(talk, kept_lines(talk)))})
    if picked(talk, said, kept_choices()) == "copy":
        return Goto("copy")
    return hear_next(talk, said, kept_choices())


def claims_kept(talk: Talk, said: Said) -> bool:
    if len(paged(talk, kept_lines(talk))) > 1 and wants_more(talk, said.text):
        return True
    return names_one(talk, said, kept_choices())


def show_copy(talk: Talk, answer: KeptListed) -> Move:
    """A copy to keep or to show somebody (UU 27/2022 art. 7), of everything."""
    state = answer.listed.state
    copy = (own_copy.as_json if state == "json" else own_copy.as_text)(talk, answer.kept)
    message = Message((t("Ini salinan data Anda dalam satu berkas."),), page_of(copy_choices(), 0), attachment=copy)
    return Show(state, message)


def copy_choices() -> tuple[Choice, ...]:
    *others, back = next_choices()
    return (*others, Choice("json", t("Berkas untuk komputer"), ("json", "berkas json", "komputer")), back)


def hear_copied(talk: Talk, said: Said) -> Move:
    return Goto("json") if picked(talk, said, copy_choices()) == "json" else hear_next(talk, said, copy_choices())


def claims_copied(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, copy_choices())


def who_sees(context: Context) -> tuple[Text, ...]:
    office = context.region.office_for("work")
    return (
        t("Data Anda disimpan oleh {office}.", office=office.institution if office else context.region.name),
        t("Belum ada pemberi kerja yang melihat data Anda."),
        t("Kantor lain melihatnya hanya dengan izin Anda. Untuk memeriksa, tulis: izin saya"),
    )


def ask_shared(talk: Talk) -> Message:
    return Message(who_sees(talk.context), page_of(next_choices(), 0))


def next_choices() -> tuple[Choice, ...]:
    return (
        Choice("change", t("Ubah data"), ("ubah", "ganti")),
        Choice("erase", t("Hapus data"), ("hapus", "hapus data saya")),
        Choice("link", t("Pakai chat lain juga"), ("chat lain", "sambungkan", "sambung")),
        Choice("back", t("Pilihan lain"), ("kembali", "lain")),
    )


def hear_next(talk: Talk, said: Said, choices: Sequence[Choice]) -> Move:
    wanted = picked(talk, said, choices)
    if wanted == "back":
        return Goto("menu")
    return wanted_move(talk.context, wanted, talk) or Retry(t("Balas angka atau kata pilihannya. Contoh: 1"))


def hear_shown(talk: Talk, said: Said) -> Move:
    return hear_next(talk, said, next_choices())


def claims_next(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, next_choices())


# Erasing

ERASE_CHOICES = (
    Choice("yes", t("Ya, hapus"), ("ya", "ya hapus", "hapus", "iya", "yes", "erase")),
    Choice("no", t("Tidak"), ("tidak", "jangan", "batal", "no")),
)


def ask_erase(talk: Talk) -> Message:
    seeker = talk.context.seeker
    question = (
        t("Semua data {name} akan dihapus. Ini tidak bisa dikembalikan.", name=seeker.name)
        if seeker
        else t("Semua jawaban Anda di sini akan dihapus. Ini tidak bisa dikembalikan.")
    )
    everywhere = (t("Ini berlaku untuk semua chat yang tersambung."),) if seeker and talk.context.linked else ()
    return Message((question, *everywhere, t("Yakin dihapus?")), page_of(ERASE_CHOICES, 0))


def hear_erase(talk: Talk, said: Said) -> Move:
    wanted = plainly(talk, said, ERASE_CHOICES)
    if wanted == "yes" and of_another_adult(talk.context):
        return Done(
            (
                t("Data orang dewasa lain tidak langsung dihapus dari sini."),
                t("Pencarian kerja untuknya dihentikan dahulu."),
                t("Petugas akan bertanya kepada orangnya, lalu menghapus."),
            ),
            (PauseSeeker(True), OpenTicket("erase_for_other", "")),
        )
    if wanted == "yes":
        return Do(DrawReceipt())
    if wanted == "no":
        return Done((t("Baik, data tidak dihapus."),))
    return Retry(t("Untuk menghapus, kami perlu jawaban yang jelas. Balas: ya atau tidak"))


def of_another_adult(context: Context) -> bool:
    """Whether a companion speaks for somebody who decides for themselves; of a child a parent may erase."""
    seeker = context.seeker
    if seeker is None or seeker.for_whom != "other":
        return False
    if seeker.birth_date is not None:
        born = date.fromisoformat(seeker.birth_date)
        return (context.today.year - born.year, context.today.timetuple()[1:3]) >= (ADULT, born.timetuple()[1:3])
    return seeker.birth_year is None or context.today.year - seeker.birth_year >= ADULT


def erased(talk: Talk, answer: Answer) -> Move:
    """The receipt: what is gone, since when, and a number that names nobody."""
    assert isinstance(answer, ReceiptDrawn), "nothing else is asked for here"
    what = (
        t("Yang dihapus: data diri, izin, kecocokan lowongan, pertanyaan kepada petugas, dan pesan.")
        if talk.context.seeker is not None
        else t("Yang dihapus: jawaban dan pesan Anda di sini.")
    )
    return Done(
        (
            t("Semua data sudah dihapus. Terima kasih sudah memakai layanan ini."),
            what,
            t("Tanda terima: {receipt}, {day}.", receipt=answer.receipt, day=talk.context.today),
            t("Nomor itu tidak menyebut siapa Anda."),
            t("Jika nanti ingin mendaftar lagi, balas DAFTAR."),
        ),
        (EraseSeeker(answer.receipt),),
    )


def claims_erase(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, ERASE_CHOICES)


def starts(talk: Talk) -> Move:
    return wanted_move(talk.context, talk.frame.answers.get("topic"), talk) or Goto("menu")


privacy = Conversation(
    name="privacy",
    version=1,
    title=t("Data saya"),
    guarded=True,
    states=(
        Menu("menu", ask, hear, ("kept", "erase", "shared"), claims),
        Menu("kept", ask_kept, hear_kept, ("menu", "erase", "copy"), claims_kept),
        Menu("copy", lambda talk: Do(ListKept("copy")), hear_copied, ("menu", "erase", "json"), claims_copied),
        Menu("json", lambda talk: Do(ListKept("json")), hear_copied, ("menu", "erase"), claims_copied),
        Menu("shared", ask_shared, hear_shown, ("menu", "erase"), claims_next),
        Menu("erase", ask_erase, hear_erase, (), claims_erase),
    ),
    starts=starts,
    found=lambda talk, answer: show_copy(talk, answer) if isinstance(answer, KeptListed) else erased(talk, answer),
    back=lambda talk: Goto("menu") if talk.frame.state != "menu" else None,
)


def opened(context: Context, meaning: Meaning, words: str) -> Move:
    """Somebody asks about their data."""
    topic = {"shared_with": "shared"}.get(meaning.query.topic or "", meaning.query.topic)
    if topic == "lost_phone":
        return safety.lost_phone(context, words)
    if topic in permissions.TOPICS:
        return permissions.opened(context, meaning)
    if context.seeker is None:
        return of_nobody(context, topic)
    if topic == "connected":
        return links.opened("connected")
    if topic == "pause":  # as a no, it waits for nothing: no question, no PIN
        return Say(PAUSED, (PauseSeeker(True),))
    return Open("privacy", {"topic": topic} if topic else {})


def of_nobody(context: Context, topic: str | None) -> Move:
    """What is said of their data to who has not registered."""
    match topic:
        case "shared" | "connected":
            return Say((*who_sees(context), t("Tanpa mendaftar, tidak ada data tentang Anda yang kami bagikan.")))
        case "erase" if context.draft:
            return Open("privacy", {"topic": "erase"})
        case "erase":
            return Say((t("Anda belum terdaftar. Pesan-pesan Anda di sini sudah kami hapus."),), (EraseSeeker(),))
    if context.draft:
        return Say(
            (
                t("Anda belum mendaftar. Ada jawaban pendaftaran yang belum selesai, dan itu kami simpan."),
                t("Untuk menghapusnya, tulis: hapus data saya"),
            )
        )
    return Say(
        (
            t("Anda belum mendaftar. Belum ada data pendaftaran yang kami simpan."),
            t("Pesan terakhir disimpan paling lama 7 hari. Isinya dikunci, lalu dihapus."),
        )
    )
