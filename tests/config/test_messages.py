"""The Danish catalogues: ours, and the words of the back office that bring no Danish themselves."""

from pathlib import Path

import pytest
import wagtail_localize
from babel.messages.pofile import read_po
from django.apps import apps
from django.test import RequestFactory
from django.utils import translation
from django.views.i18n import JavaScriptCatalog

from config.management.commands.messages import (
    catalogue,
    library_catalogues,
    missing,
    quoted_otherwise,
    unknown,
)
from content.quotation import is_quoted_in_danish


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


@pytest.mark.parametrize("path", [catalogue(), *library_catalogues()], ids=lambda path: path.name)
def test_danish_is_quoted_in_one_way(path):
    assert quoted_otherwise(path) == []


def test_a_danish_text_with_other_marks_is_told(tmp_path):
    kept = tmp_path / "django.po"
    kept.write_text(
        'msgid "“%(n)s”"\nmsgid_plural "“%(n)s” both"\nmsgstr[0] "»%(n)s«"\nmsgstr[1] "“%(n)s” begge"\n'
    )
    assert quoted_otherwise(kept) == ["Danish is quoted »like this«, and this isn't: “%(n)s” begge"]


def test_the_danish_that_the_back_office_brings_itself_is_quoted_in_the_same_way():
    """What it has no Danish for, and no page of ours leads to, stays English: that isn't asked here."""
    words = set()
    for app in apps.get_app_configs():
        source = Path(app.path) / "locale" / "en" / "LC_MESSAGES" / "django.po"
        if app.name.startswith("wagtail") and source.exists():
            with source.open("rb") as file:
                words |= {word for message in read_po(file) for word in [message.id] if isinstance(word, str)}
    with translation.override("da"):
        said = {word: translation.gettext(word) for word in words if word}
    danish = {text for word, text in said.items() if text != word}
    assert len(danish) > 500
    assert {text for text in danish if not is_quoted_in_danish(text)} == set()
