"""A person says how far she is. Only she sees it."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse

from competencies.domain.framework import import_framework
from competencies.domain.self_assessments import assess, said_by
from competencies.models import Competency, Domain, SelfAssessment
from organisations.enums import DisclosureKind
from tests.factories.competencies import load_framework, shipped_data
from tests.factories.organisations import UserFactory
from tests.factories.reports import a_team

pytestmark = pytest.mark.django_db

PAGE = "/mit/profil/vurdering/IDE/"


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


def test_what_she_says_stands_beside_what_is_asked_and_shown(client, team):
    client.force_login(UserFactory(person=team.nurse))
    response = client.post(PAGE, {"IDE-1": "2", "IDE-2": "0"}, follow=True)
    assert response.redirect_chain == [("/mit/profil/?omraade=IDE", 302)]
    html = " ".join(response.content.decode().split())
    assert 'href="#ide">Se det under »Tidlig identifikation' in html
    assert ('id="ide" open>' in html, html.count("open>")) == (True, 1)
    assert html.count("Du siger:") == 2
    assert "Du siger: <strong>udøvende</strong>" in html
    assert "Du siger: <strong>ikke endnu</strong>" in html
    assert (response.context["standing"].reached, len(said_by(team.nurse))) == (0, 2)


def test_what_she_said_last_is_chosen_when_she_comes_back_and_what_she_leaves_out_stays(client, team):
    client.force_login(UserFactory(person=team.nurse))
    client.post(PAGE, {"IDE-1": "2"})
    form = client.get(PAGE).context["form"]
    assert (form["IDE-1"].value(), form["IDE-2"].value()) == (2, None)
    client.post(PAGE, {"IDE-2": "1"})
    said = {row.competency.code: row.level for row in said_by(team.nurse).values()}
    assert said == {"IDE-1": 2, "IDE-2": 1}


def test_with_nothing_chosen_the_page_says_so_and_saves_nothing(client, team):
    client.force_login(UserFactory(person=team.nurse))
    response = client.post(PAGE, {}, follow=True)
    assert (response.redirect_chain, SelfAssessment.objects.count()) == ([(PAGE, 302)], 0)
    html = response.content.decode()
    assert ("Du valgte ikke noget, så der er ikke gemt noget." in html, "Gemt." in html) == (True, False)


@pytest.mark.parametrize("level", ["4", "-1", "meget"])
def test_a_level_that_is_none_is_said_and_nothing_is_lost(client, team, level):
    client.force_login(UserFactory(person=team.nurse))
    response = client.post(PAGE, {"IDE-1": level, "IDE-2": "1"})
    form = response.context["form"]
    assert (response.status_code, list(form.errors), form["IDE-2"].value()) == (422, ["IDE-1"], "1")
    assert SelfAssessment.objects.count() == 0


def test_nobody_else_sees_it(client, team):
    addresses = [
        reverse("reports:team_unit", args=[team.unit.public_id]),
        reverse("reports:team_person", args=[team.unit.public_id, team.nurse.public_id]),
        reverse("reports:sign_off", args=[team.unit.public_id, team.nurse.public_id, "IDE-1"]),
        reverse("reports:team_download", args=[team.unit.public_id, "csv"]),
        PAGE,
    ]
    client.force_login(team.leader)

    def seen():
        pages = [client.get(address).content.decode() for address in addresses]
        return [re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page) for page in pages]

    seen()
    before = seen()
    assess(team.nurse, {Competency.objects.get(code="IDE-1"): 3})
    assert seen() == before


def test_it_stands_on_her_own_data_and_in_the_download_and_can_be_erased(client, team):
    client.force_login(UserFactory(person=team.nurse))
    competency = Competency.objects.get(code="IDE-1")
    assess(team.nurse, {competency: 1})
    assess(team.nurse, {competency: 2})
    assess(team.assistant, {competency: 3})
    assert [row.level for row in client.get("/mit/data/").context["self_assessments"]] == [2]
    told = json.loads(b"".join(client.get("/mit/data/download/").streaming_content))
    assert [row["level"] for row in told["self_assessments"]] == [2, 1]
    for _twice in range(2):
        assert client.post("/mit/data/vurderinger/slet/").status_code == 302
    assert [row.person for row in SelfAssessment.objects.all()] == [team.assistant]
    assert client.get("/mit/data/vurderinger/slet/").status_code == 405


@pytest.mark.parametrize("page", [PAGE, "/mit/data/vurderinger/slet/"])
def test_whoever_is_not_logged_in_is_asked_to_and_a_log_in_of_nobody_gets_404(client, team, page):
    assert client.post(page).status_code == 302
    client.force_login(UserFactory(person=None))
    assert client.post(page).status_code == 404


def test_a_domain_that_is_not_there_is_404(client, team):
    client.force_login(UserFactory(person=team.nurse))
    assert client.get("/mit/profil/vurdering/XYZ/").status_code == 404


def test_it_takes_as_many_queries_for_three_as_for_one(client, team, django_assert_max_num_queries):
    client.force_login(UserFactory(person=team.nurse))
    counts = []
    for level, code in enumerate(["IDE-1", "IDE-2", "IDE-3"]):
        assess(team.nurse, {Competency.objects.get(code=code): level})
        for page in (PAGE, "/mit/profil/", "/mit/data/"):
            client.get(page)
            with django_assert_max_num_queries(60) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:3] == counts[6:]


def test_no_look_at_her_own_is_noted(client, team):
    client.force_login(UserFactory(person=team.nurse))
    client.get(PAGE)
    assert DisclosureKind.PERSON_PAGE not in team.nurse.disclosures.values_list("what", flat=True)


def test_of_an_earlier_version_of_the_framework_only_the_download_tells(client, team, noon):
    assess(team.nurse, {Competency.objects.get(code="IDE-1"): 1})
    data = shipped_data()
    data["meta"] |= {"version": "0.2", "date": "2027-06-01"}
    import_framework(data, source_name="framework.json")
    noon(dt.date(2027, 6, 1))
    assess(team.nurse, {Competency.objects.get(code="IDE-1", domain__framework__version="0.2"): 2})
    client.force_login(UserFactory(person=team.nurse))
    assert [row.level for row in client.get("/mit/data/").context["self_assessments"]] == [2]
    told = json.loads(b"".join(client.get("/mit/data/download/").streaming_content))
    assert [row["level"] for row in told["self_assessments"]] == [2, 1]


@pytest.mark.parametrize("code", ["ID.E", "SØM", "I D"])
def test_a_domain_has_its_page_whatever_its_code(client, team, code):
    Domain.objects.filter(code="IDE").update(code=code)
    client.force_login(UserFactory(person=team.nurse))
    assert client.get("/mit/profil/").status_code == 200
    assert client.get(reverse("reports:self_assessment", args=[code])).status_code == 200
