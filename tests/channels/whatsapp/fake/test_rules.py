"""The fake Cloud API refuses what the platform refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.fakes.graph_api import BUSINESS_PHONE, PHONE_ID, GraphApi
from tests.fakes.graph_api_client import BUDI, SITI, buttons, file, message, post, rows, sections, template
from tests.fakes.graph_api_media import KEPT_SECONDS, SIZES
from tests.fakes.whatsapp_people import WhatsAppPerson

ROW = {"id": "1", "title": "satu"}


@pytest.mark.parametrize(
    ("body", "code", "why"),
    [
        (message(""), 100, "text.body length invalid"),
        (message(" \n"), 100, "text.body length invalid"),
        (message("x" * 4097), 100, "Max length: 4096"),
        (message({}), 131008, "text.body is required"),
        (message({"body": 5}), 100, "text.body must be a string"),
        (message({"body": "x", "preview": True}), 100, 'Unexpected key "preview" on param text'),
        (message({"body": "x", "preview_url": 1}), 100, "text.preview_url must be one of (True, False)"),
        ({**message(), "type": "teks"}, 100, "Param type must be one of"),
        ({**message(), "type": "interactive"}, 100, "interactive is required"),
        ({**message(), "image": {"id": "1"}}, 100, 'Unexpected key "image"'),
        (message(recipient_type="group"), 100, "recipient_type must be one of"),
        (message(messaging_product="telegram"), 100, "messaging_product is required"),
        (message(tos=BUDI), 100, 'Unexpected key "tos"'),
        (message(recipient="ID.1"), 100, "Exactly one of"),
        (message(to="0812"), 131009, "not a valid phone number"),
        (message(to=BUSINESS_PHONE), 131021, "same"),
        (message(context={"message_id": "wamid.x"}), 131009, "There is no message wamid.x"),
        (message(biz_opaque_callback_data="x" * 513), 131009, "Max length: 512"),
        ({key: value for key, value in message().items() if key != "to"}, 100, "Exactly one of"),
        ({**{k: v for k, v in message().items() if k != "to"}, "recipient": BUDI}, 131009, "business-scoped user ID"),
        (buttons(), 131009, "buttons count invalid"),
        (buttons("a", "b", "c", "d"), 131009, "Max allowed: 3"),
        (buttons("x" * 21), 131009, "title length invalid. Min length: 1, Max length: 20"),
        (buttons("sama", "sama"), 131009, "Duplicated button title"),
        (buttons("a", body="x" * 1025), 131009, "Max length: 1024"),
        (buttons("a", footer={"text": "x" * 61}), 131009, "Max length: 60"),
        (buttons("a", foot={}), 100, 'Unexpected key "foot"'),
        (rows(), 131009, "rows count invalid"),
        (rows(*map(str, range(11))), 131009, "Max allowed: 10"),
        (rows("x" * 25), 131009, "Max length: 24"),
        (rows("a", description="x" * 73), 131009, "Max length: 72"),
        (rows("a", description=""), 131009, "description length invalid"),
        (rows("a", button="x" * 21), 131009, "button length invalid"),
        (sections("Pilih"), 131009, "sections count invalid"),
        (sections("Pilih", {"rows": [ROW]}, {"rows": [{**ROW, "id": "2"}]}), 131009, "Section title is required"),
        (sections("Pilih", {"rows": [ROW, ROW]}), 131009, "Duplicated row id"),
        (sections("Pilih", {"rows": [{**ROW, "id": "x" * 201}]}), 131009, "Max length: 200"),
        (sections("Pilih", {"rows": [{**ROW, "id": " 1"}]}), 131009, "leading or trailing spaces"),
        (message({"type": "flow"}, "interactive"), 131009, "'flow' is not known"),
        (message({"link": "https://contoh.id/x.pdf"}, "document"), 100, 'Unexpected key "link"'),
        (message({"id": "77"}, "audio"), 131009, "Media ID 77"),
        (template(name="lain"), 132001, "does not exist in id"),
        (b"{", 100, "must be application/json"),
        ([], 100, "must be an object"),
    ],
)
async def test_a_wrong_message_is_refused(api: GraphApi, budi: WhatsAppPerson, body: Any, code: int, why: str) -> None:
    status, answer = await post(api, body)
    assert (status, answer["error"]["code"]) == (404 if code == 132001 else 400, code)
    assert why in answer["error"]["error_data"]["details"]
    assert answer["error"]["message"].startswith(f"(#{code}) ")
    assert [refusal[0] for refusal in api.refused] == [code]
    assert api.accepted == []


async def test_what_is_just_within_the_limits_is_accepted(api: GraphApi, budi: WhatsAppPerson) -> None:
    ten = [{"id": str(n), "title": "x" * 24, "description": "x" * 72} for n in range(10)]
    for body in (
        message("x" * 4096, biz_opaque_callback_data="x" * 512),
        buttons("x" * 20, "y" * 20, "z" * 20, body="x" * 1024),
        sections("x" * 20, {"title": "satu", "rows": ten[:5]}, {"title": "dua", "rows": ten[5:]}),
    ):
        assert (await post(api, body))[0] == 200
    assert [(await budi.hears()).kind for _ in range(3)] == ["text", "button", "list"]


async def test_tokens_numbers_and_paths(api: GraphApi) -> None:
    status, answer = await post(api, message(), token="salah")
    assert (status, answer["error"]["code"], answer["error"]["type"]) == (401, 190, "OAuthException")
    status, answer = await post(api, message(), phone_id="7")
    error = answer["error"]
    assert (status, error["code"], error["error_subcode"]) == (400, 100, 33)
    assert (await post(api, message(), edge="pesan"))[1]["error"]["code"] == 2500
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {api.token}"}) as session:
        async with session.post(f"{api.url}/{PHONE_ID}/messages", json=message()) as versionless:
            assert (await versionless.json())["error"]["code"] == 2500
        async with session.get(f"{api.url}/v25.0/{PHONE_ID}/messages") as read:
            assert (await read.json())["error"]["error_subcode"] == 33
    assert api.calls == {}


async def test_files_are_uploaded_and_sent(api: GraphApi, budi: WhatsAppPerson) -> None:
    ids = {}
    for mime in ("application/pdf", "audio/ogg; codecs=opus", "audio/mpeg"):
        status, answer = await post(api, file(b"--isi\r\n\r\ncontoh", mime), "media")
        assert status == 200
        ids[mime] = answer["id"]
    pdf, opus, mp3 = ids.values()
    await post(api, message({"id": pdf, "filename": "daftar.pdf", "caption": "Daftar"}, "document"))
    await post(api, message({"id": opus, "voice": True}, "audio"))
    document, voice = await budi.hears(), await budi.hears()
    assert document.media is not None
    assert voice.media is not None
    assert (document.kind, document.text, document.media.data) == ("document", "Daftar", b"--isi\r\n\r\ncontoh")
    assert (voice.kind, voice.media.mime) == ("audio", "audio/ogg; codecs=opus")
    for wrong in (message({"id": pdf}, "audio"), message({"id": mp3, "voice": True}, "audio")):
        assert (await post(api, wrong))[1]["error"]["code"] == 131053
    headers = {"Authorization": f"Bearer {api.token}"}
    async with aiohttp.ClientSession() as session, session.get(f"{api.url}/v25.0/{pdf}", headers=headers) as told:
        assert (await told.json())["file_size"] == len(document.media.data)
    api.moves(seconds=KEPT_SECONDS)
    budi.says("halo")
    assert (await post(api, message({"id": pdf}, "document")))[1]["error"]["code"] == 131009


@pytest.mark.parametrize(
    ("form", "code", "why"),
    [
        (file(b"x", "audio/wav"), 100, "Received file of type 'audio/wav'"),
        (file(b"x", "audio/mpeg", named="audio/ogg"), 100, "Param type is 'audio/ogg'"),
        (file(b"x", "audio/mpeg", product="x"), 100, "messaging_product is required"),
        (file(b"", "audio/mpeg"), 131053, "File of 0 bytes"),
        (file(b"x" * (SIZES["audio"] + 1), "audio/mpeg"), 131053, "at most 16777216"),
        (b"x", 100, "multipart/form-data"),
    ],
)
async def test_a_wrong_file_is_refused(api: GraphApi, form: Any, code: int, why: str) -> None:
    status, answer = await post(api, form, "media")
    assert (status, answer["error"]["code"]) == (400, code)
    assert why in answer["error"]["error_data"]["details"]
    assert api.media == {}


async def test_a_number_and_a_pair_have_limits(api: GraphApi, budi: WhatsAppPerson) -> None:
    api.clock = lambda: 1_800_000_000.0
    api.person(SITI).says("halo")
    budi.says("halo")

    async def code(to: str = BUDI) -> int:
        return int((await post(api, message(to=to)))[1].get("error", {}).get("code", 200))

    api.limits.pair = True
    assert [await code() for _ in range(46)] == [200] * 45 + [131056]
    assert await code(SITI) == 200
    api.moves(seconds=6 * 45 - 1)
    assert await code() == 131056
    api.moves(seconds=1)
    assert await code() == 200
    api.moves(seconds=6)
    assert await code() == 200
    api.limits.pair, api.limits.number = False, 2
    assert [await code(), await code(SITI), await code()] == [200, 200, 130429]
    api.moves(seconds=1)
    assert await code() == 200
    api.limits.spam = True
    assert await code() == 131048


async def test_faults_on_demand(api: GraphApi, budi: WhatsAppPerson) -> None:
    api.fails(131000, times=2)
    assert [(await post(api, message()))[0] for _ in range(3)] == [500, 500, 200]
    api.fails(131056, http=429, message="pelan-pelan", to=budi.user_id)
    assert (await post(api, message(to=SITI)))[0] == 200
    status, answer = await post(api, message())
    assert (status, answer["error"]["error_data"]["details"]) == (429, "pelan-pelan")
    api.fails(http=502)
    with pytest.raises(aiohttp.ContentTypeError):
        await post(api, message())
    api.fails(190, what="media")
    assert (await post(api, message()))[0] == 200
    assert (await post(api, file(b"x", "audio/mpeg"), "media"))[0] == 401


async def test_what_is_accepted_and_cut_is_counted_apart(api: GraphApi, budi: WhatsAppPerson) -> None:
    api.drops(accepted=False)
    api.drops(accepted=True, to=BUDI)
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await post(api, message("halo"))
    assert (len(api.sent()), api.accepted_but_unanswered, api.calls["message"]) == (1, 1, 2)
    assert (await budi.hears()).text == "halo"
    api.delays(0.05)
    answer = asyncio.create_task(post(api, message("lambat")))
    assert (await budi.hears()).text == "lambat"
    assert not answer.done()
    assert (await answer)[0] == 200
    assert api.accepted_but_unanswered == 1
