"""In the back office, a named reviewer approves one version."""

import datetime as dt

import pytest
import time_machine
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
def reviewer(noon):
    return GrantFactory(role=Role.CLINICAL_REVIEWER, unit=None).person


@pytest.fixture
def version(noon):
    return publish().version


def enter(client, user):
    sync_groups(user)
    client.force_login(user)


def approve(client, version, **fields):
    return client.post(reverse("moduleversion:edit", args=[version.pk]), fields)


def test_an_administrator_registers_which_reviewer_approved_the_version_and_when(
    client, administrator, reviewer, version
):
    enter(client, administrator)
    approve(client, version, approved_by=reviewer.pk, approved_on="2026-11-22")
    version.refresh_from_db()
    assert (version.approved_by, str(version.approved_on)) == (reviewer, "2026-11-22")


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-21", "someday"])
def test_a_day_that_cannot_be_is_refused(client, administrator, reviewer, version, day):
    enter(client, administrator)
    assert approve(client, version, approved_by=reviewer.pk, approved_on=day).status_code == 200
    assert ModuleVersion.objects.get().approved_by is None


@pytest.mark.parametrize(("day", "is_kept"), [("2026-11-22", False), ("2026-11-23", True)])
def test_the_day_of_its_publication_is_copenhagens(client, administrator, reviewer, noon, day, is_kept):
    # Half past midnight in Copenhagen is the evening before in UTC.
    with time_machine.travel(dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC), tick=False):
        version = publish().version
    noon(dt.date(2026, 11, 24))
    enter(client, administrator)
    approve(client, version, approved_by=reviewer.pk, approved_on=day)
    version.refresh_from_db()
    assert version.is_approved is is_kept


def test_somebody_who_is_no_reviewer_is_refused_with_words(client, administrator, version):
    enter(client, administrator)
    answered = approve(client, version, approved_by=administrator.person.pk, approved_on="2026-11-22")
    assert "Personen er ikke faglig godkender" in answered.content.decode()
    assert ModuleVersion.objects.get().approved_by is None


@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.CLINICAL_REVIEWER])
def test_who_writes_or_reviews_sees_what_is_due_and_registers_nothing(client, version, reviewer, role, noon):
    user = UserFactory()
    GrantFactory(person=user.person, role=role, unit=None)
    enter(client, user)
    noon(version.review_due_on + dt.timedelta(days=1))
    client.force_login(user)
    listed = client.get(reverse("moduleversion:index"))
    assert "Skulle være gennemgået" in listed.content.decode()
    approve(client, version, approved_by=reviewer.pk, approved_on="2026-11-22")
    assert ModuleVersion.objects.get().approved_by is None


@pytest.mark.parametrize("role", [Role.LEADER, Role.LOCAL_EDITOR])
def test_others_do_not_see_the_versions(client, version, role):
    user = UserFactory()
    GrantFactory(person=user.person, role=role)
    enter(client, user)
    assert client.get(reverse("moduleversion:index")).status_code in {302, 403}


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
