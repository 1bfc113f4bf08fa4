import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError

from certification.domain.reporting import decide_relevance, report_unit
from certification.models import RelevanceDecision, UnitReport
from organisations.enums import UnitKind
from tests.factories.organisations import OrgUnitFactory, PersonFactory

TODAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


@pytest.fixture
def department():
    return OrgUnitFactory(kind=UnitKind.DEPARTMENT)


def decisions():
    return list(
        RelevanceDecision.objects.order_by("starts_on").values_list("is_relevant", "starts_on", "ends_on")
    )


def test_a_report_is_as_of_today_unless_another_day_is_said(department):
    leader = PersonFactory()
    assert report_unit(department, by=leader).as_of == TODAY
    assert report_unit(department, by=leader, as_of=dt.date(2026, 1, 1)).as_of == dt.date(2026, 1, 1)


def test_the_same_report_twice_is_once(department):
    report_unit(department, by=None)
    report_unit(department, by=None)
    assert UnitReport.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"as_of": TODAY + dt.timedelta(days=1)}, "report_in_the_future"),
        ({"note": "Patienten 010190-1234"}, "cpr_like"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(department, fields, code):
    with pytest.raises(ValidationError) as refusal:
        report_unit(department, by=None, **fields)
    assert refusal.value.code == code
    assert UnitReport.objects.count() == 0


def test_a_decision_says_who_when_and_why(department):
    leader = PersonFactory()
    decision = decide_relevance(
        department, is_relevant=True, why="Mange med hjertesvigt", by=leader, starts_on=dt.date(2026, 1, 1)
    )
    assert (decision.decided_by, decision.decided_on, decision.why, decision.starts_on) == (
        leader,
        TODAY,
        "Mange med hjertesvigt",
        dt.date(2026, 1, 1),
    )


def test_a_new_decision_ends_the_one_before(department):
    decide_relevance(department, is_relevant=True, why="a", by=None, starts_on=dt.date(2026, 1, 1))
    decide_relevance(department, is_relevant=False, why="b", by=None, starts_on=dt.date(2026, 6, 1))
    assert decisions() == [
        (True, dt.date(2026, 1, 1), dt.date(2026, 6, 1)),
        (False, dt.date(2026, 6, 1), None),
    ]


def test_an_earlier_decision_holds_until_the_one_already_made_takes_over(department):
    decide_relevance(department, is_relevant=False, why="b", by=None, starts_on=dt.date(2026, 6, 1))
    decide_relevance(department, is_relevant=True, why="a", by=None, starts_on=dt.date(2026, 1, 1))
    assert decisions() == [
        (True, dt.date(2026, 1, 1), dt.date(2026, 6, 1)),
        (False, dt.date(2026, 6, 1), None),
    ]


def test_the_same_decision_twice_is_once_and_another_for_the_same_day_is_refused(department):
    for _time in range(2):
        decide_relevance(department, is_relevant=True, why="a", by=None, starts_on=TODAY)
    with pytest.raises(ValidationError) as refusal:
        decide_relevance(department, is_relevant=False, why="a", by=None, starts_on=TODAY)
    assert refusal.value.code == "decided_that_day"
    assert decisions() == [(True, TODAY, None)]


@pytest.mark.parametrize(("why", "code"), [("  ", "no_reason"), ("Se 010190-1234", "cpr_like")])
def test_a_decision_needs_a_reason_without_a_cpr_number(department, why, code):
    with pytest.raises(ValidationError) as refusal:
        decide_relevance(department, is_relevant=True, why=why, by=None, starts_on=TODAY)
    assert refusal.value.code == code
