"""Reporting an error in a module, and answering it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.domain.people import lock_person
from organisations.models import Person

from ..models import Edition, ErrorReport
from .free_text import checked_text

#: Characters, of a report and of an answer.
LONGEST = 1000
#: So many reports a person may write within a day: more is a mistake, or somebody who is better phoned.
MOST_A_DAY = 20
DAY = dt.timedelta(days=1)


@transaction.atomic
def report_error(edition: Edition, *, step: int, text: str, by: Person, item: str = "") -> ErrorReport:
    """Keep what somebody says is wrong at a step (from 1), or at one item of it.

    The same words at the same place that wait for an answer are one report: a double click sends them
    twice. Raises ValidationError with words for the reporter: empty, too long, something like a CPR
    number, a step or an item that isn't there, or more than MOST_A_DAY within a day.
    """
    text = checked_text(text, longest=LONGEST)
    if not 1 <= step <= len(edition.steps):
        raise ValidationError(_("There is no such step in the module."), code="no_such_step")
    if item and (item not in edition.items or edition.step_of(item) != step):
        raise ValidationError(_("There is no such question or task at this step."), code="no_such_item")
    lock_person(by)
    mine = ErrorReport.objects.filter(reporter=by)
    same = mine.filter(edition=edition, step=step, item=item, text=text, answered_at__isnull=True).first()
    if same is not None:
        return same
    now = timezone.now()
    if mine.filter(created_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise ValidationError(
            _("You have reported a lot today. Wait until tomorrow, or call those who run Lindra."),
            code="too_many",
        )
    return ErrorReport.objects.create(
        edition=edition, step=step, item=item, text=text, reporter=by, created_at=now
    )


@transaction.atomic
def answer_report(report: ErrorReport, *, text: str, by: Person | None) -> ErrorReport:
    """Answer the report, once. The caller has checked `rules.answers_error_reports`.

    Raises ValidationError: empty, too long, something like a CPR number, or answered already.
    """
    text = checked_text(text, longest=LONGEST)
    report = ErrorReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.is_answered:
        raise ValidationError(
            _("The report has been answered, and the answer stays as it was given."), code="answered"
        )
    report.answer, report.answered_by, report.answered_at = text, by, timezone.now()
    report.save(update_fields=["answer", "answered_by", "answered_at"])
    return report


def erase_report(report: ErrorReport) -> None:
    """Erase the words of who reported. That something was reported at that step, and its answer, stay."""
    report.text, report.erased_at = "", timezone.now()
    report.save(update_fields=["text", "erased_at"])


def recent_answers(person: Person, *, days: int = 30) -> list[ErrorReport]:
    """The person's own reports that were answered within so many days, the newest answer first."""
    since = timezone.now() - dt.timedelta(days=days)
    return list(own_reports(person).filter(answered_at__gt=since).order_by("-answered_at"))


def own_reports(person: Person) -> QuerySet[ErrorReport]:
    """What the person has reported, open ones first, each with the title of its edition."""
    return (
        ErrorReport.objects.filter(reporter=person)
        .select_related("edition")
        .defer("edition__content", "edition__grading")
    )
