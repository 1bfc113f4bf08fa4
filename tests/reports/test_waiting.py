"""What stands first on *Min side*: what waits for her and nobody else, and news of her own tasks."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.domain import practice
from courses.domain.sharing import choices_for, share
from courses.models import FreeText, ItemSubmission
from reports.waiting import own_tasks, shared_since, tasks_to_confirm
from tests.factories.competencies import load_framework
from tests.factories.organisations import UserFactory
from tests.factories.reports import a_team, complete, hand_in, key_person_of, publish
from tests.files import soup
from tests.reports.outsiders import OUTSIDERS, a_key_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon):
    load_framework()
    team = a_team()
    team.user = UserFactory(person=team.assistant)
    return team


def said(lines):
    return [sentence for sentence, _url in lines]


def lines_on_my_page(client, user):
    client.force_login(user)
    page = soup(client.get(reverse("home")))
    return [
        (link.get_text(strip=True), link["href"])
        for link in page.select("section[aria-labelledby=now-heading] a")
    ]


def test_where_nothing_waits_nothing_stands_there(client, team):
    assert lines_on_my_page(client, team.leader) == []
    assert lines_on_my_page(client, team.user) == []


def test_the_leader_and_the_key_person_see_how_many_tasks_wait(client, team):
    key_person = key_person_of(team.unit)
    hand_in(team.assistant, publish("Sorg"))
    for user in (team.leader, key_person):
        assert lines_on_my_page(client, user) == [
            ("En praksisopgave venter på, at du bekræfter den.", "/bekraeft/")
        ]
    hand_in(team.nurse, publish("Smerter"))
    assert said(tasks_to_confirm(team.leader)) == ["2 praksisopgaver venter på, at du bekræfter dem."]


@pytest.mark.parametrize("outsider", [one for one in OUTSIDERS if one is not a_key_person])
def test_nobody_outside_is_told_of_them(team, outsider):
    hand_in(team.assistant, publish("Sorg"))
    user = outsider(team)
    assert [*tasks_to_confirm(user), *shared_since(user)] == []


def test_her_own_task_waits_and_then_she_reads_who_confirmed_it(client, team):
    submission = hand_in(team.assistant, publish("Sorg"))
    assert lines_on_my_page(client, team.user) == [
        (
            "Din praksisopgave venter på, at din leder eller nøgleperson bekræfter den.",
            "/mit/data/#written-heading",
        )
    ]
    practice.confirm(submission, by=team.leader.person)
    assert lines_on_my_page(client, team.user) == [
        ("Lone Leder bekræftede din praksisopgave i »Sorg« den 22. november 2026.", "/mit/profil/")
    ]
    assert tasks_to_confirm(team.leader) == []


def test_that_it_was_confirmed_is_news_for_two_weeks(team, noon):
    practice.confirm(hand_in(team.assistant, publish("Sorg")), by=team.leader.person)
    noon(dt.date(2026, 12, 5))
    assert len(own_tasks(team.user)) == 1
    noon(dt.date(2026, 12, 7))
    assert own_tasks(team.user) == []


def test_whoever_confirmed_and_is_known_no_more_is_not_named(team):
    submission = hand_in(team.assistant, publish("Sorg"))
    practice.confirm(submission, by=team.nurse)
    team.nurse.delete()
    assert said(own_tasks(team.user)) == ["Din praksisopgave i »Sorg« blev bekræftet den 22. november 2026."]


def test_a_reflection_is_news_until_it_was_read(client, team):
    complete(team.assistant, publish("Sorg"))
    text = FreeText.objects.get(kind="reflection")
    leader = next(choice for choice in choices_for(team.assistant) if choice.audience == "leader")
    share(text, with_whom=leader, comment="")
    assert lines_on_my_page(client, team.leader) == [("En refleksion er delt med dig.", "/delt/")]
    client.get("/delt/")
    assert shared_since(team.leader) == []


def test_it_asks_as_often_for_three_as_for_one(team):
    counts = []
    assert [*own_tasks(team.user), *tasks_to_confirm(team.leader)] == []  # who they are is read once
    for title in ("A", "B", "C"):
        practice.confirm(hand_in(team.assistant, publish(title)), by=team.leader.person)
        hand_in(team.assistant, publish(f"{title}, venter"))
        with CaptureQueriesContext(connection) as queries:
            assert len(own_tasks(team.user)) == 1 + ItemSubmission.objects.count() // 2
            assert len(tasks_to_confirm(team.leader)) == 1
        counts.append(len(queries))
    assert counts[0] == counts[2]
    assert timezone.localdate() == dt.date(2026, 11, 22)
