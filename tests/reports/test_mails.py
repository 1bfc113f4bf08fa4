"""Which mails come: each kind can be turned off by whom it is sent to, and by nobody else."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from courses.domain import support, task_notes
from courses.models import FreeText, TaskNote
from organisations.domain.erasure import erase_person
from organisations.domain.invitations import invite_by_mail
from organisations.domain.mails import turn, wanted_mails
from organisations.enums import MailKind, Role
from organisations.models import MailSetting
from reports.tasks import tell_colleague, tell_learner
from tests.factories.competencies import load_framework
from tests.factories.editor import with_role
from tests.factories.organisations import PersonFactory, UserFactory
from tests.factories.reports import a_team, hand_in, key_person_of, publish
from tests.files import soup, text

pytestmark = pytest.mark.django_db

CHOOSE = "reports:choose_mails"


@pytest.fixture
def team(noon):
    """A team with a key person, whose assistant and nurse can log in."""
    load_framework()
    team = a_team()
    team.key_person = key_person_of(team.unit)
    for person in (team.assistant, team.nurse):
        UserFactory(person=person)
    return team


def hand_in_anew(team):
    hand_in(team.assistant, publish("Sorg"))
    return sorted(sent.to[0] for sent in mail.outbox)


def ask_the_nurse(team):
    hand_in(team.assistant, publish("Sorg"))
    mail.outbox.clear()
    asked = support.ask(FreeText.objects.get(kind="practice_task"), colleague=team.nurse)
    tell_colleague.enqueue(asked.pk)
    return [sent.to[0] for sent in mail.outbox]


def send_back(team):
    TaskNote.objects.all().delete()
    task = hand_in(team.assistant, publish("Sorg"))
    mail.outbox.clear()
    note, _made = task_notes.ask_for_more(task, text="Hvad gjorde du?", by=team.leader.person)
    tell_learner.enqueue(note.pk)
    return [sent.to[0] for sent in mail.outbox]


#: What sends a mail of each kind, and who of the team gets it. Elsewhere are tried: a module that is held
#: back (`tests/content/test_not_ready.py`), and a place that loses its key person (`test_falls.py`).
SENDS = {
    MailKind.PRACTICE_TASK: (hand_in_anew, lambda team: {team.leader, team.key_person}),
    MailKind.SUPPORT: (ask_the_nurse, lambda team: {team.nurse.users.get()}),
    MailKind.ASKED_FOR_MORE: (send_back, lambda team: {team.assistant.users.get()}),
}


def test_every_kind_has_a_sender_that_is_tried_here():
    assert set(SENDS) == set(MailKind) - {MailKind.HELD_BACK, MailKind.KEY_PERSON_LEAVES}


@pytest.mark.parametrize("kind", SENDS)
def test_a_mail_of_each_kind_comes_until_it_is_turned_off_and_again_when_it_is_turned_on(team, kind):
    send, receivers = SENDS[kind]
    users = sorted(receivers(team), key=lambda user: user.email)
    off = users[0]
    turn(off.person, kind, on=False)
    assert send(team) == [user.email for user in users[1:]]
    assert wanted_mails(off.person) == {other: other != kind for other in MailKind}
    turn(off.person, kind, on=True)
    FreeText.objects.all().delete()
    mail.outbox.clear()
    assert send(team) == [user.email for user in users]


@pytest.mark.parametrize("kind", MailKind)
def test_what_is_turned_off_is_that_kind_alone_and_hers_alone(team, kind):
    others = [other for other in MailKind if other != kind]
    turn(team.nurse, kind, on=False)
    assert wanted_mails(team.assistant) == dict.fromkeys(MailKind, True)
    assert wanted_mails(team.nurse) == {kind: False, **dict.fromkeys(others, True)}


def test_said_again_nothing_changes_and_the_day_stays(team):
    turn(team.nurse, MailKind.SUPPORT, on=True)
    assert MailSetting.objects.count() == 0
    turn(team.nurse, MailKind.SUPPORT, on=False)
    before = MailSetting.objects.get().changed_at
    turn(team.nurse, MailKind.SUPPORT, on=False)
    assert MailSetting.objects.get().changed_at == before


def test_an_invitation_comes_whatever_is_turned_off(team):
    guest = PersonFactory()
    for kind in MailKind:
        turn(guest, kind, on=False)
    invite_by_mail(guest, email="ny@lindra.example", by=None)
    assert [sent.to for sent in mail.outbox] == [["ny@lindra.example"]]


def test_no_room_sends_mail_past_the_one_way_out():
    rooms = [room for level in settings.ROOMS for room in level]
    files = (path for room in rooms for path in (Path(settings.BASE_DIR) / room).rglob("*.py"))
    found = [path.as_posix() for path in files if "django.core.mail import" in path.read_text()]
    assert [path.removeprefix(f"{settings.BASE_DIR}/") for path in found] == ["organisations/domain/mails.py"]


# --- My profile --------------------------------------------------------------------------------------------


#: What comes to everybody.
TO_ALL = ["support", "asked_for_more"]


def boxes(client):
    page = soup(client.get(reverse("reports:profile")))
    return {box["name"]: box.has_attr("checked") for box in page.select("#mails input[type=checkbox]")}


def test_she_turns_it_off_on_her_profile_and_it_says_what_comes_all_the_same(client, team):
    client.force_login(team.nurse.users.get())
    assert boxes(client) == dict.fromkeys(TO_ALL, True)
    said = text(soup(client.get(reverse("reports:profile"))).select_one("#mails"))
    for words in ("Mails om dit login kommer altid", "Moduler, som din leder beder dig tage, sendes aldrig"):
        assert words in said
    answer = client.post(reverse(CHOOSE), {})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('reports:profile')}#mails")
    assert boxes(client) == dict.fromkeys(TO_ALL, False)
    assert "Mails, du har slået fra" in client.get(reverse("reports:my_record")).content.decode()
    told = json.loads(client.get(reverse("reports:my_data_download")).getvalue())["mails"]
    assert [(row["kind"], row["is_on"]) for row in told] == [(kind, False) for kind in sorted(TO_ALL)]
    client.post(reverse(CHOOSE), dict.fromkeys(TO_ALL, "on"))
    assert boxes(client) == dict.fromkeys(TO_ALL, True)


def test_who_confirms_chooses_that_mail_too_and_nobody_else_is_asked_about_it(client, team):
    for user, others in ((team.leader, ["key_person_leaves"]), (team.key_person, [])):
        client.force_login(user)
        assert boxes(client) == dict.fromkeys(["practice_task", *TO_ALL, *others], True)
        client.post(reverse(CHOOSE), dict.fromkeys(TO_ALL, "on"))
        off = dict.fromkeys(["practice_task", *others], False)
        assert boxes(client) == {**dict.fromkeys(TO_ALL, True), **off}
    client.force_login(team.nurse.users.get())
    client.post(reverse(CHOOSE), dict.fromkeys(TO_ALL, "on"))
    # What isn't on her page isn't turned off by its absence.
    assert wanted_mails(team.nurse) == dict.fromkeys(MailKind, True)


@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.ADMINISTRATOR])
def test_who_writes_or_publishes_modules_chooses_the_mail_on_one_that_is_held_back(client, team, role):
    user = with_role(role)
    client.force_login(user)
    assert boxes(client) == dict.fromkeys([*TO_ALL, "held_back"], True)
    said = text(soup(client.get(reverse("reports:profile"))).select_one("#mails"))
    assert "Et modul, der ikke blev udgivet, står stadig på redaktionens forside." in said
    client.post(reverse(CHOOSE), dict.fromkeys(TO_ALL, "on"))
    assert boxes(client) == {**dict.fromkeys(TO_ALL, True), "held_back": False}


def test_who_works_in_the_back_office_is_led_to_the_mails_that_are_chosen_there(client, team):
    for user, is_led in ((UserFactory(is_superuser=True), True), (team.leader, False)):
        client.force_login(user)
        link = soup(client.get(reverse("reports:profile"))).select_one("#mails a")
        assert bool(link) is is_led
        assert link is None or client.get(link["href"]).status_code == 200


def test_nobody_chooses_for_another(client, team):
    client.force_login(team.leader)
    client.post(reverse(CHOOSE), {"person": team.nurse.public_id})
    assert wanted_mails(team.nurse) == dict.fromkeys(MailKind, True)
    client.logout()
    assert client.post(reverse(CHOOSE), {}).status_code == 302
    client.force_login(UserFactory(person=None))
    assert client.post(reverse(CHOOSE), {}).status_code == 404
    assert set(MailSetting.objects.values_list("person", flat=True)) == {team.leader.person.pk}


def test_whoever_has_no_address_is_told_that_no_mail_comes(client, team):
    user = UserFactory(person=team.helper, email=None, username="helle")
    client.force_login(user)
    assert boxes(client) == {}
    assert "Dit login har ingen mailadresse" in client.get(reverse("reports:profile")).content.decode()


def test_the_choice_is_erased_with_her(team):
    turn(team.nurse, MailKind.SUPPORT, on=False)
    erase_person(team.nurse)
    assert MailSetting.objects.count() == 0
