"""A leader asks people to take a module; whether it is done follows from what they complete."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError

from courses.domain.assignments import (
    assign,
    assigned_to,
    assignments_in,
    titled,
    what_came_of,
    withdraw,
)
from courses.domain.publishing import register_module
from courses.models import Assignment
from courses.rules import people_to_assign_to, units_to_withdraw_in
from organisations.domain.employments import end_employment
from organisations.enums import Role, UnitKind
from organisations.models import OrgUnit, Person
from tests.factories.courses import complete, publish
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def unit():
    return OrgUnitFactory(kind=UnitKind.TEAM, parent=OrgUnitFactory())


@pytest.fixture
def learner(unit):
    return EmploymentFactory(unit=unit).person


@pytest.fixture
def leader(unit):
    return GrantFactory(unit=unit).person


@pytest.fixture
def edition():
    return publish(title="Smerter")


@pytest.fixture
def asked(edition, learner, unit, leader):
    wanted = {"wanted_by": dt.date(2026, 12, 1), "note": " Før jul, tak. "}
    return assign(edition.version.module, to=[learner], unit=unit, by=leader, **wanted).assigned[0]


def open_and_done(rows):
    came_of = titled(what_came_of(rows))
    return [row.title for row in came_of if not row.is_done], [row.title for row in came_of if row.is_done]


def test_the_learner_is_told_what_by_whom_where_and_by_when(asked, learner, leader, unit):
    [row] = assigned_to(learner)
    assert (row.title, row.assignment, row.is_done) == ("Smerter", asked, False)
    assert (asked.assigned_by, asked.unit, asked.wanted_by, asked.note) == (
        leader,
        unit,
        dt.date(2026, 12, 1),
        "Før jul, tak.",
    )


def test_it_is_done_when_some_version_of_the_module_is_completed(asked, learner, unit, edition):
    assert open_and_done(assignments_in(unit)) == (["Smerter"], [])
    complete(learner, edition)
    assert open_and_done(assignments_in(unit)) == ([], ["Smerter"])
    assert [row.is_done for row in assigned_to(learner)] == [True]
    # A new version doesn't ask again.
    publish(key=edition.version.module.key, title="Smerter 2", substance=["another"])
    assert open_and_done(assignments_in(unit)) == ([], ["Smerter 2"])


def test_a_colleague_s_completion_is_not_hers(asked, unit, edition):
    complete(EmploymentFactory(unit=unit).person, edition)
    assert open_and_done(assignments_in(unit)) == (["Smerter"], [])


def test_who_was_asked_or_has_completed_it_is_passed_over_and_named(asked, learner, unit, leader, edition):
    done, new = EmploymentFactory(unit=unit).person, EmploymentFactory(unit=unit).person
    complete(done, edition)
    answer = assign(edition.version.module, to=[learner, done, new], unit=unit, by=leader)
    assert ([row.person for row in answer.assigned], answer.asked_before, answer.completed) == (
        [new],
        [learner],
        [done],
    )
    asked.refresh_from_db()
    assert asked.note == "Før jul, tak."


def test_taken_back_it_is_asked_no_more_and_can_be_asked_again(asked, learner, unit, leader, edition):
    withdraw(asked, by=leader)
    first = asked.withdrawn_at
    assert (assigned_to(learner), asked.withdrawn_by) == ([], leader)
    withdraw(asked, by=None)
    assert (asked.withdrawn_at, asked.withdrawn_by) == (first, leader)
    assign(edition.version.module, to=[learner], unit=unit, by=leader)
    assert len(assigned_to(learner)) == 1
    assert Assignment.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"wanted_by": dt.date(2026, 11, 21)}, "past"),
        ({"note": "Se 010203-1234"}, "cpr_like"),
        ({"note": "x" * 201}, "too_long"),
    ],
)
def test_what_is_refused(edition, learner, unit, leader, wrong, code):
    with pytest.raises(ValidationError) as refused:
        assign(edition.version.module, to=[learner], unit=unit, by=leader, **wrong)
    assert [error.code for error in refused.value.error_list] == [code]
    assert Assignment.objects.count() == 0


def test_today_is_not_too_late(edition, learner, unit, leader):
    day = dt.date(2026, 11, 22)
    assert (
        len(assign(edition.version.module, to=[learner], unit=unit, by=leader, wanted_by=day).assigned) == 1
    )


def test_a_module_that_was_never_published_is_not_assigned(learner, unit, leader):
    module = register_module(uuid.UUID(int=1), code="M99")
    with pytest.raises(ValidationError) as refused:
        assign(module, to=[learner], unit=unit, by=leader)
    assert refused.value.code == "unpublished"


def test_it_ends_with_the_work_there(asked, learner, unit):
    EmploymentFactory(person=learner)
    end_employment(learner.employments.get(unit=unit), on=dt.date(2026, 11, 22))
    assert assigned_to(learner) == []
    assert open_and_done(assignments_in(unit)) == ([], [])


def test_another_workplace_does_not_see_what_this_one_asks(asked, learner):
    elsewhere = EmploymentFactory(person=learner).unit
    assert open_and_done(assignments_in(elsewhere)) == ([], [])


def test_what_the_unit_above_asks_is_seen_below_and_above(asked, learner, unit, leader):
    above = OrgUnit.objects.above(unit).exclude(pk=unit.pk).get()
    assign(publish(title="Sorg", code="M05").version.module, to=[learner], unit=above, by=leader)
    assert open_and_done(assignments_in(above)) == open_and_done(assignments_in(unit))
    assert open_and_done(assignments_in(unit)) == (["Smerter", "Sorg"], [])
    beside = OrgUnitFactory(kind=UnitKind.TEAM, parent=above)
    assert open_and_done(assignments_in(beside)) == ([], [])


def test_a_leader_and_a_deputy_ask_their_own_people_and_nobody_asks_herself(unit, learner):
    other = EmploymentFactory().person
    for role in (Role.LEADER, Role.DEPUTY):
        leader = EmploymentFactory(unit=unit).person
        GrantFactory(person=leader, role=role, unit=unit)
        to = set(people_to_assign_to(UserFactory(person=leader)))
        assert learner in to
        assert {leader, other} & to == set()


@pytest.mark.parametrize("role", [Role.KEY_PERSON, Role.EDUCATOR, Role.ADMINISTRATOR])
def test_no_other_role_asks_anybody(role, unit, learner):
    place = None if role == Role.EDUCATOR else unit
    user = UserFactory(person=GrantFactory(role=role, unit=place).person)
    assert (list(people_to_assign_to(user)), list(units_to_withdraw_in(user))) == ([], [])


def test_one_and_three_take_the_same_number_of_queries(learner, unit, leader, django_assert_num_queries):
    for number in range(3):
        module = publish(title=f"Modul {number}", code=f"M{number}").version.module
        assign(module, to=[learner, PersonFactory()], unit=unit, by=leader)
        again = Person.objects.get(pk=learner.pk)
        with django_assert_num_queries(4):
            assert len(assigned_to(again)) == number + 1


def test_erasing_the_person_erases_what_was_asked_of_her(asked, learner):
    Person.objects.filter(pk=learner.pk).delete()
    assert Assignment.objects.count() == 0
