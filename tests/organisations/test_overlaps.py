"""What only PostgreSQL can show: its own constraints, and two at once."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from organisations.domain import employments, grants, units
from organisations.enums import Role, UnitKind
from organisations.models import Employment, RoleGrant, UnitParent
from tests.factories.organisations import (
    AreaMembershipFactory,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
    UnitParentFactory,
)

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs PostgreSQL: SQLite has no exclusion constraints"
)

SUMMER = dt.date(2026, 7, 1)


def copy_of(row, **changes):
    """The row again, past the domain functions."""
    row.pk = None
    for name, value in {"starts_on": SUMMER, **changes}.items():
        setattr(row, name, value)
    return row


@pytest.mark.django_db
@pytest.mark.parametrize(
    "factory", [EmploymentFactory, GrantFactory, UnitParentFactory, AreaMembershipFactory]
)
def test_the_database_refuses_an_overlap_that_went_around_the_domain(factory):
    row = factory()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(row).save()
    type(row).objects.update(ends_on=SUMMER)
    copy_of(row, ends_on=None).save()
    assert type(row).objects.count() == 2


@pytest.mark.django_db
def test_a_role_for_the_platform_does_not_overlap_either():
    grant = GrantFactory(role=Role.EDUCATOR, unit=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(grant).save()


def at_once(*actions):
    """Run each in a thread of its own, started together. Returns what came of each."""
    ready = Barrier(len(actions))
    results = []

    def run(action):
        try:
            ready.wait()
            action()
            results.append("done")
        except ValidationError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_employments_at_once_one_is_refused():
    person, unit, profession = PersonFactory(), OrgUnitFactory(), ProfessionFactory()

    def employ():
        employments.employ(person, unit=unit, profession=profession, starts_on=SUMMER)

    assert at_once(employ, employ, employ) == ["done", "overlap", "overlap"]
    assert Employment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_equal_grants_at_once_are_one():
    person, unit = PersonFactory(), OrgUnitFactory()

    def grant():
        grants.grant_role(person, role=Role.KEY_PERSON, unit=unit, starts_on=SUMMER)

    assert at_once(grant, grant, grant) == ["done", "done", "done"]
    assert RoleGrant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_places_given_at_once_leave_the_whole_ancestry():
    region = OrgUnitFactory(kind=UnitKind.REGION)
    hospital = OrgUnitFactory(kind=UnitKind.HOSPITAL)
    ward = OrgUnitFactory(kind=UnitKind.WARD)
    assert at_once(
        lambda: units.place_unit(hospital, parent=region, starts_on=SUMMER),
        lambda: units.place_unit(ward, parent=hospital, starts_on=SUMMER),
    ) == ["done", "done"]
    assert UnitParent.objects.count() == 2
    assert units.rebuild_ancestry() == 0
