"""One person at several contacts: a code said at another one joins it; where news go; parting again.

"chat" is what people call a contact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime, timedelta

from conversations import agreeing, claims
from conversations.consent import CHOICES as AGREEING
from conversations.consent import telling
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import (
    Answer,
    CodeMade,
    CodeTried,
    ContactsListed,
    GiveConsent,
    LetGo,
    LinkedContact,
    ListContacts,
    MakeCode,
    Prefer,
    SetAlerts,
    TryCode,
)
from conversations.engine.messages import Message
from conversations.engine.moves import Do, Done, Goto, Move, Open, Retry, Show
from conversations.engine.questions import Choice, names_one, page_of, picked, plainly
from conversations.engine.session import Json
from conversations.engine.texts import Listing, Shown, Text, t
from conversations.understanding import answers as parse
from conversations.understanding.codes import CODE_DIGITS, code_in

TOPICS = ("link", "unlink", "news_here")
"""Topics of what people want of this."""

VERSION = 1
"""Of the words of the consent; raise it whenever their Indonesian changes."""

CHANNELS: dict[str, Text | str] = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "web": t("halaman web"),
    "terminal": t("terminal"),
}


def channel_name(channel: str) -> Shown:
    """A channel as people call it."""
    return CHANNELS.get(channel, channel)


# A code


def shown(code: str) -> str:
    """In two groups, as a screen reader says it best and people copy it: "4829 1573"."""
    return f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}"


def told_code(talk: Talk, made: CodeMade) -> Move:
    channels = Listing(tuple(channel_name(channel) for channel in talk.context.channels))
    return Done(
        (
            t("Buka Setara Kerja di chat lain. Pilihannya: {places}.", places=channels),
            t("Di sana, tulis: SAMBUNG {code}", code=shown(made.code)),
            t("Kode ini berlaku 15 menit, untuk satu kali."),
            t("Jangan berikan kode ini kepada orang lain."),
        )
    )


def unmistakable(context: Context, text: str, form: bool) -> Move | None:
    """ "SAMBUNG 4829 1573" is a name nowhere; the bare digits may be an answer where a form is open."""
    found = code_in(text)
    return Open("linking", {"code": found.digits}) if found is not None and (found.named or not form) else None


def ask_code(talk: Talk) -> Message:
    return Message(
        (
            t("Minta kode di chat tempat Anda mendaftar. Di sana, tulis: sambungkan"),
            t("Lalu tulis kodenya di sini. Contoh: 4829 1573"),
        )
    )


def hear_code(talk: Talk, said: Said) -> Move:
    found = code_in(said.text)
    return Do(TryCode(found.digits)) if found else Retry(t("Kode itu delapan angka. Contoh: 4829 1573"))


def claims_code(talk: Talk, said: Said) -> bool:
    return code_in(said.text) is not None


def after_code(talk: Talk, answer: CodeTried) -> Move:
    match answer.outcome:
        case "good":
            return Goto("consent", scratch={"code": answer.tried.code})
        case "invited":
            return Goto("register", scratch={"code": answer.tried.code})
        case "officer":
            return Done((t("Pendaftaran ini belum lengkap. Petugas perlu memeriksanya dulu."), t("Balas PETUGAS.")))
        case "joined":
            where = channel_name(talk.context.channel)
            return Done(
                (
                    t("Tersambung. Kabar lowongan sekarang datang di sini, lewat {channel}.", channel=where),
                    t("Untuk memindahkan kabar ke chat lain, tulis di sana: kabar di sini"),
                    t("Untuk memutuskan, balas PUTUSKAN."),
                ),
                then=agreeing.opened(talk.context) if agreeing.is_draft(talk.context) else None,
            )
        case "here":
            return Done((t("Chat ini sudah tersambung. Tulis kode itu di chat yang lain."),))
        case "other":
            return Done(
                (
                    t("Chat ini sudah dipakai untuk pendaftaran lain."),
                    t("Hanya petugas yang bisa menggabungkannya. Balas PETUGAS untuk dibantu."),
                )
            )
    failed = int(talk.scratch("failed", 0)) + 1
    wrong = t("Kode itu tidak berlaku. Kode hanya berlaku 15 menit, untuk satu kali.")
    person = (t("Jika sulit, balas PETUGAS untuk dibantu orang."),) if failed > 1 else ()
    return Goto("code", (wrong, *person), scratch={"failed": failed})


# Agreeing


def agreement(talk: Talk) -> tuple[Text, ...]:
    """What joining this contact means. Nobody is named: the code may have been stolen."""
    lost = (t("Jawaban pendaftaran yang belum selesai di sini tidak dipakai."),) if talk.context.draft else ()
    return (
        t("Kode benar. Chat ini akan tersambung dengan pendaftaran Anda."),
        t("Data Anda bisa dilihat dan diubah dari sini."),
        *lost,
        t("Kabar lowongan akan datang di sini, lewat {channel}.", channel=channel_name(talk.context.channel)),
        t("Apakah Anda setuju?"),
    )


def ask_consent(talk: Talk) -> Message:
    return Message(agreement(talk), page_of(AGREEING, 0))


def hear_consent(talk: Talk, said: Said) -> Move:
    wanted = plainly(talk, said, AGREEING)
    agreed = {"yes": True, "no": False}.get(wanted or "", parse.yes_no(said.text))
    if agreed:
        wording = "\n".join(talk.tr(line) for line in agreement(talk))
        purpose = telling(talk.context.channel)
        consent = GiveConsent(purpose, VERSION, wording, "self", talk.context.now)
        return Do(TryCode(str(talk.scratch("code", "")), consent, claims.registering(talk)))
    if agreed is False:
        return Done((t("Baik, chat ini tidak disambungkan."),))
    return Retry(t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak"), firm=True)


def claims_consent(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, AGREEING)


# Where the contacts are


def kept(contacts: Sequence[LinkedContact]) -> dict[str, Json]:
    return {"contacts": [list(astuple(one)) for one in contacts]}


def contacts_of(talk: Talk) -> tuple[LinkedContact, ...]:
    return tuple(LinkedContact(*one) for one in talk.scratch("contacts", []))


def named(contacts: Sequence[LinkedContact]) -> dict[int, Shown]:
    """What to call the other contacts, each otherwise: "Telegram", or "Telegram 2" where there are several."""
    several = Counter(one.channel for one in contacts if not one.here)
    seen: Counter[str] = Counter()
    names: dict[int, Shown] = {}
    for one in contacts:
        if one.here:
            continue
        seen[one.channel] += 1
        name = channel_name(one.channel)
        names[one.id] = (
            t("{channel} nomor {number}", channel=name, number=seen[one.channel]) if several[one.channel] > 1 else name
        )
    return names


MOST = 3
"""Other contacts that are offered; nobody has more than a telephone, a computer and a friend's."""


