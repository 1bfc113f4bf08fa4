"""A store that is split goes on as before: it stores, finds, voids, and makes its next piece in time."""

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories.xapi import a_statement, a_voiding
from xapi import projection
from xapi.domain import partitions
from xapi.domain.recording import StatementConflict, record, record_batch
from xapi.finding import Wanted, find
from xapi.models import Statement

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only")


def pieces() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'xapi_statement'::regclass"
        )
        return sorted(name for (name,) in cursor.fetchall())


def indexes(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = %s", [table])
        return cursor.fetchone()[0]


@on_postgresql
def test_a_split_store_stores_and_finds_over_its_pieces_and_keeps_what_it_had():
    before = record_batch([a_statement() for _ in range(5)])
    whole = indexes("xapi_statement")
    call_command("xapi_split", rows=10, verbosity=0)
    assert all(indexes(piece) == whole for piece in pieces())
    verb = "http://a.example/split"
    rows = []
    for _batch in range(6):
        partitions.make_ready()
        rows += record_batch([a_statement(verb=verb) for _ in range(9)])
    assert rows[0].seq > before[-1].seq
    found = [seq for seq, _raw in find(Wanted(verb=verb), limit=100, ascending=True, horizon=None)]
    assert found == [row.seq for row in rows]
    assert Statement.objects.count() == 59
    record(a_voiding(rows[3].uuid))
    assert (
        len(find(Wanted(verb=verb), limit=100, ascending=True, horizon=None)) == 54
    )  # the voiding one instead
    with pytest.raises(StatementConflict):
        record(a_statement(verb="http://a.example/other", id=str(before[0].uuid)))


@on_postgresql
def test_pieces_are_made_ahead_and_not_twice():
    call_command("xapi_split", rows=10, verbosity=0)
    there = pieces()
    assert len(there) == 1 + partitions.AHEAD
    assert partitions.make_ready() == 0
    record_batch([a_statement() for _ in range(15)])
    assert partitions.make_ready() > 0
    assert partitions.make_ready() == 0


@on_postgresql
def test_a_learner_is_projected_from_a_split_store():
    learner = uuid.uuid4()
    call_command("xapi_split", rows=10, verbosity=0)
    record(a_statement(learner))
    assert projection.project_pending() == 1


@on_postgresql
def test_a_store_is_split_once():
    call_command("xapi_split", rows=10, verbosity=0)
    with pytest.raises(CommandError, match="already"):
        call_command("xapi_split", rows=10)


def test_what_cannot_be_split_is_said():
    with pytest.raises(partitions.NotPossible):
        partitions.split(0)


def test_a_whole_store_needs_no_pieces():
    assert partitions.make_ready() == 0
