"""Danish is quoted »like this«."""

import pytest

from content.quotation import find_quoted_otherwise, is_quoted_in_danish


@pytest.mark.parametrize(
    "text",
    [
        "Ingen citat",
        "»Godnat,« siger hun.",
        "Hun siger: »Han sagde »ja« til mig.«",
        "Mads' kone og REHPA's tre sider",
        '<a href="/moduler/">»Se det i tide«</a>',
        "»%(title)s« er udgivet.",
    ],
)
def test_what_is_quoted_in_danish_is_let_be(text):
    assert is_quoted_in_danish(text)


@pytest.mark.parametrize(
    "text",
    [
        "“Godnat,” siger hun.",
        "”Godnat,” siger hun.",
        "„Godnat,“ siger hun.",
        '"Godnat," siger hun.',
        "'Godnat,' siger hun.",
        "Siden '%(title)s' er udgivet.",
        "<b>'Godnat'</b>",
        "«Godnat,» siger hun.",
        "»Godnat,» siger hun.",
        "»Godnat, siger hun.",
    ],
)
def test_the_marks_of_another_language_are_not(text):
    assert not is_quoted_in_danish(text)


def test_only_what_is_danish_is_held_to_it():
    words = {
        "da": {"term": "»Ro«", "forms": ["“ro”"]},
        "en": {"term": "“Peace”"},
        "quote": "“ro”",
    }
    assert list(find_quoted_otherwise([words])) == [
        "Danish is quoted »like this«, and this isn't: “ro”",
    ]
