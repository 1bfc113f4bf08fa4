"""The driver, with stages and sources of the test's own: they keep their rows in lists."""

import datetime as dt
import logging
import signal
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tests.factories.xapi import a_statement, a_voiding
from xapi import projection
from xapi.domain.clients import create_client
from xapi.domain.recording import record
from xapi.models import Client, PendingLearner, Statement
from xapi.pending import Mark, StatementSource, mark_learners

pytestmark = pytest.mark.django_db

SIGNE = uuid.UUID("0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d")
BENT = uuid.UUID("fd5a3b5c-5b0e-4e39-8f3c-6f0f6f3c8e11")
HERE = "tests.xapi.test_projection."


class CountStage:
    """How many statements of a learner stand, kept as the name of a client: a row is a row."""

    name = "count"
    ran: list[tuple[str, uuid.UUID]] = []

    def project(self, learner):
        self.ran.append((self.name, learner))
        Client.objects.filter(key=str(learner)).delete()
        count = Statement.objects.of_learner(learner).standing().count()
        if count:
            create_client(f"{count} standing", key=str(learner))

    def rows(self, learner):
        return {(row.name, "row") for row in Client.objects.filter(key=str(learner))}

    def learners(self):
        return [uuid.UUID(key) for key in Client.objects.values_list("key", flat=True)]


class SecondStage(CountStage):
    """Reads what the first one made, and makes nothing."""

    name = "second"

    def project(self, learner):
        self.ran.append((self.name, learner))
        self.read = self.rows(learner)

    def rows(self, learner):
        return set()


class BrokenStage(SecondStage):
    name = "broken"

    def project(self, learner):
        raise ValueError(f"the name of {learner} is Signe Kjær")


class MarkingStage(SecondStage):
    """A fact arrives while its learner is being projected."""

    def project(self, learner):
        mark_learners([learner])


class OtherSource:
    """A source of another room, with marks of its own class."""

    marked: list[tuple[uuid.UUID, int]] = []
    removed: list[uuid.UUID] = []

    class Other:
        def __init__(self, learner, token):
            self.learner, self.token = learner, token

    def marks(self, limit=None):
        return [self.Other(*mark) for mark in self.marked[:limit]]

    def claim(self, mark, *, until):
        return (mark.learner, mark.token) in self.marked

    def remove(self, mark):
        self.marked.remove((mark.learner, mark.token))
        self.removed.append(mark.learner)
        return True

    def learners(self):
        return [learner for learner, _token in self.marked]


@pytest.fixture(autouse=True)
def road(settings):
    settings.STAGES = [f"{HERE}CountStage", f"{HERE}SecondStage"]
    settings.PENDING_SOURCES = ["xapi.pending.StatementSource"]
    CountStage.ran.clear()
    OtherSource.marked.clear()
    OtherSource.removed.clear()
    return settings


def rows():
    return dict(Client.objects.values_list("key", "name"))


def test_a_learner_is_projected_through_the_stages_in_their_order():
    record(a_statement(SIGNE))
    projection.project(SIGNE)
    assert CountStage.ran == [("count", SIGNE), ("second", SIGNE)]
    assert rows() == {str(SIGNE): "1 standing"}


def test_those_who_wait_are_projected_once_and_unmarked():
    record(a_statement(SIGNE))
    record(a_statement(SIGNE))
    record(a_statement(BENT))
    assert projection.project_pending() == 2
    assert rows() == {str(SIGNE): "2 standing", str(BENT): "1 standing"}
    assert projection.project_pending() == 0
    assert PendingLearner.objects.count() == 0


def test_no_more_than_the_limit_are_projected_the_longest_waiting_first():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        record(a_statement(BENT))
    with time_machine.travel("2026-11-22 12:01+01:00", tick=False):
        record(a_statement(SIGNE))
    with time_machine.travel("2026-11-22 12:02+01:00", tick=False):
        record(a_statement(BENT))
        assert projection.project_pending(limit=1) == 1
    assert rows() == {str(BENT): "2 standing"}


def test_a_learner_with_marks_in_two_rooms_is_projected_once(road):
    road.PENDING_SOURCES = [*road.PENDING_SOURCES, f"{HERE}OtherSource"]
    record(a_statement(SIGNE))
    OtherSource.marked += [(SIGNE, 1), (BENT, 1)]
    assert projection.project_pending() == 2
    assert CountStage.ran == [("count", SIGNE), ("second", SIGNE), ("count", BENT), ("second", BENT)]
    assert (OtherSource.removed, PendingLearner.objects.count()) == ([SIGNE, BENT], 0)


def test_a_failing_stage_loses_nothing_and_says_only_who_and_where(road, caplog):
    record(a_statement(SIGNE))
    projection.project_pending()
    road.STAGES = [f"{HERE}CountStage", f"{HERE}BrokenStage"]
    record(a_statement(SIGNE))
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False) as clock:
        assert projection.project_pending() == 0
        assert rows() == {str(SIGNE): "1 standing"}
        assert PendingLearner.objects.get().claimed_until == timezone.now() + projection.CLAIM
        (said,) = caplog.records
        assert (said.levelno, said.exc_info) == (logging.ERROR, None)
        assert said.getMessage().startswith(
            f"Projecting learner {SIGNE} failed: ValueError in {__file__}, line "
        )
        assert "Kjær" not in caplog.text
        road.STAGES = [f"{HERE}CountStage"]
        assert projection.project_pending() == 0
        clock.shift(projection.CLAIM)
        assert projection.project_pending() == 1
    assert rows() == {str(SIGNE): "2 standing"}


