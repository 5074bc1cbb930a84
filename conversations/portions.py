"""Completing the profile in small portions, in any order, each of them skippable: "Lengkapi profil: 6 dari 14"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conversations import consent
from conversations import profile_questions as person
from conversations import seeker_questions as about
from conversations import work_questions as work
from conversations.domain.query import Query
from conversations.domain.seeker import Seeker
from conversations.engine.context import Context, Talk
from conversations.engine.conversation import Both, Conversation, Is, State, When
from conversations.engine.events import Effect, SaveSeeker
from conversations.engine.moves import Done, Move, Open
from conversations.engine.questions import Ask, Choice, Choose, ChooseMany
from conversations.engine.session import Frame, Json
from conversations.engine.texts import Text, t

FOR_WORK = t("Yang melihat: Anda dan petugas. Pemberi kerja hanya dengan izin Anda.")
FOR_OFFICERS = t("Yang melihat: Anda dan petugas.")
FOR_COUNTING = t("Hanya untuk dihitung. Tidak dipakai mencari kerja, tidak dibagikan.")


@dataclass(frozen=True, slots=True)
class Portion:
    """A few questions that belong together."""

    name: str
    label: Text
    purpose: Text
    """What it is for."""
    seen_by: Text
    states: tuple[Ask | Choose | ChooseMany, ...]
    spellings: tuple[str, ...] = ()
    """Other words for it, as people type them, lower case."""

    def open_in(self, seeker: Seeker, context: Context) -> bool:
        """Whether there is something left to ask: it was not gone through, and not all of it is known."""
        if self.name in (*seeker.portions_done, *seeker.portions_skipped):
            return False
        known = seeker.values()
        return any(s.name not in known for s in self.states if s.when.holds(known, context))

    def skipped_in(self, seeker: Seeker) -> bool:
        return self.name in seeker.portions_skipped and not any(s.name in seeker.values() for s in self.states)


PORTIONS = (
    Portion(
        "ragam",
        t("Ragam disabilitas"),
        t("Gunanya: mencari pemberi kerja yang sudah siap menerima."),
        FOR_WORK,
        (about.RAGAM,),
        ("ragam", "disabilitas"),
    ),
    Portion(
        "birth",
        t("Jenis kelamin dan tanggal lahir"),
        t("Gunanya: lowongan yang punya syarat umur, dan laporan dinas."),
        FOR_WORK,
        (about.SEX, person.BIRTH_DATE),
        ("tanggal lahir", "jenis kelamin", "lahir", "kelamin"),
    ),
    Portion(
        "identity",
        t("NIK (nomor induk kependudukan)"),
        t("Gunanya: supaya satu orang tercatat satu kali saja."),
        FOR_OFFICERS,
        (person.NIK,),
        ("nik", "nomor induk", "ktp"),
    ),
    Portion(
        "address",
        t("Alamat"),
        t("Gunanya: mencari kerja yang dekat, dan petugas bisa datang."),
        FOR_WORK,
        (about.DISTRICT, person.VILLAGE, person.HOMETOWN, person.ADDRESS),
        ("alamat", "desa", "rumah"),
    ),
    Portion(
        "reach",
        t("Telepon dan cara dihubungi"),
        t("Gunanya: petugas menghubungi dengan cara yang Anda pilih."),
        FOR_WORK,
        (about.PHONE, person.PHONE_SHARED, person.OTHER_PHONE, person.CONTACT_WAYS, person.CONTACT_TIMES),
        ("telepon", "hp", "nomor", "cara dihubungi"),
    ),
    Portion(
        "functioning",
        t("Yang terasa sulit"),
        t("Gunanya: pemerintah tahu bantuan apa yang diperlukan."),
        FOR_COUNTING,
        person.FUNCTIONING,
        ("kesulitan", "sulit"),
    ),
    Portion(
        "devices",
        t("Alat bantu"),
        t("Gunanya: petugas bisa membantu mencari alat yang belum ada."),
        FOR_WORK,
        (person.DEVICES,),
        ("alat",),
    ),
    Portion(
        "needs",
        t("Yang membantu saat bekerja"),
        t("Gunanya: mencari tempat kerja yang bisa menyediakannya."),
        FOR_WORK,
        (about.NEEDS,),
        ("kebutuhan", "yang membantu", "akomodasi"),
    ),
    Portion(
        "education",
        t("Pendidikan"),
        t("Gunanya: lowongan yang meminta ijazah, dan pelatihan yang pas."),
        FOR_WORK,
        (about.EDUCATION, work.SCHOOL, work.MAJOR, work.CERTIFICATE),
        ("pendidikan", "sekolah", "ijazah"),
    ),
    Portion(
        "skills",
        t("Keterampilan dan pengalaman"),
        t("Gunanya: menunjukkan apa yang sudah bisa dikerjakan."),
        FOR_WORK,
        (work.SKILLS, work.CERTIFICATES, work.EXPERIENCE),
        ("keterampilan", "pengalaman", "sertifikat", "skill"),
    ),
    Portion(
        "languages",
        t("Bahasa"),
        t("Gunanya: menyiapkan juru bahasa, atau bacaan yang cocok."),
        FOR_WORK,
        (work.LANGUAGES,),
        ("bahasa",),
    ),
    Portion(
        "wishes",
        t("Kerja yang dicari"),
        t("Gunanya: mengabari lowongan yang benar-benar diinginkan."),
        FOR_WORK,
        (about.FIELDS, work.KINDS, work.HOURS, work.DISTANCE, work.LOWEST_WAGE),
        ("minat", "kerja", "upah", "gaji"),
    ),
    Portion(
        "situation",
        t("Jaminan dan kegiatan sekarang"),
        t("Gunanya: petugas tahu bantuan apa yang bisa diurus."),
        FOR_OFFICERS,
        (work.BPJS, work.SITUATION),
        ("bpjs", "jaminan", "kegiatan"),
    ),
)
BY_NAME = {portion.name: portion for portion in PORTIONS}

QUESTIONS: tuple[State, ...] = tuple(
    {s.name: s for s in (*about.BASIC, *(s for p in PORTIONS for s in p.states))}.values()
)
"""Every question about a seeker, once: the first pass in its order, then the others."""


def counted(seeker: Seeker, context: Context) -> int:
    """How many portions are answered or skipped, of ``len(PORTIONS)``."""
    return sum(not portion.open_in(seeker, context) for portion in PORTIONS)


# Which portion


def choices(context: Context) -> tuple[Choice, ...]:
    """What is open first, then what was skipped, then what is filled."""
    seeker = context.seeker or Seeker(0, "")
    ranked: list[tuple[int, Choice]] = []
    for portion in PORTIONS:
        if portion.open_in(seeker, context):
            rank, label = 0, portion.label
        elif portion.skipped_in(seeker):
            rank, label = 1, t("{label} (dilewati)", label=portion.label)
        else:
            rank, label = 2, t("{label} (terisi)", label=portion.label)
        ranked.append((rank, Choice(portion.name, label, portion.spellings)))
    return tuple(choice for _, choice in sorted(ranked, key=lambda pair: pair[0]))


def asks_which(talk: Talk) -> tuple[Text, ...]:
    seeker = talk.context.seeker or Seeker(0, "")
    return (
        t("Lengkapi profil: {count} dari {most}.", count=counted(seeker, talk.context), most=len(PORTIONS)),
        t("Bagian mana yang diisi? Urutannya bebas."),
    )


def begun(talk: Talk, value: Json) -> Move | None:
    """Begin the portion that was chosen: what it is for, then what is not known yet of it."""
    portion = BY_NAME[str(value)]
    return Done(
        (portion.purpose, portion.seen_by), then=Open("portions", {**carried(talk), **asking(talk.context, portion)})
    )


def asking(context: Context, portion: Portion) -> dict[str, Json]:
    """The portion as answers of the form: what is known is not asked again, unless all of it is known."""
    known = context.seeker.values() if context.seeker else {}
    values = {s.name: known[s.name] for s in portion.states if s.name in known}
    left = context.seeker is not None and portion.open_in(context.seeker, context)
    return {"portion": portion.name, "known": list(values), **values} if left else {"portion": portion.name}


def carried(talk: Talk) -> dict[str, Json]:
    """What goes on from one portion to the next."""
    return {name: value for name, value in talk.frame.answers.items() if name in ("for_whom", "then")}


def leave(talk: Talk) -> Done:
    """SELESAI, or nothing more to ask; after registering, work is shown."""
    said = t("Baik. Profil bisa dilengkapi kapan saja, balas: lengkapi profil")
    if talk.frame.answers.get("then") == "vacancies":
        return Done((said,), then=Open("vacancies", {"query": Query(for_me=True).to_json()}))
    return Done((said, t("Untuk melihat pilihan, balas MENU.")))


WHICH = Choose(
    name="portion",
    text=asks_which,
    optional=True,
    choices=choices,
    refuses=begun,
    hint=t("Balas angka atau nama bagiannya. Contoh: alamat"),
    stopped=leave,
)

# Its questions


def due_in(portion: Portion, state: Ask | Choose | ChooseMany) -> Ask | Choose | ChooseMany:
    """The question, asked in this portion only, its answer saved with it: who stops in the middle loses nothing."""
    # A child's date of birth waits for a parent's yes.
    keep = state is not person.BIRTH_DATE
    return replace(state, when=Both((Is("portion", (portion.name,)), state.when)), keep=keep, stopped=leave)


def declined(talk: Talk, value: Json) -> Move | None:
    """A parent's no: the date is not kept, all else stays as it was."""
    return None if value != "no" else Done((t("Baik. Tanggal lahir itu tidak disimpan."),))


