"""Whoever may confirm a practice task asks for more first: what is missing, or what she would talk over."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Person

from ..models import Confirmation, Enrolment, ItemSubmission, TaskNote
from ..querysets import TaskNoteQuerySet
from .free_text import checked_text
from .support import Task

#: Characters.
LONGEST = 300


@transaction.atomic
def ask_for_more(
    submission: ItemSubmission, *, text: str, by: Person, at: dt.datetime | None = None
) -> tuple[TaskNote, bool]:
    """Send the task back with a line, and whether that is new: the same line that is open is one note.

    The caller has checked `organisations.rules.may_confirm`. Raises ValueError when somebody would ask
    herself, or ValidationError with words for the one who asks: empty, too long, something like a CPR
    number, confirmed meanwhile, or another line of hers that is open.
    """
    text = checked_text(text.replace("\r\n", "\n"), longest=LONGEST)
    enrolment = Enrolment.objects.select_for_update().get(pk=submission.enrolment_id)
    if enrolment.person_id == by.pk:
        raise ValueError("Nobody asks herself for more.")
    task = {"enrolment": enrolment, "item": submission.item}
    if Confirmation.objects.filter(**task).exists():
        raise ValidationError(_("The task has been confirmed, so nothing more is asked."), code="confirmed")
    note, made = TaskNote.objects.get_or_create(
        **task,
        written_by=by,
        answered_at=None,
        erased_at=None,
        defaults={"text": text, "written_at": at or timezone.now()},
    )
    if note.text != text:
        raise ValidationError(
            _("You have sent the task back already. Take that line back first if you want to write another."),
            code="asked",
        )
    return note, made


def erase(note: TaskNote) -> None:
    """Erase the words, and so take the note back. Twice is once; that more was asked, and when, stays."""
    TaskNote.objects.filter(pk=note.pk, erased_at__isnull=True).update(text="", erased_at=timezone.now())
    note.refresh_from_db()


def notes_of(enrolments: Iterable[int]) -> dict[Task, list[TaskNote]]:
    """The notes on each task of these enrolments that have words, first first. One query."""
    rows = TaskNote.objects.with_words().filter(enrolment__in=list(enrolments)).select_related("written_by")
    found: dict[Task, list[TaskNote]] = {}
    for row in rows:
        found.setdefault((row.enrolment_id, row.item), []).append(row)
    return found


def asked_back(person: Person) -> list[TaskNote]:
    """What the person is asked for now, each with its edition and who asks. One query.

    `is_latest` where the page of the module still opens what she took when she handed it in.
    """
    newer = Enrolment.objects.filter(
        person=OuterRef("enrolment__person"),
        module=OuterRef("enrolment__module"),
        started_at__gt=OuterRef("enrolment__started_at"),
    )
    rows = unconfirmed(TaskNote.objects.open()).filter(enrolment__person=person)
    return list(
        rows.annotate(is_latest=~Exists(newer))
        .select_related("written_by", "enrolment__edition", "enrolment__module")
        .defer("enrolment__edition__grading")
    )


def unconfirmed(notes: TaskNoteQuerySet) -> TaskNoteQuerySet:
    """Those of these whose tasks haven't been confirmed."""
    confirmed = Confirmation.objects.filter(enrolment=OuterRef("enrolment"), item=OuterRef("item"))
    return notes.filter(~Exists(confirmed))


def erasable_by_learner(person: Person) -> TaskNoteQuerySet:
    """The notes that she may erase: on her own tasks, when they are confirmed."""
    confirmed = Confirmation.objects.filter(enrolment=OuterRef("enrolment"), item=OuterRef("item"))
    mine: TaskNoteQuerySet = TaskNote.objects.filter(Exists(confirmed), enrolment__person=person)
    return mine
