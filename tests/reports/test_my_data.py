"""What a person does with her own data: takes it along, and erases her own words."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from courses.domain import free_text
from courses.models import FreeText
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind, Role
from tests.factories.competencies import load_framework
from tests.factories.organisations import GrantFactory, PersonFactory, UserFactory
from tests.factories.reports import (
    HANDED_IN,
    REFLECTION,
    a_team,
    complete,
    hand_in,
    hand_in_and_confirm,
    publish,
)
from tests.factories.xapi import a_statement
from xapi.domain.documents import put
from xapi.domain.recording import record
from xapi.enums import DocumentKind
from xapi.etags import Condition
from xapi.models import DocumentContext, Statement
from xapi.vocabulary import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(noon, client):
    load_framework()
    team = a_team()
    client.force_login(UserFactory(person=team.nurse, email="signe@lindra.example"))
    return team


def download(client):
    return client.get(reverse("reports:my_data_download"))


def downloaded(client):
    return json.loads(download(client).getvalue())


def erase(client, text):
    return client.post(reverse("reports:erase_text", args=[text.public_id]))


# --- The download -------------------------------------------------------------------------------------


def test_everything_about_me_is_in_it(client, team):
    complete(team.nurse, publish())
    hand_in_and_confirm(team.nurse, publish("Sorg"), by=team.leader.person)
    GrantFactory(person=team.nurse, role=Role.KEY_PERSON, unit=team.unit)
    note_disclosure([team.nurse], viewer=team.leader.person, what=DisclosureKind.PERSON_PAGE)
    data = downloaded(client)
    assert list(data) == [
        "made_at",
        "person",
        "employments",
        "roles",
        "key_person_educations",
        "modules_begun",
        "written",
        "asked_for_support",
        "supported",
        "was_asked_to_support",
        "was_asked_for_more",
        "asked_for_more",
        "completions",
        "confirmations",
        "evidence",
        "sign_offs",
        "self_assessments",
        "certificates",
        "error_reports",
        "assigned_modules",
        "refreshers",
        "mails",
        "invitations",
        "seen_by",
        "kept_by_systems",
        "statements",
    ]
    assert (data["person"]["name"], data["person"]["pseudonym"], data["person"]["log_ins"]) == (
        "Signe Sygeplejerske",
        str(team.nurse.pseudonym),
        ["signe@lindra.example"],
    )
    assert [(row["unit"], row["profession"], row["from"]) for row in data["employments"]] == [
        ("Hjemmeplejen Nord", "nurse", "2015-01-01")
    ]
    assert [(row["role"], row["unit"]) for row in data["roles"]] == [("key_person", "Hjemmeplejen Nord")]
    assert [row["title"] for row in data["modules_begun"]] == ["Se det i tide", "Sorg"]
    assert [row["text"] for row in data["written"]] == [REFLECTION, HANDED_IN]
    assert [row["title"] for row in data["completions"]] == ["Se det i tide"]
    assert [(row["title"], row["confirmed_by"]) for row in data["confirmations"]] == [("Sorg", "Lone Leder")]
    assert [(row["competency"], row["level"]) for row in data["evidence"]] == [("IDE-1", 1), ("IDE-1", 2)]
    assert [(row["who"], row["what"]) for row in data["seen_by"]] == [("Lone Leder", "person_page")]
    assert data["statements"] == [row.data for row in Statement.objects.order_by("timestamp", "uuid")]


def test_statements_are_in_it_exactly_as_they_are_stored(client, team):
    for title in ("A", "B"):
        complete(team.nurse, publish(title))
    content = download(client).getvalue().decode()
    assert [row.raw in content for row in Statement.objects.all()] == [True] * Statement.objects.count()


def test_somebody_else_s_data_is_not_in_it(client, team):
    complete(team.assistant, publish())
    hand_in(team.assistant, publish("Sorg"))
    theirs = record(a_statement(team.assistant.pseudonym))
    content = download(client).getvalue().decode()
    secrets = [REFLECTION, HANDED_IN, str(team.assistant.pseudonym), str(theirs.uuid), "Anna"]
    assert [secret for secret in secrets if secret in content] == []
    assert (json.loads(content)["statements"], json.loads(content)["written"]) == ([], [])


def test_it_is_a_file_that_no_cache_keeps(client, team):
    response = download(client)
    assert (response["Content-Type"], response["Content-Disposition"], response["Cache-Control"]) == (
        "application/json",
        'attachment; filename="mine-data-2026-11-22.json"',
        "private, no-store",
    )
    assert response.streaming


def test_it_asks_as_often_for_three_modules_as_for_one(client, team, django_assert_max_num_queries):
    counts = []
    for titles in (["A"], ["B", "C"]):
        for title in titles:
            complete(team.nurse, publish(title))
            hand_in_and_confirm(team.nurse, publish(f"{title}, praksis"), by=team.leader.person)
            note_disclosure([team.nurse], viewer=PersonFactory(), what=DisclosureKind.TEAM_FILE)
        downloaded(client)
        with django_assert_max_num_queries(60) as queries:
            downloaded(client)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_whoever_is_not_logged_in_is_asked_to_and_a_login_of_nobody_gets_404(client, db):
    assert download(client).status_code == 302
    client.force_login(UserFactory(person=None, is_superuser=True))
    assert download(client).status_code == 404


# --- Erasing ------------------------------------------------------------------------------------------


def test_my_words_are_erased_and_what_they_showed_is_kept(client, team):
    complete(team.nurse, publish())
    text = FreeText.objects.get()
    response = erase(client, text)
    assert (response.status_code, response["Location"]) == (302, reverse("reports:my_record"))
    text.refresh_from_db()
    assert (text.text, text.erased_at) == ("", dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC))
    data = downloaded(client)
    assert ([row["text"] for row in data["written"]], len(data["completions"])) == ([""], 1)
    assert REFLECTION not in json.dumps(data, ensure_ascii=False)


def test_twice_is_once(client, team, noon):
    complete(team.nurse, publish())
    text = FreeText.objects.get()
    erase(client, text)
    noon(dt.date(2026, 11, 23))
    assert erase(client, text).status_code == 302
    text.refresh_from_db()
    assert text.erased_at.date() == dt.date(2026, 11, 22)


def test_nobody_erases_another_s_words(client, team):
    complete(team.assistant, publish())
    text = FreeText.objects.get()
    for user in (UserFactory(person=team.nurse), team.leader, UserFactory(person=None, is_superuser=True)):
        client.force_login(user)
        assert erase(client, text).status_code == 404
    client.logout()
    assert erase(client, text).status_code == 302
    text.refresh_from_db()
    assert text.text == REFLECTION


def test_erasing_is_never_a_link(client, team):
    complete(team.nurse, publish())
    text = FreeText.objects.get()
    assert client.get(reverse("reports:erase_text", args=[text.public_id])).status_code == 405


@pytest.mark.parametrize(
    ("confirmed", "erased", "buttons"), [(False, False, 1), (True, False, 1), (True, True, 0)]
)
def test_the_page_asks_and_says_what_is_kept(client, team, confirmed, erased, buttons):
    if confirmed:
        hand_in_and_confirm(team.nurse, publish(), by=team.leader.person)
    else:
        hand_in(team.nurse, publish())
    if erased:
        free_text.erase(FreeText.objects.get())
    page = client.get(reverse("reports:my_record"))
    assert page.content.decode().count("/slet/") == buttons
    assert [text["waits"] for text in page.context["texts"]] == [not confirmed]


# --- Who has looked -----------------------------------------------------------------------------------


def test_i_see_who_opened_my_page_and_who_downloaded_me(client, team):
    learner = client
    leader = type(client)()
    leader.force_login(team.leader)
    address = reverse("reports:team_person", args=[team.unit.public_id, team.nurse.public_id])
    for _time in range(2):
        leader.get(address)
    leader.get(reverse("reports:team_download", args=[team.unit.public_id, "csv"]))
    looks = learner.get(reverse("reports:my_record")).context["looks"]
    assert [(str(look.viewer), look.what, look.rows) for look in looks] == [
        ("Lone Leder", "team_file", 3),
        ("Lone Leder", "person_page", 1),
    ]


def test_of_many_looks_the_newest_are_shown(client, team, monkeypatch):
    monkeypatch.setattr("reports.views.record.LOOKS_SHOWN", 2)
    for _time in range(3):
        note_disclosure([team.nurse], viewer=team.leader.person, what=DisclosureKind.TEAM_FILE)
    page = client.get(reverse("reports:my_record"))
    assert (len(page.context["looks"]), page.context["number_of_looks"]) == (2, 3)
    assert len(downloaded(client)["seen_by"]) == 3


def test_opening_my_own_pages_is_not_noted(client, team):
    client.get(reverse("reports:my_record"))
    client.get(reverse("reports:profile"))
    downloaded(client)
    assert list(team.nurse.disclosures.all()) == []


def test_what_systems_keep_about_me_is_in_it_and_nothing_they_keep_about_others(client, team):
    for person, text in ((team.nurse, "page 3"), (PersonFactory(), "page 9")):
        context = DocumentContext.of(DocumentKind.AGENT_PROFILE, agent=actor_of(person.pseudonym))
        put(context, "bookmark", content=text.encode(), content_type="text/plain", condition=Condition())
    (kept,) = downloaded(client)["kept_by_systems"]
    assert (kept["kind"], kept["name"], kept["content"]) == ("agent-profile", "bookmark", "page 3")