PARENT_CONSENT = replace(
    consent.PARENT_CONSENT,
    when=Both((Is("portion", ("birth",)), When("born less than 18 years ago", person.born_a_minor))),
    refuses=declined,
    stopped=leave,
)


def finish(talk: Talk) -> Move:
    portion = BY_NAME.get(talk.frame.answers["portion"] or "")
    if portion is None or talk.context.seeker is None:
        return leave(talk)
    effects = gone_through(talk, portion, talk.context.seeker)
    context = talk.context
    for effect in effects:
        context = context.after(effect)
    assert context.seeker is not None
    filled = portion.name in context.seeker.portions_done
    said = (
        t("Tersimpan: {label}.", label=portion.label)
        if filled
        else t("Dilewati: {label}. Boleh diisi kapan saja.", label=portion.label)
    )
    if any(p.open_in(context.seeker, context) for p in PORTIONS):
        return Done((said,), effects, then=Open("portions", carried(talk)))
    complete = t("Semua bagian profil sudah dilalui. Untuk mengubah, balas: ubah data")
    return replace(leave(talk), say=(said, complete), effects=effects)


def gone_through(talk: Talk, portion: Portion, seeker: Seeker) -> tuple[Effect, ...]:
    """What is kept at the end of a portion: what waited for it, and whether anything was answered."""
    answers = talk.frame.answers
    values: dict[str, Json] = {}
    effects: list[Effect] = []
    if portion.name == "birth" and answers.get("birth_date") is not None:
        values |= person.BIRTH_DATE.to_save(talk, answers["birth_date"])
        if "parent_consent" in answers:
            effects.append(consent.of_a_parent(answers["parent_consent"]))
    known = answers.get("known", ())
    given = any(answers.get(s.name) is not None and s.name not in known for s in portion.states)
    done = [p for p in seeker.portions_done if p != portion.name] + ([portion.name] if given else [])
    skipped = [p for p in seeker.portions_skipped if p != portion.name] + ([] if given else [portion.name])
    return (SaveSeeker({**values, "portions_done": done, "portions_skipped": skipped}), *effects)


portions = Conversation(
    name="portions",
    version=1,
    title=t("Lengkapi profil"),
    guarded=True,
    states=(
        WHICH,
        *(due_in(portion, state) for portion in PORTIONS for state in portion.states),
        PARENT_CONSENT,
    ),
    finish=finish,
    resumes=True,
    keeps=True,
    fits=lambda context: context.seeker is not None,
)


def opened(context: Context, answers: Mapping[str, Json] | None = None) -> Open:
    """The profile, to be completed."""
    return Open("portions", {"for_whom": context.seeker.for_whom if context.seeker else "self", **(answers or {})})


_OLD = {"ragam": "ragam", "sex": "birth", "phone": "reach"}


def heir_of_details(frame: Frame) -> Frame:
    """A form that asked for ragam, sex and phone after registering, as the portion its question is in now."""
    answers = {**frame.answers, "portion": _OLD.get(frame.state, "ragam"), "then": "vacancies"}
    return replace(frame, conversation="portions", version=portions.version, answers=answers)
