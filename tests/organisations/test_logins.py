"""Log-ins and invitations in the back office: within what an administrator administers, and no further."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations import rules
from organisations.domain import invitations
from organisations.domain.groups import sync_groups
from organisations.enums import InvitationKind, Role, UnitKind
from organisations.models import Invitation, Login, User
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """Two municipalities; in each somebody with a log-in and somebody without."""

    class Place:
        own = OrgUnitFactory(name="Odder")
        team = OrgUnitFactory(name="Team Odder", kind=UnitKind.TEAM, parent=own)
        other = OrgUnitFactory(name="Samsø")
        own_user = UserFactory(email="anna@odder.example")
        own_new = EmploymentFactory(unit=team, person__given_name="Nynne").person
        other_user = UserFactory(email="birgit@samsoe.example")
        other_new = EmploymentFactory(unit=other, person__given_name="Osvald").person

    EmploymentFactory(person=Place.own_user.person, unit=Place.team)
    EmploymentFactory(person=Place.other_user.person, unit=Place.other)
    return Place


@pytest.fixture
def administrator(client, place):
    """Of Odder."""
    user = UserFactory(email="henrik@odder.example")
    EmploymentFactory(person=user.person, unit=place.own)
    GrantFactory(person=user.person, role=Role.ADMINISTRATOR, unit=place.own)
    sync_groups(user)
    client.force_login(user)
    return user


def invite(client, person, kind=InvitationKind.MAIL, email="ny@odder.example"):
    return client.post(reverse("invitation:add"), {"person": person.pk, "kind": kind, "email": email})


def close(client, user):
    return client.post(reverse("login:edit", args=[user.pk]), {})


# --- Log-ins -------------------------------------------------------------------------------------------


def test_a_units_administrator_sees_the_log_ins_of_that_unit(client, place, administrator):
    listed = client.get(reverse("login:index"))
    assert {user.email for user in listed.context["object_list"]} == {
        place.own_user.email,
        administrator.email,
    }
    assert place.other_user.email not in listed.content.decode()


def test_a_units_administrator_closes_and_opens_a_log_in(client, place, administrator):
    assert close(client, place.own_user).status_code == 302
    assert User.objects.get(pk=place.own_user.pk).is_active is False
    client.post(reverse("login:edit", args=[place.own_user.pk]), {"is_active": "on"})
    assert User.objects.get(pk=place.own_user.pk).is_active is True
    history = client.get(reverse("login:history", args=[place.own_user.pk]))
    assert [entry.user for entry in history.context["object_list"]] == [administrator] * 2


def test_whose_log_in_is_closed_is_out_at_the_next_page(client, place, administrator):
    hers = Client()
    hers.force_login(place.own_user)
    assert hers.get("/konto/").status_code == 200
    close(client, place.own_user)
    assert hers.get("/konto/").status_code == 302


def test_a_units_administrator_cannot_reach_another_units_log_in(client, place, administrator):
    assert client.get(reverse("login:edit", args=[place.other_user.pk])).status_code == 404
    assert client.get(reverse("login:history", args=[place.other_user.pk])).status_code == 404
    assert close(client, place.other_user).status_code == 404
    assert User.objects.get(pk=place.other_user.pk).is_active is True


def test_nobody_closes_her_own_log_in(client, place, administrator):
    assert list(close(client, administrator).context["form"].errors) == ["is_active"]
    assert User.objects.get(pk=administrator.pk).is_active is True


@pytest.mark.parametrize("mighty", ["superuser", "platform", "above", "coming"])
def test_a_units_administrator_touches_nobody_who_may_do_more(client, place, administrator, mighty):
    """Otherwise she could give herself, by an invitation, what is theirs."""
    with_login, without = place.own_user, place.own_new
    if mighty == "superuser":
        User.objects.filter(pk=with_login.pk).update(is_superuser=True)
        GrantFactory(person=without, role=Role.EDUCATOR, unit=None)
    if mighty == "platform":
        GrantFactory(person=with_login.person, role=Role.ADMINISTRATOR, unit=None)
        GrantFactory(person=without, role=Role.ADMINISTRATOR, unit=None)
    if mighty == "above":
        GrantFactory(person=with_login.person, unit=place.other)
        GrantFactory(person=without, unit=place.other)
    if mighty == "coming":
        soon = dt.date(2999, 1, 1)
        GrantFactory(person=with_login.person, unit=place.other, starts_on=soon)
        GrantFactory(person=without, unit=place.other, starts_on=soon)
    assert close(client, with_login).status_code == 404
    assert list(invite(client, without).context["form"].errors) == ["person"]
    assert Invitation.objects.count() == 0


def test_no_page_of_the_back_office_has_a_password(client, place, administrator):
    for address in [reverse("login:index"), reverse("login:edit", args=[place.own_user.pk])]:
        content = client.get(address).content.decode()
        assert ("password" in content, place.own_user.password in content) == (False, False)


def test_a_superuser_sets_no_password_in_wagtails_own_screens(admin_client, place):
    page = admin_client.get(reverse("wagtailusers_users:edit", args=[place.own_user.pk]))
    assert [name for name in page.context["form"].fields if "password" in name] == []


def test_a_log_in_is_not_made_here(client, place, administrator):
    assert client.get("/cms/login/new/").status_code == 404
    assert client.post(f"/cms/login/delete/{place.own_user.pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.LEADER, Role.EDUCATOR])
@pytest.mark.parametrize("address", ["login:index", "invitation:index", "invitation:add"])
def test_others_open_none_of_it(client, place, role, address):
    user = UserFactory()
    GrantFactory(person=user.person, role=role, unit=place.own if role == Role.LEADER else None)
    sync_groups(user)
    client.force_login(user)
    assert client.get(reverse(address)).status_code in {302, 403}


# --- Invitations -----------------------------------------------------------------------------------------


def test_somebody_of_the_unit_is_invited_by_mail(client, place, administrator, mailoutbox):
    assert invite(client, place.own_new).status_code == 302
    row = Invitation.objects.get()
    assert (row.person, row.email, row.created_by) == (
        place.own_new,
        "ny@odder.example",
        administrator.person,
    )
    assert [mail.to for mail in mailoutbox] == [["ny@odder.example"]]


def test_a_letter_shows_its_code_once(client, place, administrator, mailoutbox):
    answer = invite(client, place.own_new, kind=InvitationKind.PAPER, email="")
    code = answer.context["code"]
    content = answer.content.decode()
    assert (code in content, place.own_new.full_name in content) == (True, True)
    assert "http://127.0.0.1:8000/konto/kode/" in content
    assert "no-store" in answer.headers["Cache-Control"]
    assert invitations.find_by_code(code, family_name=place.own_new.family_name) == Invitation.objects.get()
    row = Invitation.objects.get()
    for address in [reverse("invitation:index"), reverse("invitation:edit", args=[row.pk])]:
        assert code not in client.get(address).content.decode()
    assert mailoutbox == []


def test_nobody_of_another_unit_is_invited(client, place, administrator, mailoutbox):
    choices = client.get(reverse("invitation:add")).context["form"].fields["person"].queryset
    assert list(choices) == [place.own_new]
    assert list(invite(client, place.other_new).context["form"].errors) == ["person"]
    assert (Invitation.objects.count(), mailoutbox) == (0, [])


def test_whoever_has_a_log_in_is_not_invited(client, place, administrator):
    assert list(invite(client, place.own_user.person).context["form"].errors) == ["person"]


def test_a_mail_without_an_address_and_one_that_is_taken_are_errors_of_the_field(
    client, place, administrator
):
    assert list(invite(client, place.own_new, email="").context["form"].errors) == ["email"]
    taken = invite(client, place.own_new, email=place.other_user.email)
    assert list(taken.context["form"].errors) == ["email"]


def test_an_invitation_is_withdrawn(client, place, administrator):
    row, _code = invitations.invite_on_paper(place.own_new, by=None)
    assert client.post(reverse("invitation:edit", args=[row.pk]), {"withdraw": "on"}).status_code == 302
    assert not Invitation.objects.usable().exists()


def test_another_units_invitations_are_out_of_reach(client, place, administrator):
    row, _code = invitations.invite_on_paper(place.other_new, by=None)
    assert list(client.get(reverse("invitation:index")).context["object_list"]) == []
    assert client.post(reverse("invitation:edit", args=[row.pk]), {"withdraw": "on"}).status_code == 404
    assert client.get(reverse("invitation:history", args=[row.pk])).status_code == 404
    assert Invitation.objects.usable().exists()


def test_who_runs_everything_sees_all_of_them(place):
    user = UserFactory(is_superuser=True)
    assert set(rules.administered_logins(user)) == set(Login.objects.all())
    assert set(rules.people_to_invite(user)) == {place.own_new, place.other_new}


@pytest.mark.parametrize("address", ["login:index", "invitation:index"])
def test_a_list_takes_the_same_number_of_queries_with_one_row_and_with_three(
    client, place, administrator, address, django_assert_num_queries
):
    invitations.invite_on_paper(place.own_new, by=administrator.person)
    client.get(reverse(address))
    with CaptureQueriesContext(connection) as with_one:
        client.get(reverse(address))
    for _time in range(2):
        EmploymentFactory(person=UserFactory().person, unit=place.team)
        invitations.invite_on_paper(EmploymentFactory(unit=place.team).person, by=PersonFactory())
    with django_assert_num_queries(len(with_one)):
        client.get(reverse(address))
