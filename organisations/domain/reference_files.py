"""Reading reference files so that every refusal can name the file, the line and what to do."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from json.decoder import JSONObject  # type: ignore[attr-defined]  # the stubs leave it out
from json.scanner import py_make_scanner  # type: ignore[attr-defined]  # the stubs leave it out
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError


class ReferenceDataError(Exception):
    """The files hold something wrong. `problems` has one sentence for each thing."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Problems:
    """What is wrong in the files that are being read."""

    sentences: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, sentence: str) -> None:
        problem = f"{file}, line {line}: {sentence}"
        if problem not in self.sentences:
            self.sentences.append(problem)

    def refuse_if_any(self) -> None:
        if self.sentences:
            raise ReferenceDataError(self.sentences)


@dataclass
class Record:
    """One row of a CSV file or one object of a JSON file, which knows where it stands."""

    file: str
    line: int
    values: Mapping[str, Any]
    problems: Problems

    def refuse(self, sentence: str) -> None:
        self.problems.add(self.file, self.line, sentence)

    def text(self, key: str, *, optional: bool = False) -> str:
        value = self.values.get(key, "" if optional else None)
        if not isinstance(value, str):
            self.refuse(f"“{key}” is missing or isn't a text. Give it as a text.")
            return ""
        if not value.strip() and not optional:
            self.refuse(f"“{key}” is empty. Fill it in.")
        return value.strip()

    def checked(self, key: str, validator: Callable[[str], None], *, optional: bool = False) -> str:
        """The text, if the validator accepts it."""
        value = self.text(key, optional=optional)
        if value:
            try:
                validator(value)
            except ValidationError as error:
                self.refuse(f"{' '.join(error.messages)} Correct “{key}”.")
        return value

    def number(self, key: str) -> int:
        value = self.text(key)
        if value and not (value.isascii() and value.isdigit()):
            self.refuse(f"“{value}” is not a number. Give “{key}” in digits only.")
        return int(value) if value.isascii() and value.isdigit() else 0

    def day(self, key: str, *, optional: bool = False) -> dt.date | None:
        value = self.text(key, optional=optional)
        try:
            return dt.date.fromisoformat(value) if value else None
        except ValueError:
            self.refuse(f"“{value}” is not a day. Give “{key}” like 2027-01-01.")
            return None

    def first_day(self, key: str = "starts_on") -> dt.date:
        """A day that must be there (the refusal is recorded, and nothing is loaded)."""
        return self.day(key) or dt.date.max

    def choice(self, key: str, allowed: list[str]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            self.refuse(f"“{value}” is not one of {', '.join(allowed)}. Correct “{key}”.")
        return value

    def record(self, key: str) -> "Record":
        """The object under the key; an empty one, with the refusal recorded, if there is none."""
        value = self.values.get(key)
        if not isinstance(value, Located):
            self.refuse(f"“{key}” is missing or isn't an object. Add it, in braces.")
            return Record(self.file, self.line, {}, Problems())
        return Record(self.file, value.line, value, self.problems)

    def records(self, key: str) -> "list[Record]":
        values = self.values.get(key)
        if not isinstance(values, list) or not all(isinstance(value, Located) for value in values):
            self.refuse(f"“{key}” is missing or isn't a list of objects. Add it, in brackets.")
            return []
        return [Record(self.file, value.line, value, self.problems) for value in values]


class Unique:
    """Refuses a value that has been seen: `Unique("code")(record, "751")`."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.seen: dict[str, Record] = {}

    def __call__(self, record: Record, value: str) -> bool:
        """Whether the value is new; one that isn't is refused, naming where it was seen."""
        if not value:
            return False
        first = self.seen.setdefault(value, record)
        if first is not record:
            record.refuse(
                f"the {self.what} {value} is already in {first.file}, line {first.line}. Remove one of them."
            )
        return first is record


class Located(dict[str, Any]):
    """A JSON object that remembers the line it begins on."""

    line = 1


class _LocatingDecoder(json.JSONDecoder):
    def __init__(self) -> None:
        super().__init__()

        def parse_object(text_and_start: tuple[str, int], *args: Any) -> tuple[Located, int]:
            text, start = text_and_start
            values, end = JSONObject(text_and_start, *args)
            located = Located(values)
            located.line = text.count("\n", 0, start) + 1
            return located, end

        self.parse_object = parse_object
        self.scan_once = py_make_scanner(self)


def read_csv(folder: Path, name: str, *, columns: list[str], problems: Problems) -> list[Record]:
    """The rows. A missing file, a missing column or a row of the wrong length is recorded.

    Between the cells stand commas or, as a Danish spreadsheet saves them, semicolons.
    """
    text = _read(folder, name, problems)
    if text is None:
        return []
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        problems.add(name, reader.line_num, f"this isn't CSV ({error}). Save the file as CSV again.")
        return []
    header = rows[0][1] if rows else []
    missing = [column for column in columns if column not in header]
    for column in missing:
        problems.add(name, 1, f"the column “{column}” is missing. Add it to the first line.")
    if len(set(header)) != len(header):
        problems.add(name, 1, "a column stands there twice. Give each column a name of its own.")
    if missing:
        return []
    if not rows[1:]:
        problems.add(name, 1, "there are no rows below the first line. Use the whole file.")
    records = []
    for line, row in rows[1:]:
        if len(row) == len(header):
            records.append(Record(name, line, dict(zip(header, row, strict=True)), problems))
        elif row:
            problems.add(
                name,
                line,
                f"there are {len(row)} cells, but {len(header)} columns. Add or remove cells.",
            )
    return records


def read_json(folder: Path, name: str, *, problems: Problems) -> Record | None:
    """The file's outermost object, or None if there is none to read (which is recorded)."""
    text = _read(folder, name, problems)
    if text is None:
        return None
    try:
        value = _LocatingDecoder().decode(text)
    except json.JSONDecodeError as error:
        problems.add(name, error.lineno, f"this isn't JSON ({error.msg}). Correct the line.")
        return None
    if not isinstance(value, Located):
        problems.add(name, 1, "the file must hold one object. Put it in braces.")
        return None
    return Record(name, value.line, value, problems)


def _read(folder: Path, name: str, problems: Problems) -> str | None:
    try:
        return (folder / name).read_text(encoding="utf-8-sig")
    except OSError as error:
        problems.add(name, 1, f"the file can't be read ({error.strerror}). Put it in {folder}.")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add(name, line, "the file isn't UTF-8. Save it as UTF-8.")
    return None
