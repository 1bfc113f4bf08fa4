"""The one way out for mail, so that what somebody has turned off isn't sent to her.

The mails of the log-in itself (a new password, another address) are allauth's, those of a review in the
back office Wagtail's; what is turned off there is turned off on the account page there.
"""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.core.mail import send_mail
from django.utils import timezone

from ..enums import MailKind
from ..models import MailSetting, Person, User

logger = logging.getLogger(__name__)


def send(kind: MailKind, *, to: Iterable[Person], subject: str, text: str) -> None:
    """One mail an address, to those who haven't turned the kind off.

    A mail server that is away loses a mail, and nothing of what it speaks of.
    """
    unwanted = MailSetting.objects.filter(kind=kind, is_on=False).values("person")
    logins = User.objects.filter(person__in=to, is_active=True, email__isnull=False)
    for login in logins.exclude(person__in=unwanted).order_by("pk"):
        try:
            send_required(login.login_name, subject=subject, text=text)
        except (OSError, SMTPException) as failed:
            logger.warning("A mail (%s) could not be sent: %s", kind.value, type(failed).__name__)


def send_required(address: str, *, subject: str, text: str) -> None:
    """A mail that nobody turns off. Raises OSError or SMTPException where it can't be sent."""
    send_mail(subject, text, None, [address])


def wanted_mails(person: Person) -> dict[MailKind, bool]:
    """Of each kind, whether it is sent to the person."""
    chosen = dict(person.mail_settings.values_list("kind", "is_on"))
    return {kind: chosen.get(kind, True) for kind in MailKind}


def turn(person: Person, kind: MailKind, *, on: bool) -> None:
    """Turn mails of a kind on or off for the person. Said again, nothing changes."""
    if wanted_mails(person)[kind] != on:
        MailSetting.objects.update_or_create(
            person=person, kind=kind, defaults={"is_on": on, "changed_at": timezone.now()}
        )
