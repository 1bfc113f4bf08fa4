"""A colleague supports a practice task: shown, and counted nowhere. Each test tries to make it count."""

import datetime as dt
import io
import json

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from competencies.models import Evidence
from courses.domain import free_text, practice, support
from courses.models import Confirmation, FreeText, ItemSubmission, Support, SupportRequest
from organisations.domain.employments import end_employment
from organisations.domain.erasure import erase_person
from organisations.domain.grants import end_grant
from organisations.enums import UnitKind
from tests.factories.competencies import load_framework
from tests.factories.organisations import EmploymentFactory, GrantFactory, OrgUnitFactory, UserFactory
from tests.factories.reports import HANDED_IN, a_team, hand_in, key_person_of, member, publish
from tests.factories.xapi import ClientFactory, a_statement, credentials
from xapi import vocabulary
from xapi.models import Statement
from xapi.projection import project, project_pending

pytestmark = pytest.mark.django_db

SUPPORT = "reports:support"


@pytest.fixture
def team(noon):
    """A team whose assistant has handed in a practice task; the nurse and she can log in."""
    load_framework()
    team = a_team()
    hand_in(team.assistant, publish())
    for person in (team.assistant, team.nurse, team.helper):
        UserFactory(person=person)
    mail.outbox.clear()
    return team


def log_in(client, person):
    client.force_login(person.users.get())


def task_of(person):
    return FreeText.objects.get(enrolment__person=person, kind="practice_task")


def ask_page(person):
    return reverse("reports:ask_colleague", args=[task_of(person).public_id])


def asked_names(client, person):
    log_in(client, person)
    return [row["person"].given_name for row in client.get(reverse(SUPPORT)).context["rows"]]


def levels(person):
    project_pending()
    return sorted(Evidence.objects.of_learners([person.pseudonym]).values_list("level", flat=True))


def test_she_asks_a_colleague_who_supports_and_it_shows_and_earns_nothing(client, team):
    log_in(client, team.assistant)
    assert client.post(ask_page(team.assistant), {"colleague": team.nurse.public_id}).status_code == 302
    log_in(client, team.nurse)
    assert "Anna Assistent: Se det i tide" in client.get("/mit/").content.decode()
    page = client.get(reverse(SUPPORT)).content.decode()
    assert ("Gennemgå skemaet" in page, HANDED_IN in page) == (True, False)
    asked = SupportRequest.objects.get()
    assert client.post(reverse(SUPPORT), {"asked": asked.public_id}).status_code == 302
    row = Support.objects.get()
    assert (row.learner, row.supported_by) == (team.assistant.pseudonym, team.nurse.pseudonym)
    assert (levels(team.assistant), Confirmation.objects.count()) == ([], 0)
    # It is said where it is confirmed, and to the learner.
    words = "Støttet af en kollega: Signe Sygeplejerske, 22. november 2026"
    client.force_login(team.leader)
    assert words in client.get(reverse("reports:confirm")).content.decode()
    log_in(client, team.assistant)
    for address in (ask_page(team.assistant), reverse("reports:my_record")):
        assert words in client.get(address).content.decode()
    # What earns level 2 is the confirmation, as before.
    practice.confirm(ItemSubmission.objects.get(), by=team.leader.person)
    assert levels(team.assistant) == [2]


def test_however_many_support_it_nothing_is_earned_and_a_rebuild_says_the_same(team):
    for colleague in (team.nurse, team.helper):
        for _time in range(2):
            asked = support.ask(task_of(team.assistant), colleague=colleague)
        support.support(asked)
    assert (Support.objects.count(), SupportRequest.objects.count()) == (2, 2)
    assert (levels(team.assistant), Confirmation.objects.count()) == ([], 0)
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    assert said.getvalue() == ""
    Support.objects.all().delete()
    project(team.assistant.pseudonym)
    assert Support.objects.count() == 2


