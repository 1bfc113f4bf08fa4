"""A practice task is sent back with a line: who may, who reads it, how it ends, and that no word stays."""

import datetime as dt
import json

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from courses.domain import enrolment, free_text, practice, task_notes
from courses.models import Confirmation, Enrolment, ItemSubmission, TaskNote
from organisations.domain.grants import end_grant
from organisations.enums import Role, UnitKind
from organisations.models import Person, RoleGrant
from tests.factories.competencies import load_framework
from tests.factories.organisations import GrantFactory, OrgUnitFactory, UserFactory
from tests.factories.reports import HANDED_IN, a_team, hand_in, key_person_of, member, publish
from tests.factories.xapi import ClientFactory, credentials
from tests.files import queries_of, soup, text
from tests.reports.outsiders import OUTSIDERS, a_key_person
from xapi.models import Statement

pytestmark = pytest.mark.django_db

LINE = "Hvad sagde I til de pårørende? Ring gerne."
ANSWER = "Jeg brugte skemaet sammen med Karen, og vi ringede til datteren."
CONFIRM = "reports:confirm"


@pytest.fixture
def team(noon):
    """A team whose assistant has handed in a practice task; she and the nurse can log in."""
    load_framework()
    team = a_team()
    team.task = hand_in(team.assistant, publish())
    for person in (team.assistant, team.nurse):
        UserFactory(person=person)
    mail.outbox.clear()
    return team


def ask(client, task, line=LINE):
    return client.post(reverse("reports:ask_for_more", args=[task.statement]), {"text": line})


def send_back(team, line=LINE, by=None):
    note, _made = task_notes.ask_for_more(team.task, text=line, by=by or team.leader.person)
    return note


def answer(team, words=ANSWER):
    free_text.write(team.task.enrolment, item=team.task.item, text=words)


def names(client, part="awaiting"):
    return [row.person.given_name for row in client.get(reverse(CONFIRM)).context[part]]


def said(client, address=CONFIRM):
    return text(soup(client.get(reverse(address))))


def numbers(team):
    people = Person.objects.filter(pk=team.assistant.pk)
    return practice.number_awaiting(people), len(practice.awaiting(people))


# --- The round ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader", "key person"])
def test_a_task_is_sent_back_answered_and_confirmed(client, team, noon, who):
    user = team.leader if who == "leader" else key_person_of(team.unit)
    client.force_login(user)
    assert ask(client, team.task)["Location"] == reverse(CONFIRM)
    assert "Det er sendt. Anna Assistent kan læse det på Min side" in said(client)
    assert (names(client), names(client, "sent_back"), numbers(team)) == ([], ["Anna"], (0, 1))
    page = said(client)
    assert "Du bad om mere den 22. november 2026:" in page
    assert LINE in page
    noon(dt.date(2026, 11, 24))
    answer(team)
    assert (names(client), names(client, "sent_back"), numbers(team)) == (["Anna"], [], (1, 1))
    page = said(client)
    for words in (ANSWER, LINE, "Anna sendte opgaven igen den 24. november 2026."):
        assert words in page
    assert HANDED_IN not in page.replace(ANSWER, "")
    client.post(reverse(CONFIRM), {"task": team.task.statement})
    assert (Confirmation.objects.count(), numbers(team)) == (1, (0, 0))


def test_it_can_be_confirmed_as_it_is_when_they_have_talked(client, team):
    send_back(team)
    client.force_login(team.leader)
    client.post(reverse(CONFIRM), {"only": team.task.statement})
    assert (Confirmation.objects.count(), task_notes.asked_back(team.assistant)) == (1, [])


def test_the_same_words_handed_in_again_answer_nothing(team):
    send_back(team)
    answer(team, HANDED_IN)
    assert (TaskNote.objects.open().count(), numbers(team)) == (1, (0, 1))


def test_another_who_may_confirm_sees_the_line_with_its_name_and_can_add_her_own(client, team):
    send_back(team)
    key_person = key_person_of(team.unit)
    client.force_login(key_person)
    page = said(client)
    assert "Lone Leder bad om mere den 22. november 2026:" in page
    assert "Træk det tilbage" not in page
    ask(client, team.task, "Tag gerne fat i mig.")
    assert TaskNote.objects.open().count() == 2
    answer(team)
    assert (TaskNote.objects.open().count(), numbers(team)) == (0, (1, 1))


def test_no_word_of_it_is_in_a_statement_or_comes_from_the_store(client, team):
    before = Statement.objects.count()
    client.force_login(team.leader)
    ask(client, team.task)
    assert Statement.objects.count() == before
    answer(team)
    stored = client.get("/xapi/statements", headers=credentials(ClientFactory())).content.decode()
    assert [LINE in stored, *(LINE in row.raw for row in Statement.objects.all())] == [False] * (1 + before)


