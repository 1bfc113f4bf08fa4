"""A table as a file: what is written, whatever it holds."""

import csv
import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from reports.exports import as_csv, as_xlsx
from reports.tables.table import Table, file_stem

AT = dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)


def a_table(*rows, **fields):
    return Table(
        **{
            "title": "Team: Hjemmeplejen Nord",
            "name": "team",
            "sheet": "Team",
            "on": dt.date(2026, 11, 22),
            "header": ["Navn", "På plads", "Fra", "Til"],
            "rows": rows,
            "notes": [("Hvem", "Alle")],
            **fields,
        }
    )


def written_csv(table):
    content = as_csv(table, by="Lone Leder", at=AT)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def written_xlsx(table):
    return load_workbook(io.BytesIO(as_xlsx(table, by="Lone Leder", at=AT)))


SIGNE = ["Signe Kjær", 3, dt.date(2015, 1, 1), None]


def test_csv_is_what_excel_opens_in_denmark():
    content = as_csv(a_table(SIGNE), by="Lone Leder", at=AT)
    assert content == "\ufeffNavn;På plads;Fra;Til\r\nSigne Kjær;3;2015-01-01;\r\n".encode()


def test_in_xlsx_numbers_are_numbers_and_days_are_days():
    sheet = written_xlsx(a_table(SIGNE)).worksheets[0]
    assert [cell.value for cell in sheet[2]][:2] == ["Signe Kjær", 3]
    assert (sheet["C2"].value.date(), sheet["D2"].value) == (dt.date(2015, 1, 1), None)
    assert (sheet["B2"].data_type, sheet["C2"].is_date, sheet["C2"].number_format) == (
        "n",
        True,
        "yyyy-mm-dd",
    )
    assert ([cell.font.bold for cell in sheet[1]], sheet.freeze_panes) == ([True] * 4, "A2")


def test_the_second_sheet_says_what_it_is():
    book = written_xlsx(a_table(SIGNE))
    assert book.sheetnames == ["Team", "Om"]
    assert [tuple(cell.value for cell in row) for row in book["Om"]] == [
        ("Hvad", "Team: Hjemmeplejen Nord"),
        ("Dag", "22. november 2026"),
        ("Hentet", "22. november 2026 kl. 12.00"),
        ("Af", "Lone Leder"),
        ("Hvem", "Alle"),
        ("Fra", "Lindra"),
    ]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_words_are_never_a_formula(first):
    words = f"{first}HYPERLINK(1)"
    table = a_table([words, 0, None, None], header=[words, "På plads", "Fra", "Til"])
    assert [row[0] for row in written_csv(table)] == [f"'{words}"] * 2
    sheet = written_xlsx(table).worksheets[0]
    assert [(sheet[at].data_type, sheet[at].value.strip("\r\n")) for at in ("A1", "A2")] == [
        ("s", words.strip("\r\n"))
    ] * 2


def test_a_number_below_zero_is_no_formula():
    assert written_csv(a_table(["Signe", -1, None, None]))[1] == ["Signe", "-1", "", ""]


@pytest.mark.parametrize("words", ['Kjær; "Signe"', "to\nlinjer", "æøå 🙂", "", "a" * 40_000])
def test_any_words_come_back_from_csv(words):
    assert written_csv(a_table([words, 1, None, None]))[1][0] == words


def test_what_a_sheet_cannot_hold_is_left_out_of_it():
    assert written_xlsx(a_table(["Sig\x00ne\x0b", 1, None, None])).worksheets[0]["A2"].value == "Signe"


def test_an_empty_table_is_its_header():
    assert written_csv(a_table()) == [["Navn", "På plads", "Fra", "Til"]]
    assert written_xlsx(a_table()).worksheets[0].max_row == 1


def test_files_are_named_in_letters_that_every_system_takes():
    assert file_stem("team", "Søndersø Ældrepleje / Ærø Å") == "team-soendersoe-aeldrepleje-aeroe-aa"
    assert a_table().file_name("csv") == "team-2026-11-22.csv"
