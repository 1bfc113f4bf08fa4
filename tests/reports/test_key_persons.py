"""*Nøglepersoner*: nearest first, only at my own employers, only who counts today."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.domain.local_guides import write_guide
from organisations.enums import Role, UnitKind
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def key_person(unit, name, **employment):
    person = PersonFactory(given_name=name, family_name="Nøgle")
    EmploymentFactory(person=person, unit=unit, work_phone="12 34 56 78", **employment)
    GrantFactory(person=person, role=Role.KEY_PERSON, unit=unit)
    return person


@pytest.fixture
def municipality():
    return OrgUnitFactory()


@pytest.fixture
def team(municipality):
    return OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality)


@pytest.fixture
def reader(client, team):
    user = UserFactory()
    EmploymentFactory(person=user.person, unit=team)
    client.force_login(user)
    return client


def said(client):
    return client.get("/noeglepersoner/").content.decode()


def test_a_stranger_is_asked_to_log_in(client):
    address = client.get("/noeglepersoner/").headers["Location"]
    assert address == "/konto/login/?next=/noeglepersoner/"
    why = "Når du er logget ind, kommer du videre til den side, du var på vej til."
    assert why in client.get(address).content.decode()
    assert why not in client.get("/konto/login/").content.decode()


def test_my_own_units_key_person_stands_before_another_teams(reader, municipality, team):
    key_person(OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality), "Anden")
    key_person(team, "Min")
    page = said(reader)
    assert page.index("Min Nøgle") < page.index("Andre steder på din arbejdsplads")
    assert page.index("Min Nøgle") < page.index("Anden Nøgle")
    assert "12 34 56 78" in page


def test_a_key_person_of_the_municipality_is_mine_too(reader, municipality):
    key_person(municipality, "Fælles")
    page = said(reader)
    assert "Fælles Nøgle" in page
    assert "Andre steder" not in page


def test_another_employers_key_persons_are_not_shown(reader):
    key_person(OrgUnitFactory(), "Fremmed")
    assert "Fremmed" not in said(reader)


def test_one_who_has_left_is_not_shown(reader, team):
    key_person(team, "Forhenværende", ends_on=dt.date(2026, 11, 1))
    assert "Forhenværende" not in said(reader)


def test_without_a_workplace_the_page_says_what_to_do(client):
    client.force_login(UserFactory())
    assert "ikke registreret på et arbejdssted" in said(client)


def test_without_a_key_person_the_page_says_who_appoints_one_and_whom_to_call(reader, municipality):
    write_guide(municipality, topic="advice", text="Døgnet rundt: 12 34 56 78", by=None)
    page = said(reader)
    assert "Det er din leder, der" in page
    assert '<a href="tel:12345678">12 34 56 78</a>' in page
    assert "Tjekket 22. november 2026." in page


def test_with_a_key_person_she_is_whom_to_ask(reader, municipality, team):
    write_guide(municipality, topic="advice", text="Døgnet rundt: 87 65 43 21", by=None)
    key_person(team, "Min")
    assert "87 65 43 21" not in said(reader)


def test_another_municipality_s_advice_is_not_shown(reader):
    write_guide(OrgUnitFactory(), topic="advice", text="Døgnet rundt: 87 65 43 21", by=None)
    assert "87 65 43 21" not in said(reader)


def test_a_leader_is_led_to_her_team_and_not_to_her_leader(client, team):
    user = UserFactory()
    EmploymentFactory(person=user.person, unit=team)
    GrantFactory(person=user.person, role=Role.LEADER, unit=team)
    client.force_login(user)
    page = said(client)
    assert '<a href="/team/">Du kan udpege en under Mit team</a>' in page
    assert "Det er din leder" not in page


def test_three_key_persons_take_as_many_queries_as_one(reader, team):
    def count():
        with CaptureQueriesContext(connection) as asked:
            said(reader)
        return len(asked)

    key_person(team, "Et")
    count()
    with_one = count()
    key_person(team, "To")
    key_person(team, "Tre")
    assert count() == with_one