def ways(contacts: Sequence[LinkedContact]) -> tuple[Choice, ...]:
    """What can be done about the contacts."""
    names = list(named(contacts).items())[:MOST]
    others = {one.id: one for one in contacts}
    here = next((one for one in contacts if one.here), None)
    return (
        *((Choice("here", t("Kabar di sini"), ("di sini",)),) if here and not here.told else ()),
        *(
            Choice(str(id_), t("Kabar di {channel}", channel=name), ())
            for id_, name in names
            if others[id_].open and not others[id_].told
        ),
        Choice("add", t("Sambungkan chat lain"), ("sambung", "sambungkan", "tambah")),
        Choice("cut", t("Putuskan chat"), ("putus", "putuskan")),
    )[:5]


def show_contacts(talk: Talk, contacts: Sequence[LinkedContact]) -> Move:
    told = next((one for one in contacts if one.told), None)
    if told is None:
        where = t("Kabar lowongan sedang dimatikan.")
    elif told.here:
        where = t("Kabar lowongan datang di sini.")
    else:
        where = t("Kabar lowongan datang di {channel}.", channel=named(contacts)[told.id])
    names = Listing((t("chat ini"), *named(contacts).values()))
    linked = t("Yang terhubung dengan data Anda: {places}.", places=names)
    cut_off = t("Untuk memutuskan yang tidak Anda kenal, balas PUTUSKAN.")
    return Show("contacts", Message((linked, where, cut_off), page_of(ways(contacts), 0)), kept(contacts))


def hear_contacts(talk: Talk, said: Said) -> Move:
    contacts = contacts_of(talk)
    wanted = picked(talk, said, ways(contacts))
    match wanted:
        case "here":
            return Done((NEWS_HERE,), (Prefer(),))
        case "add":
            return Do(MakeCode())
        case "cut":
            return Goto("cut")
    names = named(contacts)
    if wanted is not None and wanted.isdecimal() and int(wanted) in names:
        where = names[int(wanted)]
        return Done((t("Baik, kabar lowongan sekarang datang di {channel}.", channel=where),), (Prefer(int(wanted)),))
    return Retry(t("Balas angka atau kata pilihannya. Contoh: 1"))


def claims_contacts(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, ways(contacts_of(talk)))


NEWS_HERE = t("Baik, kabar lowongan sekarang datang di sini.")
ALONE = t("Chat ini tidak tersambung dengan chat lain.")


# Parting

TRUST = timedelta(days=3)
"""How long a contact must have been joined to part one that was there before it: its code may have been stolen."""


def may_part(own: datetime | None, other: datetime | None, now: datetime) -> bool:
    """Whether a contact that was joined at ``own`` may part one joined at ``other`` (None: registered there)."""
    return own is None or now - own >= TRUST or (other is not None and other >= own)


