"""What the page holds, before and after something was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.channels.web import Entry, WebChannel
from bot.channels.web.pages import paragraphs
from bot.channels.web.transcript import offered, unread
from conversations.engine.messages import Attachment, Button, OutgoingMessage
from tests.channels.web.browser import Browser, Html
from tests.channels.web.service import ALERT, MENU, Service, application, channel

FIRST_LOAD = 50_000
TURN = 5_000


def size(response: httpx.Response) -> int:
    """Bytes on the wire: what was sent up and down, head and body."""
    head = sum(len(k) + len(v) + 4 for k, v in [*response.headers.raw, *response.request.headers.raw])
    return head + len(response.content) + len(response.request.content)


async def test_a_new_visitor_is_greeted_and_nothing_is_stored(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.open()
    assert len(browser.page.said) == 1
    assert browser.page.said[0].startswith("Setara Kerja Halo, ini Setara Kerja.")
    assert browser.page.choices == {"Cari lowongan": "menu:jobs", "Daftar": "menu:register"}
    assert not service.contacts
    assert not service.received


async def test_a_returning_person_sees_the_conversation(browser: Browser) -> None:
    await browser.open()
    await browser.say("halo")
    await browser.open()
    greeting, own, answer = browser.page.said
    assert greeting.startswith("Setara Kerja Halo")
    assert own.startswith("Anda halo")
    assert answer.startswith("Setara Kerja Mau apa sekarang?")


async def test_only_the_question_that_is_open_has_buttons(browser: Browser) -> None:
    await browser.open()
    await browser.choose("Daftar")
    assert browser.page.choices == {}
    await browser.say("Rina Contoh")
    assert browser.page.choices == {"Kotapinang": "2:kotapinang", "Torgamba": "2:torgamba"}
    assert "Daftar: balas 2" in browser.page.said[0], "what an older message offered can still be read"


async def test_the_newest_part_is_where_the_answer_begins(browser: Browser) -> None:
    await browser.open()
    response = await browser.say("halo")
    assert str(response.url) == "http://chat.test/#terakhir"
    assert "Mau apa sekarang?" in browser.page.one("li", id="terakhir").text


async def test_names_and_roles(browser: Browser) -> None:
    page = Html((await browser.open()).text)
    assert page.one("html").attrs["lang"] == "id"
    assert page.one("h1").text == "Setara Kerja"
    log = page.one("div", role="log")
    assert page.one("h2", id=log.attrs["aria-labelledby"]).text == "Percakapan"
    assert page.one("label", for_="text").text == "Pesan Anda"
    assert page.one("textarea", id="text").attrs["name"] == "text"
    assert page.one("legend").text == "Pilihan jawaban"
    assert page.one("p", role="alert").attrs["hidden"] == ""
    assert [b.text for b in page.all("button") if "name" not in b.attrs] == ["Kirim", "Keluar"]


async def test_what_others_may_see_of_the_page_tells_nothing_of_its_people(browser: Browser) -> None:
    page = Html((await browser.open()).text)
    assert page.one("title").text == "Setara Kerja"
    description = page.one("meta", name="description").attrs["content"]
    assert description == "Lowongan dan pelatihan kerja di Labuhanbatu Selatan"


@pytest.mark.parametrize(("language", "lang"), [("en-GB,id;q=0.5", "en"), ("id-ID,en;q=0.8", "id"), ("de", "id")])
async def test_a_new_visitor_is_greeted_in_the_language_of_the_browser(
    web: WebChannel, language: str, lang: str
) -> None:
    async with Browser(application(web), headers={"Accept-Language": language}) as browser:
        await browser.open()
        assert browser.page.one("html").attrs["lang"] == lang
        assert ("Find jobs" in browser.page.choices) == (lang == "en")


async def test_the_page_follows_the_language_of_the_contact(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("english")
    assert browser.page.one("html").attrs["lang"] == "en"
    (contact,) = service.contacts.values()
    contact.locale = "id@mudah"
    contact.entries[-1] = replace(contact.entries[-1], locale="en")
    await browser.open()
    assert browser.page.one("html").attrs["lang"] == "id"
    assert "From now on" in browser.page.one("div", lang="en").text


async def test_what_people_and_employers_write_stays_text(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say('<script>alert("1")</script> & <b>')
    (contact,) = service.contacts
    service.push(contact, OutgoingMessage('<img src=x onerror="1">', (Button("<i>", '"><script>'),)))
    response = await browser.open()
    assert browser.page.all("script") == [browser.page.one("script")], "only the page's own"
    assert not browser.page.all("b")
    assert "&lt;img src=x" in response.text
    assert browser.page.choices["<i>"] == '"><script>'


def test_lines_are_real_lines_and_addresses_are_links() -> None:
    text = "Daftar di https://contoh.go.id/a?b=1&c=2.\nJam 8\n\nSampai nanti"
    assert paragraphs(text, links=True) == (
        '<p>Daftar di <a href="https://contoh.go.id/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">'
        "https://contoh.go.id/a?b=1&amp;c=2</a>.<br>Jam 8</p><p>Sampai nanti</p>"
    )
    assert "<a" not in paragraphs(text, links=False)
    assert "<a" not in paragraphs("javascript:alert(1)", links=True)


async def test_times_are_local_and_a_new_day_is_named(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    (contact,) = service.contacts.values()
    contact.entries[:] = [
        Entry("person", "halo", datetime(2025, 3, 3, 18, 30, tzinfo=UTC)),
        Entry("service", "Baik.", datetime(2025, 3, 3, 18, 31, tzinfo=UTC), 1),
        Entry("service", "Hari ini.", datetime.now(UTC), 2),
    ]
    await browser.open()
    days = [e.text for e in browser.page.all("li", class_="day")]
    assert days[0] == "Selasa, 4 Maret 2025", "half past one at night in Jakarta"
    assert len(days) == 2
    assert browser.page.all("time")[0].text == "01.30"
    assert browser.page.all("time")[0].attrs["datetime"] == "2025-03-04T01:30+07:00"


async def test_without_scripts_new_messages_are_asked_for(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    (address,) = service.contacts
    (check,) = [link for link in browser.page.all("a") if link.text == "Periksa pesan baru"]
    await browser.open(check.attrs["href"])
    assert browser.page.one("p", role="status").text == "Belum ada pesan baru."
    (again,) = [link for link in browser.page.all("a") if link.text == "Periksa pesan baru"]
    assert again.attrs["href"] != check.attrs["href"], "the same address with a fragment would not load anything"
    service.push(address)
    await browser.open(again.attrs["href"])
    assert browser.page.one("p", role="status").text == ""
    assert "Lowongan baru" in browser.page.one("li", id="terakhir").text
    assert list(browser.page.choices) == ["Lihat lowongan", *(b.label for b in MENU.quick_replies)]
    assert [e.text for e in browser.page.all("legend")] == ["Pilihan dari pesan terbaru", "Pilihan jawaban"]


async def test_thirty_entries_are_shown_and_the_greeting_only_at_the_beginning(
    browser: Browser, service: Service
) -> None:
    await browser.open()
    await browser.say("halo")
    (address,) = service.contacts
    for number in range(40):
        service.push(address, OutgoingMessage(f"Pesan ke-{number}"))
    await browser.open()
    assert len(browser.page.said) == 30
    assert "Halo, ini" not in browser.page.said[0]
    assert "Pesan ke-39" in browser.page.said[-1]


def test_quick_replies_wait_next_to_where_the_answer_is_written() -> None:
    question = Entry("service", "Apa?", outbox_id=1, quick_replies=MENU.quick_replies)
    alerts = [Entry("service", "Kabar", outbox_id=n, quick_replies=ALERT.quick_replies) for n in (2, 3, 4)]
    plain = Entry("service", "Baik.", outbox_id=5)
    person = Entry("person", "halo")
    assert offered([question, *alerts, plain]) == [alerts[2], alerts[1], question]
    assert offered([question, person]) == []
    assert offered([question, person, plain, alerts[0]]) == [alerts[0]]
    assert unread([question, person, plain, alerts[0]]) == 2
    assert unread([question, *alerts, plain], since=3) == 3
    assert unread([question, person]) == 1
    assert unread([]) == 0


async def test_security_headers(browser: Browser) -> None:
    response = await browser.open()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in response.text
    assert "style=" not in response.text
    assert all("src" in script.attrs and not script.text for script in browser.page.all("script"))
    assert not [attr for e in browser.page.elements for attr in e.attrs if attr.startswith("on")]


async def test_nothing_comes_from_elsewhere_and_files_are_kept(browser: Browser) -> None:
    await browser.open()
    for url in files_of(browser.page):
        assert url.startswith("/statis/")
        response = await browser.http.get(url)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert b"http" not in response.content.replace(b"http://www.w3.org/2000/svg", b"")
    assert (await browser.http.get("/statis/chat.css")).status_code == 404
    assert (await browser.http.get("/statis/..%2Fchannel.py")).status_code == 404


def files_of(page: Html) -> set[str]:
    linked = {
        e.attrs.get("href") or e.attrs.get("src") or "" for e in page.elements if e.tag in ("link", "script", "img")
    }
    return linked - {""}


async def test_the_first_load_is_light_also_with_a_full_transcript(browser: Browser, service: Service) -> None:
    page = await browser.open()
    total = size(page)
    for url in files_of(browser.page):
        total += size(await browser.http.get(url))
    assert total < FIRST_LOAD / 2
    await browser.say("halo")
    (address,) = service.contacts
    longest = OutgoingMessage("x" * 300, MENU.quick_replies)
    for _ in range(30):
        service.push(address, longest)
    full = await browser.open()
    assert total - size(page) + size(full) < FIRST_LOAD


async def test_a_turn_is_light(browser: Browser) -> None:
    await browser.open()
    await browser.say("halo")
    response = await browser.post(fragment=True, text="menu")
    assert size(response) < TURN / 2, "the rest is for the note of what was seen, and for longer messages"


async def test_old_messages_do_not_move_the_greeting_of_a_person_whose_words_are_forgotten(
    browser: Browser, service: Service
) -> None:
    await browser.open()
    await browser.say("halo")
    (contact,) = service.contacts.values()
    contact.entries[:] = [Entry("service", "Pesan lama.", datetime.now(UTC) - timedelta(days=9), 1)]
    await browser.open()
    assert len(browser.page.said) == 2
    assert browser.page.choices == {"Cari lowongan": "menu:jobs", "Daftar": "menu:register"}


async def test_an_unreadable_conversation_is_said_so(browser: Browser, service: Service) -> None:
    await browser.open()
    await browser.say("halo")
    service.unreadable = True
    response = await browser.open()
    assert response.status_code == 503
    assert "belum bisa dibuka" in browser.page.one("p", role="alert").text
    assert not [link for link in browser.page.all("a") if link.attrs["href"] == "#terakhir"]


async def test_the_head_can_be_asked_for(service: Service) -> None:
    async with Browser(application(channel(service))) as browser:
        assert (await browser.http.head("/")).status_code == 200


async def test_a_file_can_be_downloaded_by_its_person_alone(
    browser: Browser, service: Service, web: WebChannel
) -> None:
    await browser.open()
    await browser.say("halo")
    [address] = service.contacts
    copy = Attachment.of_text("data saya.txt", "Nama: <Budi> & Contoh\n")
    outbox_id = service.push(address, OutgoingMessage("Salinan data Anda.", attachment=copy))
    await browser.open()
    [link] = [a for a in browser.page.all("a") if a.attrs.get("href", "").startswith("/berkas/")]
    assert (link.attrs["href"], link.text) == (f"/berkas/{outbox_id}", "Unduh data saya.txt")
    got = await browser.http.get(link.attrs["href"])
    assert (got.status_code, got.content) == (200, copy.content)
    assert got.headers["content-type"].startswith("text/plain")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''data%20saya.txt"
    assert got.headers["cache-control"] == "no-store"
    assert (await browser.http.get(f"/berkas/{outbox_id - 1}")).status_code == 404, "a message without a file"
    voice = Attachment("voice", "tanya.ogg", "audio/ogg; codecs=opus", b"OggS")
    outbox_id = service.push(address, OutgoingMessage("Dengarkan.", attachment=voice))
    await browser.open()
    assert browser.page.one("audio").attrs["src"] == f"/berkas/{outbox_id}"
    got = await browser.http.get(f"/berkas/{outbox_id}")
    assert (got.headers["content-type"], got.content) == ("audio/ogg; codecs=opus", b"OggS")
    browser.http.cookies.clear()
    assert (await browser.http.get(link.attrs["href"])).status_code == 404, "somebody else"
