"""My data: everything that is recorded about me, in plain words and as it is stored."""

import datetime as dt
import json
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from courses.domain import enrolment, free_text, practice, support
from courses.models import Completion, FreeText
from reports.tables.record import SENTENCES
from tests.factories.competencies import load_framework
from tests.factories.organisations import UserFactory
from tests.factories.reports import (
    HANDED_IN,
    REFLECTION,
    a_team,
    complete,
    hand_in,
    hand_in_and_confirm,
    publish,
)
from tests.factories.xapi import a_statement, a_voiding
from tests.files import soup, text
from xapi import vocabulary
from xapi.domain.recording import record
from xapi.models import Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon, client):
    load_framework()
    team = a_team()
    client.force_login(UserFactory(person=team.nurse))
    return team


def my_record(client, page=""):
    return client.get(reverse("reports:my_record") + page)


def test_she_sees_every_log_in_of_hers_also_one_without_an_e_mail_address(client, team):
    UserFactory(person=team.nurse, email=None, username="signe.sygeplejerske")
    user = team.nurse.users.get(email__isnull=False)
    page = my_record(client).content.decode()
    assert [f"<dd>{name}</dd>" in page for name in (user.email, "signe.sygeplejerske", "None")] == [
        True,
        True,
        False,
    ]


def test_each_statement_is_said_in_plain_words_with_its_time_and_result(client, team):
    complete(team.nurse, publish())
    hand_in_and_confirm(team.nurse, publish("Sorg"), by=team.leader.person)
    page = my_record(client)
    rows = page.context["rows"]
    assert sorted((row.what, ", ".join(row.answers), str(row.success), row.confirmed_by) for row in rows) == [
        ("Hvad gør du først?", "Det venter vi med til næste vagt", "False", ""),
        ("Hvad gør du først?", "Jeg siger det til sygeplejersken", "True", ""),
        ("Praksisopgave", "", "None", ""),
        ("Praksisopgave", "", "None", "Lone Leder"),
        ("Refleksion", "", "None", ""),
        ("Se det i tide", "", "None", ""),
        ("Se det i tide", "", "None", ""),
        ("Se det i tide", "", "True", ""),
        ("Sorg", "", "None", ""),
    ]
    assert {row.at for row in rows} == {dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)}
    # Each statement, and the two texts.
    assert page.content.decode().count("22. november 2026 kl. 12.00") == len(rows) + 2


def test_each_opens_to_its_json_as_it_is_stored(client, team):
    complete(team.nurse, publish())
    rows = my_record(client).context["rows"]
    stored = {statement.uuid: statement.data for statement in Statement.objects.all()}
    assert len(rows) == len(stored)
    assert {uuid.UUID(json.loads(row.json)["id"]): json.loads(row.json) for row in rows} == stored


def test_my_own_words_are_shown_and_erased_ones_are_gone(client, team):
    complete(team.nurse, publish())
    hand_in_and_confirm(team.nurse, publish("Sorg"), by=team.leader.person)
    page = my_record(client).content.decode()
    assert (page.count(REFLECTION), page.count(HANDED_IN)) == (1, 1)
    free_text.erase(FreeText.objects.get(text=REFLECTION))
    page = my_record(client).content.decode()
    assert (page.count(REFLECTION), page.count(HANDED_IN)) == (0, 1)


def test_what_was_taken_back_is_still_shown_as_such(client, team):
    statement = record(a_statement(team.nurse.pseudonym, vocabulary.COMPLETED))
    record(a_statement(team.nurse.pseudonym, vocabulary.PASSED))
    record(a_voiding(statement.uuid))
    with translation.override("da"):
        words = {(str(SENTENCES[vocabulary.COMPLETED]), True), (str(SENTENCES[vocabulary.PASSED]), False)}
    assert {(row.said, row.is_voided) for row in my_record(client).context["rows"]} == words


