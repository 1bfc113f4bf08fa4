"""What a leader sees of her units, and what she does there."""

import datetime as dt

import pytest
from django.urls import reverse

from certification.domain.key_persons import appoint
from certification.models import UnitReport
from organisations.enums import Role, UnitKind
from tests.factories.competencies import load_framework
from tests.factories.organisations import GrantFactory, OrgUnitFactory
from tests.factories.reports import a_team, complete, hand_in, hand_in_and_confirm, member, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon, client):
    load_framework()
    team = a_team()
    client.force_login(team.leader)
    return team


def unit_page(team):
    return reverse("reports:team_unit", args=[team.unit.public_id])


def cells(response):
    """What the table says: by name, all and each domain."""
    return {
        row.person.given_name: (
            (row.standing.reached, row.standing.required),
            {
                domain.domain.code: (domain.reached, domain.required)
                for domain in row.standing.domains
                if domain.reached
            },
        )
        for row in response.context["rows"]
    }


def test_with_one_unit_the_team_page_goes_straight_to_it(client, team):
    response = client.get(reverse("reports:team"))
    assert (response.status_code, response["Location"]) == (302, unit_page(team))


def test_with_several_units_the_leader_chooses(client, team):
    other = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality, name="Hjemmeplejen Syd")
    GrantFactory(person=team.leader.person, role=Role.DEPUTY, unit=other)
    response = client.get(reverse("reports:team"))
    assert [unit.name for unit in response.context["units"]] == ["Hjemmeplejen Nord", "Hjemmeplejen Syd"]


def test_a_leader_of_a_municipality_sees_the_units_under_it_and_everybody_in_them(client, team):
    above = GrantFactory(unit=team.municipality).person
    user = above.users.create(email="above@lindra.example")
    client.force_login(user)
    assert [unit.name for unit in client.get(reverse("reports:team")).context["units"]] == [
        "Hjemmeplejen Nord",
        "Skive Kommune",
    ]
    page = client.get(reverse("reports:team_unit", args=[team.municipality.public_id]))
    assert [row.person.given_name for row in page.context["rows"]] == ["Anna", "Hanne", "Signe"]


def test_the_table_says_how_many_of_what_is_asked_are_in_place(client, team):
    complete(team.helper, publish())
    complete(team.nurse, publish("Smerter"))
    hand_in_and_confirm(team.nurse, publish("Sorg"), by=team.leader.person)
    assert cells(client.get(unit_page(team))) == {
        "Anna": ((0, 43), {}),
        "Hanne": ((1, 41), {"IDE": (1, 3)}),
        "Signe": ((1, 43), {"IDE": (1, 4)}),
    }


def test_people_stand_by_name_and_never_by_result(client, team):
    hand_in_and_confirm(team.nurse, publish(), by=team.leader.person)
    rows = client.get(unit_page(team)).context["rows"]
    assert [row.person.given_name for row in rows] == ["Anna", "Hanne", "Signe"]


def test_a_number_opens_down_to_the_module_the_day_and_who_confirmed(client, team):
    hand_in_and_confirm(team.nurse, publish(), by=team.leader.person)
    page = client.get(reverse("reports:team_person", args=[team.unit.public_id, team.nurse.public_id]))
    assert [
        (row.standing.competency.code, source.title, source.version, source.day, source.confirmed_by)
        for domain in page.context["domains"]
        for row in domain.rows
        for source in row.sources
    ] == [("IDE-1", "Se det i tide", 1, dt.date(2026, 11, 22), "Lone Leder")]


def test_somebody_without_a_profile_is_shown_in_words(client, team):
    hospice = OrgUnitFactory(kind=UnitKind.HOSPICE)
    GrantFactory(person=team.leader.person, unit=hospice)
    nurse = member(hospice, "nurse")
    page = client.get(reverse("reports:team_unit", args=[hospice.public_id]))
    assert cells(page) == {nurse.given_name: ((0, 0), {})}
    assert page.content.decode().count("<td colspan=") == 1


