"""Invitations: by mail and by letter, once, for one person, until a day."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from organisations.domain import invitations
from organisations.domain.invitations import InvitationSpentError
from organisations.models import Invitation, User
from tests.factories.organisations import EmploymentFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

STRONG = "hvide-svaner-flyver"


@pytest.fixture
def person():
    return PersonFactory(given_name="Amina", family_name="Yusuf Ørsted")


def token_in(mail) -> str:
    return next(line for line in mail.body.splitlines() if "/konto/" in line).rstrip("/").rsplit("/", 1)[1]


# --- By mail ------------------------------------------------------------------------------------------


def test_the_mail_says_the_name_the_link_and_the_day_and_nothing_else(person, mailoutbox, noon):
    unit = EmploymentFactory(person=person, unit__name="Team Hemmelig").unit
    invitations.invite_by_mail(person, email="Amina@Kommune.dk", by=PersonFactory(given_name="Henrik"))
    [mail] = mailoutbox
    token = token_in(mail)
    assert mail.to == ["amina@kommune.dk"]
    assert mail.subject == "Dit login til Lindra"
    assert mail.body.strip().split("\n\n") == [
        "Hej Amina Yusuf Ørsted",
        (
            "Du kan nu oprette dit login til Lindra, hvor du lærer om palliativ indsats. "
            "Åbn dette link, og vælg en adgangskode:"
        ),
        f"http://127.0.0.1:8000/konto/invitation/{token}/",
        (
            "Linket virker én gang, til 6. december 2026. "
            "Send det ikke videre: Den, der har det, kan oprette et login i dit navn."
        ),
        "Hvis du ikke havde ventet denne mail, behøver du ikke at gøre noget.",
    ]
    assert unit.name not in mail.body


def test_the_mail_is_danish_whatever_the_administrator_reads(person, mailoutbox, client):
    with translation.override("en"):
        invitations.invite_by_mail(person, email="amina@kommune.dk", by=None)
    assert mailoutbox[0].subject == "Dit login til Lindra"
    assert "/en/" not in mailoutbox[0].body


def test_the_link_opens_one_log_in_once(person, mailoutbox):
    invitations.invite_by_mail(person, email="amina@kommune.dk", by=None)
    found = invitations.find_by_token(token_in(mailoutbox[0]))
    user = invitations.accept(found, password=STRONG)
    assert (user.person, user.email, user.username) == (person, "amina@kommune.dk", None)
    assert user.check_password(STRONG)
    assert invitations.find_by_token(token_in(mailoutbox[0])) is None
    with pytest.raises(InvitationSpentError):
        invitations.accept(found, password="et-helt-andet-ord")
    assert User.objects.get().check_password(STRONG)


def test_the_secret_is_kept_nowhere(person, mailoutbox):
    invitations.invite_by_mail(person, email="amina@kommune.dk", by=None)
    _letter, code = invitations.invite_on_paper(PersonFactory(), by=None)
    kept = [str(value) for row in Invitation.objects.values() for value in row.values()]
    assert [value for value in kept if token_in(mailoutbox[0]) in value or code in value] == []
    assert [value for value in kept if code.replace("-", "") in value] == []


@pytest.mark.parametrize(("days", "works"), [(13, True), (14, False)])
def test_the_link_works_for_fourteen_days(person, mailoutbox, noon, days, works):
    invitations.invite_by_mail(person, email="amina@kommune.dk", by=None)
    noon(dt.date(2026, 11, 22) + dt.timedelta(days=days))
    assert (invitations.find_by_token(token_in(mailoutbox[0])) is not None) is works


@pytest.mark.parametrize("email", ["", "amina", "TAKEN@kommune.dk"])
def test_an_address_that_is_none_or_taken_is_refused(person, mailoutbox, email):
    UserFactory(email="taken@kommune.dk")
    with pytest.raises(ValidationError):
        invitations.invite_by_mail(person, email=email, by=None)
    assert (len(mailoutbox), Invitation.objects.count()) == (0, 0)


def test_nobody_is_invited_when_the_mail_cannot_be_sent(person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(ValidationError) as refusal:
        invitations.invite_by_mail(person, email="amina@kommune.dk", by=None)
    assert refusal.value.code == "mail"
    assert Invitation.objects.count() == 0


# --- By letter -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["{code}", " {lower} ", "{bare}"])
def test_the_code_is_read_however_it_is_written(person, written):
    invitation, code = invitations.invite_on_paper(person, by=None)
    typed = written.format(code=code, lower=code.lower(), bare=code.replace("-", " "))
    assert invitations.find_by_code(typed, family_name="  yusuf  ØRSTED ") == invitation


def test_the_code_opens_nothing_for_another_name(person):
    _invitation, code = invitations.invite_on_paper(person, by=None)
    other = PersonFactory(family_name="Holm")
    invitations.invite_on_paper(other, by=None)
    assert invitations.find_by_code(code, family_name="Holm") is None
    assert invitations.find_by_code("", family_name="Holm") is None


def test_a_letters_code_is_no_mails_token_nor_the_other_way(person, mailoutbox):
    _invitation, code = invitations.invite_on_paper(person, by=None)
    other = PersonFactory()
    invitations.invite_by_mail(other, email="other@kommune.dk", by=None)
    assert invitations.find_by_token(code.replace("-", "")) is None
    assert invitations.find_by_code(token_in(mailoutbox[0]), family_name=other.family_name) is None


@pytest.mark.parametrize(("days", "works"), [(29, True), (30, False)])
def test_the_letter_works_for_thirty_days(person, noon, days, works):
    _invitation, code = invitations.invite_on_paper(person, by=None)
    noon(dt.date(2026, 11, 22) + dt.timedelta(days=days))
    assert (invitations.find_by_code(code, family_name=person.family_name) is not None) is works


def test_who_was_invited_by_letter_logs_in_with_a_username(person):
    invitation, _code = invitations.invite_on_paper(person, by=None)
    user = invitations.accept(invitation, password=STRONG, username=" Amina.Y ")
    assert (user.email, user.username, str(user)) == (None, "amina.y", "amina.y")


@pytest.mark.parametrize(
    ("username", "password", "wrong"),
    [
        ("", STRONG, "username"),
        ("a b", STRONG, "username"),
        ("taken", STRONG, "username"),
        ("0101701234", STRONG, "username"),
        ("amina", "kort", "password"),
        ("amina", "yusuf-ørsted", "password"),
        ("amina", "", "password"),
    ],
)
def test_a_refused_choice_leaves_the_invitation_standing(person, username, password, wrong):
    UserFactory(username="taken")
    invitation, code = invitations.invite_on_paper(person, by=None)
    with pytest.raises(ValidationError) as refusal:
        invitations.accept(invitation, password=password, username=username)
    assert list(refusal.value.error_dict) == [wrong]
    assert invitations.find_by_code(code, family_name=person.family_name) == invitation
    assert not person.users.exists()


def test_a_letter_is_the_way_to_a_new_password_for_a_username(person):
    user = User.objects.create_user(None, "det-glemte-ord", username="amina", person=person)
    invitation, _code = invitations.invite_on_paper(person, by=None)
    assert invitations.accept(invitation, password=STRONG, username="noget-andet") == user
    user.refresh_from_db()
    assert (user.username, user.check_password(STRONG)) == ("amina", True)
    assert person.users.count() == 1


def test_no_letter_goes_to_who_logs_in_with_an_address_or_is_closed(person):
    user = UserFactory(person=person)
    with pytest.raises(ValidationError):
        invitations.invite_on_paper(person, by=None)
    User.objects.filter(pk=user.pk).update(email=None, username="amina", is_active=False)
    with pytest.raises(ValidationError):
        invitations.invite_on_paper(person, by=None)
    assert Invitation.objects.count() == 0


# --- One at a time --------------------------------------------------------------------------------------


def test_a_new_invitation_withdraws_the_one_before(person, mailoutbox):
    invitations.invite_by_mail(person, email="amina@kommune.dk", by=None)
    _letter, code = invitations.invite_on_paper(person, by=None)
    assert invitations.find_by_token(token_in(mailoutbox[0])) is None
    assert invitations.find_by_code(code, family_name=person.family_name) is not None
    assert [str(row.state) for row in Invitation.objects.order_by("pk")] == ["trukket tilbage", "venter"]


def test_a_withdrawn_invitation_opens_nothing(person):
    invitation, code = invitations.invite_on_paper(person, by=None)
    invitations.withdraw(invitation)
    invitations.withdraw(invitation)
    assert invitations.find_by_code(code, family_name=person.family_name) is None
    with pytest.raises(InvitationSpentError):
        invitations.accept(invitation, password=STRONG, username="amina")


def test_a_used_invitation_cannot_be_withdrawn(person):
    invitation, _code = invitations.invite_on_paper(person, by=None)
    invitations.accept(invitation, password=STRONG, username="amina")
    with pytest.raises(ValidationError):
        invitations.withdraw(invitation)


def test_a_username_is_proposed_from_the_name(person):
    assert invitations.propose_username(person) == "amina.yusuf-oersted"
    UserFactory(username="amina.yusuf-oersted")
    assert invitations.propose_username(person) == "amina.yusuf-oersted2"
    assert invitations.propose_username(PersonFactory(given_name="毛", family_name="王")) == ""