def test_one_learners_failure_does_not_stop_the_others(road):
    road.PENDING_SOURCES = [f"{HERE}OtherSource"]
    record(a_statement(SIGNE))
    OtherSource.marked += [("not a learner", 1), (SIGNE, 1)]
    assert projection.project_pending() == 1
    assert OtherSource.removed == [SIGNE]


def test_a_mark_that_is_made_during_projection_stays(road):
    road.STAGES = [f"{HERE}MarkingStage", f"{HERE}CountStage"]
    record(a_statement(SIGNE))
    assert projection.project_pending() == 1
    assert PendingLearner.objects.get().claimed_until is None
    assert projection.project_pending() == 1


def test_a_mark_is_claimed_once_and_again_when_the_claim_has_run_out():
    record(a_statement(SIGNE))
    source = StatementSource()
    (mark,) = source.marks()
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False) as clock:
        until = timezone.now() + dt.timedelta(seconds=60)
        assert [source.claim(mark, until=until), source.claim(mark, until=until)] == [True, False]
        assert source.marks() == []
        clock.shift(60)
        assert source.marks() == [mark]
        assert source.claim(mark, until=until) is True


def test_a_mark_with_an_old_token_is_neither_claimed_nor_removed():
    record(a_statement(SIGNE))
    source = StatementSource()
    old = Mark(SIGNE, uuid.uuid4())
    assert [source.claim(old, until=timezone.now()), source.remove(old)] == [False, False]
    [mark] = source.marks()
    assert source.remove(mark) is False  # nobody has claimed it
    assert [source.claim(mark, until=timezone.now()), source.remove(mark)] == [True, True]


def test_a_rebuild_recomputes_everybody_also_who_has_only_a_derived_row():
    record(a_statement(SIGNE))
    create_client("7 standing", key=str(BENT))
    assert projection.rebuild() == 2
    assert rows() == {str(SIGNE): "1 standing"}


def test_a_rebuild_of_one_learner_leaves_the_others():
    record(a_statement(SIGNE))
    record(a_statement(BENT))
    assert projection.rebuild(BENT) == 1
    assert rows() == {str(BENT): "1 standing"}


def test_drift_names_each_row_and_changes_nothing():
    record(a_statement(SIGNE))
    projection.rebuild()
    assert projection.drift() == []
    record(a_statement(SIGNE))
    create_client("7 standing", key=str(BENT))
    before = rows()
    assert projection.drift() == [
        f"{SIGNE} count: missing 2 standing | row",
        f"{SIGNE} count: stale 1 standing | row",
        f"{BENT} count: stale 7 standing | row",
    ]
    assert projection.drift(BENT) == [f"{BENT} count: stale 7 standing | row"]
    assert rows() == before


def test_a_voiding_is_projected():
    row = record(a_statement(SIGNE))
    projection.project_pending()
    record(a_voiding(row.uuid))
    assert projection.project_pending() == 1
    assert rows() == {}


# --- Commands -----------------------------------------------------------------------------------------


def test_the_command_projects_who_waits_and_says_how_many(capsys):
    record(a_statement(SIGNE))
    call_command("project")
    call_command("project")
    assert capsys.readouterr().out == "1 projected\n0 projected\n"


def test_the_check_prints_the_drift_and_exits_1_and_is_silent_after_the_rebuild(capsys):
    record(a_statement(SIGNE))
    with pytest.raises(SystemExit) as left:
        call_command("rebuild", "--check")
    assert left.value.code == 1
    assert capsys.readouterr().out == f"{SIGNE} count: missing 1 standing | row\n"
    call_command("rebuild", "--learner", str(SIGNE))
    assert capsys.readouterr().out == "1 rebuilt\n"
    call_command("rebuild", "--check")
    assert capsys.readouterr().out == ""


def test_a_rebuild_that_fails_for_somebody_says_so(road):
    road.STAGES = [f"{HERE}BrokenStage"]
    record(a_statement(SIGNE))
    with pytest.raises(CommandError) as refused:
        call_command("rebuild")
    assert str(refused.value) == "1 could not be rebuilt; the log says where each failed."


def test_a_worker_that_follows_stops_when_it_is_told_to(monkeypatch):
    record(a_statement(SIGNE))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    # Closing idle connections would close the one that this test's transaction lives in.
    monkeypatch.setattr("xapi.management.commands.project.close_old_connections", lambda: None)
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGTERM])
    timer.start()
    try:
        call_command("project", "--follow")
    finally:
        timer.join()
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert rows() == {str(SIGNE): "1 standing"}


# --- Workers beside each other ------------------------------------------------------------------------

on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work():
    learners = [uuid.uuid4() for _ in range(40)]
    for learner in learners:
        record(a_statement(learner))
    barrier = threading.Barrier(2)

    def worker():
        barrier.wait()
        try:
            return projection.project_pending()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = [each.result() for each in [pool.submit(worker), pool.submit(worker)]]
    assert sum(done) == 40
    assert sorted(learner for name, learner in CountStage.ran if name == "count") == sorted(learners)
    assert PendingLearner.objects.count() == 0


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_projections_of_one_learner_wait_for_each_other():
    record(a_statement(SIGNE))
    barrier = threading.Barrier(4)

    def worker():
        barrier.wait()
        try:
            for _ in range(5):
                projection.project(SIGNE)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(worker) for _ in range(4)]:
            each.result()
    assert rows() == {str(SIGNE): "1 standing"}
