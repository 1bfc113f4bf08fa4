"""*Min side* shows what the learner is asked to take: by whom, by when, and no more than that."""

import datetime as dt

import pytest
from django.urls import reverse

from courses.domain.assignments import assign
from courses.models import Module
from tests.factories.courses import complete, publish
from tests.factories.organisations import EmploymentFactory, GrantFactory
from tests.files import queries_of, soup, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def ask(client, learner):
    """Her leader asks her; the learner is logged in."""
    unit = learner.person.employments.get().unit
    leader = GrantFactory(unit=unit, person__given_name="Lone", person__family_name="Leder").person
    client.force_login(learner)

    def ask(module, person=learner.person, **more):
        return assign(module, to=[person], unit=unit, by=leader, **more)

    return ask


def asked_of(client):
    """The cards under *Tildelt dig*, in words; nothing where there is no such heading."""
    section = soup(client.get(reverse("home"))).find(attrs={"aria-labelledby": "assigned-heading"})
    return [text(card) for card in section.select("article")] if section else []


def test_it_says_who_asks_where_by_when_and_the_line(client, learner, module, ask):
    assert asked_of(client) == []
    unit = learner.person.employments.get().unit
    ask(Module.objects.get(), wanted_by=dt.date(2026, 12, 1), note="Før jul.")
    assert asked_of(client) == [
        f"Se det i tide Lone Leder, {unit.name}, beder dig tage det. Gerne senest 1. december 2026. Før jul."
    ]


def test_a_day_that_is_gone_is_said_without_blame(client, module, ask, noon):
    ask(Module.objects.get(), wanted_by=dt.date(2026, 12, 1))
    noon(dt.date(2026, 12, 2))
    assert "Var ønsket senest 1. december 2026." in asked_of(client)[0]


def test_it_leads_to_the_module_and_stands_once_among_what_is_new(client, module, ask):
    ask(Module.objects.get())
    page = soup(client.get(reverse("home")))
    assert [link["href"] for link in page.find_all("a", string="Se det i tide")] == [module.url]


def test_a_module_without_a_page_is_named_without_a_link(client, module, ask):
    ask(publish(title="Uden side", code="M99").version.module)
    assert asked_of(client)[0].startswith("Uden side")
    assert soup(client.get(reverse("home"))).find("a", string="Uden side") is None


def test_completed_it_is_asked_no_more(client, learner, module, ask):
    edition = publish(title="Smerter", code="M21")
    ask(edition.version.module)
    ask(Module.objects.get(code="M02"))
    complete(learner.person, edition)
    [card] = asked_of(client)
    assert card.startswith("Se det i tide")


def test_what_a_colleague_is_asked_is_not_seen(client, learner, module, ask):
    colleague = EmploymentFactory(unit=learner.person.employments.get().unit).person
    ask(Module.objects.get(), colleague, note="Til en anden.")
    assert asked_of(client) == []
    assert "Til en anden." not in client.get(reverse("home")).content.decode()


def test_one_and_three_take_the_same_number_of_queries(client, module, ask):
    ask(publish(title="Et", code="M21").version.module)
    few = queries_of(client, reverse("home"))
    for number, title in enumerate(("To", "Tre"), start=22):
        ask(publish(title=title, code=f"M{number}").version.module)
    assert (queries_of(client, reverse("home")), len(asked_of(client))) == (few, 3)
