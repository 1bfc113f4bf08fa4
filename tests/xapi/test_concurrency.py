"""Writers beside each other. SQLite has one at a time, so most of this is asked of PostgreSQL only."""

import datetime as dt
import json
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.factories.xapi import ClientFactory, a_statement, a_voiding
from xapi import sequence, vocabulary
from xapi.asking import ask
from xapi.domain.recording import StatementConflict, record, record_batch
from xapi.finding import Wanted, find
from xapi.models import Client, PendingLearner, Statement, StatementId
from xapi.pending import StatementSource

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]

LEARNERS = [uuid.UUID(int=n) for n in range(1, 6)]


def in_thread(work):
    try:
        return work()
    finally:
        connection.close()


def all_together(works):
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(in_thread, works))


def test_eight_writers_of_overlapping_batches_lose_and_double_nothing():
    said = [a_statement(LEARNERS[n % 5], id=str(uuid.uuid4())) for n in range(60)]
    barrier = threading.Barrier(8)

    def writer(number):
        def work():
            chance = random.Random(number)
            barrier.wait()
            for _round in range(6):
                batch = chance.sample(said, 25)
                assert [str(row.uuid) for row in record_batch(batch)] == [each["id"] for each in batch]

        return work

    all_together([writer(number) for number in range(8)])
    record_batch(said)
    assert sorted(map(str, Statement.objects.values_list("uuid", flat=True))) == sorted(
        each["id"] for each in said
    )
    assert dict(StatementId.objects.values_list("uuid", "seq")) == dict(
        Statement.objects.values_list("uuid", "seq")
    )
    assert sorted(PendingLearner.objects.values_list("learner", flat=True)) == LEARNERS


def test_of_two_who_say_different_things_under_one_id_one_is_stored_and_one_refused():
    id_ = str(uuid.uuid4())
    barrier = threading.Barrier(2)

    def writer(learner):
        def work():
            barrier.wait()
            try:
                return str(record(a_statement(learner, id=id_)).learner)
            except StatementConflict:
                return "conflict"

        return work

    answers = all_together([writer(learner) for learner in LEARNERS[:2]])
    stored = Statement.objects.get()
    assert sorted(answers) == sorted([str(stored.learner), "conflict"])


def test_whoever_pages_never_passes_a_number_that_is_not_committed_yet():
    before = record(a_statement())
    begun, finish = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            row = record(a_statement())
            begun.set()
            assert finish.wait(10)
        return row

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(in_thread, slow)
        assert begun.wait(10)
        after = record(a_statement())
        settled = list(Statement.objects.settled().order_by("seq"))
        through = sequence.consistent_through()
        finish.set()
        slow_row = late.result()
    assert settled == [before]
    assert before.stored < through <= slow_row.stored
    assert before.seq < slow_row.seq < after.seq
    assert list(Statement.objects.settled().order_by("seq")) == [before, slow_row, after]


def test_a_transaction_holds_two_locks_however_many_statements_it_records():
    with transaction.atomic():
        for _ in range(5):
            record(a_statement())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            )
            assert cursor.fetchone() == (2,)
        assert Statement.objects.settled().count() == 5


def test_a_savepoint_that_is_rolled_back_leaves_the_next_statement_its_lock():
    with transaction.atomic():
        inner = transaction.atomic()
        inner.__enter__()
        record(a_statement())
        transaction.set_rollback(True)
        inner.__exit__(None, None, None)
        row = record(a_statement())
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(in_thread, sequence.horizon).result() < row.seq


def test_a_statement_and_the_one_that_refers_to_it_meet_whichever_commits_first():
    for _round in range(10):
        target = uuid.uuid4()
        batch = [a_statement(id=str(target), verb="http://a.example/target")], [a_voiding(target)]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda statements: in_thread(lambda: record_batch(statements)), batch))
    found = find(Wanted(verb="http://a.example/target"), limit=100, ascending=True, horizon=None)
    assert [json.loads(raw)["verb"]["id"] for _seq, raw in found] == [vocabulary.VOIDED] * 10


def test_who_claims_a_mark_waits_for_a_statement_that_is_being_stored_and_then_sees_it():
    learner = LEARNERS[0]
    record(a_statement(learner))
    [mark] = StatementSource().marks()
    stored, claiming = threading.Event(), threading.Event()

    def writer():
        with transaction.atomic():
            record(a_statement(learner))
            stored.set()
            assert claiming.wait(10)
            time.sleep(0.2)  # the claim is on its way by now

    def worker():
        assert stored.wait(10)
        claiming.set()
        assert StatementSource().claim(mark, until=timezone.now() + dt.timedelta(minutes=1))
        return Statement.objects.of_learner(learner).count()

    with ThreadPoolExecutor(2) as pool:
        writing, seen = pool.submit(in_thread, writer), pool.submit(in_thread, worker)
        writing.result()
        assert seen.result() == 2


def test_a_statement_about_somebody_whose_mark_is_claimed_makes_the_mark_anew():
    learner = LEARNERS[0]
    record(a_statement(learner))
    source = StatementSource()
    [mark] = source.marks()
    assert source.claim(mark, until=timezone.now() + dt.timedelta(minutes=1))
    record(a_statement(learner))
    [anew] = source.marks()
    assert (anew.learner, anew.token == mark.token) == (learner, False)
    assert not source.remove(mark)
    assert source.claim(anew, until=timezone.now() + dt.timedelta(minutes=1))


def test_storing_locks_nothing_that_all_posts_of_a_client_share():
    system = ClientFactory()
    with transaction.atomic():
        record(a_statement(), client=system)

        def free():
            with transaction.atomic():
                return Client.objects.select_for_update(nowait=True).get(pk=system.pk)

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(in_thread, free).result() == system


def test_the_stores_own_questions_are_planned_once():
    assert ask("SHOW plan_cache_mode") == [("force_generic_plan",)]


def test_a_connection_that_was_cut_between_two_requests_costs_no_answer(get):
    assert get().status_code == 200
    mine = connection.connection.info.backend_pid
    with ThreadPoolExecutor(1) as pool:
        pool.submit(in_thread, lambda: end_connection(mine)).result()
    connection.health_check_done = False  # as at the start of each request

    assert get().status_code == 200
    assert connection.connection.info.backend_pid != mine


def end_connection(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
