"""What a person lets be done with their data, each by itself: to see it, to give it, to take it back (UU 27/2022).

A yes needs exact words after what it means was said. A no needs nothing but the word, and holds at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from conversations.consent import CHOICES as AGREEING
from conversations.consent import TO_THE_PARENT, TO_THE_PERSON
from conversations.domain.office import Institution
from conversations.domain.purposes import MATCHING, REMINDERS, sharing
from conversations.domain.region import Region
from conversations.engine.context import Context, Said, Talk
from conversations.engine.conversation import Conversation, Menu
from conversations.engine.events import Answer, GiveConsent, KeptListed, ListKept, SetObjection, WithdrawConsent
from conversations.engine.messages import Message
from conversations.engine.moves import Do, Done, Goto, Move, Open, Retry, Say, Show
from conversations.engine.questions import Choice, names_one, page_of, picked, plainly
from conversations.engine.texts import Shown, Text, t
from conversations.seeker_questions import is_minor
from conversations.understanding import Meaning
from conversations.understanding import answers as parse

VERSION = 1
"""Of every wording here; raise it whenever the Indonesian of one changes."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One purpose, in words."""

    name: str
    """As a button carries it: without the colons of a purpose."""
    purpose: str
    label: Text
    """What is let: "Mencarikan kerja"."""
    means: tuple[Text, ...]
    """What a yes means, as it goes on record."""
    taken_back: tuple[Text, ...]
    """What follows from a no."""
    words: tuple[str, ...] = ()


def permissions(region: Region) -> tuple[Permission, ...]:
    """Those that are asked for here; each employer is asked about at the time (see ``to_an_employer``)."""
    return (
        Permission(
            "work",
            MATCHING,
            t("Mencarikan kerja"),
            (
                t("{office} menyimpan data Anda, juga tentang disabilitas.", office=_institution(region, "work")),
                t("Gunanya mencarikan kerja dan pelatihan, lalu mengabari."),
            ),
            (
                t("Kami tidak lagi mencarikan kerja atau mengabari Anda."),
                t("Data Anda masih disimpan. Untuk menghapusnya, tulis: hapus data saya"),
            ),
            ("kerja", "cari kerja", "pencarian kerja", "dicarikan kerja"),
        ),
        _to("social", region, ("dinsos", "dinas sosial", "bantuan sosial")),
        _to("protection", region, ("bpjs", "bpjs ketenagakerjaan", "jamsostek")),
        Permission(
            "reminders",
            REMINDERS,
            t("Mengingatkan saya"),
            (t("Kami boleh mengingatkan Anda, misalnya untuk melengkapi data."),),
            (t("Kami tidak lagi mengirim pengingat."),),
            ("pengingat", "ingatkan", "mengingatkan"),
        ),
    )


def _institution(region: Region, institution: Institution) -> str:
    office = region.office_for(institution)
    return office.institution if office else region.name


def _to(institution: Institution, region: Region, words: tuple[str, ...]) -> Permission:
    """An institution that reads what the register keeps. The insurer gets less than the others: see ``visible_to``."""
    name = _institution(region, institution)
    seen = (
        (
            t("Yang dilihat: nama, NIK (nomor penduduk), alamat, telepon, pendidikan, dan pekerjaan."),
            t("Ragam disabilitas dan kebutuhan Anda tidak dilihat."),
        )
        if institution == "protection"
        else (t("Yang dilihat: data diri, ragam disabilitas, kebutuhan, dan keterampilan."),)
    )
    return Permission(
        institution,
        sharing(institution),
        t("Dilihat {office}", office="BPJS" if institution == "protection" else "Dinas Sosial"),
        (t("Petugas {office} boleh melihat data Anda, untuk membantu Anda.", office=name), *seen),
        (t("Petugas {office} tidak bisa lagi melihat data Anda.", office=name),),
        words,
    )


def to_an_employer(name: str) -> tuple[Text, ...]:
    """What is asked before an employer learns how to reach somebody, for one application; see ``purposes.employer``."""
    return (
        t("{employer} ingin menghubungi Anda untuk lamaran ini.", employer=name),
        t("Yang dilihat: nama, telepon, dan cara menghubungi Anda. Ragam disabilitas tidak."),
        t("Apakah Anda setuju?"),
    )


def _chosen(talk: Talk) -> Permission:
    name = talk.scratch("permission")
    return next(one for one in permissions(talk.context.region) if one.name == name)


# The list


def show_list(talk: Talk, answer: KeptListed) -> Move:
    given = answer.kept.in_force
    lines = [
        t("{label}: {value}", label=one.label, value=t("ya") if one.purpose in given else t("tidak"))
        for one in permissions(talk.context.region)
    ]
    message = Message((t("Izin Anda. Balas angka untuk mengubahnya."), *lines), page_of(choices(talk), 0))
    return Show("list", message, {"given": sorted(given)})


def choices(talk: Talk) -> tuple[Choice, ...]:
    listed = tuple(Choice(one.name, one.label, one.words) for one in permissions(talk.context.region))
    return (*listed, Choice("back", t("Kembali"), ("kembali", "selesai")))


def hear_list(talk: Talk, said: Said) -> Move:
    wanted = picked(talk, said, choices(talk))
    if wanted == "back":
        return Done(then=Open("privacy"))
    permission = next((one for one in permissions(talk.context.region) if one.name == wanted), None)
    if permission is None:
        return Retry(t("Balas angka atau kata pilihannya. Contoh: 1"))
    given = permission.purpose in talk.scratch("given", [])
    return Goto("take_back" if given else "give", scratch={"permission": permission.name})


def claims_list(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, choices(talk))


