"""A leader appoints a key person, and ends an appointment."""

import datetime as dt

import pytest
from django.urls import reverse

from certification.models import KeyPersonEducation, UnitReport
from organisations.enums import Role, UnitKind
from organisations.models import Profession, RoleGrant
from tests.factories.competencies import load_framework
from tests.factories.organisations import EmploymentFactory, GrantFactory, OrgUnitFactory, UserFactory
from tests.factories.reports import a_team, member

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def team(noon, client):
    load_framework()
    team = a_team()
    client.force_login(team.leader)
    return team


def page_of(team, person):
    return reverse("reports:team_person", args=[team.unit.public_id, person.public_id])


def appoint(client, team, person, **fields):
    data = {"appoint-unit": team.unit.public_id, "appoint-starts_on": "2026-11-22", **fields}
    return client.post(page_of(team, person), {"appoint": "1", **data})


def grants():
    rows = RoleGrant.objects.with_role(Role.KEY_PERSON)
    return list(rows.values_list("person__given_name", "unit__name", "starts_on", "ends_on", "granted_by"))


def test_a_nurse_is_appointed_from_a_day(client, team):
    response = appoint(client, team, team.nurse)
    assert (response.status_code, response["Location"]) == (302, page_of(team, team.nurse))
    assert grants() == [("Signe", "Hjemmeplejen Nord", TODAY, None, team.leader.person.pk)]
    assert KeyPersonEducation.objects.count() == 0
    # Appointing is a report.
    assert UnitReport.objects.get().unit == team.unit
    # Twice is once.
    appoint(client, team, team.nurse)
    assert len(grants()) == 1


