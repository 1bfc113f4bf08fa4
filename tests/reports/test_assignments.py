"""A leader assigns modules from the team's page and from a person's page, and sees what came of it."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from courses.domain.assignments import assign, withdraw
from courses.models import Assignment
from organisations.domain.employments import end_employment
from organisations.enums import Role, UnitKind
from tests.factories.competencies import load_framework
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    ProfessionFactory,
    UserFactory,
)
from tests.factories.reports import REFLECTION, WRONG_ANSWER, a_team, complete, member, publish
from tests.files import queries_of, soup, text
from tests.reports.outsiders import OUTSIDERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon, client):
    load_framework()
    team = a_team()
    client.force_login(team.leader)
    return team


@pytest.fixture
def edition(team):
    return publish("Smerter")


def page(name, team, *args):
    return reverse(f"reports:{name}", args=[team.unit.public_id, *args])


def ask(team, edition, *people, **more):
    return assign(edition.version.module, to=people, unit=team.unit, by=team.leader.person, **more).assigned


def send(client, team, edition, *people, **more):
    filled = {
        "module": edition.version.module.key,
        "people": [person.public_id for person in people],
        "wanted_by": "",
        "note": "",
    }
    return client.post(page("assign_module", team), {**filled, **more})


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_several_are_asked_at_once(client, team, edition):
    complete(team.helper, edition)
    response = send(
        client,
        team,
        edition,
        team.nurse,
        team.assistant,
        team.helper,
        wanted_by="2026-12-01",
        note="Før jul.",
    )
    assert (response.status_code, response["Location"]) == (302, page("team_unit", team))
    assert set(Assignment.objects.values_list("person", "unit", "assigned_by", "wanted_by", "note")) == {
        (person.pk, team.unit.pk, team.leader.person.pk, dt.date(2026, 12, 1), "Før jul.")
        for person in (team.nurse, team.assistant)
    }
    assert messages_of(client.get(page("team_unit", team))) == [
        "»Smerter« er tildelt 2 personer.",
        "Har allerede gennemført modulet og har derfor ikke fået det tildelt: Hanne Hjælper.",
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"people": []}, "people"),
        ({"module": ""}, "module"),
        ({"module": "00000000-0000-0000-0000-000000000000"}, "module"),
        ({"wanted_by": "2026-11-21"}, "__all__"),
        ({"wanted_by": "2036-12-01"}, "wanted_by"),
        ({"note": "Se 010203-1234"}, "note"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_that_was_written_is_lost(client, team, edition, wrong, field):
    response = send(client, team, edition, team.nurse, **{"note": "Før jul.", **wrong})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Assignment.objects.count() == 0
    assert response.context["form"]["note"].value() == wrong.get("note", "Før jul.")


def test_a_day_that_has_not_come_is_wanted_and_one_that_is_gone_was(client, team, edition, noon):
    ask(team, edition, team.nurse, wanted_by=dt.date(2026, 11, 22))

    def said():
        pages = [
            page("assigned_modules", team),
            page("team_unit", team),
            page("team_person", team, team.nurse.public_id),
        ]
        return [
            re.findall(r"(?:Gerne|Var ønsket) senest 22. november 2026", client.get(one).content.decode())
            for one in pages
        ]

    assert said() == [["Gerne senest 22. november 2026"]] * 3
    noon(dt.date(2026, 11, 23))
    assert said() == [["Var ønsket senest 22. november 2026"]] * 3


def test_somebody_of_another_unit_cannot_be_asked(client, team, edition):
    stranger = member(OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality), "nurse")
    response = send(client, team, edition, stranger)
    assert list(response.context["form"].errors) == ["people"]
    # Nor one of another unit that she leads, by this unit's address; nor herself.
    GrantFactory(person=team.leader.person, unit=stranger.employments.get().unit)
    assert list(send(client, team, edition, stranger).context["form"].errors) == ["people"]
    EmploymentFactory(person=team.leader.person, unit=team.unit)
    assert list(send(client, team, edition, team.leader.person).context["form"].errors) == ["people"]
    assert Assignment.objects.count() == 0


def test_the_team_s_filter_narrows_whom_she_chooses_among(client, team):
    assert shown(client, team) == ["Anna", "Hanne", "Signe"]
    assert shown(client, team, faggruppe="nurse") == ["Signe"]
    team_page = client.get(page("team_unit", team), {"faggruppe": "nurse"})
    assert f'href="{page("assign_module", team)}?faggruppe=nurse"' in team_page.content.decode()


def shown(client, team, **query):
    choices = client.get(page("assign_module", team), query).context["form"].fields["people"].choices
    return [words.split()[0] for _key, words in choices]


def test_narrowing_the_list_keeps_what_was_chosen_and_written(client, team, edition):
    response = send(client, team, edition, team.helper, note="Kig på trin 2", show="1", faggruppe="nurse")
    assert (response.status_code, Assignment.objects.count()) == (200, 0)
    form = response.context["form"]
    assert (form.errors, response.context["choice"].profession) == ({}, "nurse")
    assert (form["module"].value(), form["note"].value()) == (
        str(edition.version.module.key),
        "Kig på trin 2",
    )
    html = soup(response)
    names = [text(label).split()[0] for label in html.select("#id_people label")]
    assert names == ["Hanne", "Signe"]
    assert [box["value"] for box in html.select("input[name=people][checked]")] == [
        str(team.helper.public_id)
    ]
    assert [row["value"] for row in html.select("select[name=faggruppe] option[selected]")] == ["nurse"]


def test_from_page_to_page_what_was_chosen_is_kept(client, team, edition, monkeypatch):
    monkeypatch.setattr("reports.views.assignments.PEOPLE_A_PAGE", 2)
    response = send(client, team, edition, team.assistant, show="2")
    assert response.context["page"].number == 2
    assert [words.split()[0] for _key, words in response.context["form"].fields["people"].choices] == [
        "Anna",
        "Signe",
    ]


@pytest.mark.parametrize("named", ["", "nonsense"])
def test_where_nobody_fits_the_module_is_kept(client, team, edition, named):
    filled = {"module": edition.version.module.key, "people": named, "show": "1", "mangler": "no domain"}
    response = client.post(page("assign_module", team), filled)
    assert (response.status_code, response.context["choice"].errors.keys()) == (200, {"mangler"})
    profession = ProfessionFactory(code="nobody-here")
    EmploymentFactory(person=team.leader.person, unit=team.unit, profession=profession)
    response = client.post(page("assign_module", team), {**filled, "mangler": "", "faggruppe": "nobody-here"})
    assert "Ingen passer til det valg." in response.content.decode()
    assert response.context["form"]["module"].value() == str(edition.version.module.key)


def test_somebody_of_another_unit_is_not_shown_by_being_named(client, team, edition):
    stranger = member(OrgUnitFactory(kind=UnitKind.TEAM), "nurse", "Ulla", "Udenfor")
    response = send(client, team, edition, stranger, show="1")
    assert "Ulla" not in response.content.decode()


def test_from_a_person_s_page_she_is_chosen_already(client, team, edition):
    person_page = soup(client.get(page("team_person", team, team.nurse.public_id)))
    link = person_page.find("a", href=lambda href: href and "tildel/?til=" in href)
    form = soup(client.get(link["href"]))
    assert [box["value"] for box in form.select("input[name=people][checked]")] == [str(team.nurse.public_id)]


def test_the_team_s_page_counts_and_names_what_is_open(client, team, edition):
    ask(team, edition, team.nurse, team.helper, wanted_by=dt.date(2026, 12, 1))
    complete(team.helper, edition)
    section = soup(client.get(page("team_unit", team))).find(attrs={"aria-labelledby": "assigned-heading"})
    assert "1 af 2" in text(section)
    assert [text(row) for row in section.select("li")] == [
        "Signe Sygeplejerske: Smerter Gerne senest 1. december 2026"
    ]


def test_the_list_says_open_and_done_with_the_day_and_nothing_of_answers(client, team, edition):
    ask(team, edition, team.nurse, team.helper)
    complete(team.helper, edition)
    response = client.get(page("assigned_modules", team))
    assert [(row.assignment.person, row.is_done) for row in response.context["rows"]] == [
        (team.nurse, False),
        (team.helper, True),
    ]
    content = response.content.decode()
    assert content.count("Gennemført 22. november 2026") == 1
    own = [WRONG_ANSWER, REFLECTION, "12:00", "12.00", str(team.helper.pseudonym)]
    assert [secret for secret in own if secret in content] == []


def test_it_is_taken_back_from_the_list_and_from_the_person_s_page(client, team, edition):
    [first, second] = ask(team, edition, team.nurse, team.helper)
    answer = client.post(page("withdraw_assignment", team, first.public_id))
    assert answer["Location"] == page("assigned_modules", team)
    answer = client.post(page("withdraw_assignment", team, second.public_id), {"person": "1"})
    assert answer["Location"] == page("team_person", team, team.helper.public_id)
    assert set(Assignment.objects.values_list("withdrawn_by", flat=True)) == {team.leader.person.pk}
    assert client.get(page("assigned_modules", team)).context["rows"] == []
    assert client.post(page("withdraw_assignment", team, first.public_id)).status_code == 404
    assert client.get(page("withdraw_assignment", team, first.public_id)).status_code == 405


def test_what_the_unit_above_asked_is_seen_and_not_taken_back(client, team, edition):
    above = GrantFactory(unit=team.municipality).person
    [row] = assign(edition.version.module, to=[team.nurse], unit=team.municipality, by=above).assigned
    response = client.get(page("assigned_modules", team))
    assert ([one.assignment for one in response.context["rows"]], response.context["withdrawable"]) == (
        [row],
        set(),
    )
    assert client.post(page("withdraw_assignment", team, row.public_id)).status_code == 404
    assert Assignment.objects.standing().count() == 1


# --- Who may not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_nobody_who_does_not_lead_the_unit_asks_sees_or_takes_back(client, team, edition, outsider):
    [row] = ask(team, edition, team.helper)
    client.force_login(outsider(team))
    assert [client.get(page(name, team)).status_code for name in ("assign_module", "assigned_modules")] == [
        404,
        404,
    ]
    assert send(client, team, edition, team.nurse).status_code == 404
    assert client.post(page("withdraw_assignment", team, row.public_id)).status_code == 404
    assert list(Assignment.objects.standing()) == [row]


def test_a_leader_next_door_does_not_take_it_back_by_her_own_address(client, team, edition):
    [row] = ask(team, edition, team.nurse)
    neighbour = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    client.force_login(UserFactory(person=GrantFactory(unit=neighbour).person))
    address = reverse("reports:withdraw_assignment", args=[neighbour.public_id, row.public_id])
    assert client.post(address).status_code == 404
    listed = reverse("reports:assigned_modules", args=[neighbour.public_id])
    assert "Smerter" not in client.get(listed).content.decode()


def test_a_second_employer_does_not_see_what_the_first_one_asks(client, team, edition):
    ask(team, edition, team.nurse)
    hospice = OrgUnitFactory(kind=UnitKind.HOSPICE)
    EmploymentFactory(person=team.nurse, unit=hospice)
    client.force_login(UserFactory(person=GrantFactory(unit=hospice).person))
    person_page = reverse("reports:team_person", args=[hospice.public_id, team.nurse.public_id])
    assert client.get(person_page).context["assigned"] == []
    listed = reverse("reports:assigned_modules", args=[hospice.public_id])
    assert client.get(listed).context["rows"] == []


def test_a_deputy_asks_and_takes_back(client, team, edition):
    deputy = GrantFactory(role=Role.DEPUTY, unit=team.unit).person
    client.force_login(UserFactory(person=deputy))
    assert send(client, team, edition, team.nurse).status_code == 302
    row = Assignment.objects.get()
    assert row.assigned_by == deputy
    assert client.post(page("withdraw_assignment", team, row.public_id)).status_code == 302


def test_who_has_left_is_not_on_the_list(client, team, edition):
    ask(team, edition, team.nurse)
    end_employment(team.nurse.employments.get(), on=dt.date(2026, 11, 22))
    assert client.get(page("assigned_modules", team)).context["rows"] == []


# --- The learner's own ---------------------------------------------------------------------------------


def test_my_data_holds_what_i_was_asked_also_when_it_was_taken_back(client, team, edition):
    [row] = ask(team, edition, team.nurse, note="Før jul.")
    ask(team, edition, team.helper, note="Til en anden.")
    withdraw(row, by=team.leader.person)
    client.force_login(UserFactory(person=team.nurse))
    shown = client.get(reverse("reports:my_record"))
    assert [one.assignment for one in shown.context["assigned"]] == [row]
    document = b"".join(client.get(reverse("reports:my_data_download")).streaming_content).decode()
    assert ["Før jul." in document, "Til en anden." in document] == [True, False]
    assert "Til en anden." not in shown.content.decode()


# --- Queries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["assigned_modules", "assign_module", "team_unit"])
def test_one_assignment_and_three_take_the_same_number_of_queries(client, team, edition, name):
    ask(team, edition, team.nurse)
    ask(team, publish("Sorg"), team.helper)
    complete(team.nurse, edition)
    few = queries_of(client, page(name, team))
    for title in ("Kvalme", "Træthed"):
        other = publish(title)
        ask(team, other, team.nurse, team.assistant, team.helper)
        complete(team.assistant, other)
    assert queries_of(client, page(name, team)) == few


def test_a_person_s_page_takes_the_same_number_of_queries_with_one_assignment_and_with_three(
    client, team, edition
):
    ask(team, edition, team.nurse)
    address = page("team_person", team, team.nurse.public_id)
    few = queries_of(client, address)
    for title in ("Kvalme", "Træthed"):
        ask(team, publish(title), team.nurse)
    assert queries_of(client, address) == few
