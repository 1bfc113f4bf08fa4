"""A leader confirms a level of somebody in her team, and takes it back. Nobody else does."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies.domain.framework import import_framework
from competencies.domain.sign_offs import sign_off
from competencies.models import Competency, Evidence, SignOff
from organisations.domain.deputies import appoint_deputy
from organisations.enums import UnitKind
from organisations.models import Disclosure
from tests.factories.competencies import load_framework, shipped_data
from tests.factories.organisations import EmploymentFactory, GrantFactory, OrgUnitFactory, UserFactory
from tests.factories.reports import a_team, member
from tests.reports.outsiders import OUTSIDERS
from xapi.models import Statement

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
FILLED = {"level": "3", "basis": "at_work", "attended": "", "seen_on": "2026-11-22"}


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


def page_of(team, person, code="IDE-1"):
    return reverse("reports:sign_off", args=[team.unit.public_id, person.public_id, code])


def signed(team, person=None, code="IDE-1", **properties):
    said = {"level": 3, "basis": "course", "attended": "Nøglekursus i Viborg", "seen_on": TODAY}
    return sign_off(
        person or team.assistant,
        competency=Competency.objects.get(code=code),
        by=team.leader.person,
        **{**said, **properties},
    )


def test_a_level_is_confirmed_and_stands_on_both_pages(client, team):
    client.force_login(team.leader)
    response = client.post(page_of(team, team.assistant), FILLED, follow=True)
    person_page = reverse("reports:team_person", args=[team.unit.public_id, team.assistant.public_id])
    assert response.redirect_chain == [(f"{person_page}?omraade=IDE", 302)]
    html = " ".join(response.content.decode().split())
    assert "Du har bekræftet, at Anna Assistent er ressourceperson i »" in html
    # The message is the page's top, leads down to the domain, and that is open.
    assert 'href="#ide">Se det under »Tidlig identifikation' in html
    assert ('id="ide" open>' in html, html.count("open>")) == (True, 1)
    assert "<span>Set i arbejdet</span>: 22. november 2026, bekræftet af Lone Leder" in html
    client.force_login(UserFactory(person=team.assistant))
    own = client.get(reverse("reports:profile"))
    (row,) = [
        row
        for domain in own.context["domains"]
        for row in domain.rows
        if row.standing.competency.code == "IDE-1"
    ]
    assert (row.standing.shown, row.standing.is_reached) == (3, True)
    assert "bekræftet af Lone Leder" in own.content.decode()


def test_a_course_is_named_to_her_and_to_her_leader(client, team):
    client.force_login(team.leader)
    client.post(
        page_of(team, team.assistant), {**FILLED, "basis": "course", "attended": "Nøglekursus i Viborg"}
    )
    page = client.get(page_of(team, team.assistant))
    assert "Kursus eller efteruddannelse: Nøglekursus i Viborg" in page.content.decode()
    assert [row.attended for row, _basis in page.context["signed"]] == ["Nøglekursus i Viborg"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"level": ""}, "level"),
        ({"level": "0"}, "level"),
        ({"level": "4"}, "level"),
        ({"basis": ""}, "basis"),
        ({"basis": "hearsay"}, "basis"),
        ({"basis": "course"}, "attended"),
        ({"basis": "talk", "attended": "Nøglekursus i Viborg"}, "attended"),
        ({"basis": "course", "attended": "hos 010245-1234"}, "attended"),
        ({"seen_on": ""}, "seen_on"),
        ({"seen_on": "2026-11-23"}, "seen_on"),
        ({"seen_on": "22/11"}, "seen_on"),
    ],
)
def test_what_is_wrong_is_said_in_the_form_and_nothing_is_lost(client, team, fields, field):
    client.force_login(team.leader)
    response = client.post(page_of(team, team.assistant), {**FILLED, **fields})
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert {name: form[name].value() for name in FILLED} == {**FILLED, **fields}
    assert (SignOff.objects.count(), Statement.objects.count()) == (0, 0)


def test_that_the_course_is_needed_is_said_in_the_hint_and_it_is_not_called_optional(client, team):
    client.force_login(team.leader)
    html = client.get(page_of(team, team.assistant)).content.decode()
    assert ("Skal udfyldes, når bekræftelsen bygger på" in html, "(frivilligt)" in html) == (True, False)


def test_it_is_taken_back_and_twice_is_once(client, team):
    row = signed(team)
    client.force_login(team.leader)
    for _twice in range(2):
        response = client.post(page_of(team, team.assistant), {"take_back": row.public_id}, follow=True)
        assert response.status_code == 200
    assert (response.context["signed"], Evidence.objects.count()) == ([], 0)
    assert SignOff.objects.get().taken_back_by == team.leader.person
    assert "Nøglekursus" not in response.content.decode()


@pytest.mark.parametrize("named", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_one_that_is_not_there_cannot_be_taken_back(client, team, named):
    client.force_login(team.leader)
    assert client.post(page_of(team, team.assistant), {"take_back": named}).status_code == 404


def test_somebody_else_s_is_not_taken_back_through_her_page(client, team):
    row = signed(team, team.nurse)
    client.force_login(team.leader)
    assert client.post(page_of(team, team.assistant), {"take_back": row.public_id}).status_code == 404
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_whoever_does_not_lead_her_gets_404_and_changes_nothing(client, team, outsider):
    row = signed(team)
    client.force_login(outsider(team))
    address = page_of(team, team.assistant)
    answers = [
        client.get(address),
        client.post(address, {**FILLED, "level": "1"}),
        client.post(address, {"take_back": row.public_id}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert [answer for answer in answers if "Nøglekursus" in answer.content.decode()] == []
    assert list(SignOff.objects.values_list("level", "taken_back_at")) == [(3, None)]


def test_whoever_is_not_logged_in_is_asked_to(client, team):
    response = client.get(page_of(team, team.assistant))
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/konto/login/")


def test_a_leader_who_works_there_does_not_sign_off_herself(client, team):
    herself = member(team.unit, "nurse", "Karen", "Lund")
    user = UserFactory(person=herself)
    GrantFactory(person=herself, unit=team.unit)
    client.force_login(user)
    address = page_of(team, herself)
    assert [client.get(address).status_code, client.post(address, FILLED).status_code] == [404, 404]
    own_page = client.get(reverse("reports:team_person", args=[team.unit.public_id, herself.public_id]))
    assert (own_page.status_code, "/bekraeft/IDE-1/" in own_page.content.decode()) == (200, False)
    assert SignOff.objects.count() == 0


def test_a_deputy_signs_off_the_team_and_not_the_leader_whom_she_stands_in_for(client, team):
    leader = team.leader.person
    EmploymentFactory(person=leader, unit=team.unit)
    deputy = UserFactory(person=team.helper)
    appoint_deputy(team.helper, unit=team.unit, starts_on=TODAY, last_day=TODAY, by=leader)
    client.force_login(deputy)
    answers = [client.post(page_of(team, person), FILLED).status_code for person in (team.assistant, leader)]
    assert (answers, [row.person for row in SignOff.objects.all()]) == ([302, 404], [team.assistant])


def test_one_of_an_earlier_version_of_the_framework_can_still_be_taken_back(client, team, noon):
    row = signed(team)
    data = shipped_data()
    data["meta"] |= {"version": "0.2", "date": "2027-06-01"}
    import_framework(data, source_name="framework.json")
    noon(dt.date(2027, 6, 1))
    client.force_login(team.leader)
    assert [found for found, _basis in client.get(page_of(team, team.assistant)).context["signed"]] == [row]
    client.post(page_of(team, team.assistant), {"take_back": row.public_id})
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("code", ["IDE.1", "SØM-1", "IDE 1"])
def test_a_competency_has_its_page_whatever_its_code(client, team, code):
    Competency.objects.filter(code="IDE-1").update(code=code)
    client.force_login(team.leader)
    assert client.get(page_of(team, team.assistant, code)).status_code == 200
    assert client.get(page_of(team, team.assistant, code).split("bekraeft/")[0]).status_code == 200


def test_her_own_data_names_the_day_and_no_hour_that_never_was(client, team):
    signed(team, seen_on=dt.date(2026, 3, 1))
    client.force_login(UserFactory(person=team.assistant))
    html = " ".join(client.get(reverse("reports:my_record")).content.decode().split())
    assert '1. marts 2026</time> <span class="lindra-quiet">(registreret 22. november 2026)</span>' in html
    assert "1. marts 2026 kl." not in html


def test_somebody_of_another_unit_is_404_by_the_own_unit_s_address(client, team):
    neighbour = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    client.force_login(team.leader)
    assert client.post(page_of(team, member(neighbour, "nurse")), FILLED).status_code == 404


@pytest.mark.parametrize("code", ["IDE-99", "ide-1"])
def test_a_competency_that_is_not_there_is_404(client, team, code):
    client.force_login(team.leader)
    assert client.get(page_of(team, team.assistant, code)).status_code == 404


def test_that_the_page_was_opened_stands_on_her_own_data(client, team):
    client.force_login(team.leader)
    client.get(page_of(team, team.assistant))
    assert list(Disclosure.objects.values_list("subject", "viewer")) == [
        (team.assistant.pk, team.leader.person.pk)
    ]


def test_her_own_data_says_it_and_the_download_too(client, team):
    row = signed(team)
    client.force_login(UserFactory(person=team.assistant))
    html = " ".join(client.get(reverse("reports:my_record")).content.decode().split())
    assert "Det blev bekræftet, at du har kompetencen" in html
    told = b"".join(client.get(reverse("reports:my_data_download")).streaming_content).decode()
    assert "Nøglekursus i Viborg" in told
    assert str(row.statement) in told


@pytest.mark.parametrize("page", ["sign_off", "team_person", "profile"])
def test_it_takes_as_many_queries_for_three_as_for_one(client, team, page):
    codes = ["IDE-1", "IDE-1", "IDE-2"] if page != "sign_off" else ["IDE-1"] * 3
    address = {
        "sign_off": page_of(team, team.assistant),
        "team_person": reverse("reports:team_person", args=[team.unit.public_id, team.assistant.public_id]),
        "profile": reverse("reports:profile"),
    }[page]
    client.force_login(UserFactory(person=team.assistant) if page == "profile" else team.leader)
    counts = []
    for level, code in enumerate(codes, start=1):
        signed(team, code=code, level=level)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[2]
