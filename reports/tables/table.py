"""A table of plain values: what stands on a page, written to a file without another question asked."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify

#: Words, whole numbers and days. None where there is nothing to say.
Value = str | int | dt.date | None

#: As names of files are written in Danish.
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@dataclass(frozen=True)
class Table:
    """A heading and rows of the same length, and what a reader needs to know about them.

    `name` begins the file's name, `sheet` names the sheet (31 characters at most), `on` is the day that
    the table is of. `notes` are pairs of a heading and words: the filter, the sources, what is a proposal.
    """

    title: str
    name: str
    sheet: str
    on: dt.date
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    notes: Sequence[tuple[str, str]] = field(default=())

    def file_name(self, kind: str) -> str:
        return f"{self.name}-{self.on.isoformat()}.{kind}"


def file_stem(*words: str) -> str:
    """Words as the beginning of a file's name: "team-hjemmeplejen-nord"."""
    return "-".join(slugify(word.lower().translate(_LETTERS)) for word in words)