def test_the_education_comes_with_it(client, team):
    appoint(
        client,
        team,
        team.nurse,
        **{"appoint-educated_on": "2024-05-31", "appoint-education_kind": "diploma"},
    )
    education = KeyPersonEducation.objects.get()
    assert (education.person, education.kind, education.completed_on) == (
        team.nurse,
        "diploma",
        dt.date(2024, 5, 31),
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"appoint-starts_on": ""}, "starts_on"),
        ({"appoint-starts_on": "32/13/2026"}, "starts_on"),
        ({"appoint-starts_on": "2062-11-22"}, "starts_on"),
        ({"appoint-educated_on": "soon"}, "educated_on"),
        ({"appoint-education_kind": "evening class"}, "education_kind"),
        ({"appoint-unit": "00000000-0000-0000-0000-000000000000"}, "unit"),
        ({"appoint-unit": "nonsense"}, "unit"),
        # What the domain refuses: before she was employed, an education that lies ahead.
        ({"appoint-starts_on": "2010-01-01"}, "__all__"),
        ({"appoint-educated_on": "2027-01-01"}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_in_the_form_and_nothing_is_lost(client, team, fields, field):
    response = appoint(client, team, team.nurse, **fields)
    form = response.context["appoint_form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    shown = {f"appoint-{name}": form[name].value() for name in form.fields}
    assert {name: shown[name] for name in fields} == fields
    assert (grants(), UnitReport.objects.count(), KeyPersonEducation.objects.count()) == ([], 0, 0)


def test_a_sosu_assistant_is_not_appointed_and_the_page_says_why(client, team):
    page = client.get(page_of(team, team.assistant))
    assert 'name="appoint"' not in page.content.decode()
    assert "Region Midtjyllands sundhedsaftale 2011–2014 har kun mål for dem" in page.content.decode()
    response = appoint(client, team, team.assistant)
    assert (response.status_code, list(response.context["appoint_form"].errors)) == (422, ["__all__"])
    assert grants() == []


def test_a_unit_that_the_leader_does_not_lead_is_no_choice(client, team):
    response = appoint(client, team, team.nurse, **{"appoint-unit": team.municipality.public_id})
    assert (response.status_code, list(response.context["appoint_form"].errors)) == (422, ["unit"])
    assert grants() == []


def test_a_leader_above_chooses_the_unit(client, team):
    user = GrantFactory(unit=team.municipality).person.users.create(email="above@lindra.example")
    client.force_login(user)
    form = client.get(page_of(team, team.nurse)).context["appoint_form"]
    assert [unit.name for unit in form.fields["unit"].queryset] == ["Hjemmeplejen Nord", "Skive Kommune"]
    assert form["unit"].value() == team.unit.public_id
    appoint(client, team, team.nurse, **{"appoint-unit": team.municipality.public_id})
    assert grants() == [("Signe", "Skive Kommune", TODAY, None, user.person.pk)]


def test_the_unit_where_she_works_stands_chosen_when_the_leader_comes_from_the_one_above(client, team):
    client.force_login(UserFactory(person=GrantFactory(unit=team.municipality).person))
    page = reverse("reports:team_person", args=[team.municipality.public_id, team.nurse.public_id])
    form = client.get(page).context["appoint_form"]
    assert [unit.name for unit in form.fields["unit"].queryset] == ["Hjemmeplejen Nord", "Skive Kommune"]
    assert form["unit"].value() == team.unit.public_id


def test_whoever_works_in_both_stands_chosen_for_the_one_that_the_leader_came_from(client, team):
    nurse = Profession.objects.get(code="nurse")
    EmploymentFactory(person=team.nurse, unit=team.municipality, profession=nurse)
    client.force_login(UserFactory(person=GrantFactory(unit=team.municipality).person))
    page = reverse("reports:team_person", args=[team.municipality.public_id, team.nurse.public_id])
    assert client.get(page).context["appoint_form"]["unit"].value() == team.municipality.public_id


def test_an_appointment_ends_and_the_row_stays(client, team):
    grant = GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=team.unit)
    key = f"{team.unit.public_id}.2015-01-01"
    response = client.post(
        page_of(team, team.nurse),
        {"end": key, f"end-{key}-on": "2026-12-01", f"end-{key}-reason": "Ny stilling"},
    )
    assert response.status_code == 302
    grant.refresh_from_db()
    assert (grant.ends_on, grant.ended_by, grant.end_reason) == (
        dt.date(2026, 12, 1),
        team.leader.person,
        "Ny stilling",
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"on": ""}, "on"),
        ({"on": "2015-01-01"}, "__all__"),
        ({"on": "2026-12-01", "reason": "Borgeren 010245-1234 er død"}, "reason"),
        ({"on": "2026-12-01", "reason": "x" * 201}, "reason"),
    ],
)
def test_an_end_that_cannot_be_is_said_in_its_form(client, team, fields, field):
    grant = GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=team.unit)
    key = f"{team.unit.public_id}.2015-01-01"
    data = {f"end-{key}-{name}": value for name, value in fields.items()}
    response = client.post(page_of(team, team.nurse), {"end": key, **data})
    form = response.context["appointments"][0].form
    assert (response.status_code, list(form.errors)) == (422, [field])
    grant.refresh_from_db()
    assert grant.ends_on is None


@pytest.mark.parametrize("key", ["", "nonsense", "00000000-0000-0000-0000-000000000000.2015-01-01"])
def test_an_appointment_that_is_not_there_is_404(client, team, key):
    assert client.post(page_of(team, team.nurse), {"end": key}).status_code == 404


def test_an_appointment_elsewhere_is_neither_shown_nor_ended(client, team):
    elsewhere = OrgUnitFactory(kind=UnitKind.TEAM)
    GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=elsewhere)
    assert client.get(page_of(team, team.nurse)).context["appointments"] == []
    key = f"{elsewhere.public_id}.2015-01-01"
    assert (
        client.post(page_of(team, team.nurse), {"end": key, f"end-{key}-on": "2026-12-01"}).status_code == 404
    )


def test_ending_one_keeps_what_was_typed_apart_from_the_other(client, team):
    """A person with two employments in the line may hold two appointments."""
    GrantFactory(person=team.leader.person, unit=team.municipality)
    for unit in (team.unit, team.municipality):
        GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=unit)
    key = f"{team.unit.public_id}.2015-01-01"
    response = client.post(page_of(team, team.nurse), {"end": key, f"end-{key}-on": "x"})
    assert sorted(
        (row.grant.unit.name, list(row.form.errors)) for row in response.context["appointments"]
    ) == [("Hjemmeplejen Nord", ["on"]), ("Skive Kommune", [])]


def test_a_member_who_works_in_two_led_units_is_one_person(client, team):
    person = member(team.unit, "nurse")
    assert client.get(page_of(team, person)).context["person"] == person
