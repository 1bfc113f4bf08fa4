"""Evidence from a module that isn't offered any more is marked where it is shown, and counts as before."""

import pytest
from django.urls import reverse

from courses.domain.archiving import archive, restore
from tests.factories.competencies import load_framework
from tests.factories.organisations import UserFactory
from tests.factories.reports import a_team, complete, hand_in_and_confirm, publish
from tests.files import soup, text

pytestmark = pytest.mark.django_db

WHY = "En ny vejledning er kommet."
GONE = "Modulet er trukket tilbage"


@pytest.fixture
def team(noon):
    load_framework()
    return a_team()


@pytest.fixture
def addresses(settings):
    settings.MODULE_ADDRESSES = "tests.factories.reports.addresses_of_modules"


def shown(client, person):
    client.force_login(person.users.first() or UserFactory(person=person))
    return soup(client.get(reverse("reports:profile")))


def retire(edition, *, replaced_by=None):
    archive(
        edition.version.module,
        reason=WHY,
        by=None,
        replaced_by=replaced_by and replaced_by.version.module,
        counts=replaced_by and False,
    )


@pytest.mark.usefixtures("addresses")
def test_it_says_that_the_module_is_withdrawn_and_leads_to_what_has_come_in_its_place(client, team):
    old, new = publish(), publish("Se det nu")
    complete(team.nurse, old)
    before = shown(client, team.nurse)
    retire(old, replaced_by=new)
    after = shown(client, team.nurse)
    source = after.select_one(".reports-sources li")
    assert f"{GONE}; det, det viste, er stadig dit. I stedet er kommet: Se det nu" in text(source)
    assert source.select_one("a[href^='/moduler/']")["href"] == f"/moduler/{new.version.module.key}/"
    # It counts as it did.
    assert text(after.select_one(".lindra-lead")) == text(before.select_one(".lindra-lead"))


def test_without_a_replacement_or_a_page_for_it_there_is_no_link(client, team):
    old, other, new = publish(), publish("Sorg"), publish("Smerter")
    for edition in (old, other):
        complete(team.nurse, edition)
    retire(old)
    retire(other, replaced_by=new)
    said = [text(tag) for tag in shown(client, team.nurse).select(".reports-sources li")]
    assert [GONE in one for one in said] == [True, True]
    assert [one.endswith("Smerter Se, hvad der er registreret : Sorg") for one in said] == [False, True]
    assert shown(client, team.nurse).select(".reports-sources a[href^='/moduler/']") == []


def test_what_is_offered_or_put_back_isn_t_marked(client, team):
    old = publish()
    complete(team.nurse, old)
    complete(team.nurse, publish("Sorg"))
    retire(old)
    restore(old.version.module, by=None)
    assert GONE not in text(shown(client, team.nurse))


def test_her_leader_sees_the_mark_too(client, team):
    old = publish()
    complete(team.nurse, old)
    retire(old)
    client.force_login(team.leader)
    page = client.get(reverse("reports:team_person", args=[team.unit.public_id, team.nurse.public_id]))
    assert f"{GONE}." in text(soup(page))


@pytest.mark.usefixtures("addresses")
def test_three_withdrawn_modules_take_as_many_queries_as_one(client, team, django_assert_max_num_queries):
    client.force_login(UserFactory(person=team.nurse))
    new = publish("Nyt")
    counts = []
    for titles in (["A"], ["B", "C"]):
        for title in titles:
            edition = publish(title)
            hand_in_and_confirm(team.nurse, edition, by=team.leader.person)
            retire(edition, replaced_by=new)
        client.get(reverse("reports:profile"))
        with django_assert_max_num_queries(60) as queries:
            client.get(reverse("reports:profile"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