# --- What is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("  ", "Skriv et par ord først."),
        ("x" * 301, "300"),
        ("Borgeren 010203-1234 mangler", "CPR-nummer"),
    ],
)
def test_a_line_that_is_refused_comes_back_with_why_and_sends_nothing(client, team, line, why):
    client.force_login(team.leader)
    answered = ask(client, team.task, line)
    page = soup(answered)
    assert answered.status_code == 422
    assert why in text(page.select_one(".reports-more[open] .form-error-message"))
    assert page.select_one(".reports-more textarea").text.strip() == line.strip()
    assert (TaskNote.objects.count(), mail.outbox) == (0, [])


def test_a_line_of_300_characters_may_hold_line_breaks_as_a_browser_sends_them(client, team):
    client.force_login(team.leader)
    ask(client, team.task, "x" * 149 + "\r\n" + "y" * 150)
    assert len(TaskNote.objects.get().text) == 300


def test_sent_twice_it_is_one_note_and_one_mail(client, team):
    client.force_login(team.leader)
    for _time in range(2):
        assert ask(client, team.task).status_code == 302
    assert (TaskNote.objects.count(), len(mail.outbox)) == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskNote.objects.create(
            enrolment=team.task.enrolment,
            item="task",
            text="En anden",
            written_by=team.leader.person,
            written_at=timezone.now(),
        )


def test_other_words_while_the_first_are_open_are_kept_in_the_form_and_the_way_is_said(client, team):
    client.force_login(team.leader)
    ask(client, team.task)
    answered = ask(client, team.task, "Noget andet")
    assert "Træk først det tilbage" in text(soup(answered).select_one(".form-error-message"))
    assert soup(answered).select_one("details.reports-domain[open] textarea").text.strip() == "Noget andet"
    assert TaskNote.objects.get().text == LINE


def test_a_task_that_was_confirmed_meanwhile_is_asked_for_nothing(client, team):
    practice.confirm(team.task, by=key_person_of(team.unit).person)
    client.force_login(team.leader)
    answered = ask(client, team.task)
    assert (answered.status_code, TaskNote.objects.count(), mail.outbox) == (302, 0, [])
    assert "Opgaven var allerede bekræftet. Intet er ændret." in said(client)
    # The other's confirmation came between the page and the write.
    with pytest.raises(ValidationError) as refused:
        send_back(team)
    assert refused.value.code == "confirmed"


def test_nobody_asks_herself_for_more(team):
    with pytest.raises(ValueError, match="herself"):
        send_back(team, by=team.assistant)


# --- Taken back and erased ------------------------------------------------------------------------------


def test_the_one_who_wrote_it_takes_it_back_and_the_task_waits_again(client, team):
    note = send_back(team)
    client.force_login(team.leader)
    for _time in range(2):
        assert client.post(reverse("reports:take_note_back", args=[note.public_id])).status_code == 302
    note.refresh_from_db()
    assert (note.text, note.is_open, numbers(team)) == ("", False, (1, 1))
    assert LINE not in said(client)
    client.force_login(team.assistant.users.get())
    assert [LINE in said(client, page) for page in ("reports:my_record", "home")] == [False, False]
    # And a new one can be written.
    send_back(team, "En anden")
    assert numbers(team) == (0, 1)


def test_taken_back_after_it_was_answered_its_words_go_and_nothing_else_changes(client, team):
    note = send_back(team)
    answer(team)
    client.force_login(team.leader)
    client.post(reverse("reports:take_note_back", args=[note.public_id]))
    assert (LINE in said(client), names(client)) == (False, ["Anna"])


def test_whoever_no_longer_confirms_takes_her_words_back_on_my_data(client, team):
    note = send_back(team)
    end_grant(RoleGrant.objects.get(person=team.leader.person), on=dt.date(2026, 11, 22))
    client.force_login(team.leader)
    page = said(client, "reports:my_record")
    # Not whose task it was: that is the learner's.
    assert (LINE in page, "Anna" in page) == (True, False)
    assert client.post(reverse("reports:erase_note", args=[note.public_id])).status_code == 302
    assert (LINE in said(client, "reports:my_record"), numbers(team)) == (False, (1, 1))