def test_the_statement_names_the_learner_and_the_colleague_by_pseudonym_and_no_word_of_the_text(team):
    support.support(support.ask(task_of(team.assistant), colleague=team.nurse))
    said = Statement.objects.get(verb=vocabulary.SUPPORTED).data
    assert said["actor"] == vocabulary.actor_of(team.assistant.pseudonym)
    assert said["context"]["instructor"] == vocabulary.actor_of(team.nurse.pseudonym)
    assert HANDED_IN not in json.dumps(said, ensure_ascii=False)


# --- Cheats ---------------------------------------------------------------------------------------------


def elsewhere(team):
    """Somebody of a unit beside, with a log-in."""
    person = member(OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality), "nurse")
    UserFactory(person=person)
    return person


def of_the_municipality(team):
    """Works above the unit, and not in it."""
    person = member(team.municipality, "nurse")
    UserFactory(person=person)
    return person


def former(team):
    end_employment(team.nurse.employments.get(), on=dt.date(2026, 11, 22))
    return team.nurse


def herself(team):
    return team.assistant


@pytest.mark.parametrize("who", [elsewhere, of_the_municipality, former, herself])
def test_only_a_colleague_of_the_same_unit_can_be_asked(client, team, who):
    person = who(team)
    log_in(client, team.assistant)
    answer = client.post(ask_page(team.assistant), {"colleague": person.public_id})
    assert answer.status_code == 422
    with pytest.raises(ValidationError, match="samme enhed"):
        support.ask(task_of(team.assistant), colleague=person)
    assert SupportRequest.objects.count() == 0


@pytest.mark.parametrize("who", [elsewhere, former, herself, "a colleague who isn't asked", "the leader"])
def test_nobody_but_the_colleague_who_is_asked_supports_it_or_sees_that_it_is_asked(client, team, who):
    asked = support.ask(task_of(team.assistant), colleague=team.helper)
    person = {"a colleague who isn't asked": team.nurse, "the leader": team.leader.person}.get(who)
    person = person or who(team)
    assert asked_names(client, person) == []
    assert client.post(reverse(SUPPORT), {"asked": asked.public_id}).status_code == 404
    assert Support.objects.count() == 0


@pytest.mark.parametrize(
    "which", ["the colleague left", "the learner left", "withdrawn", "confirmed", "done"]
)
def test_what_was_asked_once_is_worth_nothing_when_it_no_longer_holds(client, team, which):
    asked = support.ask(task_of(team.assistant), colleague=team.nurse)
    assert asked_names(client, team.nurse) == ["Anna"]
    match which:
        case "the colleague left":
            end_employment(team.nurse.employments.get(), on=dt.date(2026, 11, 22))
        case "the learner left":
            end_employment(team.assistant.employments.get(), on=dt.date(2026, 11, 22))
        case "withdrawn":
            log_in(client, team.assistant)
            for _click in range(2):
                client.post(reverse("reports:withdraw_asking", args=[asked.public_id]))
        case "confirmed":
            practice.confirm(ItemSubmission.objects.get(), by=team.leader.person)
        case "done":
            support.support(asked)
    before = Support.objects.count()
    assert asked_names(client, team.nurse) == []
    assert client.post(reverse(SUPPORT), {"asked": asked.public_id}).status_code == 404
    with pytest.raises(ValueError, match="isn't asked"):
        support.support(asked)
    assert Support.objects.count() == before


def test_a_colleague_who_is_asked_still_cannot_confirm(client, team):
    support.support(support.ask(task_of(team.assistant), colleague=team.nurse))
    log_in(client, team.nurse)
    task = ItemSubmission.objects.get().statement
    assert client.post(reverse("reports:confirm"), {"task": task}).status_code == 404
    assert Confirmation.objects.count() == 0


