"""Mails about practice tasks. They say that something waits and where: no name, no module, no words."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from courses.models import FreeText, ItemSubmission, SupportRequest
from organisations.models import Person, User
from organisations.rules import who_confirms

logger = logging.getLogger(__name__)


def handed_in(text: FreeText) -> None:
    """A practice task was handed in (`settings.WHEN_HANDED_IN`)."""
    tell_who_confirms.enqueue(text.pk)


@task()
def tell_who_confirms(text: int) -> None:
    """Mail to the nearest leaders and key persons, each by herself. The link opens after logging in only."""
    row = FreeText.objects.select_related("enrolment__person").filter(pk=text).first()
    if row is None:
        return
    submission = ItemSubmission.objects.filter(enrolment=row.enrolment_id, item=row.item).first()
    chosen = f"?opgave={submission.statement}" if submission else ""
    link = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('reports:confirm')}{chosen}"
    with translation.override(settings.LANGUAGE_CODE):
        _send(who_confirms(row.enrolment.person), _("A practice task waits for you"), "handed_in", link)


@task()
def tell_colleague(request: int) -> None:
    """Mail to the colleague who was asked to support a practice task."""
    row = SupportRequest.objects.standing().select_related("colleague").filter(pk=request).first()
    if row is None:
        return
    link = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('reports:support')}"
    with translation.override(settings.LANGUAGE_CODE):
        _send([row.colleague], _("A colleague asks for your support"), "asked_to_support", link)


def _send(people: Iterable[Person], subject: str, name: str, link: str) -> None:
    """One mail an address. A mail server that is away loses a mail, and nothing that was handed in."""
    text = render_to_string(f"reports/mail/{name}.txt", {"link": link})
    logins = User.objects.filter(person__in=people, is_active=True, email__isnull=False)
    for login in logins.order_by("pk"):
        try:
            send_mail(subject, text, None, [login.login_name])
        except (OSError, SMTPException) as failed:
            logger.warning("A mail about a practice task could not be sent: %s", type(failed).__name__)
