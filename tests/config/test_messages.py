"""The words of the libraries in the back office, which have no Danish of their own."""

from pathlib import Path

import pytest
import wagtail_localize
from babel.messages.pofile import read_po
from django.test import RequestFactory
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

from config.management.commands.messages import library_catalogues, missing, unknown


def test_every_word_of_the_editor_that_stands_side_by_side_is_danish():
    source = Path(wagtail_localize.__file__).parent / "locale" / "en" / "LC_MESSAGES" / "djangojs.po"
    with source.open("rb") as file:
        words = {message.id for message in read_po(file) if message.id}
    assert "Publish in " in words
    with translation.override("da"):
        sent = JavaScriptCatalog.as_view(packages=["wagtail_localize"])(RequestFactory().get("/"))
    said = sent.content.decode()
    # An alias is refused here (content/translations.py), and nobody meets the words for it.
    assert {word for word in words if f'"{word}": ' not in said} == {"Convert to alias page"}


@pytest.mark.parametrize("path", library_catalogues(), ids=lambda path: path.name)
def test_the_words_are_whole_and_those_of_the_libraries(path):
    assert (missing(path), unknown(path)) == ([], [])


def test_a_word_that_no_library_says_is_told(tmp_path):
    kept = tmp_path / "django.po"
    kept.write_text('msgid "Sync translated pages"\nmsgstr "x"\n\nmsgid "Synk pages"\nmsgstr "y"\n')
    assert unknown(kept) == ["no library says it any more: Synk pages"]