def test_nobody_asks_or_withdraws_for_another_and_a_reflection_has_no_support(client, team):
    asked = support.ask(task_of(team.assistant), colleague=team.helper)
    for user in (team.nurse.users.get(), team.leader, UserFactory(person=None, is_superuser=True)):
        client.force_login(user)
        assert client.get(ask_page(team.assistant)).status_code == 404
        assert client.post(ask_page(team.assistant), {"colleague": team.nurse.public_id}).status_code == 404
        assert client.post(reverse("reports:withdraw_asking", args=[asked.public_id])).status_code == 404
    assert SupportRequest.objects.standing().count() == 1
    task = task_of(team.assistant)
    reflection = free_text.write(task.enrolment, item="reflection", text="Kun mit.")
    with pytest.raises(ValidationError, match="praksisopgave"):
        support.ask(reflection, colleague=team.nurse)


def test_a_support_that_another_system_posts_is_not_shown_and_earns_nothing(client, team):
    going = task_of(team.assistant).enrolment
    system = ClientFactory(trusted_prefixes=["https://lindra.example/id/modules/"])
    forged = a_statement(
        team.assistant.pseudonym,
        vocabulary.SUPPORTED,
        going.edition.item_iri("task"),
        context={
            "registration": str(going.registration),
            "instructor": vocabulary.actor_of(team.nurse.pseudonym),
        },
    )
    sent = client.post(
        "/xapi/statements", [forged], content_type="application/json", headers=credentials(system)
    )
    assert (sent.status_code, levels(team.assistant), Support.objects.count()) == (200, [], 0)


# --- Declining ---------------------------------------------------------------------------------------------


def test_a_colleague_says_no_and_only_the_one_who_asked_sees_it(client, team):
    asked = support.ask(task_of(team.assistant), colleague=team.nurse)
    said_before = Statement.objects.count()
    log_in(client, team.nurse)
    assert client.post(reverse(SUPPORT), {"declined": asked.public_id}).status_code == 302
    assert asked_names(client, team.nurse) == []
    assert "En kollega beder om din støtte" not in client.get("/mit/").content.decode()
    words = "Signe Sygeplejerske har sagt nej til at støtte opgaven, 22. november 2026"
    log_in(client, team.assistant)
    for address in (ask_page(team.assistant), reverse("reports:my_record")):
        assert words in client.get(address).content.decode()
    # Neither who confirms it nor another colleague who is asked; and nothing is recorded of it.
    support.ask(task_of(team.assistant), colleague=team.helper)
    client.force_login(team.leader)
    assert "sagt nej" not in client.get(reverse("reports:confirm")).content.decode()
    assert "sagt nej" not in client.get("/mit/").content.decode()
    log_in(client, team.helper)
    assert "sagt nej" not in client.get(reverse(SUPPORT)).content.decode()
    assert (Statement.objects.count(), Support.objects.count()) == (said_before, 0)


@pytest.mark.parametrize("who", [elsewhere, former, herself, "a colleague who isn't asked", "the leader"])
def test_nobody_but_the_colleague_who_is_asked_declines_it(client, team, who):
    asked = support.ask(task_of(team.assistant), colleague=team.helper)
    person = {"a colleague who isn't asked": team.nurse, "the leader": team.leader.person}.get(who)
    log_in(client, person or who(team))
    assert client.post(reverse(SUPPORT), {"declined": asked.public_id}).status_code == 404
    assert SupportRequest.objects.standing().get() == asked


def test_what_was_withdrawn_is_not_declined_and_what_was_declined_is_not_withdrawn(client, team):
    withdrawn = support.ask(task_of(team.assistant), colleague=team.nurse)
    support.withdraw(withdrawn)
    log_in(client, team.nurse)
    assert client.post(reverse(SUPPORT), {"declined": withdrawn.public_id}).status_code == 404
    with pytest.raises(ValueError, match="isn't asked"):
        support.decline(withdrawn)
    declined = support.ask(task_of(team.assistant), colleague=team.helper)
    support.decline(declined)
    log_in(client, team.assistant)
    assert client.post(reverse("reports:withdraw_asking", args=[declined.public_id])).status_code == 302
    declined.refresh_from_db()
    assert (withdrawn.declined_at, declined.withdrawn_at) == (None, None)


