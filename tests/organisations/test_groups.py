import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Group

from organisations.domain.groups import (
    ADMINISTRATORS,
    CLINICAL_REVIEWERS,
    EDUCATORS,
    PUBLISHERS,
    sync_all_groups,
    sync_groups,
)
from organisations.enums import Role
from tests.factories.organisations import GrantFactory, OrgUnitFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def groups(user):
    return sorted(user.groups.values_list("name", flat=True))


@pytest.fixture
def user():
    return UserFactory()


def test_an_educator_and_an_administrator_are_in_their_groups(user):
    GrantFactory(person=user.person, role=Role.EDUCATOR, unit=None)
    assert sync_groups(user) is True
    assert groups(user) == [EDUCATORS]
    GrantFactory(person=user.person, role=Role.ADMINISTRATOR, unit=OrgUnitFactory())
    assert sync_groups(user) is True
    assert groups(user) == [ADMINISTRATORS, EDUCATORS]
    assert sync_groups(user) is False


def test_other_roles_open_no_group(user):
    GrantFactory(person=user.person, role=Role.LEADER)
    sync_groups(user)
    assert groups(user) == []


def test_a_group_ends_with_its_grant_and_begins_with_it(user):
    grant = {"person": user.person, "role": Role.EDUCATOR, "unit": None}
    GrantFactory(**grant, starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 7, 1))
    for day, expected in [("2025-12-31", []), ("2026-06-30", [EDUCATORS]), ("2026-07-01", [])]:
        with time_machine.travel(f"{day} 12:00+01:00", tick=False):
            sync_all_groups()
            assert groups(user) == expected


def test_every_log_in_of_the_person_follows_but_none_that_is_switched_off(user):
    second = UserFactory(person=user.person)
    off = UserFactory(person=user.person, is_active=False)
    stranger = UserFactory()
    nobody = UserFactory(person=None)
    GrantFactory(person=user.person, role=Role.EDUCATOR, unit=None)
    assert sync_all_groups() == 2
    assert sync_all_groups() == 0
    assert [groups(u) for u in (user, second, off, stranger, nobody)] == [
        [EDUCATORS],
        [EDUCATORS],
        [],
        [],
        [],
    ]


def test_switching_a_log_in_off_takes_its_groups(user):
    GrantFactory(person=user.person, role=Role.EDUCATOR, unit=None)
    sync_groups(user)
    user.is_active = False
    user.save()
    assert sync_all_groups() == 1
    assert groups(user) == []


def test_syncing_one_log_in_leaves_the_others_alone(user):
    other = UserFactory()
    other.groups.add(Group.objects.get_or_create(name=EDUCATORS)[0])
    sync_groups(user)
    assert groups(other) == [EDUCATORS]


def test_other_groups_are_left_alone(user):
    user.groups.add(Group.objects.create(name="Reviewers"))
    sync_groups(user)
    assert groups(user) == ["Reviewers"]


def test_is_staff_and_is_superuser_follow_nothing(user):
    GrantFactory(person=user.person, role=Role.ADMINISTRATOR, unit=None)
    sync_groups(user)
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser) == (False, False)


def test_the_groups_open_the_back_office(user):
    GrantFactory(person=user.person, role=Role.EDUCATOR, unit=None)
    assert not user.has_perm("wagtailadmin.access_admin")
    sync_groups(user)
    assert type(user).objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")


def test_all_log_ins_take_as_many_queries_as_one(user, django_assert_max_num_queries):
    for _ in range(3):
        GrantFactory(person=UserFactory().person, role=Role.EDUCATOR, unit=None)
    GrantFactory(person=PersonFactory(), role=Role.EDUCATOR, unit=None)
    sync_all_groups()
    with django_assert_max_num_queries(7):
        assert sync_all_groups() == 0


def test_a_clinical_reviewer_is_in_her_group_and_only_who_runs_everything_among_the_publishers(user):
    GrantFactory(person=user.person, role=Role.ADMINISTRATOR, unit=OrgUnitFactory())
    GrantFactory(person=user.person, role=Role.CLINICAL_REVIEWER, unit=None)
    sync_groups(user)
    assert groups(user) == [ADMINISTRATORS, CLINICAL_REVIEWERS]
    GrantFactory(person=user.person, role=Role.ADMINISTRATOR, unit=None)
    sync_groups(user)
    assert groups(user) == [ADMINISTRATORS, CLINICAL_REVIEWERS, PUBLISHERS]
