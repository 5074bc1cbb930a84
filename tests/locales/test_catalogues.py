"""The catalogues: complete for whoever writes, the same names in every language, and honest about being untested."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.menu import LANGUAGES, UNTESTED
from locales.render import LOCALES, SOURCE, catalogue, catalogue_file, translator
from tests.drift import read_catalogue, write_catalogue
from tests.locales.sayings import sayings
from tests.locales.talks import say, start
from tests.locales.worst import placeholders

translated = pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != SOURCE])


@translated
def test_everything_a_person_can_get_is_translated(locale: str) -> None:
    assert not set(sayings()) - catalogue(locale).keys()


@translated
def test_the_names_in_a_text_are_the_same_in_every_language(locale: str) -> None:
    differing = [
        (msgid, said) for msgid, said in catalogue(locale).items() if placeholders(msgid) != placeholders(said)
    ]
    assert not differing


@translated
def test_options_that_stand_side_by_side_read_differently(locale: str) -> None:
    """Two choices that were made one word would be two buttons alike."""
    from conversations.domain import accommodations, education, fields, kinds, ragam

    tr = translator(locale)
    for vocabulary in (accommodations.ACCOMMODATIONS, education.EDUCATION, fields.FIELDS, kinds.KINDS, ragam.RAGAM):
        labels = [tr(term.label) for term in vocabulary]
        assert len(set(labels)) == len(labels)


def test_easy_read_says_that_nobody_it_is_for_has_tested_it() -> None:
    assert "Belum diuji" in read_catalogue(catalogue_file("id@mudah")).header_comment
    for label in ("Bahasa mudah", "2"):
        chosen = say(say(start("id"), "bahasa"), label)
        assert chosen.locale == "id@mudah"
        assert translator("id@mudah")(UNTESTED) in chosen.last
        assert "belum diuji" in chosen.last
    assert translator("id@mudah")(UNTESTED) not in say(say(start("id"), "bahasa"), "English").last


def test_a_changed_text_keeps_its_translation_out_of_sight_until_it_was_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "setara.po"
    known = read_catalogue(file)
    known.add("Simpan jawaban ini.", "Save this answer.")
    known.add("Halo.", "Hello.")
    known.add("Tahun lahir", "Year of birth")
    write_catalogue(file, "en", ["Simpan semua jawaban ini.", "Halo."], known)
    kept = read_catalogue(file)
    changed = kept.get("Simpan semua jawaban ini.")
    assert changed is not None
    assert (changed.string, changed.fuzzy) == ("Save this answer.", True)
    same = kept.get("Halo.")
    assert same is not None
    assert (same.string, same.fuzzy) == ("Hello.", False)
    assert '#~ msgstr "Year of birth"' in file.read_text(), "what is gone is set aside, not lost"
    first = file.read_bytes()
    write_catalogue(file, "en", ["Simpan semua jawaban ini.", "Halo."], read_catalogue(file))
    assert file.read_bytes() == first, "the same code makes the same file"


def test_every_language_that_is_kept_can_be_chosen() -> None:
    assert tuple(LANGUAGES) == LOCALES
