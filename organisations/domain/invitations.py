"""Invitations: who is let in, by which secret, and that it works once.

Whoever calls has checked that `by` may invite the person (`organisations.rules.people_to_invite`).
"""

import datetime as dt
import re
import secrets
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ..enums import InvitationKind
from ..models import Invitation, Person, User
from ..querysets import InvitationQuerySet
from .mails import send_required
from .people import create_login, lock_person

MAIL_WORKS_FOR = dt.timedelta(days=14)
PAPER_WORKS_FOR = dt.timedelta(days=30)
#: No character that is mistaken for another on paper. Twelve of 31 make 59 bits.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH, CODE_GROUP = 12, 4
#: How Danish letters are written in a username.
PLAIN_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae", "ü": "ue"})


class InvitationSpentError(Exception):
    """It was used, withdrawn or ran out since it was found."""


@transaction.atomic
def invite_by_mail(person: Person, *, email: str, by: Person | None) -> Invitation:
    """Send the person a link by which she makes her log-in. The link works for 14 days, once.

    An invitation that stands is withdrawn. Raises ValidationError if she has a log-in, if the address
    is another's log-in or none, or if the mail can't be sent.
    """
    email = User.objects.normalize_email(email).lower()
    lock_person(person)
    if person.users.exists():
        raise ValidationError(_("%(person)s has a log-in already.") % {"person": person}, code="has_login")
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError(
            {"email": ValidationError(_("Somebody logs in with this address."), code="taken")}
        )
    token = secrets.token_urlsafe(32)
    invitation = _invite(
        person, kind=InvitationKind.MAIL, email=email, secret=token, lasts=MAIL_WORKS_FOR, by=by
    )
    _send(invitation, token)
    return invitation


@transaction.atomic
def invite_on_paper(person: Person, *, by: Person | None) -> tuple[Invitation, str]:
    """Make a code for a letter, and return it: this is the only time that it can be read.

    It works for 30 days, once, together with the family name. For somebody who has a log-in without
    an e-mail address it is the way to a new password. An invitation that stands is withdrawn. Raises
    ValidationError if she logs in with an e-mail address, or if her log-in is closed.
    """
    lock_person(person)
    if person.users.filter(email__isnull=False).exists():
        raise ValidationError(_("%(person)s has a log-in already.") % {"person": person}, code="has_login")
    if person.users.filter(is_active=False).exists():
        raise ValidationError(
            _("The log-in of %(person)s is closed. Open it first.") % {"person": person}, code="closed"
        )
    code = "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))
    invitation = _invite(
        person, kind=InvitationKind.PAPER, email="", secret=code, lasts=PAPER_WORKS_FOR, by=by
    )
    groups = [code[start : start + CODE_GROUP] for start in range(0, CODE_LENGTH, CODE_GROUP)]
    return invitation, "-".join(groups)


@transaction.atomic
def withdraw(invitation: Invitation) -> Invitation:
    """Let it open nothing any more. Twice is once. Raises ValidationError if it has been used."""
    lock_person(invitation.person)
    Invitation.objects.standing().filter(pk=invitation.pk).update(revoked_at=timezone.now())
    invitation.refresh_from_db()
    if invitation.used_at:
        raise ValidationError(_("The invitation has been used. Close the log-in instead."), code="used")
    return invitation


def find_by_token(token: str) -> Invitation | None:
    """The invitation that this mail's link opens, if it still opens one."""
    return _usable(InvitationKind.MAIL).filter(digest=_digest(token)).first()


def find_by_code(code: str, *, family_name: str) -> Invitation | None:
    """The invitation that this code on paper opens for somebody of that name."""
    tidy = re.sub(r"[^0-9A-Z]", "", code.upper())
    invitation = _usable(InvitationKind.PAPER).filter(digest=_digest(tidy)).first()
    if invitation is None or not _same_name(invitation.person.family_name, family_name):
        return None
    return invitation


def find_usable(pk: int) -> Invitation | None:
    """An invitation that was found before by its code, if it still opens something."""
    return _usable(InvitationKind.PAPER).filter(pk=pk).first()


def standing_login(invitation: Invitation) -> User | None:
    """The log-in that gets a new password: that of somebody who has no e-mail address."""
    user: User | None = invitation.person.users.filter(email__isnull=True).first()
    return user


@transaction.atomic
def accept(invitation: Invitation, *, password: str, username: str = "") -> User:
    """Make the log-in, with the password that the person chose; the invitation is used up.

    By mail she logs in with the address that the link came to, by letter with `username`. Raises
    InvitationSpentError if somebody was first, and ValidationError (by `username` and `password`) if the
    username is taken or malformed or the password is too weak; then the invitation still stands.
    """
    lock_person(invitation.person)
    if not Invitation.objects.usable().filter(pk=invitation.pk).update(used_at=timezone.now()):
        raise InvitationSpentError
    user = standing_login(invitation)
    if user is not None:
        _check_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        return user
    if invitation.kind == InvitationKind.PAPER and not username.strip():
        raise ValidationError({"username": _("Choose a username.")})
    named = {"email": invitation.email or None, "username": username.strip().lower() or None}
    _check_password(password, User(person=invitation.person, **named))
    return create_login(
        invitation.person, email=invitation.email or None, username=username, password=password
    )


def propose_username(person: Person) -> str:
    """A free username made of the name: “amina.yusuf”, or “amina.yusuf2” where that is taken."""
    parts = [
        slugify(name.lower().translate(PLAIN_LETTERS)) for name in (person.given_name, person.family_name)
    ]
    stem = ".".join(part for part in parts if part)[:26].strip(".-")
    if not re.match(r"[a-z][a-z0-9.-]{2}", stem):
        return ""
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number = 1
    while (name := stem if number == 1 else f"{stem}{number}") in taken:
        number += 1
    return name


def _usable(kind: InvitationKind) -> InvitationQuerySet:
    return Invitation.objects.usable().filter(kind=kind).select_related("person")


def _digest(secret: str) -> str:
    """Keyed with the installation's own key: who has only the database can't try codes against it."""
    return salted_hmac("organisations.invitation", secret, algorithm="sha256").hexdigest()


def _same_name(known: str, written: str) -> bool:
    return " ".join(known.split()).casefold() == " ".join(written.split()).casefold()


def _invite(
    person: Person,
    *,
    kind: InvitationKind,
    email: str,
    secret: str,
    lasts: dt.timedelta,
    by: Person | None,
) -> Invitation:
    now = timezone.now()
    Invitation.objects.standing().filter(person=person).update(revoked_at=now)
    invitation = Invitation(
        person=person,
        kind=kind,
        email=email,
        digest=_digest(secret),
        created_by=by,
        expires_at=now + lasts,
    )
    invitation.full_clean()
    invitation.save()
    return invitation


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.error_list}) from weak


def _send(invitation: Invitation, token: str) -> None:
    """Nothing in the mail but the name: not where she works, nor what as."""
    # Nobody knows yet which language she reads.
    with translation.override(settings.LANGUAGE_CODE):
        link = settings.WAGTAILADMIN_BASE_URL + reverse("organisations:invitation", args=[token])
        text = render_to_string("organisations/mail/invitation.txt", {"invitation": invitation, "link": link})
        subject = _("Your log-in to Lindra")
    try:
        send_required(invitation.email, subject=subject, text=text)
    except (OSError, SMTPException) as failed:
        raise ValidationError(
            _("The mail could not be sent, so nobody was invited. Try again later."), code="mail"
        ) from failed
