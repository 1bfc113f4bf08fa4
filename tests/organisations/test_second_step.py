"""An administrator removes the lost second step of somebody whose log-in she keeps, and of nobody else."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from organisations.domain.groups import sync_groups
from organisations.domain.people import remove_second_step
from organisations.enums import Role, UnitKind
from tests.factories.organisations import (
    PASSWORD,
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def with_second_step(unit, **fields):
    user = UserFactory(**fields)
    EmploymentFactory(person=user.person, unit=unit)
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    return user


@pytest.fixture
def municipality():
    return OrgUnitFactory(name="Odder")


@pytest.fixture
def nurse(municipality):
    return with_second_step(OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality))


@pytest.fixture
def administrator(client, municipality):
    user = UserFactory()
    GrantFactory(person=user.person, role=Role.ADMINISTRATOR, unit=municipality)
    sync_groups(user)
    client.force_login(user)
    return user


def address(user):
    return reverse("login:second_step", args=[user.pk])


def steps(user):
    return Authenticator.objects.filter(user=user).count()


def test_it_is_asked_first_and_then_removed_with_a_line_in_the_history(client, administrator, nurse):
    assert address(nurse) in client.get(reverse("login:edit", args=[nurse.pk])).content.decode()
    assert client.get(address(nurse)).status_code == 200
    assert steps(nurse) == 2
    response = client.post(address(nurse), {"is_sure": "on"})
    assert (response.status_code, response["Location"]) == (302, reverse("login:index"))
    assert steps(nurse) == 0
    entry = ModelLogEntry.objects.get(action="organisations.second_step_removed")
    assert (entry.user, entry.object_id) == (administrator, str(nurse.pk))
    history = client.get(reverse("login:history", args=[nurse.pk])).content.decode()
    assert "Det andet trin blev fjernet" in history


def test_without_making_sure_who_asks_nothing_is_removed(client, administrator, nurse):
    assert list(client.post(address(nurse), {}).context["form"].errors) == ["is_sure"]
    assert steps(nurse) == 2


def test_who_has_no_second_step_is_offered_nothing(client, administrator, nurse):
    Authenticator.objects.all().delete()
    assert address(nurse) not in client.get(reverse("login:edit", args=[nurse.pk])).content.decode()
    assert client.get(address(nurse)).status_code == 404


def test_another_unit_s_people_and_those_who_may_do_more_are_out_of_reach(
    client, administrator, municipality
):
    stranger = with_second_step(OrgUnitFactory(name="Samsø"))
    coordinator = with_second_step(municipality)
    GrantFactory(person=coordinator.person, role=Role.EDUCATOR, unit=None)
    runner = with_second_step(municipality, is_superuser=True)
    for user in (stranger, coordinator, runner):
        assert client.get(address(user)).status_code == 404
        assert client.post(address(user), {"is_sure": "on"}).status_code == 404
        assert steps(user) == 2


@pytest.mark.parametrize("role", [Role.LEADER, Role.KEY_PERSON, Role.EDUCATOR])
def test_nobody_but_an_administrator(client, municipality, nurse, role):
    user = UserFactory()
    GrantFactory(person=user.person, role=role, unit=None if role == Role.EDUCATOR else municipality)
    sync_groups(user)
    client.force_login(user)
    assert client.post(address(nurse), {"is_sure": "on"}).status_code in {302, 403}
    assert steps(nurse) == 2


def test_one_s_own_is_not_removed_here(client, administrator, municipality):
    EmploymentFactory(person=administrator.person, unit=municipality)
    Authenticator.objects.create(user=administrator, type=Authenticator.Type.TOTP, data={})
    response = client.post(address(administrator), {"is_sure": "on"})
    assert list(response.context["form"].errors) == ["__all__"]
    assert steps(administrator) == 1


def test_who_is_in_with_the_log_in_is_out_at_the_next_page():
    user, phone = UserFactory(), Client()
    phone.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert phone.get(reverse("home")).status_code == 200
    remove_second_step(user)
    assert phone.get(reverse("home")).status_code == 302
