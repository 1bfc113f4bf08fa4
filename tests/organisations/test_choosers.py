"""Choosing people and units in the back office: within what an administrator administers, and no further."""

import datetime as dt

import pytest
from django.urls import reverse

from organisations.enums import Role, UnitKind
from organisations.models import Employment
from tests.factories.organisations import (
    AreaFactory,
    EmploymentFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
    log_in,
)
from tests.files import queries_of

pytestmark = pytest.mark.django_db
CHOOSERS = ["person_chooser", "invitee_chooser", "unit_chooser"]


@pytest.fixture
def place():
    class Place:
        own = OrgUnitFactory(name="Odder Kommune")
        team = OrgUnitFactory(name="Team Odder", kind=UnitKind.TEAM, parent=own)
        other = OrgUnitFactory(name="Samsø Kommune")
        nurse = EmploymentFactory(unit=team, person__given_name="Anna").person
        stranger = EmploymentFactory(unit=other, person__given_name="Birgit").person

    return Place


@pytest.fixture
def administrator(client, place):
    return log_in(client, role=Role.ADMINISTRATOR, unit=place.own)


def found(client, chooser, view="choose", **query):
    response = client.get(reverse(f"{chooser}:{view}"), query)
    assert response.status_code == 200
    return {str(row) for row in response.context["results"]}


@pytest.mark.parametrize("view", ["choose", "choose_results"])
def test_only_what_the_administrator_administers_is_found(client, place, administrator, view):
    assert found(client, "person_chooser", view) == {str(place.nurse)}
    assert found(client, "invitee_chooser", view) == {str(place.nurse)}
    assert found(client, "unit_chooser", view) == {"Odder Kommune", "Team Odder"}
    assert found(client, "person_chooser", view, q="birgit") == set()
    assert found(client, "unit_chooser", view, q="samsø") == set()


def test_another_unit_s_people_and_units_are_not_chosen_by_address(client, place, administrator):
    rows = {"person_chooser": place.stranger, "invitee_chooser": place.stranger, "unit_chooser": place.other}
    for chooser, row in rows.items():
        assert client.get(reverse(f"{chooser}:chosen", args=[row.pk])).status_code == 404
    titles = {"person_chooser": (place.nurse, "Anna Kjær"), "unit_chooser": (place.team, "Team Odder · Team")}
    for chooser, (row, title) in titles.items():
        answer = client.get(reverse(f"{chooser}:chosen", args=[row.pk])).json()
        assert answer["result"]["title"] == title


@pytest.mark.parametrize("chooser", CHOOSERS)
@pytest.mark.parametrize("role", [Role.LEADER, Role.KEY_PERSON, Role.EDUCATOR, Role.COORDINATOR])
def test_no_other_role_finds_anybody(client, place, chooser, role):
    places = {
        Role.LEADER: {"unit": place.own},
        Role.KEY_PERSON: {"unit": place.own},
        Role.COORDINATOR: {"unit": None, "area": AreaFactory()},
    }
    log_in(client, role=role, **places.get(role, {"unit": None}))
    response = client.get(reverse(f"{chooser}:choose"))
    assert response.status_code in {302, 403} or list(response.context["results"]) == []


def test_nobody_is_made_there_and_several_are_not_fetched(client, place, administrator):
    for chooser in CHOOSERS:
        assert client.get(f"/cms/{chooser}/create/").status_code == 404
        assert client.get(f"/cms/{chooser}/chosen-multiple/?id={place.stranger.pk}").status_code == 404


def test_every_word_narrows_what_is_found(client, place, administrator):
    EmploymentFactory(person=PersonFactory(given_name="Anna", family_name="Holm"), unit=place.team)
    assert found(client, "person_chooser", q="anna holm") == {"Anna Holm"}
    assert found(client, "unit_chooser", q="team") == {"Team Odder"}


def test_a_person_s_work_elsewhere_is_not_shown(client, place, administrator):
    EmploymentFactory(person=place.nurse, unit=place.other)
    content = client.get(reverse("person_chooser:choose")).content.decode()
    assert ["Team Odder" in content, "Samsø" in content] == [True, False]


def test_a_refused_choice_is_sent_back_without_the_name(client, place, administrator):
    response = client.post(
        reverse("employment:add"),
        {
            "person": place.stranger.pk,
            "unit": place.other.pk,
            "profession": ProfessionFactory().pk,
            "starts_on": dt.date(2026, 1, 1),
        },
    )
    assert sorted(response.context["form"].errors) == ["person", "unit"]
    content = response.content.decode()
    assert [name in content for name in ("Birgit", "Samsø")] == [False, False]
    assert Employment.objects.count() == 2


@pytest.mark.parametrize("address", ["employment:add", "rolegrant:add", "invitation:add", "person:add"])
def test_a_form_is_as_long_for_a_nation_as_for_a_ward(client, place, administrator, address):
    few = len(client.get(reverse(address)).content)
    for _time in range(5):
        EmploymentFactory(unit=OrgUnitFactory(kind=UnitKind.TEAM, parent=place.own))
    assert abs(len(client.get(reverse(address)).content) - few) < 200


@pytest.mark.parametrize("chooser", CHOOSERS)
def test_a_search_takes_the_same_number_of_queries_with_one_row_and_with_three(
    client, place, administrator, chooser
):
    few = queries_of(client, reverse(f"{chooser}:choose"))
    for _time in range(2):
        EmploymentFactory(unit=OrgUnitFactory(kind=UnitKind.TEAM, parent=place.own))
    assert queries_of(client, reverse(f"{chooser}:choose")) == few
