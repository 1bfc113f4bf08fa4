import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from organisations import rules
from organisations.domain.employments import end_employment
from organisations.domain.grants import end_grant
from organisations.domain.units import move_unit
from organisations.enums import UNIT_ROLES, Role, UnitKind
from organisations.models import Area, OrgUnit, Person, RoleGrant
from tests.factories.organisations import (
    AreaFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
TOMORROW = dt.date(2026, 11, 23)
LAST_YEAR = dt.date(2025, 11, 22)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


class Place:
    """A municipality with two teams, a nurse in each; and another municipality with one."""

    def __init__(self):
        self.municipality = OrgUnitFactory()
        self.team = OrgUnitFactory(kind=UnitKind.TEAM, parent=self.municipality)
        self.sister_team = OrgUnitFactory(kind=UnitKind.TEAM, parent=self.municipality)
        self.elsewhere = OrgUnitFactory()
        self.nurse = EmploymentFactory(unit=self.team).person
        self.sister_nurse = EmploymentFactory(unit=self.sister_team).person
        self.stranger = EmploymentFactory(unit=self.elsewhere).person


@pytest.fixture
def place():
    return Place()


def with_role(role, unit=None, **grant):
    user = UserFactory()
    GrantFactory(person=user.person, role=role, unit=unit, **grant)
    return user


@pytest.fixture(params=[Role.LEADER, Role.DEPUTY])
def leader(request, place):
    """A leader, or a deputy, of the team."""
    return with_role(request.param, place.team)


# --- Roles ------------------------------------------------------------------------------------

ASKED = {
    Role.LEADER: rules.is_leader,
    Role.DEPUTY: rules.is_leader,
    Role.KEY_PERSON: rules.is_key_person,
    Role.COORDINATOR: rules.is_coordinator,
    Role.EDUCATOR: rules.is_educator,
    Role.LOCAL_EDITOR: rules.is_local_editor,
    Role.CLINICAL_REVIEWER: rules.is_clinical_reviewer,
    Role.ADMINISTRATOR: rules.is_administrator,
}


@pytest.mark.parametrize("role", Role)
def test_a_role_is_held_from_its_first_day_to_the_day_before_its_end(role):
    place = {"unit": None}
    if role in UNIT_ROLES:
        place = {"unit": OrgUnitFactory()}
    if role == Role.COORDINATOR:
        place = {"unit": None, "area": AreaFactory()}
    user = with_role(role, **place, starts_on=TODAY, ends_on=TOMORROW)
    for day, held in [("2026-11-21", False), ("2026-11-22", True), ("2026-11-23", False)]:
        with time_machine.travel(f"{day} 12:00+01:00", tick=False):
            assert {question(user) for question in [ASKED[role]]} == {held}
    others = set(ASKED.values()) - {ASKED[role]}
    assert [question(user) for question in others] == [False] * len(others)


def test_midnight_is_copenhagens():
    user = with_role(Role.EDUCATOR, starts_on=TOMORROW)
    with time_machine.travel("2026-11-22 22:59+00:00", tick=False):
        assert not rules.is_educator(user)
    with time_machine.travel("2026-11-22 23:01+00:00", tick=False):
        assert rules.is_educator(user)


def nobody_in_particular(place):
    """Who holds no role: not logged in, no person, switched off, and a person without grants."""
    off = with_role(Role.LEADER, place.team)
    off.is_active = False
    off.save()
    return [AnonymousUser(), UserFactory(person=None), off, UserFactory()]


def test_who_holds_no_role_may_nothing(place):
    for user in nobody_in_particular(place):
        assert [question(user) for question in ASKED.values()] == [False] * len(ASKED)
        assert list(rules.leads_units(user)) == []
        assert list(rules.people_in_line(user)) == []
        assert list(rules.coordinated_areas(user)) == []
        assert list(rules.administered_units(user)) == []
        assert list(rules.administered_people(user)) == []
        assert list(rules.administered_employments(user)) == []
        assert list(rules.administered_grants(user)) == []
        assert not rules.administers_everything(user)
        assert not rules.may_confirm(user, place.nurse)
        assert not rules.may_appoint(user, place.team)


# --- Leaders ------------------------------------------------------------------------------------


def test_a_leader_leads_the_unit_and_what_lies_under_it(place, leader):
    assert set(rules.leads_units(leader)) == {place.team}
    above = with_role(Role.LEADER, place.municipality)
    assert set(rules.leads_units(above)) == {place.municipality, place.team, place.sister_team}


def test_a_leader_sees_the_people_of_that_line_and_no_others(place, leader):
    assert set(rules.people_in_line(leader)) == {place.nurse}


def test_a_leader_is_in_her_own_line_only_if_she_works_there(place, leader):
    assert not rules.people_in_line(leader).contains(leader.person)
    EmploymentFactory(person=leader.person, unit=place.team)
    assert set(rules.people_in_line(leader)) == {place.nurse, leader.person}


def test_somebody_with_two_employments_in_the_line_is_there_once(place):
    EmploymentFactory(person=place.nurse, unit=place.sister_team)
    above = with_role(Role.LEADER, place.municipality)
    assert sorted(person.pk for person in rules.people_in_line(above)) == sorted(
        [place.nurse.pk, place.sister_nurse.pk]
    )


def test_who_has_left_or_not_yet_come_is_not_in_the_line(place, leader):
    end_employment(place.nurse.employments.get(), on=TODAY)
    EmploymentFactory(unit=place.team, starts_on=TOMORROW)
    assert list(rules.people_in_line(leader)) == []


def test_access_ends_with_the_grant_and_opens_no_day_it_held(place, leader):
    end_grant(RoleGrant.objects.get(person=leader.person), on=TODAY)
    assert list(rules.leads_units(leader)) == []
    assert list(rules.leads_units(leader, on=LAST_YEAR)) == []


def test_the_day_asked_for_decides_what_lies_under_the_unit(place):
    above = with_role(Role.LEADER, place.municipality)
    move_unit(place.team, parent=place.elsewhere, on=TODAY)
    assert set(rules.leads_units(above)) == {place.municipality, place.sister_team}
    assert set(rules.leads_units(above, on=LAST_YEAR)) == {
        place.municipality,
        place.team,
        place.sister_team,
    }


@pytest.mark.parametrize("role", [Role.KEY_PERSON, Role.COORDINATOR, Role.EDUCATOR, Role.ADMINISTRATOR])
def test_no_other_role_opens_a_record(place, role):
    scope = {
        Role.KEY_PERSON: {"unit": place.team},
        Role.COORDINATOR: {"area": AreaFactory()},
        Role.ADMINISTRATOR: {"unit": place.team},
    }.get(role, {})
    assert not rules.people_in_line(with_role(role, **scope)).contains(place.nurse)


def test_a_superuser_opens_no_record_and_confirms_nothing(place):
    user = UserFactory(is_superuser=True)
    assert rules.is_administrator(user)
    assert not rules.people_in_line(user).contains(place.nurse)
    assert not rules.may_confirm(user, place.nurse)
    assert not rules.may_appoint(user, place.team)


def test_who_leads_the_unit_appoints_there(place, leader):
    assert rules.may_appoint(leader, place.team)
    assert not rules.may_appoint(leader, place.sister_team)
    assert not rules.may_appoint(leader, place.municipality)


# --- Confirming -----------------------------------------------------------------------------------


def test_a_leader_confirms_those_in_her_line(place, leader):
    assert rules.may_confirm(leader, place.nurse)
    assert not rules.may_confirm(leader, place.sister_nurse)


def test_a_key_person_confirms_those_of_her_unit_and_under_it(place):
    of_the_team = with_role(Role.KEY_PERSON, place.team)
    of_all = with_role(Role.KEY_PERSON, place.municipality)
    assert rules.may_confirm(of_the_team, place.nurse)
    assert not rules.may_confirm(of_the_team, place.sister_nurse)
    assert [rules.may_confirm(of_all, p) for p in (place.nurse, place.sister_nurse, place.stranger)] == [
        True,
        True,
        False,
    ]


def test_nobody_confirms_herself(place):
    for role in (Role.LEADER, Role.KEY_PERSON):
        user = with_role(role, place.team)
        EmploymentFactory(person=user.person, unit=place.team)
        assert not rules.may_confirm(user, user.person)


def test_a_key_person_no_longer_confirms_after_the_end_of_either(place):
    user = with_role(Role.KEY_PERSON, place.team)
    end_employment(place.nurse.employments.get(), on=TODAY)
    assert not rules.may_confirm(user, place.nurse)
    other = EmploymentFactory(unit=place.team).person
    assert rules.may_confirm(user, other)
    end_grant(RoleGrant.objects.get(person=user.person), on=TODAY)
    assert not rules.may_confirm(user, other)


# --- Regions and administrators -----------------------------------------------------------------------


def test_a_coordinator_has_the_areas_of_her_grants():
    area = AreaFactory()
    AreaFactory()
    user = with_role(Role.COORDINATOR, area=area)
    assert list(rules.coordinated_areas(user)) == [area]
    assert Area.objects.count() == 2


def test_an_administrator_without_a_unit_and_a_superuser_run_everything(place):
    for user in (with_role(Role.ADMINISTRATOR), UserFactory(is_superuser=True, person=None)):
        assert rules.administers_everything(user)
        assert set(rules.administered_units(user)) == set(OrgUnit.objects.all())
        assert set(rules.administered_people(user)) == set(Person.objects.all())


def test_an_administrator_of_a_unit_runs_that_unit(place):
    user = with_role(Role.ADMINISTRATOR, place.municipality)
    assert not rules.administers_everything(user)
    assert set(rules.administered_units(user)) == {place.municipality, place.team, place.sister_team}
    assert set(rules.administered_people(user)) == {place.nurse, place.sister_nurse}
    end_employment(place.nurse.employments.get(), on=TODAY)
    assert set(rules.administered_people(user)) == {place.sister_nurse}
    assert set(rules.administered_employments(user)) == {
        place.nurse.employments.get(),
        place.sister_nurse.employments.get(),
    }
