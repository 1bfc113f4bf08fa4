"""What a page and its files hold, read back: for tests that compare them."""

import csv
import datetime as dt
import io
import re

from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

KINDS = ["csv", "xlsx"]


def from_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def from_xlsx(content):
    """The sheet's values, said as CSV says them."""
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [[in_words(value) for value in row] for row in rows]


def in_words(value):
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def files(client, name, *args, **query):
    """What both files hold, which is the same: the header, and the rows."""
    found = []
    for kind, read in (("csv", from_csv), ("xlsx", from_xlsx)):
        response = client.get(reverse(name, args=[*args, kind]), query)
        assert response.status_code == 200
        found.append(read(response.content))
    assert found[0] == found[1]
    return found[0][0], found[0][1:]


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def text(tag):
    return re.sub(r"\s+", " ", tag.get_text(" ")).strip()


def number(cell):
    """As a file has it: nothing where the page has a dash."""
    return text(cell).replace("–", "")


def queries_of(client, address):
    """How many questions an answer takes the database, once what is asked only once has been asked."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