def test_the_learner_erases_it_once_the_task_is_confirmed_and_not_before(client, team):
    note = send_back(team)
    address = reverse("reports:erase_note", args=[note.public_id])
    client.force_login(team.assistant.users.get())
    assert "Lone Leder har læst din opgave og skrev den 22. november 2026:" in said(
        client, "reports:my_record"
    )
    assert address not in client.get(reverse("reports:my_record")).content.decode()
    assert client.post(address).status_code == 404
    practice.confirm(team.task, by=team.leader.person)
    assert address in client.get(reverse("reports:my_record")).content.decode()
    for _time in range(2):
        assert client.post(address).status_code == 302
    note.refresh_from_db()
    assert (note.text, LINE in said(client, "reports:my_record")) == ("", False)
    assert Confirmation.objects.count() == 1


def test_it_is_in_the_download_of_both_and_names_only_the_one_who_wrote(client, team):
    send_back(team)
    for user, key, own in (
        (team.assistant.users.get(), "was_asked_for_more", [(LINE, "Lone Leder")]),
        (team.leader, "asked_for_more", [(LINE, None)]),
    ):
        client.force_login(user)
        raw = client.get(reverse("reports:my_data_download")).getvalue().decode()
        assert [(row["text"], row.get("who")) for row in json.loads(raw)[key]] == own
        assert user != team.leader or "Anna" not in raw


# --- Who sees it ----------------------------------------------------------------------------------------

SEES = {a_key_person}


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_only_who_may_confirm_the_task_asks_for_more_or_reads_what_was_asked(client, team, outsider):
    note = send_back(team)
    other = hand_in(team.assistant, publish("Sorg"))
    client.force_login(outsider(team))
    may = outsider in SEES
    assert (LINE in client.get(reverse(CONFIRM)).content.decode()) == may
    assert ask(client, other, "Må jeg?").status_code == (302 if may else 404)
    # Nobody takes back another's, and nobody erases it for the learner.
    for name in ("take_note_back", "erase_note"):
        assert client.post(reverse(f"reports:{name}", args=[note.public_id])).status_code == 404
    note.refresh_from_db()
    assert (note.text, TaskNote.objects.count()) == (LINE, 2 if may else 1)


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_the_line_stands_on_nobody_else_s_own_pages(client, team, outsider):
    send_back(team)
    user = outsider(team)
    client.force_login(user)
    is_hers = user.person == team.assistant
    for page in ("reports:my_record", "home"):
        assert (LINE in client.get(reverse(page)).content.decode()) == is_hers
    if user.person:
        raw = client.get(reverse("reports:my_data_download")).getvalue().decode()
        assert (LINE in raw) == is_hers


def test_the_leader_of_before_reads_it_no_more_and_the_new_one_does(client, team):
    grant = RoleGrant.objects.get(person=team.leader.person)
    send_back(team)
    end_grant(grant, on=dt.date(2026, 11, 22))
    client.force_login(team.leader)
    assert LINE not in client.get(reverse(CONFIRM)).content.decode()
    client.force_login(UserFactory(person=GrantFactory(unit=team.unit).person))
    assert LINE in client.get(reverse(CONFIRM)).content.decode()


def test_whoever_is_not_logged_in_or_asks_by_get_changes_nothing(client, team):
    note = send_back(team)
    addresses = [
        reverse("reports:ask_for_more", args=[team.task.statement]),
        reverse("reports:take_note_back", args=[note.public_id]),
        reverse("reports:erase_note", args=[note.public_id]),
    ]
    assert [client.post(address)["Location"].split("?")[0] for address in addresses] == ["/konto/login/"] * 3
    client.force_login(team.leader)
    assert [client.get(address).status_code for address in addresses] == [405] * 3


def test_the_leader_s_team_pages_and_files_hold_no_word_of_it(client, team):
    send_back(team)
    client.force_login(team.leader)
    unit = team.unit.public_id
    person = reverse("reports:team_person", args=[unit, team.assistant.public_id])
    pages = [reverse("reports:team_unit", args=[unit]), person]
    files = [
        reverse("reports:waiting_download", args=["csv"]),
        reverse("reports:team_download", args=[unit, "csv"]),
    ]
    assert [LINE in client.get(page).content.decode() for page in [*pages, *files]] == [False] * 4


# --- Numbers, mails -------------------------------------------------------------------------------------


def test_a_task_that_is_sent_back_is_counted_nowhere_as_waiting(client, team):
    client.force_login(team.leader)
    person = reverse("reports:team_person", args=[team.unit.public_id, team.assistant.public_id])
    unit = reverse("reports:team_unit", args=[team.unit.public_id])
    waiting = reverse("reports:waiting_download", args=["csv"])
    said = []
    for change in (lambda: None, lambda: send_back(team), lambda: answer(team)):
        change()
        said.append(
            (
                client.get(person).context["waiting"],
                client.get(unit).context["waiting"],
                "Anna Assistent" in client.get(waiting).content.decode("utf-8-sig"),
                len(client.get(reverse(CONFIRM)).context["awaiting"]),
            )
        )
    assert said == [(1, 1, True, 1), (0, 0, False, 0), (1, 1, True, 1)]


