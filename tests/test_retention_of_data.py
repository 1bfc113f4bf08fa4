"""Data that came along with old statements goes with the last of them, and never while one stays."""

import datetime as dt
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, models, transaction
from django.utils import timezone

from tests.factories.retention import NOW, OLD, a_nurse, removed, settle
from tests.factories.xapi import a_statement, an_attachment
from xapi.attachments import Payload
from xapi.domain import retention
from xapi.domain.recording import record
from xapi.models import (
    Attachment,
    Forwarding,
    Statement,
    StatementAttachment,
    StatementKey,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def signe(noon):
    noon(OLD)
    return a_nurse()


def with_data(*given, **properties):
    """A stored statement that this data came along with."""
    statement = a_statement(attachments=[an_attachment(data) for data in given], **properties)
    payloads = {hashlib.sha256(data).hexdigest(): Payload("text/plain", data) for data in given}
    return record(statement, payloads=payloads)


def kept_data():
    return sorted(bytes(data) for data in Attachment.objects.values_list("data", flat=True))


def test_data_goes_with_the_last_statement_that_it_came_along_with(signe, noon, monkeypatch):
    monkeypatch.setattr("xapi.domain.payloads.CHUNK", 2)
    with_data(b"a", b"b", b"c", b"d", b"e")
    with_data(b"a")
    settle()
    noon(NOW)
    young = with_data(b"c")
    settle()
    assert removed().removed == 2
    assert kept_data() == [b"c"]
    assert StatementAttachment.objects.get().statement == young.uuid


def test_what_stays_keeps_its_data(signe, noon):
    row = with_data(b"a")
    settle()
    Forwarding.objects.create(name="R", endpoint="https://lrs.example/", key="k", secret_name="MIDT")
    noon(NOW)
    assert removed().kept == 1
    assert kept_data() == [b"a"]
    assert StatementAttachment.objects.get().statement == row.uuid


def test_statements_with_thousands_of_keys_are_removed_with_all_of_them(signe, noon):
    for batch in range(3):
        listed = [{"id": f"https://a.example/{batch}/{n}"} for n in range(700)]
        record(a_statement(context={"contextActivities": {"other": listed}}))
    kept = record(a_statement(context={"contextActivities": {"other": [{"id": "https://a.example/0/1"}]}}))
    models.QuerySet(Statement).filter(pk=kept.pk).update(stored=timezone.now() + dt.timedelta(days=3000))
    settle()
    noon(NOW)
    assert removed().removed == 3
    assert list(StatementKey.objects.values_list("statement", flat=True)) == [kept.seq]


def test_data_takes_as_many_queries_for_thirty_statements_as_for_one(
    signe, noon, django_assert_max_num_queries
):
    counts = []
    for count in (1, 30):
        for n in range(count):
            with_data(b"%d" % n)
        settle()
        noon(NOW)
        with django_assert_max_num_queries(60) as queries:
            removed()
        counts.append(len(queries))
        noon(OLD)
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("first", ["post", "removal"])
def test_data_that_is_posted_again_while_its_last_statement_goes_is_not_lost(first):
    old = with_data(b"a")
    begun, finish = threading.Event(), threading.Event()

    def holding(act):
        """Act, and commit only when told."""
        try:
            with transaction.atomic():
                done = act()
                begun.set()
                assert finish.wait(20)
            return done
        finally:
            connection.close()

    def alone(act):
        try:
            with transaction.atomic():
                return act()
        finally:
            connection.close()

    def post():
        return with_data(b"a", b"0", b"z").uuid

    def go():
        retention._delete([old])

    held, other = (post, go) if first == "post" else (go, post)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(holding, held)
        assert begun.wait(20)
        two = pool.submit(alone, other)
        with pytest.raises(TimeoutError):
            two.result(0.5)
        finish.set()
        done = {held: one.result(20), other: two.result(20)}
    assert kept_data() == [b"0", b"a", b"z"]
    assert set(StatementAttachment.objects.values_list("statement", flat=True)) == {done[post]}
    assert Statement.objects.get().uuid == done[post]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_many_who_post_and_remove_the_same_data_neither_lose_it_nor_fall():
    stop = threading.Event()
    things = [b"%d" % n for n in range(6)]

    def posting(number):
        try:
            for turn in range(40):
                some = things[(number + turn) % 6 :] + things[: (number + turn) % 3]
                with_data(*dict.fromkeys(some))
        finally:
            connection.close()

    def removing():
        try:
            while not stop.is_set():
                with transaction.atomic():
                    retention._delete(list(Statement.objects.settled().order_by("seq")[:5]))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        remover = pool.submit(removing)
        posters = [pool.submit(posting, number) for number in range(3)]
        for poster in posters:
            poster.result(60)
        stop.set()
        remover.result(20)
    here = set(Statement.objects.values_list("uuid", flat=True))
    uses = set(StatementAttachment.objects.values_list("statement", "attachment"))
    assert {statement for statement, _sha2 in uses} == here
    assert set(Attachment.objects.values_list("sha2", flat=True)) == {sha2 for _statement, sha2 in uses}