# Yes


def agreement(talk: Talk) -> tuple[Shown, ...]:
    """What is asked, in the words that go on record. An adult answers for themselves, whoever holds the phone."""
    permission = _chosen(talk)
    if _giver(talk.context) == "parent":
        return (TO_THE_PARENT, *permission.means, t("Untuk orang tua atau wali: apakah Anda setuju?"))
    seeker = talk.context.seeker
    if seeker is not None and seeker.for_whom == "other":
        return (TO_THE_PERSON, *permission.means, t("Untuk dia: apakah Anda setuju?"))
    return (*permission.means, t("Apakah Anda setuju?"))


def _giver(context: Context) -> str:
    seeker = context.seeker
    minor = seeker is not None and is_minor({"birth_year": seeker.birth_year}, context)
    return "parent" if minor else "self"


def ask_give(talk: Talk) -> Message:
    return Message(agreement(talk), page_of(AGREEING, 0))


def hear_give(talk: Talk, said: Said) -> Move:
    wanted = plainly(talk, said, AGREEING)
    agreed = {"yes": True, "no": False}.get(wanted or "", parse.yes_no(said.text))
    permission = _chosen(talk)
    if agreed:
        wording = "\n".join(talk.tr(line) for line in agreement(talk))
        given = GiveConsent(permission.purpose, VERSION, wording, _giver(talk.context), talk.context.now)
        return Done((t("Izin dicatat: {label}.", label=permission.label), HOW_TO_TAKE_BACK), (given,))
    if agreed is False:
        return Done((t("Baik, izin itu tidak diberikan."),))
    return Retry(t("Untuk izin, kami perlu jawaban yang jelas. Balas: ya atau tidak"), firm=True)


HOW_TO_TAKE_BACK = t("Untuk mencabutnya kapan saja, tulis: izin saya")


def claims_give(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, AGREEING)


# No

TAKING_BACK = (
    Choice("yes", t("Ya, cabut"), ("ya", "cabut", "iya", "yes")),
    Choice("no", t("Tidak"), ("tidak", "jangan", "batal", "no")),
)


def ask_take_back(talk: Talk) -> Message:
    label = _chosen(talk).label
    return Message((t("Sekarang: ya. {label}.", label=label), t("Cabut izin ini?")), page_of(TAKING_BACK, 0))


def hear_take_back(talk: Talk, said: Said) -> Move:
    wanted = plainly(talk, said, TAKING_BACK)
    if wanted == "yes":
        permission = _chosen(talk)
        return Done(taken_back(permission), (WithdrawConsent(permission.purpose),))
    if wanted == "no":
        return Done((t("Baik, izin itu tetap."),))
    return Retry(t("Balas: ya atau tidak"), firm=True)


def claims_take_back(talk: Talk, said: Said) -> bool:
    return names_one(talk, said, TAKING_BACK)


def taken_back(permission: Permission) -> tuple[Text, ...]:
    return (t("Izin dicabut: {label}.", label=permission.label), *permission.taken_back, HOW_TO_GIVE_AGAIN)


HOW_TO_GIVE_AGAIN = t("Untuk memberi izin lagi, tulis: izin saya")


# The conversation


def starts(talk: Talk) -> Move:
    return Goto("list")


def found(talk: Talk, answer: Answer) -> Move:
    assert isinstance(answer, KeptListed), "nothing else is asked for here"
    return show_list(talk, answer)


permissions_talk = Conversation(
    name="permissions",
    version=1,
    title=t("Izin saya"),
    guarded=True,
    states=(
        Menu("list", lambda talk: Do(ListKept("list")), hear_list, ("give", "take_back"), claims_list),
        Menu("give", ask_give, hear_give, ("list",), claims_give),
        Menu("take_back", ask_take_back, hear_take_back, ("list",), claims_take_back),
    ),
    starts=starts,
    found=found,
    back=lambda talk: Goto("list") if talk.frame.state != "list" else Done(then=Open("privacy")),
    fits=lambda context: context.seeker is not None,
)

TOPICS = ("permissions", "withdraw", "withdraw_social", "withdraw_protection", "object", "agree_again")
"""Topics of what people want of this; see ``rules.toml``."""


def opened(context: Context, meaning: Meaning) -> Move:
    """Somebody asks about their permissions, or takes one back in their own words, which holds at once."""
    topic = meaning.query.topic
    if context.seeker is None:
        return Say((t("Anda belum mendaftar, jadi belum ada izin yang tercatat."),))
    if topic == "withdraw":
        return Say(
            (
                t("Semua izin Anda sudah dicabut."),
                *permissions(context.region)[0].taken_back,
                HOW_TO_GIVE_AGAIN,
            ),
            (WithdrawConsent(),),
        )
    purposes = {"withdraw_social": sharing("social"), "withdraw_protection": sharing("protection")}
    if topic in purposes:
        meant = next(one for one in permissions(context.region) if one.purpose == purposes[topic])
        return Say(taken_back(meant), (WithdrawConsent(meant.purpose),))
    if topic == "object":
        return Say(OBJECTED, (SetObjection(True),))
    if topic == "agree_again":
        return Say((MATCHED_AGAIN,), (SetObjection(False),))
    return Open("permissions")


MATCHED_AGAIN = t("Baik, kami mencocokkan lowongan dengan data Anda lagi.")
OBJECTED = (
    t("Baik. Layanan ini tidak lagi mencocokkan lowongan dengan data Anda."),
    t("Hanya petugas yang menawarkan pekerjaan. Anda tetap boleh mencari sendiri."),
    t("Untuk dicocokkan lagi, tulis: cocokkan lagi"),
)
