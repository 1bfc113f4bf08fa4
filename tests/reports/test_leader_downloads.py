"""A leader's tables as files: the same as on the page, for nobody but who leads, and noted."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from courses.domain.assignments import assign
from organisations.enums import Role, UnitKind
from organisations.models import Disclosure
from tests.factories.competencies import load_framework
from tests.factories.organisations import (
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)
from tests.factories.reports import (
    HANDED_IN,
    REFLECTION,
    WRONG_ANSWER,
    a_team,
    complete,
    hand_in,
    hand_in_and_confirm,
    member,
    publish,
)
from tests.files import KINDS, files, from_csv, from_xlsx, queries_of, soup, text
from tests.reports.outsiders import OUTSIDERS, a_key_person, a_neighbouring_leader

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon, client):
    load_framework()
    team = a_team()
    complete(team.helper, publish())
    hand_in_and_confirm(team.nurse, publish("Sorg"), by=team.leader.person)
    client.force_login(team.leader)
    return team


def team_page(client, team, **query):
    return client.get(reverse("reports:team_unit", args=[team.unit.public_id]), query)


def counts_on_the_page(response):
    """Name → reached and asked for, altogether and in each domain: as the page says it."""
    rows = {}
    for row in soup(response).select("table.reports-team tbody tr"):
        cells = [text(cell) for cell in row.find_all("td")]
        rows[text(row.th.a)] = [part for cell in cells for part in of(cell)]
    return rows


def of(cell):
    found = re.fullmatch(r"(\d+) af (\d+)", cell)
    return list(found.groups()) if found else ["0", "0"]


@pytest.mark.parametrize(
    "query",
    [{}, {"faggruppe": "nurse"}, {"mangler": "noget"}, {"mangler": "IDE", "faggruppe": "sosu_helper"}],
)
def test_the_team_is_the_same_on_the_page_and_in_the_files(client, team, query):
    page = counts_on_the_page(team_page(client, team, **query))
    header, rows = files(client, "reports:team_download", team.unit.public_id, **query)
    assert {row[0]: row[3:] for row in rows} == page != {}
    assert [row[0] for row in rows] == list(page)
    # Altogether and eleven domains, two columns each.
    assert (header[:5], len(header)) == (
        ["Navn", "Faggruppe", "Enhed", "I alt: på plads", "I alt: kræves"],
        3 + 2 * (1 + len(team_page(client, team).context["domains"])),
    )


def test_the_file_has_every_page_of_the_team(client, team, monkeypatch):
    monkeypatch.setattr("reports.views.team.PEOPLE_A_PAGE", 1)
    assert len(counts_on_the_page(team_page(client, team))) == 1
    _header, rows = files(client, "reports:team_download", team.unit.public_id, side="2")
    assert [row[:3] for row in rows] == [
        ["Anna Assistent", "sosu_assistant", "Hjemmeplejen Nord"],
        ["Hanne Hjælper", "sosu_helper", "Hjemmeplejen Nord"],
        ["Signe Sygeplejerske", "Sygeplejerske", "Hjemmeplejen Nord"],
    ]


def test_the_links_under_the_table_keep_the_choice(client, team):
    page = soup(team_page(client, team, faggruppe="nurse", mangler="IDE"))
    links = [link["href"] for link in page.select(".reports-people .reports-downloads a")]
    ending = "?faggruppe=nurse&mangler=IDE"
    assert links == [f"/team/{team.unit.public_id}/download/team.{kind}{ending}" for kind in KINDS]


@pytest.mark.parametrize("query", [{"faggruppe": "magician"}, {"mangler": "XYZ"}])
def test_there_is_no_file_of_a_choice_that_there_is_not(client, team, query):
    assert team_page(client, team, **query).status_code == 200
    for kind in KINDS:
        address = reverse("reports:team_download", args=[team.unit.public_id, kind])
        assert client.get(address, query).status_code == 404
    assert list(Disclosure.objects.all()) == []


def test_the_sheet_says_who_was_chosen_and_that_the_framework_is_a_proposal(client, team):
    address = reverse("reports:team_download", args=[team.unit.public_id, "xlsx"])
    content = client.get(address, {"faggruppe": "nurse", "mangler": "noget"}).content
    about = dict(load_workbook(io.BytesIO(content))["Om"].iter_rows(values_only=True))
    assert (about["Hvad"], about["Af"], about["Hvem"]) == (
        "Team: Hjemmeplejen Nord",
        "Lone Leder",
        "Sygeplejerske; Mangler noget i: Et eller flere områder",
    )
    assert "foreslået" in about["Forslag"] or "forslag" in about["Forslag"]


def test_the_key_persons_are_the_same_on_the_page_and_in_the_files(client, team):
    for person in (team.nurse, member(team.unit, "nurse", "Bo", "Berg")):
        GrantFactory(person=person, role=Role.KEY_PERSON, unit=team.unit)
    page = soup(team_page(client, team)).select("section[aria-labelledby=key-persons-heading] ul li")
    _header, rows = files(client, "reports:team_key_persons_download", team.unit.public_id)
    assert [text(one) for one in page] == [f"{row[0]} siden 1. januar 2015" for row in rows]
    assert [row[1:] for row in rows] == [["Hjemmeplejen Nord", "2015-01-01", ""]] * 2


def test_tasks_that_wait_are_the_same_on_the_page_and_in_the_files(client, team):
    for person in (team.nurse, team.assistant):
        hand_in(person, publish("Smerter"))
    page = soup(client.get(reverse("reports:confirm"))).select("article h2")
    _header, rows = files(client, "reports:waiting_download")
    assert [text(heading) for heading in page] == [f"{row[0]}: {row[1]}" for row in rows]
    assert [row[2] for row in rows] == ["2026-11-22"] * 2


def test_assigned_modules_are_the_same_on_the_page_and_in_the_files(client, team):
    module = publish("Smerter").version.module
    for day, people in ((dt.date(2026, 12, 1), [team.nurse]), (None, [team.assistant])):
        assign(module, to=people, unit=team.unit, by=team.leader.person, wanted_by=day, note="Før jul.")
    complete(team.assistant, module.versions.get().editions.get())
    page = soup(client.get(reverse("reports:assigned_modules", args=[team.unit.public_id])))
    _header, rows = files(client, "reports:assigned_download", team.unit.public_id)
    assert rows == [
        ["Signe Sygeplejerske", "Smerter", "Lone Leder", "2026-11-22", "2026-12-01", "Før jul.", ""],
        ["Anna Assistent", "Smerter", "Lone Leder", "2026-11-22", "", "Før jul.", "2026-11-22"],
    ]
    assert [text(one).split(" Tildelt")[0] for one in page.select(".reports-record li p:first-child")] == [
        f"{row[0]} : {row[1]}" for row in rows
    ]
    links = [link["href"] for link in page.select(".reports-downloads a")]
    assert links == [f"/team/{team.unit.public_id}/download/tildelte-moduler.{kind}" for kind in KINDS]


def test_a_leader_s_files_hold_nothing_of_answers_times_or_reflections(client, team):
    hand_in(team.assistant, publish("Smerter"))
    assign(publish("Sorg").version.module, to=[team.helper], unit=team.unit, by=team.leader.person)
    names = ["team_download", "assigned_download", "team_key_persons_download"]
    addresses = [reverse(f"reports:{name}", args=[team.unit.public_id, "csv"]) for name in names]
    content = "".join(
        client.get(address).content.decode()
        for address in [*addresses, reverse("reports:waiting_download", args=["csv"])]
    )
    people = (team.nurse, team.assistant, team.helper)
    secrets = [WRONG_ANSWER, REFLECTION, HANDED_IN, "12:00", *(str(one.pseudonym) for one in people)]
    assert [secret for secret in secrets if secret in content] == []


# --- Nobody downloads what she may not see ------------------------------------------------------------


def team_files(team):
    return [
        reverse(f"reports:{name}", args=[team.unit.public_id, kind])
        for name in ("team_download", "assigned_download", "team_key_persons_download")
        for kind in KINDS
    ]


WAITING_FILES = [f"/bekraeft/download/praksisopgaver.{kind}" for kind in KINDS]


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_whoever_does_not_lead_the_unit_downloads_nothing_of_it(client, team, outsider):
    client.force_login(outsider(team))
    assert [client.get(address).status_code for address in team_files(team)] == [404] * 6
    assert list(Disclosure.objects.all()) == []


@pytest.mark.parametrize("outsider", [one for one in OUTSIDERS if one is not a_key_person])
def test_whoever_may_not_confirm_a_task_does_not_read_of_it(client, team, outsider):
    hand_in(team.assistant, publish("Smerter"))
    client.force_login(outsider(team))
    responses = [client.get(address) for address in WAITING_FILES]
    if outsider is a_neighbouring_leader:  # she has a list of her own, and it is empty
        assert [len(from_csv(responses[0].content)), len(from_xlsx(responses[1].content))] == [1, 1]
    else:
        assert [response.status_code for response in responses] == [404, 404]


def test_whoever_is_not_logged_in_is_asked_to(client, team):
    client.logout()
    for address in [*team_files(team), *WAITING_FILES]:
        response = client.get(address)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/konto/login/")


def test_there_are_no_other_kinds_of_file(client, team):
    addresses = [*team_files(team), *WAITING_FILES]
    wrong = {address.rsplit(".", 1)[0] + ".pdf" for address in addresses}
    assert {client.get(address).status_code for address in wrong} == {404}
    assert {client.post(address).status_code for address in addresses} == {405}
    assert list(Disclosure.objects.all()) == []


# --- What is noted, and what is asked -----------------------------------------------------------------


def test_everyone_in_a_file_can_see_who_downloaded_it(client, team):
    GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=team.unit)
    edition = publish("Smerter")
    hand_in(team.assistant, edition)
    assign(edition.version.module, to=[team.helper], unit=team.unit, by=team.leader.person)
    for address in [*team_files(team)[::2], WAITING_FILES[0]]:
        client.get(address)
    assert list(Disclosure.objects.order_by("id").values_list("subject__given_name", "what", "rows")) == [
        ("Signe", "team_file", 3),
        ("Anna", "team_file", 3),
        ("Hanne", "team_file", 3),
        ("Hanne", "team_file", 1),
        ("Signe", "key_persons_file", 1),
        ("Anna", "waiting_file", 1),
    ]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("team_download", ""),
        ("team_download", "?mangler=noget"),
        ("assigned_download", ""),
        ("team_key_persons_download", ""),
        ("waiting_download", ""),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_leader_s_files_ask_as_often_for_three_people_as_for_one(client, team, name, query, kind):
    units = [OrgUnitFactory(kind=UnitKind.TEAM) for _one in range(2)]
    counts = []
    for unit, number_of_people in zip(units, (1, 3), strict=True):
        user = UserFactory()
        GrantFactory(person=user.person, unit=unit)
        for _one in range(number_of_people):
            person = member(unit, "nurse")
            GrantFactory(person=person, role=Role.KEY_PERSON, unit=unit)
            complete(person, publish())
            assign(publish("Sorg").version.module, to=[person], unit=unit, by=user.person)
            hand_in(person, publish("Smerter"))
        client.force_login(user)
        args = [kind] if name == "waiting_download" else [unit.public_id, kind]
        address = reverse(f"reports:{name}", args=args) + query
        counts.append(queries_of(client, address))
    assert counts[0] == counts[1]
