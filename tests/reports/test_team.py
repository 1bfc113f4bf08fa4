"""What a leader sees of her units, and what she does there."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.domain.key_persons import appoint
from certification.models import UnitReport
from competencies.models import Competency, Evidence
from organisations.domain.employments import end_employment
from organisations.enums import Role, UnitKind
from tests.factories.competencies import load_framework
from tests.factories.organisations import EmploymentFactory, GrantFactory, OrgUnitFactory, ProfessionFactory
from tests.factories.reports import a_team, complete, hand_in, hand_in_and_confirm, member, publish
from tests.files import queries_of, soup

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
    page = client.get(unit_page(team))
    assert page.context["report"] == report
    assert "Senest indberettet pr. 22. november 2026 af Lone Leder." in page.content.decode()
    # Twice is once.
    client.post(reverse("reports:report_key_persons", args=[team.unit.public_id]))
    assert UnitReport.objects.count() == 1


def test_an_appointment_is_called_a_report_of_the_unit_and_nobody_is_said_to_have_confirmed_it(client, team):
    appoint(team.nurse, unit=team.unit, starts_on=dt.date(2026, 11, 22), by=team.leader.person)
    html = " ".join(client.get(unit_page(team)).content.decode().split())
    assert "Senest indberettet pr. 22. november 2026 af Lone Leder. Når du udpeger en nøgleperson" in html
    assert "bekræftet som rigtig" not in html


def test_the_page_s_three_parts_are_a_tap_away_at_its_top(client, team):
    html = soup(client.get(unit_page(team)))
    links = [link["href"] for link in html.select("nav.reports-jumps a")]
    assert links == ["#people-heading", "#assigned-heading", "#key-persons-heading"]
    assert all(html.select_one(link) for link in links)


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
    assert counts == [25, 25]


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


# --- Whom to show -------------------------------------------------------------------------------------


def shown(client, team, **query):
    page = client.get(unit_page(team), query)
    return [row.person.given_name for row in page.context["rows"]]


def test_the_team_by_profession(client, team):
    assert shown(client, team, faggruppe="sosu_helper") == ["Hanne"]
    page = client.get(unit_page(team), {"faggruppe": "sosu_helper"})
    assert "Vist: 1 af de 3, der arbejder her i dag · sosu_helper" in " ".join(page.content.decode().split())
    form = client.get(unit_page(team)).context["form"]
    assert [code for code, _name in form.fields["faggruppe"].choices] == [
        "",
        "nurse",
        "sosu_assistant",
        "sosu_helper",
    ]


def test_the_profession_is_the_one_that_she_has_here(client, team):
    elsewhere = OrgUnitFactory(kind=UnitKind.HOSPICE)
    doctor = ProfessionFactory(code="doctor")
    EmploymentFactory(person=team.nurse, unit=elsewhere, profession=doctor)
    page = client.get(unit_page(team), {"faggruppe": "doctor"})
    assert ("faggruppe" in page.context["form"].errors, len(page.context["rows"])) == (True, 3)


def test_those_who_lack_something_in_a_domain_or_in_any(client, team):
    assert shown(client, team, mangler="noget") == ["Anna", "Hanne", "Signe"]
    assert shown(client, team, mangler="IDE") == ["Anna", "Hanne", "Signe"]
    # Of whom nothing is asked, nothing lacks.
    hospice = OrgUnitFactory(kind=UnitKind.HOSPICE)
    GrantFactory(person=team.leader.person, unit=hospice)
    member(hospice, "nurse")
    page = client.get(reverse("reports:team_unit", args=[hospice.public_id]), {"mangler": "noget"})
    assert (page.context["rows"], page.context["total"], page.context["is_filtered"]) == ([], 1, True)


def test_whoever_has_a_domain_in_place_is_not_among_those_who_lack_something_there(client, team):
    show_a_whole_domain(team.helper)
    assert shown(client, team, mangler="IDE") == ["Anna", "Signe"]
    assert shown(client, team, mangler="noget") == ["Anna", "Hanne", "Signe"]
    assert shown(client, team, mangler="IDE", faggruppe="sosu_helper") == []


def show_a_whole_domain(person):
    """Everything that is asked of the person in IDE, confirmed at level 3."""
    module = publish("Hele domænet").version
    for row in Competency.objects.filter(domain__code="IDE"):
        Evidence.objects.create(
            learner=person.pseudonym,
            competency=row,
            level=3,
            earned_by="confirmed_practice",
            version=module,
            shown_at=timezone.now(),
            statement=uuid.uuid4(),
        )


@pytest.mark.parametrize(("name", "value"), [("faggruppe", "magician"), ("mangler", "XYZ")])
def test_a_choice_that_there_is_not_is_said_and_everyone_is_shown(client, team, name, value):
    page = client.get(unit_page(team), {name: value})
    assert (page.status_code, list(page.context["form"].errors), len(page.context["rows"])) == (
        200,
        [name],
        3,
    )


def test_the_choice_is_kept_from_page_to_page(client, team, monkeypatch):
    monkeypatch.setattr("reports.views.team.PEOPLE_A_PAGE", 1)
    page = client.get(unit_page(team), {"mangler": "IDE", "faggruppe": "", "side": "2"})
    content = page.content.decode()
    assert [f'href="?mangler=IDE&amp;faggruppe=&amp;side={number}"' in content for number in (1, 2, 3)] == [
        True,
        False,
        True,
    ]
    assert [row.person.given_name for row in page.context["rows"]] == ["Hanne"]


def test_a_filtered_table_takes_as_many_queries_for_three_people_as_for_one(client, team):
    single = OrgUnitFactory(kind=UnitKind.TEAM)
    GrantFactory(person=team.leader.person, unit=single)
    for person in (member(single, "nurse"), team.nurse, team.assistant, team.helper):
        complete(person, publish())
    addresses = [reverse("reports:team_unit", args=[unit.public_id]) for unit in (single, team.unit)]
    first, second = [queries_of(client, f"{address}?mangler=noget") for address in addresses]
    assert first == second


def test_a_key_person_who_leaves_stands_there_with_the_day(client, team):
    for person in (team.nurse, team.helper):
        GrantFactory(person=person, role=Role.KEY_PERSON, unit=team.unit)
    end_employment(team.nurse.employments.get(), on=dt.date(2026, 12, 31))
    client.force_login(team.leader)
    page = client.get(reverse("reports:team_unit", args=[team.unit.public_id]))
    assert {grant.person: day for grant, day in page.context["key_persons"]} == {
        team.nurse: dt.date(2026, 12, 31),
        team.helper: None,
    }
    assert page.content.decode().count("Stopper den 31. december 2026") == 1
    file = client.get(reverse("reports:team_key_persons_download", args=[team.unit.public_id, "csv"]))
    assert file.content.decode().count("2026-12-31") == 1
