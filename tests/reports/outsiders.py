"""Log-ins round a team, each as its makings say: those who lead it, and those who must see nothing of it."""

import datetime as dt

from organisations.domain.grants import end_grant
from organisations.enums import AreaKind, Role, UnitKind
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories.reports import key_person_of


def a_colleague(team):
    return UserFactory(person=team.nurse)


def the_person_herself(team):
    return UserFactory(person=team.assistant)


def a_neighbouring_leader(team):
    neighbour = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    return UserFactory(person=GrantFactory(unit=neighbour).person)


def a_former_leader(team):
    grant = GrantFactory(unit=team.unit, starts_on=dt.date(2024, 1, 1))
    end_grant(grant, on=dt.date(2026, 11, 22))
    return UserFactory(person=grant.person)


def a_coming_leader(team):
    return UserFactory(person=GrantFactory(unit=team.unit, starts_on=dt.date(2026, 11, 23)).person)


def a_leader_whose_login_is_off(team):
    team.leader.is_active = False
    team.leader.save()
    return team.leader


def a_coordinator(team):
    area = AreaFactory(kind=AreaKind.REGION)
    AreaMembershipFactory(area=area, unit=team.municipality)
    return UserFactory(person=GrantFactory(role=Role.COORDINATOR, unit=None, area=area).person)


def an_educator(team):
    return UserFactory(person=GrantFactory(role=Role.EDUCATOR, unit=None).person)


def an_administrator(team):
    return UserFactory(person=GrantFactory(role=Role.ADMINISTRATOR, unit=team.unit).person)


def a_superuser(team):
    return UserFactory(person=PersonFactory(), is_superuser=True, is_staff=True)


def a_login_without_a_person(team):
    return UserFactory(person=None, is_superuser=True)


def a_key_person(team):
    return key_person_of(team.unit)


#: Who doesn't lead the team, whatever else they are.
OUTSIDERS = [
    a_colleague,
    the_person_herself,
    a_neighbouring_leader,
    a_former_leader,
    a_coming_leader,
    a_coordinator,
    an_educator,
    an_administrator,
    a_superuser,
    a_login_without_a_person,
    a_key_person,
]
