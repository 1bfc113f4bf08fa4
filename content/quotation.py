"""Which marks stand around what is quoted in Danish: »…«, and never those of another language."""

import re
from collections.abc import Iterator
from typing import Any

TAG = re.compile(r"<[^>]+>")
#: The marks of English, Swedish and German. A single one after a letter is an apostrophe: Mads' kone.
OTHERS = re.compile(r"[\"“”„‟‘‚‛]|(?<!\w)['’]")
MARK = re.compile(r"[»«]")


def is_quoted_in_danish(text: str) -> bool:
    """Whether every quotation of a Danish text, plain or simple HTML, opens with » and closes with «."""
    said = TAG.sub("", text)
    begun = 0
    for mark in MARK.findall(said):
        begun += 1 if mark == "»" else -1
        if begun < 0:
            return False
    return not begun and not OTHERS.search(said)


def find_quoted_otherwise(value: Any, *, is_danish: bool = False) -> Iterator[str]:
    """A sentence for every text under “da”, however deep it stands, that has other marks.

    A source's own words don't stand under “da”: they keep the marks that the source has.
    """
    if isinstance(value, dict):
        for key, child in value.items():
            yield from find_quoted_otherwise(child, is_danish=is_danish or key == "da")
    elif isinstance(value, list):
        for child in value:
            yield from find_quoted_otherwise(child, is_danish=is_danish)
    elif is_danish and isinstance(value, str) and not is_quoted_in_danish(value):
        yield f"Danish is quoted »like this«, and this isn't: {value}"
