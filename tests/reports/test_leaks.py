"""Nobody outside a leader's line opens her team. Each test makes what could leak, then asks."""

import datetime as dt

import pytest
from django.urls import reverse

from organisations.domain.employments import end_employment
from organisations.enums import UnitKind
from tests.factories.competencies import load_framework
from tests.factories.organisations import (
    EmploymentFactory,
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
from tests.reports.outsiders import OUTSIDERS, a_key_person, a_leader_whose_login_is_off
from xapi.models import Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon):
    """A team with somebody who answered wrong, reflected, finished, and had a task confirmed."""
    load_framework()
    team = a_team()
    edition = publish()
    complete(team.assistant, edition)
    hand_in_and_confirm(team.assistant, publish("Smerter"), by=team.leader.person)
    return team


def addresses(team):
    return [
        reverse("reports:team_unit", args=[team.unit.public_id]),
        reverse("reports:team_person", args=[team.unit.public_id, team.assistant.public_id]),
        reverse("reports:team_person", args=[team.municipality.public_id, team.assistant.public_id]),
    ]


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_whoever_does_not_lead_the_unit_gets_404(client, team, outsider):
    client.force_login(outsider(team))
    assert [client.get(address).status_code for address in addresses(team)] == [404, 404, 404]
    assert client.post(addresses(team)[1], {"appoint": "1"}).status_code == 404
    report = reverse("reports:report_key_persons", args=[team.unit.public_id])
    assert client.post(report).status_code == 404


@pytest.mark.parametrize("login", [None, a_leader_whose_login_is_off])
def test_whoever_is_not_logged_in_is_asked_to(client, team, login):
    if login:
        client.force_login(login(team))
    for address in addresses(team):
        response = client.get(address)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/konto/login/")


def test_the_leader_herself_opens_it_so_that_the_404s_mean_something(client, team):
    client.force_login(team.leader)
    # The municipality above isn't hers.
    assert [client.get(address).status_code for address in addresses(team)] == [200, 200, 404]


def test_a_leader_gets_404_for_another_unit_s_people_by_her_own_unit_s_address(client, team):
    neighbour = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    stranger = member(neighbour, "nurse")
    complete(stranger, publish("Sorg"))
    client.force_login(team.leader)
    own = reverse("reports:team_person", args=[team.unit.public_id, stranger.public_id])
    theirs = reverse("reports:team_person", args=[neighbour.public_id, stranger.public_id])
    assert [client.get(own).status_code, client.get(theirs).status_code] == [404, 404]
    assert stranger.full_name not in client.get(addresses(team)[0]).content.decode()


def test_somebody_who_left_is_gone_from_the_page_and_her_address_is_404(client, team):
    end_employment(team.assistant.employments.get(), on=dt.date(2026, 11, 22))
    client.force_login(team.leader)
    assert team.assistant.full_name not in client.get(addresses(team)[0]).content.decode()
    assert client.get(addresses(team)[1]).status_code == 404


def test_the_leader_sees_days_and_nothing_of_answers_times_or_reflections(client, team):
    client.force_login(team.leader)
    pages = [client.get(address).content.decode() for address in addresses(team)[:2]]
    # The completion, and the confirmation: each at one competency.
    assert pages[1].count("22. november 2026") == 2
    learner = team.assistant
    secrets = [
        WRONG_ANSWER,
        REFLECTION,
        HANDED_IN,
        "12:00",
        "12.00",
        "Hvad gør du først?",
        str(learner.pseudonym),
        str(team.leader.person.pseudonym),
        "?registrering=",
        *(str(statement.uuid) for statement in Statement.objects.all()),
    ]
    assert [secret for secret in secrets for page in pages if secret in page] == []


def test_other_work_of_a_member_is_not_shown_to_the_leader(client, team):
    elsewhere = OrgUnitFactory(name="Hospice Limfjord", kind=UnitKind.HOSPICE)
    EmploymentFactory(person=team.assistant, unit=elsewhere)
    client.force_login(team.leader)
    pages = [client.get(address).content.decode() for address in addresses(team)[:2]]
    assert ["Hospice Limfjord" in page for page in pages] == [False, False]


def test_the_record_is_the_learner_s_own_page_with_her_own_data_only(client, team):
    client.force_login(UserFactory(person=team.nurse))
    page = client.get(reverse("reports:my_record")).content.decode()
    assert [secret in page for secret in (WRONG_ANSWER, REFLECTION, str(team.assistant.pseudonym))] == [
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("page", ["reports:profile", "reports:confirm", "reports:team", "reports:framework"])
def test_no_page_but_my_data_shows_a_pseudonym(client, team, page):
    hand_in(team.assistant, publish("Sorg"))
    client.force_login(team.leader)
    content = client.get(reverse(page), follow=True).content.decode()
    pseudonyms = [person.pseudonym for person in (team.assistant, team.nurse, team.leader.person)]
    assert [str(pseudonym) in content for pseudonym in pseudonyms] == [False, False, False]
    client.force_login(UserFactory(person=team.assistant))
    content = client.get(reverse("reports:profile")).content.decode()
    assert [str(pseudonym) in content for pseudonym in pseudonyms] == [False, False, False]
    record = client.get(reverse("reports:my_record")).content.decode()
    assert str(team.assistant.pseudonym) in record


@pytest.mark.parametrize(
    ("outsider", "status"), [(one, 302 if one is a_key_person else 404) for one in OUTSIDERS]
)
def test_only_who_may_confirm_sees_and_confirms_a_practice_task(client, team, outsider, status):
    submission = hand_in(team.assistant, publish("Sorg"))
    client.force_login(outsider(team))
    page = client.get(reverse("reports:confirm")).content.decode()
    assert (HANDED_IN in page) == (status == 302)
    response = client.post(reverse("reports:confirm"), {"task": submission.statement})
    assert response.status_code == status


@pytest.mark.parametrize("task", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_task_that_is_not_there_is_404(client, team, task):
    client.force_login(team.leader)
    assert client.post(reverse("reports:confirm"), {"task": task}).status_code == 404
