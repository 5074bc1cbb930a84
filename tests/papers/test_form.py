"""The paper form asks what the chat asks, in its order, and can be read by eye and by ear."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.papers import form
from bot.papers.form import COLUMNS, form_of, pdf_of
from conversations import consent
from conversations.domain.region import load_region
from conversations.engine.context import Context, Talk
from conversations.engine.questions import Choose, ChooseMany
from conversations.engine.session import Frame, Session
from conversations.engine.texts import t
from locales.render import LOCALES, translator
from tests.papers.reading import Paper

REGION = load_region("12.22")
BODY = 16
"""Points."""


def context(locale: str = "id") -> Context:
    return Context(datetime(2026, 11, 24, tzinfo=ZoneInfo(REGION.timezone)), REGION, translator(locale), locale)


@pytest.fixture(scope="module", params=LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def paper(locale: str) -> Paper:
    return Paper(pdf_of(context(locale)))


def talk() -> Talk:
    return Talk(context(), Session(), Frame("form", 1, "", 0, {"for_whom": "self"}))


def test_it_asks_what_the_chat_asks_in_the_chats_order() -> None:
    chat = [state.name for state in form.ASKED if state.name not in {"review", *form.IN_THE_CHAT}]
    paper = [field.name for field in form.fields_of(talk())]
    assert [name for name in paper if name in chat] == chat
    assert sorted(set(paper) - set(chat)) == sorted(
        field.name for fields in form.ONLY_ON_PAPER.values() for field in fields
    )


def test_what_is_read_aloud_follows_that_order(paper: Paper, locale: str) -> None:
    data = form_of(context(locale))
    wanted = [paper.reader.metadata.title] if paper.reader.metadata else []
    for section in data["sections"]:
        wanted += [section["heading"], *(field["heading"] for field in section["fields"])]
    wanted.append(data["typing"]["heading"])
    assert [words for _, words in paper.headings()] == wanted
    at = 0
    for field in (field for section in data["sections"] for field in section["fields"]):
        for words in (field["heading"], *field["texts"], *field["choices"]):
            at = paper.text.index(words, at) + len(words)


def test_every_choice_of_the_chat_has_a_box_with_words(paper: Paper, locale: str) -> None:
    tr = translator(locale)
    for question in form.asked():
        if isinstance(question, Choose | ChooseMany):
            for choice in question.options(talk()):
                assert f"☐ {tr(choice.label)}" in paper.text, question.name
    labels = [one.words for one in paper.heard if one.role == "/Lbl"]
    assert set(labels) == {"☐"}


def test_consent_is_asked_in_the_words_of_the_chat(paper: Paper, locale: str) -> None:
    tr = translator(locale)
    words = [tr(line) for line in consent.consent_words(talk())]
    assert f"{' '.join(words)} {tr(t('Pilih satu.'))} ☐ {tr(consent.CHOICES[0].label)}" in paper.text
    assert tr(consent.TO_THE_PARENT) not in paper.text, "there is no telephone to hand over"


def test_nothing_on_it_speaks_of_replying_by_chat() -> None:
    text = Paper(pdf_of(context())).text.lower()
    assert "balas" not in text
    assert "ponsel" not in text


def test_an_officer_finds_the_columns_of_the_file_in_their_order(paper: Paper) -> None:
    header = "nomor_formulir petugas tanggal_formulir persetujuan persetujuan_cara nama nik tanggal_lahir jenis_kelamin"
    header += " kecamatan desa alamat telepon ragam_disabilitas kebutuhan pendidikan keterampilan bidang_minat"
    header += " pendamping_nama pendamping_hubungan"
    assert list(COLUMNS) == header.split()
    headings = {words for _, words in paper.headings()}
    items = [one.words for one in paper.heard if one.role == "/LBody"][-len(COLUMNS) :]
    assert [item.partition(": ")[0] for item in items] == list(COLUMNS)
    assert all(item.partition(": ")[2] in headings for item in items)


def test_it_is_marked_as_readable_by_all(paper: Paper, locale: str) -> None:
    assert paper.root["/MarkInfo"]["/Marked"]
    assert paper.root["/Lang"] == locale.partition("@")[0]
    assert paper.root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in paper.root["/Metadata"].get_object().get_data()
    assert len(paper.reader.outline) >= 1, "the headings can be jumped between"
    roles = [role for role, _ in paper.headings()]
    assert roles[:3] == ["/H1", "/H2", "/H3"]
    assert roles.count("/H1") == 1


def test_letters_are_large_black_and_within_the_file(paper: Paper) -> None:
    drawn = paper.drawn
    assert min(drawn.sizes) >= BODY
    assert drawn.colours == {0.0}
    assert drawn.untagged == 0, "every word is tagged, or marked as decoration"
    fonts = [font.get_object() for page in paper.reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]  # a page's resources are a mapping
    assert fonts
    for font in fonts:
        [inner] = font["/DescendantFonts"]
        assert "/FontFile2" in inner.get_object()["/FontDescriptor"]
        assert "DejaVuSansMono" in font["/BaseFont"], "the typesetter's own, not one of this machine"


def run(tmp_path: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner(env={"SETARA_DATA_DIR": str(tmp_path / "data")}).invoke(cli, ["form", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_writes_a_new_file_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "formulir.pdf"
    assert run(tmp_path, "--out", str(file), "--locale", "en") == (0, f"{file}\n", "")
    assert Paper(file.read_bytes()).root["/Lang"] == "en"
    before = file.read_bytes()
    code, out, err = run(tmp_path, "--out", str(file))
    assert (code, out) == (2, "")
    assert err == f"Berkas {file} sudah ada dan tidak ditimpa. Pilih nama lain dengan --out.\n"
    assert file.read_bytes() == before
    assert not (tmp_path / "data").exists(), "a form needs no database"


def test_a_file_that_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    code, _, err = run(tmp_path, "--out", str(tmp_path / "tidak-ada" / "formulir.pdf"))
    assert code == 2
    assert err.startswith("Berkas ")
    assert "tidak bisa ditulis" in err
    assert "Traceback" not in err
    assert run(tmp_path, "--out", "/dev/full")[0] == 2