@pytest.mark.parametrize(
    "properties",
    [
        {"verb": {"id": "https://example.org/verbs/sang"}},
        {"verb": {"id": "https://example.org/verbs/sang", "display": {"da": "sang"}}},
        {
            "object": {
                "objectType": "Activity",
                "id": "https://example.org/a",
                "definition": {"name": {"fr": "Un"}},
            }
        },
        {"object": {"objectType": "Agent", "mbox": "mailto:nobody@example.org"}},
        {"object": {"objectType": "StatementRef", "id": "00000000-0000-4000-8000-000000000000"}},
        {"result": {"response": "fri tekst"}},
        {"context": {"instructor": {"mbox": "mailto:somebody@example.org"}}},
    ],
)
def test_a_statement_of_another_system_is_shown_whatever_it_says(client, team, properties):
    record({**a_statement(team.nurse.pseudonym), **properties})
    page = my_record(client)
    assert (page.status_code, len(page.context["rows"])) == (200, 1)


def test_markup_in_a_statement_is_text(client, team):
    activity = {"id": "https://example.org/a", "definition": {"name": {"da": "<script>alert(1)</script>"}}}
    record(a_statement(team.nurse.pseudonym, object=activity))
    assert "<script>alert(1)</script>" not in my_record(client).content.decode()


def test_the_newest_stand_first_in_pages(client, team, monkeypatch, noon):
    monkeypatch.setattr("reports.views.record.STATEMENTS_A_PAGE", 2)
    for hour in range(3):
        record(a_statement(team.nurse.pseudonym, timestamp=f"2026-11-2{hour}T10:00:00Z"))
    pages = [my_record(client, page).context["rows"] for page in ("", "?side=2", "?side=x", "?side=99")]
    assert [[row.at.day for row in rows] for rows in pages] == [[22, 21], [20], [22, 21], [20]]


def test_it_takes_as_many_queries_for_many_statements_as_for_few(client, team, django_assert_max_num_queries):
    counts = []
    for titles in (["A"], ["B", "C"]):
        for title in titles:
            complete(team.nurse, publish(title))
            hand_in_and_confirm(team.nurse, publish(f"{title}, praksis"), by=team.leader.person)
        my_record(client)
        with django_assert_max_num_queries(60) as queries:
            my_record(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_number_on_the_profile_opens_down_to_its_statement(client, team):
    complete(team.nurse, publish())
    profile = client.get(reverse("reports:profile")).content.decode()
    statement = Completion.objects.get().statement
    link = f"{reverse('reports:my_record')}?registrering={statement}"
    assert profile.count(f'href="{link}"') == 1
    rows = client.get(link).context["rows"]
    assert [json.loads(row.json)["id"] for row in rows] == [str(statement)]


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-4000-8000-000000000000", "another's"])
def test_a_statement_that_is_not_mine_is_404(client, team, named):
    theirs = record(a_statement(team.assistant.pseudonym))
    named = theirs.uuid if named == "another's" else named
    assert my_record(client, f"?registrering={named}").status_code == 404


def sentences(client):
    items = soup(my_record(client)).select(".reports-record > li > p:first-child")
    return [re.sub(r"^.* kl\. [\d.]+ ", "", text(item)) for item in items]


def test_a_practice_task_is_said_by_its_module_and_not_by_its_whole_text(client, team):
    submission = hand_in(team.nurse, publish("Sorg"))
    support.support(support.ask(FreeText.objects.get(text=HANDED_IN), colleague=team.assistant))
    practice.confirm(submission, by=team.leader.person)
    assert sorted(sentences(client)) == [
        "Din praksisopgave i Sorg blev bekræftet af Lone Leder",
        "Din praksisopgave i Sorg blev støttet af " + team.assistant.full_name,
        "Du afleverede din praksisopgave i Sorg",
        "Du begyndte på Sorg",
    ]


def test_going_on_is_said_with_the_step_that_she_went_on_from(client, team):
    going = enrolment.begin(team.nurse, edition=publish("Sorg"))
    enrolment.leave_step(going, step=1)
    assert "Du kom videre fra trin 1 i Sorg" in sentences(client)


def test_several_answers_are_a_list_each_by_itself(client, team):
    options = [{"id": one, "description": {"da": f"Jeg siger {one}."}} for one in ("a", "b")]
    definition = {"interactionType": "choice", "type": vocabulary.QUESTION, "choices": options}
    activity = {"id": "https://example.org/q", "definition": definition}
    record(
        a_statement(team.nurse.pseudonym, vocabulary.ANSWERED, object=activity, result={"response": "a[,]b"})
    )
    (row,) = soup(my_record(client)).select(".reports-record > li")
    assert [text(answer) for answer in row.select("ul > li")] == ["Jeg siger a.", "Jeg siger b."]
