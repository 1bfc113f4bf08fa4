"""A deputy sees the team on her days: not the day before, and not the day after."""

import datetime as dt

import pytest

from organisations.enums import Role, UnitKind
from organisations.models import RoleGrant
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2026, 12, 1), dt.date(2026, 12, 14)


@pytest.fixture(autouse=True)
def clock(noon):
    return noon


@pytest.fixture
def place():
    class Place:
        top = OrgUnitFactory(name="Viborg")
        unit = OrgUnitFactory(name="Hjemmepleje Nord", kind=UnitKind.DISTRICT, parent=top)
        beside = OrgUnitFactory(name="Hjemmepleje Syd", kind=UnitKind.DISTRICT, parent=top)
        leader = UserFactory()
        nurse = UserFactory(person__given_name="Mette")
        stranger = UserFactory()

    GrantFactory(person=Place.leader.person, unit=Place.unit)
    EmploymentFactory(person=Place.nurse.person, unit=Place.unit)
    EmploymentFactory(person=Place.stranger.person, unit=Place.beside)
    return Place


def address(unit) -> str:
    return f"/team/{unit.public_id}/stedfortraeder/"


def appoint(client, place, person, first=FIRST, last=LAST):
    form = {"person": person.public_id, "starts_on": first.isoformat(), "last_day": last.isoformat()}
    return client.post(address(place.unit), form)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (FIRST - dt.timedelta(days=1), 404),
        (FIRST, 200),
        (dt.date(2026, 12, 7), 200),
        (LAST, 200),
        (LAST + dt.timedelta(days=1), 404),
    ],
)
def test_a_deputy_sees_the_team_on_her_days_only(client, place, clock, day, status):
    client.force_login(place.leader)
    assert appoint(client, place, place.nurse.person).status_code == 302
    clock(day)
    client.force_login(place.nurse)
    for page in (
        f"/team/{place.unit.public_id}/",
        f"/team/{place.unit.public_id}/{place.nurse.person.public_id}/",
    ):
        assert client.get(page).status_code == status
    assert client.get(f"/team/{place.top.public_id}/").status_code == 404


def test_a_deputy_appoints_no_deputy(client, place, clock):
    client.force_login(place.leader)
    appoint(client, place, place.nurse.person)
    clock(FIRST)
    client.force_login(place.nurse)
    assert client.get(address(place.unit)).status_code == 404
    assert appoint(client, place, place.leader.person, first=FIRST).status_code == 404
    assert address(place.unit) not in client.get(f"/team/{place.unit.public_id}/").content.decode()


@pytest.mark.parametrize(
    "who", ["nurse", "stranger", "leader_beside", "former", "key_person", "administrator"]
)
def test_nobody_but_the_leader_opens_the_page(client, place, who):
    user = {"nurse": place.nurse, "stranger": place.stranger}.get(who) or UserFactory()
    if who == "leader_beside":
        GrantFactory(person=user.person, unit=place.beside)
    if who == "former":
        GrantFactory(person=user.person, unit=place.unit, ends_on=dt.date(2026, 11, 22))
    if who == "key_person":
        GrantFactory(person=user.person, unit=place.unit, role=Role.KEY_PERSON)
    if who == "administrator":
        GrantFactory(person=user.person, unit=None, role=Role.ADMINISTRATOR)
    client.force_login(user)
    before = RoleGrant.objects.count()
    assert client.get(address(place.unit)).status_code == 404
    assert appoint(client, place, place.nurse.person).status_code == 404
    assert RoleGrant.objects.count() == before


def test_the_leader_above_may_too(client, place):
    user = UserFactory()
    GrantFactory(person=user.person, unit=place.top)
    client.force_login(user)
    assert appoint(client, place, place.nurse.person).status_code == 302


def test_chosen_from_are_the_units_people_and_the_leaders_around_it(client, place):
    beside, above = GrantFactory(unit=place.beside).person, GrantFactory(unit=place.top).person
    GrantFactory(unit=OrgUnitFactory())
    client.force_login(place.leader)
    chosen = client.get(address(place.unit)).context["form"].fields["person"].queryset
    assert set(chosen) == {place.nurse.person, beside, above}
    assert appoint(client, place, place.stranger.person).status_code == 422


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (dt.date(2026, 11, 21), LAST, "starts_on"),
        (LAST, FIRST, "last_day"),
        (FIRST, dt.date(2036, 12, 14), "last_day"),
    ],
)
def test_impossible_days_are_errors_of_their_field(client, place, first, last, wrong):
    client.force_login(place.leader)
    answer = appoint(client, place, place.nurse.person, first, last)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert not RoleGrant.objects.with_role(Role.DEPUTY).exists()


def test_the_link_stands_on_the_leaders_team_page(client, place):
    client.force_login(place.leader)
    assert address(place.unit) in client.get(f"/team/{place.unit.public_id}/").content.decode()


def test_a_leader_ends_it_today(client, place, clock):
    client.force_login(place.leader)
    appoint(client, place, place.nurse.person)
    clock(dt.date(2026, 12, 5))
    [(_grant, key, last)] = client.get(address(place.unit)).context["standing"]
    assert last == LAST
    client.post(address(place.unit), {"end": key})
    grant = RoleGrant.objects.with_role(Role.DEPUTY).get()
    assert (grant.ends_on, grant.ended_by) == (dt.date(2026, 12, 5), place.leader.person)
    client.force_login(place.nurse)
    assert client.get(f"/team/{place.unit.public_id}/").status_code == 404


def test_only_a_deputy_of_this_unit_is_ended_here(client, place):
    elsewhere = GrantFactory(role=Role.DEPUTY, unit=place.beside, ends_on=LAST)
    client.force_login(place.leader)
    key = f"{elsewhere.person.public_id}.{elsewhere.starts_on:%Y-%m-%d}"
    assert client.post(address(place.unit), {"end": key}).status_code == 404
    assert client.post(address(place.unit), {"end": "nonsense"}).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.ends_on == LAST


def test_a_deputy_without_a_last_day_is_shown(client, place):
    GrantFactory(role=Role.DEPUTY, unit=place.unit, person=PersonFactory(given_name="Ole"))
    client.force_login(place.leader)
    assert "uden en sidste dag" in client.get(address(place.unit)).content.decode()