def test_a_colleague_who_said_no_can_be_asked_again_and_then_support_it(client, team):
    task = task_of(team.assistant)
    support.decline(support.ask(task, colleague=team.nurse))
    log_in(client, team.assistant)
    assert "Signe" in client.get(ask_page(team.assistant)).content.decode()
    assert client.post(ask_page(team.assistant), {"colleague": team.nurse.public_id}).status_code == 302
    assert support.declines_of([task.enrolment_id]) == {}
    support.support(SupportRequest.objects.standing().get())
    assert support.declines_of([task.enrolment_id]) == {}
    assert Support.objects.count() == 1


def test_a_colleague_who_says_no_twice_is_named_once(team):
    task = task_of(team.assistant)
    for _time in range(2):
        support.decline(support.ask(task, colleague=team.nurse))
    ((declined,),) = support.declines_of([task.enrolment_id]).values()
    assert declined.colleague == team.nurse


def test_the_download_says_that_it_was_declined_to_each_on_her_own_side(client, team):
    support.decline(support.ask(task_of(team.assistant), colleague=team.nurse))
    told = {}
    for person in (team.assistant, team.nurse):
        log_in(client, person)
        told[person] = json.loads(client.get(reverse("reports:my_data_download")).getvalue())
    assert told[team.assistant]["asked_for_support"][0]["declined_at"]
    assert told[team.nurse]["was_asked_to_support"][0]["declined_at"]
    assert "Anna" not in json.dumps(told[team.nurse])


# --- What is kept, told and erased ------------------------------------------------------------------------


def test_the_download_tells_each_her_own_side(client, team):
    support.support(support.ask(task_of(team.assistant), colleague=team.nurse))
    told = {}
    for person in (team.assistant, team.nurse):
        log_in(client, person)
        told[person] = json.loads(client.get(reverse("reports:my_data_download")).getvalue())
    mine, theirs = told[team.assistant], told[team.nurse]
    assert [row["who"] for row in mine["asked_for_support"]] == ["Signe Sygeplejerske"]
    assert [row["supported_by"] for row in mine["supported"]] == ["Signe Sygeplejerske"]
    assert (len(theirs["was_asked_to_support"]), "Anna" in json.dumps(theirs)) == (1, False)


def test_when_the_colleague_is_erased_a_colleague_without_a_name_is_left(client, team):
    support.support(support.ask(task_of(team.assistant), colleague=team.nurse))
    erase_person(team.nurse)
    project_pending()
    client.force_login(team.leader)
    page = client.get(reverse("reports:confirm")).content.decode()
    assert ("Støttet af en kollega, 22. november 2026" in page, "Signe" in page) == (True, False)
    assert SupportRequest.objects.count() == 0


def test_when_the_learner_is_erased_nothing_of_it_is_left(team):
    support.support(support.ask(task_of(team.assistant), colleague=team.nurse))
    erase_person(team.assistant)
    project_pending()
    assert (SupportRequest.objects.count(), Support.objects.count()) == (0, 0)


# --- The mail -------------------------------------------------------------------------------------------


def test_when_a_task_is_handed_in_who_confirms_is_told_where_and_nothing_else(client, team):
    key_person = key_person_of(team.unit)
    above = UserFactory(person=GrantFactory(unit=team.municipality).person)
    former_leader = UserFactory(person=GrantFactory(unit=team.unit, starts_on=dt.date(2024, 1, 1)).person)
    end_grant(former_leader.person.grants.get(), on=dt.date(2026, 11, 22))
    submission = hand_in(team.nurse, publish("Sorg"))
    free_text.write(submission.enrolment, item="task", text="Jeg har rettet det.")
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([team.leader.email, key_person.email])
    assert [len(sent.to) for sent in mail.outbox] == [1, 1]
    said = mail.outbox[0].subject + mail.outbox[0].body
    assert f"/bekraeft/?opgave={submission.statement}" in said
    secrets = [HANDED_IN, "Signe", "Sygeplejerske", "Sorg", "Hjemmeplejen", "rettet", above.email]
    assert [secret for secret in secrets if secret in said] == []


