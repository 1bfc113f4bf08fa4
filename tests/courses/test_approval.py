"""In the back office, a named reviewer approves one version."""

import pytest
from django.urls import reverse

from courses.models import ModuleVersion
from organisations.domain.groups import sync_groups
from organisations.enums import Role
from tests.factories.courses import publish
from tests.factories.organisations import EmploymentFactory, GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    user = UserFactory()
    EmploymentFactory(person=user.person)
    GrantFactory(person=user.person, role=Role.ADMINISTRATOR, unit=None)
    return user


@pytest.fixture
def version(noon):
    return publish().version


def enter(client, user):
    sync_groups(user)
    client.force_login(user)


def approve(client, version, **fields):
    return client.post(reverse("moduleversion:edit", args=[version.pk]), fields)


def test_an_administrator_registers_who_approved_the_version_and_when(client, administrator, version):
    enter(client, administrator)
    approve(client, version, approved_by=administrator.person.pk, approved_on="2026-11-22")
    version.refresh_from_db()
    assert (version.approved_by, str(version.approved_on)) == (administrator.person, "2026-11-22")


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-21", "someday"])
def test_a_day_that_cannot_be_is_refused(client, administrator, version, day):
    enter(client, administrator)
    assert approve(client, version, approved_by=administrator.person.pk, approved_on=day).status_code == 200
    assert ModuleVersion.objects.get().approved_by is None


def test_an_approval_without_a_name_is_refused(client, administrator, version):
    enter(client, administrator)
    approve(client, version, approved_on="2026-11-22")
    assert ModuleVersion.objects.get().approved_on is None


def test_an_educator_cannot_approve_her_own_module(client, version):
    user = UserFactory()
    EmploymentFactory(person=user.person)
    GrantFactory(person=user.person, role=Role.EDUCATOR, unit=None)
    enter(client, user)
    approve(client, version, approved_by=user.person.pk, approved_on="2026-11-22")
    assert ModuleVersion.objects.get().approved_by is None
