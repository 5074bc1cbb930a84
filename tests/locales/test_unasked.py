"""What others may see on a lock screen, in a search or in a link's preview tells nothing of the person (rule 17)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels import web
from bot.channels.telegram import profile
from bot.channels.web import wording
from conversations import links
from conversations.alerts import AT_ONCE, alert
from conversations.domain import accommodations, fields, ragam
from conversations.engine.messages import Message, render
from conversations.engine.texts import t
from locales.render import LOCALES, translator
from tests.locales import rules, worst
from tests.locales.sayings import language_of
from tests.support.offers import vacancy

TELLING = re.compile(r"disab|difab|ragam|kebutuhan|penyakit|sakit|health|illness|need|blind|deaf", re.IGNORECASE)

locales = pytest.mark.parametrize("locale", LOCALES)


def telling(text: str, locale: str) -> list[str]:
    """Every word of the text that says something about somebody."""
    tr = translator(locale)
    words = {tr(shown).lower() for vocabulary in (ragam.RAGAM, accommodations.ACCOMMODATIONS) for term in vocabulary
             for shown in (term.label, term.inline or term.label)}  # fmt: skip
    named = [word for word in words if re.search(rf"\b{re.escape(word)}\b", text.lower())]
    return [*TELLING.findall(text), *named, *([worst.NAME] if worst.NAME in text else [])]


@locales
@pytest.mark.parametrize("count", range(1, AT_ONCE + 1))
def test_an_alert_says_job_place_and_pay_and_nothing_else(locale: str, count: int) -> None:
    told = tuple(
        vacancy(
            999_999_990 + n,
            worst.long_name("Penjahit", str(n)),
            place=worst.PLACE,
            employer="Yayasan Disabilitas Contoh",
            ragam=ragam.CODES,
            accommodations=accommodations.CODES,
            description="Khusus pencari kerja tunanetra.",
            wage_min=worst.WAGE - 1,
            wage_max=worst.WAGE,
        )
        for n in range(count)
    )
    message = render(alert(told), translator(locale))
    assert not telling(message.text, locale)
    assert not [*rules.message_broken(message), *rules.words_broken(message.text, language_of(locale))]
    for one in told:
        assert one.title in message.text
    assert message.text.count(worst.PLACE) == count
    assert len(message.text.split("\n")) == count + 1


@locales
@pytest.mark.parametrize("told", [links.told_of("whatsapp"), links.told_of("web")])
def test_what_other_contacts_are_told_names_nobody(locale: str, told: Message) -> None:
    message = render(told, translator(locale))
    assert not telling(message.text, locale)
    assert not [*rules.message_broken(message), *rules.words_broken(message.text, language_of(locale))]


@locales
@pytest.mark.parametrize(
    "told",
    [
        "Penjahit khusus penyandang disabilitas",
        "Operator (tunarungu)",
        "Kasir utk Tuli",
        "Pijat tuna netra",
        "Staf bisa bahasa isyarat",
        "Penjaga gangguan jiwa",
        "Admin pengguna kursi roda",
        "Guru autisme",
    ],
)
def test_what_an_employer_wrote_is_not_shown_where_it_tells_too_much(locale: str, told: str) -> None:
    tr = translator(locale)
    one = vacancy(5, told, fields=("menjahit",))
    elsewhere = vacancy(6, "Kasir", place=f"Rumah {told}", district=None)
    unknown = vacancy(7, told, fields=("kerja bebas",))
    message = render(alert([one, elsewhere, unknown]), tr)
    for shown in (message.text, *(button.label for button in message.quick_replies)):
        assert not telling(shown, locale)
        assert told not in shown
    sewing, work = tr(fields.label("menjahit")), tr(t("Lowongan kerja"))
    assert [button.label for button in message.quick_replies] == [sewing, "Kasir", work]
    assert f"{sewing}, Kotapinang, " in message.text
    assert "\nKasir, Rp" in message.text


@pytest.mark.parametrize(
    "title", ["Staf Pengembangan Anak", "Pelatih Gerak", "Penjahit Tas", "Tukang Batu", "Operator Mesin", "Guru Fisika"]
)
def test_an_ordinary_title_is_shown_as_it_is(title: str) -> None:
    message = render(alert([vacancy(5, title)]), translator("id"))
    assert message.quick_replies[0].label == title
    assert f"{title}, Kotapinang, " in message.text


@locales
@pytest.mark.parametrize("region", ["Labuhanbatu Selatan", "Kabupaten Labuhanbatu Selatan", "x" * 60, ""])
def test_what_is_seen_of_the_bot_before_it_is_opened(locale: str, region: str) -> None:
    tr = translator(locale)
    for text in (profile.name(region), profile.description(region), profile.short_description(region)):
        assert not telling(tr(text), locale)
    for _, does in profile.MENU:
        assert not telling(tr(does), locale)
        assert len(tr(does)) <= 256
    assert len(tr(profile.name(region))) <= 64
    assert len(tr(profile.short_description(region))) <= 120
    assert len(tr(profile.description(region))) <= 512


@locales
def test_what_is_seen_of_the_page_before_it_is_opened(locale: str) -> None:
    tr = translator(locale)
    head = (Path(web.__file__).parent / "templates" / "page.html").read_text().partition("</head>")[0]
    shown = set(re.findall(r"\bw\.(\w+)", head))
    assert shown == {"name", "about", "not_sent"}
    texts = {**wording.WORDS, "about": wording.about(worst.REGION.name)}
    for name in shown:
        assert not telling(tr(texts[name]), locale)