def partings(contacts: Sequence[LinkedContact]) -> tuple[Choice, ...]:
    names = list(named(contacts).items())[:MOST]
    return (
        *(Choice(str(id_), t("Putuskan {channel}", channel=name), ()) for id_, name in names),
        Choice("this", t("Putuskan chat ini"), ("chat ini", "ini", "di sini")),
        Choice("none", t("Jangan putuskan"), ("tidak", "jangan", "batal", "no")),
    )


def show_partings(talk: Talk, contacts: Sequence[LinkedContact]) -> Move:
    lines = (
        t("Chat yang diputuskan tidak bisa lagi melihat data Anda, dan tidak diberi tahu."),
        t("Data Anda tetap disimpan. Yang mana diputuskan?"),
    )
    return Show("cut", Message(lines, page_of(partings(contacts), 0)), kept(contacts))


def hear_cut(talk: Talk, said: Said) -> Move:
    contacts = contacts_of(talk)
    wanted = plainly(talk, said, partings(contacts))
    match wanted:
        case "none":
            return Done((t("Baik, tidak ada yang diputuskan."),))
        case "this":
            parted = t("Chat ini sudah diputuskan. Data Anda tetap ada di chat yang lain.")
            return Done((parted,), (LetGo(),))
    names = named(contacts)
    chosen = next((one for one in contacts if str(one.id) == wanted and one.id in names), None)
    if chosen is not None and not chosen.may_part:
        early = t("Chat yang lebih lama baru bisa diputuskan dari sini setelah {count} hari.", count=TRUST.days)
        return Done((early, t("Jika perlu segera, balas PETUGAS.")))
    if chosen is not None:
        return Done((t("{channel} sudah diputuskan.", channel=names[chosen.id]),), (LetGo(chosen.id),))
    return Retry(t("Balas angka atau kata pilihannya. Contoh: 1"), firm=True)


def claims_cut(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, partings(contacts_of(talk)))


# The conversation


def starts(talk: Talk) -> Move:
    answers, context = talk.frame.answers, talk.context
    topic = answers.get("topic")
    if "code" in answers:
        return Do(TryCode(str(answers["code"])))
    if topic == "unlink" and not context.linked:
        return Done((ALONE, t("Untuk menghapus data, tulis: hapus data saya")))
    if context.seeker is None:
        return Goto("code")
    if topic == "unlink":
        return Goto("cut")
    if topic == "news_here":
        return Done((NEWS_HERE,), (Prefer(),) if context.linked else (SetAlerts(True),))
    if topic == "connected" and not context.linked:
        return Done((t("Hanya chat ini yang terhubung dengan data Anda."),))
    if topic in (None, "connected") and context.linked:
        return Goto("contacts")
    return Do(MakeCode())


def found(talk: Talk, answer: Answer) -> Move:
    match answer:
        case CodeMade():
            return told_code(talk, answer)
        case CodeTried():
            return after_code(talk, answer)
        case ContactsListed(listed, contacts):
            if len(contacts) < 2:
                return Done((ALONE,))
            return show_partings(talk, contacts) if listed.state == "cut" else show_contacts(talk, contacts)
    raise TypeError(f"nothing here asks for {type(answer).__name__}")


linking = Conversation(
    name="linking",
    version=1,
    title=t("Sambungan chat"),
    guarded=True,
    states=(
        Menu("contacts", lambda talk: Do(ListContacts("contacts")), hear_contacts, ("cut",), claims_contacts),
        Menu("code", ask_code, hear_code, ("consent", "register"), claims_code),
        Menu("register", claims.ask, claims.hear, ("consent",), claims_consent),
        Menu("consent", ask_consent, hear_consent, ("code",), claims_consent),
        Menu("cut", lambda talk: Do(ListContacts("cut")), hear_cut, (), claims_cut),
    ),
    starts=starts,
    found=found,
)


def opened(topic: str) -> Move:
    """Somebody wants to use another contact as well, to be told here, or to part one; see TOPICS."""
    return Open("linking", {"topic": topic})


def told_moved(channel: str) -> Message:
    """What the contact gets to read where news came until they were moved to another one."""
    return Message(
        (
            t("Kabar lowongan sekarang datang di chat lain, lewat {channel}.", channel=channel_name(channel)),
            t("Untuk menerimanya di sini lagi, tulis: kabar di sini"),
            t("Jika itu bukan Anda, balas PUTUSKAN."),
        )
    )


def told_erased() -> Message:
    """What the other contacts get to read when one had everything erased. It names nobody."""
    return Message(
        (
            t("Pendaftaran yang tersambung dengan chat ini sudah dihapus dari chat lain."),
            t("Jika itu bukan Anda, balas PETUGAS."),
        )
    )


def told_of(channel: str) -> Message:
    """What the other contacts get to read when one was joined, for the code may have been stolen. It names nobody."""
    return Message(
        (
            t("Chat lain baru disambungkan dengan chat ini, lewat {channel}.", channel=channel_name(channel)),
            t("Kabar lowongan sekarang datang di sana."),
            t("Jika itu bukan Anda, balas PUTUSKAN."),
        )
    )
