"""A table as a file: CSV for any program, XLSX for spreadsheets. Both hold the table's own values."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .tables.table import Table, Value

#: A spreadsheet may take a cell that begins so for a formula.
FORMULA = re.compile(r"[=+\-@\t\r\n]")
#: Characters; a column is as wide as its longest cell, up to this.
WIDEST = 48


def as_csv(table: Table, *, by: str, at: dt.datetime) -> bytes:
    """UTF-8 with a byte-order mark and semicolons: what Excel expects in Denmark. Days are ISO.

    A text that a spreadsheet would take for a formula stands behind an apostrophe.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow([_plain(cell) for cell in table.header])
    writer.writerows([[_plain(cell) for cell in row] for row in table.rows])
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table, *, by: str, at: dt.datetime) -> bytes:
    """A sheet with the table and a sheet that says what it is. Days are days, numbers are numbers."""
    book = Workbook(write_only=True)
    book.properties.creator = "Lindra"
    book.properties.title = table.title
    sheet = book.create_sheet(table.sheet)
    sheet.freeze_panes = "A2"
    _set_widths(sheet, [table.header, *table.rows])
    sheet.append([_cell(sheet, text, bold=True) for text in table.header])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])
    about = book.create_sheet(_("About"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 90
    for heading, text in _about(table, by=by, at=at):
        about.append([_cell(about, heading, bold=True), _cell(about, text)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


#: What a table can be downloaded as: the file's ending → its type, and how it is written.
KINDS: dict[str, tuple[str, Callable[..., bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text


def _cell(sheet: object, value: Value, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # words, also where they begin with an equals sign
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _set_widths(sheet: object, rows: list) -> None:
    for column, cells in enumerate(zip(*rows, strict=True), start=1):
        longest = max(len(_plain(cell)) for cell in cells)
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(max(longest + 2, 10), WIDEST)  # type: ignore[attr-defined]


def _about(table: Table, *, by: str, at: dt.datetime) -> list[tuple[str, str]]:
    return [
        (_("What"), table.title),
        (_("Day"), date_format(table.on)),
        (_("Downloaded"), date_format(localtime(at), "DATETIME_FORMAT")),
        (_("By"), by),
        *table.notes,
        (_("From"), "Lindra"),
    ]
