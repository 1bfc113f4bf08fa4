"""How hard a text is to read: LIX (C.-H. Björnsson, *Läsbarhet*, 1968).

LIX is the number of words in a sentence on average, plus how many words in a hundred are longer than
six letters. On his scale under 25 is very easy, 25 to 34 easy, 35 to 44 medium, 45 to 54 hard.
"""

import re

LONGER_THAN = 6
WORD = re.compile(r"[^\W\d_]+")
TAG = re.compile(r"<[^>]+>")
#: A sentence ends at a full stop, a colon, a question or exclamation mark, or with its paragraph or item.
SENTENCE_END = re.compile(r"[.?!:]|</(?:p|li|h3)>|\n")


def words_of(text: str) -> list[str]:
    """The words of a text or of simple HTML; numbers and signs are none."""
    return WORD.findall(TAG.sub(" ", text))


def sentences_of(text: str) -> list[list[str]]:
    """The words of each sentence."""
    return [words for part in SENTENCE_END.split(text) if (words := words_of(part))]


def lix(texts: list[str]) -> float:
    """The LIX of texts read one after the other, each a sentence at least. 0 where there is no word."""
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0
    long = sum(len(word) > LONGER_THAN for word in words)
    return len(words) / len(sentences) + 100 * long / len(words)
