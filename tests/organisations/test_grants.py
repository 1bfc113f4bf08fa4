import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from organisations.domain import grants
from organisations.enums import Role
from organisations.models import PendingPerson, RoleGrant
from tests.factories.organisations import AreaFactory, GrantFactory, OrgUnitFactory, PersonFactory

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2026, 1, 1)
SUMMER = dt.date(2026, 7, 1)
NEXT_YEAR = dt.date(2027, 1, 1)


@pytest.fixture
def grant():
    return GrantFactory(role=Role.KEY_PERSON, starts_on=NEW_YEAR)


def same(grant, **changes):
    return grants.grant_role(
        grant.person, **{"role": grant.role, "unit": grant.unit, "starts_on": SUMMER, **changes}
    )


def test_the_same_grant_again_is_the_standing_one(grant):
    PendingPerson.objects.all().delete()
    assert same(grant) == grant
    assert RoleGrant.objects.count() == 1
    assert PendingPerson.objects.count() == 0


@pytest.mark.parametrize(("starts_on", "ends_on"), [(dt.date(2025, 1, 1), None), (SUMMER, NEXT_YEAR)])
def test_one_that_overlaps_and_says_something_else_is_refused(grant, starts_on, ends_on):
    with pytest.raises(ValidationError) as error:
        same(grant, starts_on=starts_on, ends_on=ends_on)
    assert error.value.code == "overlap"
    assert RoleGrant.objects.count() == 1


def test_another_unit_role_or_person_is_another_grant(grant):
    same(grant, unit=OrgUnitFactory())
    same(grant, role=Role.LEADER)
    GrantFactory(role=grant.role, unit=grant.unit, starts_on=SUMMER)
    assert RoleGrant.objects.active(on=SUMMER).count() == 4


@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.ADMINISTRATOR])
def test_a_role_for_the_platform_is_also_granted_once(role):
    person = PersonFactory()
    first = grants.grant_role(person, role=role, starts_on=NEW_YEAR)
    assert grants.grant_role(person, role=role, starts_on=SUMMER) == first
    with pytest.raises(ValidationError):
        grants.grant_role(person, role=role, starts_on=dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    ("role", "has_unit", "has_area", "fits"),
    [
        (Role.LEADER, True, False, True),
        (Role.LEADER, False, False, False),
        (Role.LEADER, True, True, False),
        (Role.DEPUTY, False, True, False),
        (Role.KEY_PERSON, True, False, True),
        (Role.COORDINATOR, False, True, True),
        (Role.COORDINATOR, True, False, False),
        (Role.COORDINATOR, False, False, False),
        (Role.EDUCATOR, False, False, True),
        (Role.EDUCATOR, False, True, False),
        (Role.ADMINISTRATOR, True, False, True),
        (Role.ADMINISTRATOR, False, True, False),
    ],
)
def test_the_place_fits_the_role(role, has_unit, has_area, fits):
    unit = OrgUnitFactory() if has_unit else None
    area = AreaFactory() if has_area else None

    def grant():
        return grants.grant_role(PersonFactory(), role=role, unit=unit, area=area, starts_on=NEW_YEAR)

    if fits:
        assert grant().pk
    else:
        with pytest.raises(ValidationError):
            grant()
        assert RoleGrant.objects.count() == 0


def test_an_unknown_role_is_refused():
    with pytest.raises(ValidationError):
        grants.grant_role(PersonFactory(), role="queen", starts_on=NEW_YEAR)


def test_ending_says_who_and_why_and_marks_the_person(grant):
    boss = PersonFactory()
    PendingPerson.objects.all().delete()
    grants.end_grant(grant, on=SUMMER, by=boss, reason="Ny stilling")
    grant.refresh_from_db()
    assert (grant.ends_on, grant.ended_by, grant.end_reason) == (SUMMER, boss, "Ny stilling")
    assert list(RoleGrant.objects.active(on=SUMMER)) == []
    assert [row.learner for row in PendingPerson.objects.all()] == [grant.person.pseudonym]


def test_ending_it_twice_keeps_the_first_reason(grant):
    grants.end_grant(grant, on=SUMMER, reason="Ny stilling")
    grants.end_grant(grant, on=SUMMER, reason="Barsel")
    grant.refresh_from_db()
    assert grant.end_reason == "Ny stilling"


@pytest.mark.parametrize("day", [NEW_YEAR, dt.date(2025, 1, 1)])
def test_it_does_not_end_before_it_has_begun(grant, day):
    with pytest.raises(ValidationError):
        grants.end_grant(grant, on=day)
    grant.refresh_from_db()
    assert grant.ends_on is None


def test_an_ended_role_is_granted_anew_from_that_day(grant):
    grants.end_grant(grant, on=SUMMER)
    with pytest.raises(ValidationError) as error:
        grants.end_grant(grant, on=NEXT_YEAR)
    assert error.value.code == "ended"
    assert same(grant).pk != grant.pk
