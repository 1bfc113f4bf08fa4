"""Where the only key person leaves, it is told once: ahead, on the day, and when it is entered late."""

import datetime as dt

import pytest
import time_machine

from certification.domain.falls import LATE_DAYS, coordinators_to_tell, leaders_to_tell, tell_once
from certification.domain.key_persons import end_appointment
from certification.models import ToldFall
from organisations.domain.employments import end_employment
from organisations.domain.grants import end_grant
from organisations.enums import Role, UnitKind
from organisations.models import RoleGrant
from tests.factories.certification import TargetFactory, appointed_key_person
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    GrantFactory,
    OrgUnitFactory,
)

TODAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False) as clock:
        yield clock


@pytest.fixture
def area():
    return AreaFactory(name="Region Midtjylland")


@pytest.fixture
def municipality(area):
    """A municipality that needs one nurse, with one."""
    TargetFactory(area=area)
    unit = OrgUnitFactory(name="Skive Kommune")
    AreaMembershipFactory(area=area, unit=unit)
    return unit


@pytest.fixture
def grant(municipality):
    return appointed_key_person(municipality)


def days(*numbers):
    return TODAY + dt.timedelta(days=sum(numbers))


def leaves(grant, on):
    end_employment(grant.person.employments.get(), on=on)


def told():
    return [(fall.unit.name, fall.falls_on) for fall in tell_once()]


def test_as_long_as_she_stays_nothing_is_told(grant):
    assert (told(), ToldFall.objects.count()) == ([], 0)


@pytest.mark.parametrize("ahead", [0, 1, 90])
def test_that_she_leaves_is_told_once(grant, ahead):
    leaves(grant, days(ahead))
    assert told() == [("Skive Kommune", days(ahead))]
    assert told() == []


def test_what_lies_further_ahead_is_told_when_it_has_come_near(grant, clock):
    leaves(grant, days(91))
    assert told() == []
    clock.shift(dt.timedelta(days=1))
    assert told() == [("Skive Kommune", days(91))]


def test_an_appointment_that_ends_is_told_as_an_employment_is(grant):
    end_appointment(grant, on=days(10), by=None)
    assert told() == [("Skive Kommune", days(10))]


def test_what_is_entered_late_is_told_too_but_not_what_is_long_past(grant):
    leaves(grant, days(-LATE_DAYS + 1))
    assert told() == [("Skive Kommune", days(-LATE_DAYS + 1))]


def test_what_was_short_all_along_is_not_told(grant):
    leaves(grant, days(-LATE_DAYS - 1))
    assert told() == []


@pytest.mark.parametrize("begins", [-100, 30])
def test_with_another_there_in_time_nothing_is_told(grant, municipality, begins):
    leaves(grant, days(30))
    appointed_key_person(municipality, starts_on=days(begins))
    assert told() == []


def test_with_another_a_day_too_late_it_is_told(grant, municipality):
    leaves(grant, days(30))
    appointed_key_person(municipality, starts_on=days(31))
    assert told() == [("Skive Kommune", days(30))]


def test_late_but_made_good_since_is_not_told(grant, municipality):
    leaves(grant, days(-10))
    appointed_key_person(municipality, starts_on=days(-2))
    assert told() == []


def test_put_off_to_another_day_it_is_told_again(grant, clock):
    leaves(grant, days(30))
    told()
    leaves(grant, days(20))
    assert told() == [("Skive Kommune", days(20))]
    assert ToldFall.objects.count() == 2


def test_a_unit_that_no_target_speaks_of_is_not_told_of(area):
    TargetFactory(area=area, unit_kind=UnitKind.WARD, code="T2")
    unit = OrgUnitFactory()
    AreaMembershipFactory(area=area, unit=unit)
    leaves(appointed_key_person(unit), days(5))
    assert told() == []


def test_leaders_of_the_place_and_of_where_she_is_appointed_are_told_and_the_area_s_coordinators(
    municipality, area
):
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality)
    elsewhere = OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality)
    above, near, other = (GrantFactory(unit=unit).person for unit in (municipality, team, elsewhere))
    coordinator = GrantFactory(role=Role.COORDINATOR, unit=None, area=area).person
    GrantFactory(role=Role.COORDINATOR, unit=None, area=AreaFactory())
    former = GrantFactory(role=Role.COORDINATOR, unit=None, area=area, starts_on=dt.date(2020, 1, 1))
    end_grant(former, on=days(-1))
    leaves(appointed_key_person(team), days(5))
    (fall,) = tell_once()
    assert set(leaders_to_tell(fall)) == {above, near}
    assert other not in leaders_to_tell(fall)
    assert coordinators_to_tell(fall) == [coordinator]


def test_it_asks_as_often_for_three_places_as_for_one_while_nothing_is_new(
    area, municipality, grant, django_assert_max_num_queries
):
    counts = []
    for more in (0, 2):
        for _unit in range(more):
            unit = OrgUnitFactory()
            AreaMembershipFactory(area=area, unit=unit)
            appointed_key_person(unit)
        with django_assert_max_num_queries(60) as queries:
            assert tell_once() == []
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert RoleGrant.objects.with_role(Role.KEY_PERSON).count() == 3
