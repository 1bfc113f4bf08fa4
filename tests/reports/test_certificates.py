"""Certificates on the learner's own pages, and on nobody else's."""

import html
import re
import uuid

import pytest
from django.urls import reverse

from certification.models import Certificate
from organisations.enums import Role
from tests.factories.competencies import load_professions
from tests.factories.courses import complete
from tests.factories.organisations import (
    GrantFactory,
    UserFactory,
)
from tests.factories.paths import a_path, module_for
from tests.factories.reports import a_team, key_person_of
from tests.reports.outsiders import a_coordinator, a_login_without_a_person, a_superuser, an_educator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def team():
    load_professions()
    team = a_team()
    edition = module_for("nurse", "sosu_assistant", title="Se det i tide")
    a_path(edition, professions=["nurse", "sosu_assistant"])
    complete(team.nurse, edition)
    return team


@pytest.fixture
def certificate(team):
    return Certificate.objects.get()


def open_it(client, user, certificate):
    client.force_login(user)
    return client.get(reverse("reports:certificate", args=[certificate.public_id]))


def words(response):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_she_finds_it_in_her_list_and_opens_it(client, team, certificate):
    client.force_login(UserFactory(person=team.nurse))
    address = f"/mit/beviser/{certificate.public_id}/"
    assert f'href="{address}"' in client.get("/mit/beviser/").content.decode()
    said = words(client.get(address))
    for part in ("Signe Sygeplejerske", certificate.wording, "Se det i tide", "22. november 2026"):
        assert part in said
    assert certificate.notice in said


def test_it_shows_the_name_that_she_had(client, team, certificate):
    team.nurse.family_name = "Nyt Navn"
    team.nurse.save()
    said = words(open_it(client, UserFactory(person=team.nurse), certificate))
    assert certificate.name == "Signe Sygeplejerske"
    assert said.count("Signe Sygeplejerske") == 1


def test_her_profile_and_her_data_lead_to_it(client, team, certificate):
    client.force_login(UserFactory(person=team.nurse))
    assert 'href="/mit/beviser/"' in client.get("/mit/profil/").content.decode()
    assert f'href="/mit/beviser/{certificate.public_id}/"' in client.get("/mit/data/").content.decode()


def test_her_own_page_names_it(client, team, certificate):
    client.force_login(UserFactory(person=team.nurse))
    assert list(client.get("/mit/").context["certificates"]) == [certificate]


def test_without_one_the_list_says_when_one_comes(client, team):
    client.force_login(UserFactory(person=team.assistant))
    page = client.get("/mit/beviser/")
    assert list(page.context["certificates"]) == []
    assert "/mit/beviser/" not in re.findall(r"<main.*?</main>", page.content.decode(), re.DOTALL)[0]


def a_colleague(team):
    return UserFactory(person=team.assistant)


def her_leader(team):
    return team.leader


def her_key_person(team):
    return key_person_of(team.unit)


def an_administrator(team):
    return UserFactory(person=GrantFactory(role=Role.ADMINISTRATOR, unit=None).person)


@pytest.mark.parametrize(
    "who",
    [
        a_colleague,
        her_leader,
        her_key_person,
        a_coordinator,
        an_educator,
        an_administrator,
        a_superuser,
        a_login_without_a_person,
    ],
)
def test_nobody_else_opens_it(client, team, certificate, who):
    user = who(team)
    assert open_it(client, user, certificate).status_code == 404
    listed = client.get("/mit/beviser/")
    assert str(certificate.public_id) not in listed.content.decode()


def test_a_stranger_is_asked_to_log_in(client, certificate):
    for address in ("/mit/beviser/", f"/mit/beviser/{certificate.public_id}/"):
        assert client.get(address).headers["Location"] == f"/konto/login/?next={address}"


def test_one_that_is_not_there_is_404(client, team):
    client.force_login(UserFactory(person=team.nurse))
    assert client.get(f"/mit/beviser/{uuid.uuid4()}/").status_code == 404


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client, team, certificate, django_assert_num_queries
):
    client.force_login(UserFactory(person=team.nurse))
    client.get("/mit/beviser/")
    with django_assert_num_queries(5):
        client.get("/mit/beviser/")
    for code in ("TO", "TRE"):
        edition = module_for("nurse")
        a_path(edition, code=code)
        complete(team.nurse, edition)
    with django_assert_num_queries(5):
        assert len(client.get("/mit/beviser/").context["certificates"]) == 3
