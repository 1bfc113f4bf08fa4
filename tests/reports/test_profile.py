"""A person's own profile, and the framework that it rests on."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import translation

from organisations.enums import UnitKind
from reports.figures.profile import Bar, profile_figure
from tests.factories.competencies import load_framework
from tests.factories.organisations import EmploymentFactory, OrgUnitFactory, UserFactory
from tests.factories.reports import a_team, complete, hand_in_and_confirm, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


def profile(client, person):
    client.force_login(UserFactory(person=person))
    return client.get(reverse("reports:profile"))


def test_it_says_what_is_in_place_and_what_showed_it(client, team):
    complete(team.helper, publish())
    page = profile(client, team.helper)
    assert (page.context["standing"].reached, page.context["standing"].required) == (1, 41)
    assert [
        (row.standing.competency.code, source.title, source.is_confirmation)
        for domain in page.context["domains"]
        for row in domain.rows
        for source in row.sources
    ] == [("IDE-1", "Se det i tide", False)]


def test_the_chart_and_the_table_beside_it_say_the_same(client, team):
    hand_in_and_confirm(team.nurse, publish(), by=team.leader.person)
    page = profile(client, team.nurse)
    html = page.content.decode()
    drawn = json.loads(
        re.search(r'<script id="profile-chart" type="application/json">(.*?)</script>', html)[1]
    )
    in_place, to_come = (trace["x"] for trace in drawn["data"])
    assert [(a, a + b) for a, b in zip(in_place, to_come, strict=True)] == [
        (domain.standing.reached, domain.standing.required) for domain in page.context["domains"]
    ]
    assert html.count('class="reports-number"') == 1 + len(in_place)


def test_somebody_without_an_employment_is_told_why_nothing_is_asked(client, noon):
    load_framework()
    user = UserFactory()
    page = profile(client, user.person)
    assert (page.status_code, page.context["standing"].profiles, page.context["figure"]) == (200, [], None)


def test_a_nurse_in_a_hospice_is_told_the_same(client, noon):
    load_framework()
    employment = EmploymentFactory(unit=OrgUnitFactory(kind=UnitKind.HOSPICE))
    page = profile(client, employment.person)
    assert (page.status_code, page.context["standing"].required, page.context["figure"]) == (200, 0, None)


@pytest.mark.parametrize("page", ["reports:profile", "reports:my_record"])
def test_a_log_in_without_a_person_gets_words(client, page):
    client.force_login(UserFactory(person=None))
    response = client.get(reverse(page))
    assert (response.status_code, response.templates[0].name) == (200, "reports/no_person.html")


@pytest.mark.parametrize("page", ["reports:profile", "reports:framework"])
def test_without_a_framework_the_page_says_so(client, page):
    client.force_login(UserFactory())
    assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", ["reports:profile", "reports:my_record"])
def test_whoever_is_not_logged_in_is_asked_to(client, page):
    assert client.get(reverse(page)).status_code == 302


def test_it_takes_as_many_queries_for_three_modules_as_for_one(client, team, django_assert_max_num_queries):
    client.force_login(UserFactory(person=team.nurse))
    counts = []
    for titles in (["A"], ["B", "C"]):
        for title in titles:
            complete(team.nurse, publish(title))
            hand_in_and_confirm(team.nurse, publish(f"{title}, praksis"), by=team.leader.person)
        client.get(reverse("reports:profile"))
        with django_assert_max_num_queries(60) as queries:
            client.get(reverse("reports:profile"))
        counts.append(len(queries))
    assert counts == [24, 24]


def test_anybody_may_read_the_framework_and_that_it_is_a_proposal(client, noon):
    framework = load_framework()
    page = client.get(reverse("reports:framework"))
    assert (page.status_code, framework.status_da in page.content.decode()) == (200, True)
    assert sum(len(domain.competencies.all()) for domain in page.context["domains"]) == 43
    # The request leaves its language behind in this thread; the next test shall not find it.
    with translation.override("da"):
        english = client.get("/en/kompetenceramme/")
    assert framework.status_en in english.content.decode()


def test_a_figure_of_nothing_is_a_figure():
    assert len(profile_figure([]).data[0].x) == 0


def test_a_bar_is_as_long_as_what_is_asked():
    figure = profile_figure([Bar("Etik", "1 af 4", 1, 4), Bar("Sorg", "2 af 2", 2, 2)])
    assert [list(trace.x) for trace in figure.data] == [[1, 2], [3, 0]]
    assert [note.text for note in figure.layout.annotations] == [
        "Etik: <b>1 af 4</b>",
        "Sorg: <b>2 af 2</b>",
    ]
