import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from organisations.models import PendingPerson
from organisations.pending import Mark, PersonSource, mark_person, mark_what_begins
from tests.factories.organisations import EmploymentFactory, GrantFactory, PersonFactory

pytestmark = pytest.mark.django_db

source = PersonSource()


@pytest.fixture
def person():
    return PersonFactory()


def in_a_minute():
    return timezone.now() + dt.timedelta(minutes=1)


def test_a_mark_is_one_row_however_many_facts(person):
    mark_person(person)
    mark_person(person)
    assert [mark.learner for mark in source.marks()] == [person.pseudonym]


def test_a_mark_goes_the_way_of_its_transaction(person):
    PendingPerson.objects.all().delete()
    with transaction.atomic():
        mark_person(person)
        transaction.set_rollback(True)
    assert source.marks() == []


def test_the_oldest_mark_comes_first():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False) as clock:
        first = PersonFactory()
        clock.shift(1)
        second = PersonFactory()
        assert [mark.learner for mark in source.marks()] == [first.pseudonym, second.pseudonym]
        assert [mark.learner for mark in source.marks(1)] == [first.pseudonym]
        clock.shift(1)
        mark_person(first)
        assert [mark.learner for mark in source.marks(1)] == [second.pseudonym]


def test_a_mark_is_removed_if_it_is_the_one_that_was_read(person):
    [mark] = source.marks()
    assert source.remove(mark) is True
    assert source.remove(mark) is False
    assert source.marks() == []


def test_a_mark_that_was_renewed_since_it_was_read_stays(person):
    [mark] = source.marks()
    mark_person(person)
    assert source.remove(mark) is False
    assert len(source.marks()) == 1


def test_two_workers_do_not_hold_one_mark(person):
    [mark] = source.marks()
    assert source.claim(mark, until=in_a_minute()) is True
    assert source.claim(mark, until=in_a_minute()) is False
    assert source.marks() == []


def test_a_claim_runs_out(person):
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False) as clock:
        mark_person(person)
        [mark] = source.marks()
        source.claim(mark, until=in_a_minute())
        clock.shift(59)
        assert source.marks() == []
        clock.shift(1)
        assert source.marks() == [mark]
        assert source.claim(mark, until=in_a_minute()) is True


def test_a_new_fact_frees_the_mark_of_its_claim(person):
    [mark] = source.marks()
    source.claim(mark, until=in_a_minute())
    mark_person(person)
    assert source.claim(mark, until=in_a_minute()) is False
    [renewed] = source.marks()
    assert renewed.learner == mark.learner
    assert renewed.token != mark.token
    assert source.remove(mark) is False


def test_a_mark_is_two_values(person):
    learner, _token = source.marks()[0]
    assert isinstance(source.marks()[0], Mark)
    assert learner == person.pseudonym


def test_a_rebuild_concerns_everybody(person):
    other = PersonFactory()
    PendingPerson.objects.all().delete()
    assert list(source.learners()) == [person.pseudonym, other.pseudonym]


# --- Facts that hold from a later day on -------------------------------------------------------------------


def marked():
    return {mark.learner for mark in source.marks()}


def test_whoever_begins_or_ends_on_a_day_is_marked_when_it_comes(noon):
    begins = EmploymentFactory(starts_on=dt.date(2026, 11, 24)).person
    ends = EmploymentFactory(ends_on=dt.date(2026, 11, 25)).person
    granted = GrantFactory(starts_on=dt.date(2026, 11, 25)).person
    mark_what_begins()
    PendingPerson.objects.all().delete()
    noon(dt.date(2026, 11, 24))
    mark_what_begins()
    assert marked() == {begins.pseudonym}
    PendingPerson.objects.all().delete()
    mark_what_begins()
    assert marked() == set()
    # A day on which nothing ran is made good.
    noon(dt.date(2026, 11, 27))
    mark_what_begins()
    assert marked() == {ends.pseudonym, granted.pseudonym}


def test_the_first_time_only_today_is_looked_at(noon):
    EmploymentFactory(starts_on=dt.date(2026, 11, 21))
    today = EmploymentFactory(starts_on=dt.date(2026, 11, 22)).person
    PendingPerson.objects.all().delete()
    mark_what_begins()
    assert marked() == {today.pseudonym}