def test_the_mail_s_link_does_nothing_before_a_log_in_and_then_shows_the_task_first(client, team):
    submission = hand_in(team.nurse, publish("Sorg"))
    link = mail.outbox[0].body.split("http", 1)[1].split()[0].split("/", 3)[3]
    asked_in = client.get(f"/{link}")
    assert (asked_in.status_code, asked_in["Location"].split("?")[0]) == (302, "/konto/login/")
    client.force_login(team.leader)
    shown = client.get(f"/{link}").context
    assert [row.person.given_name for row in shown["awaiting"]] == ["Signe", "Anna"]
    assert Confirmation.objects.count() == 0
    practice.confirm(submission, by=team.leader.person)
    assert client.get(f"/{link}").context["is_gone"] is True
    # To somebody else it says no more than that.
    log_in(client, team.helper)
    page = client.get(f"/{link}").content.decode()
    assert ("venter ikke længere" in page, "Signe" in page) == (True, False)


def test_the_colleague_who_is_asked_has_a_mail_without_a_name(client, team):
    log_in(client, team.assistant)
    client.post(ask_page(team.assistant), {"colleague": team.nurse.public_id})
    (sent,) = mail.outbox
    assert sent.to == [team.nurse.users.get().email]
    assert ("/mit/stoet/" in sent.body, "Anna" in sent.body, HANDED_IN in sent.body) == (True, False, False)


def test_a_mail_server_that_is_away_loses_no_task(team, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("organisations.domain.mails.send_mail", refuse)
    assert hand_in(team.nurse, publish("Sorg")).learner == team.nurse.pseudonym


def test_a_history_is_told_to_nobody(team):
    before = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
    task = task_of(team.assistant)
    enrolled = type(task.enrolment).objects.create(
        person=team.nurse, module=task.enrolment.module, edition=task.enrolment.edition, started_at=before
    )
    free_text.write(enrolled, item="task", text="Gjort.", at=before)
    assert mail.outbox == []


# --- The lists ------------------------------------------------------------------------------------------


def test_a_list_takes_as_many_queries_for_three_as_for_one(client, team, django_assert_max_num_queries):
    EmploymentFactory(person=team.leader.person, unit=team.unit)
    counts = []
    for people in ([team.assistant], [team.helper, team.leader.person]):
        for person in people:
            if person != team.assistant:
                hand_in(person, publish(f"Modul {person.pk}"))
            support.ask(task_of(person), colleague=team.nurse)
        log_in(client, team.nurse)
        client.get(reverse(SUPPORT))
        with django_assert_max_num_queries(60) as queries:
            shown = client.get(reverse(SUPPORT))
        counts.append(len(queries))
    assert (len(shown.context["rows"]), counts[0]) == (3, counts[1])


def test_supports_take_as_many_queries_for_three_as_for_one(client, team, django_assert_max_num_queries):
    client.force_login(team.leader)
    counts = []
    for colleagues in ([team.nurse], [team.helper, elsewhere(team)]):
        for colleague in colleagues:
            if not colleague.employments.filter(unit=team.unit).exists():
                EmploymentFactory(person=colleague, unit=team.unit)
            support.support(support.ask(task_of(team.assistant), colleague=colleague))
        client.get(reverse("reports:confirm"))
        with django_assert_max_num_queries(60) as queries:
            shown = client.get(reverse("reports:confirm"))
        counts.append(len(queries))
    assert (len(shown.context["awaiting"][0].supports), counts[0]) == (3, counts[1])


def test_whoever_is_not_logged_in_is_asked_to(client, team):
    asked = support.ask(task_of(team.assistant), colleague=team.nurse)
    client.logout()
    addresses = [
        reverse(SUPPORT),
        ask_page(team.assistant),
        reverse("reports:withdraw_asking", args=[asked.public_id]),
    ]
    assert [client.get(address).status_code for address in addresses] == [302] * 3
