"""A file of templates is held against what WhatsApp takes, before anything is sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels.base import UnsendableError
from bot.channels.whatsapp.templates import MAX_BODY, Template, Templates
from locales.render import LOCALES
from tests.channels.whatsapp.conftest import EXAMPLES

ALERT = '[alert.id]\nname = "kabar"\nbody = "Kabar: {{1}}. Terima kasih."\nvalues = ["vacancies"]\n'


def load(tmp_path: Path, text: str) -> Templates:
    file = tmp_path / "templates.toml"
    file.write_text(text, encoding="utf-8")
    return Templates.load(file)


def test_those_of_the_documentation_reach_everybody() -> None:
    templates = Templates.load(EXAMPLES)
    assert templates.locales("alert") == templates.locales("reply") == LOCALES
    for locale in LOCALES:
        found = templates.find("alert", locale)
        assert found is not None
        assert found.language == locale.partition("@")[0]


def test_who_has_none_in_their_own_words_gets_indonesian(tmp_path: Path) -> None:
    only_indonesian = load(tmp_path, ALERT)
    assert only_indonesian.find("alert", "id@mudah") == only_indonesian.find("alert", "en")
    assert only_indonesian.locales("alert") == LOCALES
    only_english = load(tmp_path, ALERT.replace("alert.id", "alert.en"))
    assert only_english.locales("alert") == ("en",), "who speaks Indonesian may read no English"
    assert only_english.find("reply", "en") is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[alert.id]", "[kabar.id]", "jenis pesan tidak dikenal"),
        ("[alert.id]", "[alert.jv]", "bahasa tidak dikenal"),
        ("[alert.id]", "[alert.id", "bukan TOML"),
        ('name = "kabar"', 'name = "Kabar Baru"', "huruf kecil"),
        ('name = "kabar"\n', "", "huruf kecil"),
        ('name = "kabar"', 'nama = "kabar"\nname = "kabar"', "nama tidak dikenal"),
        ('name = "kabar"', 'name = "kabar"\ncategory = "marketing"', "utility"),
        ('name = "kabar"', 'name = "kabar"\nlanguage = "Indonesia"', "kode bahasa"),
        ('["vacancies"]', '["nama"]', "nilai nama tidak ada"),
        ('["vacancies"]', "[1]", "daftar nama nilai"),
        ('["vacancies"]', '["vacancies", "count"]', "seharusnya {{1}}, {{2}}"),
        ("{{1}}", "{{2}}", "seharusnya {{1}}"),
        ("{{1}}", "{{nama}}", "seharusnya {{1}}"),
        ("{{1}}", "{{1}} dan {{1}}", "seharusnya {{1}}"),
        ("Kabar: {{1}}", "{{1}}", "mulai atau berakhir"),
        (". Terima kasih.", "", "mulai atau berakhir"),
        ("Kabar:", "Kabar untuk tunanetra:", "layar kunci"),
        ("Kabar:", "x" * MAX_BODY, "teks 1 sampai"),
    ],
)
def test_what_whatsapp_would_refuse_is_refused_at_start(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in ALERT
    with pytest.raises(ValueError, match=re.escape(said)):
        load(tmp_path, ALERT.replace(before, after, 1))


@pytest.mark.parametrize("text", ["alert = 1", "[alert]\nid = 1", '"alert.id" = "x"'])
def test_another_form_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="seharusnya bagian"):
        load(tmp_path, text)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="tidak bisa dibaca"):
        Templates.load(tmp_path / "none.toml")
    (tmp_path / "latin").write_bytes(b"\xe9")
    with pytest.raises(ValueError, match="UTF-8"):
        Templates.load(tmp_path / "latin")


def test_values_are_filled_in_on_one_line() -> None:
    template = Template("kabar", "id", "Kabar {{1}} dan {{2}} lagi", ("vacancies", "count"))
    filled = template.filled({"vacancies": "Penjahit,\n\tKotapinang     sekali", "count": "2", "more": "x"})
    assert filled == ["Penjahit, Kotapinang sekali", "2"]
    for values in ({"vacancies": "x"}, {"vacancies": " \n", "count": "1"}, {"vacancies": "x" * 1020, "count": "1"}):
        with pytest.raises(UnsendableError):
            template.filled(values)


def test_the_documentation_shows_what_the_file_says() -> None:
    """An office copies from the page into WhatsApp Manager, and the file into the service: one text in two places."""
    page = (EXAMPLES.parent / "whatsapp.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in page.splitlines() if line.startswith("| `")]
    shown = {(row[1].strip("`"), row[2].partition("`")[2].partition("`")[0], row[3]) for row in rows}
    known = Templates.load(EXAMPLES).known.values()
    assert shown == {(template.name, template.language, template.body) for template in known}
