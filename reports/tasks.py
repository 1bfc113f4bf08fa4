"""Mails about practice tasks, and about places that will be without key persons.

They say that something waits and where: no name, no module, no words.
"""

from collections import defaultdict

from django.conf import settings
from django.core.cache import cache
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from certification.domain.falls import Fall, coordinators_to_tell, leaders_to_tell, tell_once
from courses.domain.task_notes import unconfirmed
from courses.models import FreeText, ItemSubmission, SupportRequest, TaskNote
from organisations.domain import mails
from organisations.enums import MailKind
from organisations.models import Person
from organisations.rules import may_confirm, who_confirms

#: Seconds between two looks at whether a place will be without key persons.
BETWEEN_LOOKS = 3600


def handed_in(text: FreeText) -> None:
    """A practice task was handed in, or changed as somebody asked (`settings.WHEN_HANDED_IN`)."""
    tell_who_confirms.enqueue(text.pk)


@task()
def tell_who_confirms(text: int) -> None:
    """Mail to the nearest leaders and key persons, each by herself, and to who had asked for more.

    The link opens after logging in only.
    """
    row = FreeText.objects.select_related("enrolment__person").filter(pk=text).first()
    if row is None:
        return
    submission = ItemSubmission.objects.filter(enrolment=row.enrolment_id, item=row.item).first()
    chosen = f"?opgave={submission.statement}" if submission else ""
    link = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('reports:confirm')}{chosen}"
    with translation.override(settings.LANGUAGE_CODE):
        people = [*who_confirms(row.enrolment.person), *_asked(row)]
        subject = _("A practice task waits for you")
        _send(MailKind.PRACTICE_TASK, people, subject, "handed_in", link)


@task()
def tell_colleague(request: int) -> None:
    """Mail to the colleague who was asked to support a practice task."""
    row = SupportRequest.objects.standing().select_related("colleague").filter(pk=request).first()
    if row is None:
        return
    link = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('reports:support')}"
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A colleague asks for your support")
        _send(MailKind.SUPPORT, [row.colleague], subject, "asked_to_support", link)


@task()
def tell_learner(note: int) -> None:
    """Mail to the learner whose practice task was sent back, unless that has ended meanwhile."""
    open_notes = unconfirmed(TaskNote.objects.open()).select_related("enrolment__person")
    row = open_notes.filter(pk=note).first()
    if row is None:
        return
    link = f"{settings.WAGTAILADMIN_BASE_URL}{resolve_url(settings.LOGIN_REDIRECT_URL)}"
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("There is a line for you about a practice task")
        _send(MailKind.ASKED_FOR_MORE, [row.enrolment.person], subject, "asked_for_more", link)


def tell_of_falls() -> None:
    """Mail to leaders and coordinators where a place will have too few key persons (`settings.TICKS`).

    One mail a person, about all that is new; each fall is told once. Looked for once an hour.
    """
    if not cache.add("reports.tell_of_falls", value=True, timeout=BETWEEN_LOOKS):
        return
    falls = tell_once()
    for people_of, page in ((coordinators_to_tell, "coverage"), (leaders_to_tell, "team")):
        falls_of: dict[Person, list[Fall]] = defaultdict(list)
        for fall in falls:
            for person in people_of(fall):
                falls_of[person].append(fall)
        link = f"{settings.WAGTAILADMIN_BASE_URL}{reverse(f'reports:{page}')}"
        for person, theirs in falls_of.items():
            with translation.override(settings.LANGUAGE_CODE):
                mails.send(
                    MailKind.KEY_PERSON_LEAVES,
                    to=[person],
                    subject=_("Key persons will be missing"),
                    text=render_to_string("reports/mail/falls.txt", {"link": link, "falls": theirs}),
                )


def _asked(text: FreeText) -> list[Person]:
    """Who asked for more at this task, and may confirm it still."""
    notes = TaskNote.objects.with_words().filter(enrolment=text.enrolment_id, item=text.item)
    people = Person.objects.filter(pk__in=notes.values("written_by")).prefetch_related("users")
    learner = text.enrolment.person
    return [one for one in people if any(may_confirm(user, learner) for user in one.users.all())]


def _send(kind: MailKind, people: list[Person], subject: str, name: str, link: str) -> None:
    text = render_to_string(f"reports/mail/{name}.txt", {"link": link})
    mails.send(kind, to=people, subject=subject, text=text)
