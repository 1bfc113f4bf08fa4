"""Practice tasks: done at work, confirmed by a leader or a key person."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from organisations.models import Person
from xapi import projection, vocabulary

from ..models import Confirmation, Enrolment, FreeText, ItemSubmission, TaskNote
from .statements import say_once
from .support import Supported, supports_of
from .task_notes import notes_of


@dataclass(frozen=True)
class Awaiting:
    """A practice task that waits to be confirmed, with what its confirmer needs to read."""

    submission: ItemSubmission
    person: Person
    module_title: str
    task: str
    text: str
    submitted_at: dt.datetime
    supports: list[Supported]
    notes: list[TaskNote]

    @property
    def is_sent_back(self) -> bool:
        """More is asked for, and the learner hasn't handed in again. It can be confirmed all the same."""
        return any(note.is_open for note in self.notes)


def confirm(submission: ItemSubmission, *, by: Person, at: dt.datetime | None = None) -> None:
    """Confirm the task. The actor of the statement is the learner, `context.instructor` the confirmer.

    The caller has checked `organisations.rules.may_confirm`. A second confirmation changes nothing.
    Raises ValueError when somebody would confirm her own.
    """
    enrolment = (
        Enrolment.objects.select_related("edition__version__module", "module", "person")
        .filter(pk=submission.enrolment_id)
        .get()
    )
    if enrolment.person_id == by.pk:
        raise ValueError("Nobody confirms her own practice task.")
    say_once(
        enrolment,
        "confirmed",
        submission.item,
        verb=vocabulary.CONFIRMED,
        at=at,
        item=submission.item,
        instructor=by,
    )
    projection.attempt(enrolment.person.pseudonym)


def awaiting(people: Iterable[Person]) -> list[Awaiting]:
    """The tasks of these people that wait or are sent back, the longest waiting first. Six queries."""
    by_pseudonym = {person.pseudonym: person for person in people}
    confirmed = set(
        Confirmation.objects.filter(learner__in=list(by_pseudonym)).values_list("enrolment_id", "item")
    )
    submissions = [
        submission
        for submission in ItemSubmission.objects.filter(learner__in=list(by_pseudonym))
        .select_related("enrolment__edition__version__module")
        .defer("enrolment__edition__grading")
        .order_by("submitted_at", "id")
        if (submission.enrolment_id, submission.item) not in confirmed
    ]
    texts = {
        (row.enrolment_id, row.item): row.text
        for row in FreeText.objects.standing().filter(enrolment__in=[s.enrolment_id for s in submissions])
    }
    supports = supports_of({s.enrolment_id for s in submissions})
    notes = notes_of({s.enrolment_id for s in submissions})
    return [
        Awaiting(
            submission=submission,
            person=by_pseudonym[submission.learner],
            module_title=submission.enrolment.edition.title,
            task=submission.enrolment.edition.items[submission.item]["text"],
            text=texts.get((submission.enrolment_id, submission.item), ""),
            submitted_at=submission.submitted_at,
            supports=supports.get((submission.enrolment_id, submission.item), []),
            notes=notes.get((submission.enrolment_id, submission.item), []),
        )
        for submission in submissions
    ]


def number_awaiting(people: QuerySet[Person]) -> int:
    """How many tasks of these people wait, without those that are sent back. One query."""
    confirmed = Confirmation.objects.filter(enrolment=OuterRef("enrolment"), item=OuterRef("item"))
    handed_in = ItemSubmission.objects.filter(learner__in=people.values("pseudonym"))
    sent_back = TaskNote.objects.open().filter(enrolment=OuterRef("enrolment"), item=OuterRef("item"))
    return handed_in.filter(~Exists(confirmed), ~Exists(sent_back)).count()


def find_awaiting(people: Iterable[Person], submission_id: int) -> Awaiting | None:
    """The waiting task with this id among these people's, or nothing."""
    return next((row for row in awaiting(people) if row.submission.pk == submission_id), None)
