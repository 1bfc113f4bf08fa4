"""Who leads a unit on a day: its own leaders, else the nearest above; and who sees more than her own."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from organisations import rules
from organisations.enums import Role, UnitKind
from organisations.models import RoleGrant
from tests.factories.organisations import GrantFactory, OrgUnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    class Tree:
        top = OrgUnitFactory()
        middle = OrgUnitFactory(kind=UnitKind.DISTRICT, parent=top)
        team = OrgUnitFactory(kind=UnitKind.TEAM, parent=middle)
        beside = OrgUnitFactory(kind=UnitKind.TEAM, parent=middle)

    return Tree


def test_a_units_own_leader_comes_first(tree):
    GrantFactory(unit=tree.top)
    own = GrantFactory(unit=tree.team)
    assert list(rules.leaders_of(tree.team)) == [own]


def test_a_unit_without_a_leader_goes_to_the_nearest_above(tree):
    top = GrantFactory(unit=tree.top)
    assert list(rules.leaders_of(tree.team)) == [top]
    middle = GrantFactory(unit=tree.middle)
    assert list(rules.leaders_of(tree.team)) == [middle]


def test_leaders_beside_and_below_and_other_roles_dont_count(tree):
    GrantFactory(unit=tree.beside)
    GrantFactory(unit=tree.middle, role=Role.KEY_PERSON)
    assert list(rules.leaders_of(tree.middle)) == []
    assert list(rules.leaders_of(tree.team)) == []


def test_a_leader_and_a_deputy_are_both_said(tree):
    grants = [GrantFactory(unit=tree.team), GrantFactory(unit=tree.team, role=Role.DEPUTY)]
    assert list(rules.leaders_of(tree.team)) == grants


def test_the_day_decides(tree):
    top = GrantFactory(unit=tree.top)
    own = GrantFactory(unit=tree.team, starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 2, 1))
    assert list(rules.leaders_of(tree.team, on=dt.date(2026, 1, 31))) == [own]
    assert list(rules.leaders_of(tree.team, on=dt.date(2026, 2, 1))) == [top]


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.DEPUTY, Role.KEY_PERSON, Role.EDUCATOR, Role.ADMINISTRATOR]
)
def test_whoever_holds_a_role_sees_more_than_her_own(tree, role):
    user = UserFactory()
    assert rules.sees_others(user) is False
    GrantFactory(
        person=user.person, role=role, unit=None if role in {Role.EDUCATOR, Role.ADMINISTRATOR} else tree.team
    )
    assert rules.sees_others(user) is True
    RoleGrant.objects.update(ends_on=dt.date(2020, 1, 1))
    assert rules.sees_others(user) is False


def test_a_superuser_does_and_nobody_does_not():
    assert rules.sees_others(UserFactory(is_superuser=True)) is True
    assert rules.sees_others(UserFactory(is_superuser=True, is_active=False)) is False
    assert rules.sees_others(AnonymousUser()) is False
