"""LIX, by examples worked out by hand."""

import pytest

from content.readability import lix, sentences_of, words_of


def test_words_are_counted_without_signs_numbers_and_markup():
    assert words_of("<p>Kl. 8.10: »Jeg ligger <b>vågen</b>,« siger hr. Ø-Jensen</p>") == [
        "Kl",
        "Jeg",
        "ligger",
        "vågen",
        "siger",
        "hr",
        "Ø",
        "Jensen",
    ]


def test_a_sentence_ends_with_its_sign_its_paragraph_or_its_item():
    text = "<p>Hun ser det</p><ul><li>Spørg: hvad?</li><li>Lyt</li></ul>"
    assert sentences_of(text) == [["Hun", "ser", "det"], ["Spørg"], ["hvad"], ["Lyt"]]


@pytest.mark.parametrize(
    ("texts", "reached"),
    [
        # Six words in two sentences, none long: 6/2 + 0.
        (["Hun ser det. Hun siger det."], 3),
        # Six words in two sentences, and ændringerne is long: 6/2 + 100 * 1/6.
        (["<p>Hun ser ændringerne</p><p>Hun siger det</p>"], 3 + 100 / 6),
        # Six letters aren't long, seven are: 2/1 + 100 * 1/2.
        (["smerte smerter"], 52),
        # Two texts are two sentences at least, also without a full stop.
        (["Hun ser det", "Hun siger det"], 3),
        ([], 0),
        (["<p>12:30</p>"], 0),
    ],
)
def test_lix_is_the_length_of_sentences_plus_the_share_of_long_words(texts, reached):
    assert lix(texts) == pytest.approx(reached)