def test_an_empty_unit_says_what_to_do(client, team):
    empty = OrgUnitFactory(kind=UnitKind.TEAM)
    GrantFactory(person=team.leader.person, unit=empty)
    page = client.get(reverse("reports:team_unit", args=[empty.public_id]))
    assert (page.status_code, page.context["rows"], "<table" in page.content.decode()) == (200, [], False)


def test_tasks_that_wait_are_counted_without_the_leader_s_own(client, team):
    hand_in(team.nurse, publish())
    assert client.get(unit_page(team)).context["waiting"] == 1


def test_the_leader_confirms_that_the_list_of_key_persons_is_right(client, team):
    assert client.get(unit_page(team)).context["report"] is None
    response = client.post(reverse("reports:report_key_persons", args=[team.unit.public_id]))
    assert (response.status_code, response["Location"]) == (302, unit_page(team))
    report = UnitReport.objects.get()
    assert (report.unit, report.as_of, report.reported_by) == (
        team.unit,
        dt.date(2026, 11, 22),
        team.leader.person,
    )
    assert client.get(unit_page(team)).context["report"] == report
    # Twice is once.
    client.post(reverse("reports:report_key_persons", args=[team.unit.public_id]))
    assert UnitReport.objects.count() == 1


def test_reporting_is_never_a_link(client, team):
    assert client.get(reverse("reports:report_key_persons", args=[team.unit.public_id])).status_code == 405


def test_many_people_come_in_pages(client, team, monkeypatch):
    monkeypatch.setattr("reports.views.team.PEOPLE_A_PAGE", 2)
    first = client.get(unit_page(team))
    second = client.get(unit_page(team) + "?side=2")
    assert [[row.person.given_name for row in page.context["rows"]] for page in (first, second)] == [
        ["Anna", "Hanne"],
        ["Signe"],
    ]
    assert client.get(unit_page(team) + "?side=nonsense").status_code == 200


def test_the_table_takes_as_many_queries_for_three_people_as_for_one(
    client, team, django_assert_max_num_queries
):
    edition = publish()
    single = OrgUnitFactory(kind=UnitKind.TEAM)
    GrantFactory(person=team.leader.person, unit=single)
    alone = member(single, "nurse")
    for person in (alone, team.nurse, team.assistant, team.helper):
        complete(person, edition)
        hand_in_and_confirm(person, publish(f"Sorg {person.pk}"), by=team.leader.person)
        hand_in(person, publish(f"Smerter {person.pk}"))
    addresses = [reverse("reports:team_unit", args=[unit.public_id]) for unit in (single, team.unit)]
    client.get(addresses[0])
    counts = []
    for address in addresses:
        with django_assert_max_num_queries(60) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_person_s_page_takes_as_many_queries_for_three_modules_as_for_one(
    client, team, django_assert_max_num_queries
):
    counts = []
    for titles in (["A"], ["B", "C"]):
        for title in titles:
            edition = publish(title)
            complete(team.nurse, edition)
            hand_in_and_confirm(team.nurse, publish(f"{title}, praksis"), by=team.leader.person)
        address = reverse("reports:team_person", args=[team.unit.public_id, team.nurse.public_id])
        client.get(address)
        with django_assert_max_num_queries(60) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_report_of_a_coming_day_is_not_the_last_one_yet(client, team):
    appoint(team.nurse, unit=team.unit, starts_on=dt.date(2026, 12, 1), by=team.leader.person)
    assert client.get(unit_page(team)).context["report"] is None


def test_the_way_back_leads_through_all_units_where_there_are_several(client, team):
    address = reverse("reports:team_person", args=[team.unit.public_id, team.nurse.public_id])
    assert client.get(address).context["trail"] == [("Hjemmeplejen Nord", unit_page(team))]
    GrantFactory(person=team.leader.person, unit=OrgUnitFactory(kind=UnitKind.TEAM))
    assert [url for _title, url in client.get(address).context["trail"]] == ["/team/", unit_page(team)]