def test_a_person_s_page_leads_to_what_waits_of_hers_alone(client, team):
    for title in ("Sorg", "Smerter"):
        hand_in(team.assistant, publish(title))
    client.force_login(team.leader)

    def link_of(person):
        page = soup(client.get(reverse("reports:team_person", args=[team.unit.public_id, person.public_id])))
        link = page.select_one("main a[href='/bekraeft/']")
        return link and text(link)

    assert [link_of(team.assistant), link_of(team.nurse)] == ["Se de 3 praksisopgaver, der venter", None]


def test_the_learner_is_told_by_mail_without_a_name_or_a_word(client, team):
    client.force_login(team.leader)
    ask(client, team.task)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (
        [team.assistant.users.get().email],
        "Der er skrevet til dig om en praksisopgave",
    )
    assert "/mit/" in sent.body
    for words in (LINE, "Anna", "Lone", "Se det i tide", str(team.task.statement)):
        assert words not in sent.body + sent.subject


def test_who_confirms_is_told_of_the_answer_and_so_is_a_key_person_above_who_had_asked(team):
    above = key_person_of(team.municipality)
    key_person_of(team.unit)
    send_back(team, by=above.person)
    answer(team)
    assert above.email in {sent.to[0] for sent in mail.outbox}
    assert len(mail.outbox) == 3
    mail.outbox.clear()
    answer(team, "Og en gang til.")
    assert mail.outbox == []


def test_who_had_asked_and_confirms_no_more_is_not_told_of_the_answer(team):
    above = key_person_of(team.municipality)
    send_back(team, by=above.person)
    end_grant(RoleGrant.objects.get(person=above.person, role=Role.KEY_PERSON), on=dt.date(2026, 11, 22))
    answer(team)
    assert [sent.to for sent in mail.outbox] == [[team.leader.email]]


# --- Edges ----------------------------------------------------------------------------------------------


def test_the_task_that_a_link_names_is_unfolded_where_it_is_sent_back(client, team):
    send_back(team)
    client.force_login(team.leader)
    folded = soup(client.get(reverse(CONFIRM))).select_one("details.reports-domain")
    named = soup(client.get(f"{reverse(CONFIRM)}?opgave={team.task.statement}"))
    assert (folded.has_attr("open"), named.select_one("details.reports-domain").has_attr("open")) == (
        False,
        True,
    )
    assert "venter ikke længere" not in text(named)


def test_a_task_elsewhere_and_one_that_is_not_there_are_404(client, team):
    elsewhere = OrgUnitFactory(kind=UnitKind.TEAM, parent=team.municipality)
    other = hand_in(member(elsewhere, "nurse"), publish("Sorg"))
    client.force_login(team.leader)
    assert ask(client, other).status_code == 404
    other.statement = "00000000-0000-4000-8000-000000000000"
    assert ask(client, other).status_code == 404
    assert TaskNote.objects.count() == 0


def test_a_note_outlives_the_derived_rows_and_begins_no_row_of_theirs(team):
    send_back(team)
    ItemSubmission.objects.all().delete()
    from_statements = hand_in(team.assistant, team.task.enrolment.edition, HANDED_IN)
    assert (from_statements.statement, numbers(team)) == (team.task.statement, (0, 1))


def test_taken_anew_the_older_task_leads_to_my_data_where_it_stands(team):
    send_back(team)
    Enrolment.objects.update(is_open=False)
    [note] = task_notes.asked_back(team.assistant)
    assert note.is_latest
    later = timezone.now() + dt.timedelta(days=1)
    enrolment.begin(team.assistant, edition=team.task.enrolment.edition, at=later)
    [note] = task_notes.asked_back(team.assistant)
    assert not note.is_latest


def test_three_that_are_sent_back_take_as_many_queries_as_one(client, team):
    client.force_login(team.leader)
    send_back(team)
    queries_of(client, reverse(CONFIRM))
    leader = queries_of(client, reverse(CONFIRM))
    learner = team.assistant.users.get()
    client.force_login(learner)
    pages = [reverse("reports:my_record"), reverse("home"), reverse("reports:my_data_download")]
    own = [queries_of(client, page) for page in pages[:2]]
    for title in ("Sorg", "Smerter"):
        task = hand_in(team.assistant, publish(title))
        task_notes.ask_for_more(task, text=LINE, by=team.leader.person)
    assert [queries_of(client, page) for page in pages[:2]] == own
    client.force_login(team.leader)
    assert queries_of(client, reverse(CONFIRM)) == leader
