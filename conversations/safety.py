"""Keeping others out: a telephone that is lost, and who is connected with somebody's data."""

from __future__ import annotations

from conversations.engine.context import Context
from conversations.engine.events import OpenTicket
from conversations.engine.moves import Move, Say
from conversations.engine.texts import t
from conversations.support import reach

LOST_PHONE = "lost_phone"
"""The topic of a ticket about a telephone or number that was lost; urgent, for whoever has it reads what is there."""


FROZEN = Say(
    (
        t("Chat ini dikunci petugas, untuk menjaga data."),
        t("Untuk membukanya, datang ke kantor, atau balas PETUGAS."),
    )
)
"""What is answered at a contact that an officer has frozen, whoever writes from there."""


def lost_phone(context: Context, words: str) -> Move:
    """Somebody has lost the telephone they write from. Whoever says so is not believed: nothing is told or changed.

    An officer sees who they are, and then freezes the old contact.
    """
    return Say(
        (
            t("Ini penting. Petugas sudah diberi tahu, supaya data itu dikunci."),
            t("Petugas perlu memastikan siapa Anda, jadi datang atau hubungi kantor."),
            t("Jangan tulis NIK, nama ibu, atau kata sandi di sini."),
            *reach(context.region.office_for("work")),
        ),
        (OpenTicket(LOST_PHONE, words),),
    )
