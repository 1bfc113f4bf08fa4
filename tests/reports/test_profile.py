"""A person's own profile, and the framework that it rests on."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import translation

from courses.domain.archiving import archive
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


def offered(title, *, professions=("nurse",), **more):
    """A module with a page, for these professions."""
    edition = publish(title)
    edition.content["professions"] = list(professions)
    edition.save()
    return edition


def next_of(page, code="IDE-1"):
    rows = [row for domain in page.context["domains"] for row in domain.rows]
    (row,) = [row for row in rows if row.standing.competency.code == code]
    return row.next if row.next is None else [(step.title, step.by_practice) for step in row.next]


@pytest.fixture
def pages(settings):
    settings.MODULE_ADDRESSES = "tests.factories.reports.addresses_of_modules"


def test_what_is_missing_says_which_module_or_task_comes_next(client, team, pages):
    edition = offered("Se det i tide")
    page = profile(client, team.nurse)
    # Level 2 is asked of her: the practice task is enough, the answers are not.
    assert next_of(page) == [("Se det i tide", True)]
    assert f'<a class="function-link" href="/moduler/{edition.version.module.key}/">Se det i tide</a>' in (
        page.content.decode()
    )
    complete(team.nurse, edition)
    assert next_of(profile(client, team.nurse)) == [("Se det i tide", True)]
    hand_in_and_confirm(team.nurse, offered("Igen"), by=team.leader.person)
    assert next_of(profile(client, team.nurse)) is None


def test_what_no_module_shows_is_her_leader_s_to_confirm(client, team, pages):
    page = profile(client, team.nurse)
    assert next_of(page) == []
    assert "Din leder kan bekræfte det" in page.content.decode()


def test_what_is_not_for_her_or_not_offered_is_no_next_step(client, team, pages, settings):
    offered("For læger", professions=["doctor"])
    gone = offered("Arkiveret")
    archive(gone.version.module, reason="Forældet", by=team.leader.person)
    assert next_of(profile(client, team.nurse)) == []
    offered("Uden side")
    settings.MODULE_ADDRESSES = "tests.reports.test_profile.no_addresses"
    assert next_of(profile(client, team.nurse)) == []


def no_addresses(_keys):
    return {}


def test_her_leader_s_page_says_nothing_of_next_steps(client, team, pages):
    offered("Se det i tide")
    client.force_login(team.leader)
    page = client.get(reverse("reports:team_person", args=[team.unit.public_id, team.nurse.public_id]))
    assert next_of(page) is None


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
    assert counts == [26, 26]


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
