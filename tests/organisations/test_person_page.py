"""A person's page: where she works, which roles she has, and the way to an invitation."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from organisations.enums import Role
from organisations.models import Employment, RoleGrant
from tests.factories.editor import count_queries
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
    log_in,
)

pytestmark = pytest.mark.django_db


def address(row):
    return reverse(f"{row._meta.model_name}:edit", args=[row.pk])


@pytest.fixture
def own():
    return OrgUnitFactory(name="Odder")


@pytest.fixture
def nurse(own):
    """She works in the own unit and in another, and leads both."""
    person = PersonFactory(given_name="Anna")
    for unit in (own, OrgUnitFactory(name="Samsø")):
        EmploymentFactory(person=person, unit=unit)
        GrantFactory(person=person, unit=unit, role=Role.LEADER)
    return person


def test_it_shows_what_the_user_administers_and_leads_on(client, own, nurse):
    log_in(client, role=Role.ADMINISTRATOR, unit=own)
    said = client.get(address(nurse)).content.decode()
    for model in (Employment, RoleGrant):
        mine, other = (
            model.objects.get(person=nurse, unit=own),
            model.objects.get(person=nurse, unit__name="Samsø"),
        )
        assert address(mine) in said
        assert address(other) not in said
    assert "Samsø" not in said


def test_who_administers_everything_sees_all_of_it_and_the_past(client, nurse):
    log_in(client, role=Role.ADMINISTRATOR)
    Employment.objects.filter(person=nurse).update(ends_on=dt.date(2026, 1, 1))
    said = client.get(address(nurse)).content.decode()
    assert {
        address(row) for row in [*nurse.employments.all(), *nurse.grants.all()] if address(row) not in said
    } == set()
    assert "1. januar 2026" in said


def test_it_asks_as_often_for_three_as_for_one(client, nurse):
    log_in(client, role=Role.ADMINISTRATOR)
    client.get(address(nurse))
    before = count_queries(client, address(nurse))
    for _more in range(2):
        EmploymentFactory(person=nurse, unit=OrgUnitFactory())
        GrantFactory(person=nurse, unit=OrgUnitFactory(), role=Role.LEADER)
    assert count_queries(client, address(nurse)) == before


def test_it_leads_to_an_invitation_that_names_her(client, nurse):
    log_in(client, role=Role.ADMINISTRATOR)
    invite = f"{reverse('invitation:add')}?person={nurse.pk}"
    assert invite in client.get(address(nurse)).content.decode()
    assert client.get(invite).context["form"].initial["person"] == nurse


def test_nobody_is_named_who_is_not_the_users_to_invite(client, own, nurse):
    log_in(client, role=Role.ADMINISTRATOR, unit=own)
    stranger, has_login = PersonFactory(given_name="Fremmede"), UserFactory().person
    EmploymentFactory(person=has_login, unit=own)
    for person in (stranger, has_login):
        page = client.get(f"{reverse('invitation:add')}?person={person.pk}")
        assert "person" not in page.context["form"].initial
        assert person.full_name not in page.content.decode()
    assert "Lav invitation" not in client.get(address(has_login)).content.decode()


def test_the_names_are_still_corrected_there(client, nurse):
    log_in(client, role=Role.ADMINISTRATOR)
    client.post(address(nurse), {"given_name": "Anne", "family_name": "Berg", "authorisation_id": ""})
    nurse.refresh_from_db()
    assert nurse.full_name == "Anne Berg"


def test_the_back_office_speaks_danish_and_with_one_word_for_one_thing(client):
    log_in(client, role=Role.ADMINISTRATOR)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "<title>" in home
    title = " ".join(home[home.index("<title>") + 7 : home.index("</title>")].split())
    assert title == "Forside - Lindra"
    for name, word in (("paths", "Læringsforløb"), ("moduleversion", "Modulversioner")):
        page = client.get(reverse(f"{name}:index")).content.decode()
        assert json.dumps(word) in home  # the menu is made by a script
        assert word in page
    assert "Her er ingen fejlmeldinger." in client.get(reverse("errorreport:index")).content.decode()
    assert json.dumps("Hvad svarene siger") in home
    form = client.get(reverse("person:add")).context["form"]
    assert [str(form.fields[name].label) for name in ("unit", "profession", "starts_on")] == [
        "Ansat i",
        "Som",
        "Fra",
    ]
