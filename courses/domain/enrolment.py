"""Beginning a module, going through it, finishing it.

`at` is when it happened, now unless it is said: histories are loaded through the same functions.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations.models import Person
from xapi import projection, vocabulary

from ..models import Completion, Edition, Enrolment
from ..querysets import EnrolmentQuerySet
from .archiving import archiving_of
from .progress import progress_of
from .statements import OPENING, STEP, say_once


class ModuleArchived(Exception):
    """The module isn't offered any more: whoever hasn't begun it can't."""


@dataclass(frozen=True)
class Outcome:
    """What came of finishing: done, or how much is still wrong or unanswered."""

    completed: bool
    right: int
    asked: int
    unanswered: list[str]
    wrong: list[str]


def open_enrolment(person: Person, *, key: uuid.UUID) -> Enrolment | None:
    """What the person is in the middle of in this module, if anything."""
    return _with_edition().of(person).in_module(key).open().first()


def latest_enrolment(person: Person, *, key: uuid.UUID) -> Enrolment | None:
    """The newest enrolment in this module, finished or not."""
    return _with_edition().of(person).in_module(key).first()


def begin(person: Person, *, edition: Edition, at: dt.datetime | None = None) -> Enrolment:
    """Begin the edition, or go on with what was begun: two clicks at once begin it once.

    Raises ModuleArchived where nothing was begun and the module isn't offered any more.
    """
    module = edition.version.module
    going = open_enrolment(person, key=module.key)
    if going is not None:
        return going
    if archiving_of(module) is not None:
        raise ModuleArchived
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                person=person, module=module, edition=edition, started_at=at or timezone.now()
            )
            say_once(enrolment, "initialized", verb=vocabulary.INITIALIZED, at=enrolment.started_at)
    except IntegrityError:
        return _with_edition().of(person).in_module(module.key).open().get()
    projection.attempt(person.pseudonym)
    return enrolment


def open_step(enrolment: Enrolment, *, step: int) -> None:
    """Remember where she is. Nothing is recorded: opening a page is not learning."""
    if enrolment.position != step:
        enrolment.position = step
        enrolment.save(update_fields=["position"])


def leave_step(enrolment: Enrolment, *, step: int, at: dt.datetime | None = None) -> None:
    """She went on past a step: recorded once a step, as progress through the module (percent)."""
    percent = round(100 * step / len(enrolment.edition.steps))
    if say_once(
        enrolment,
        "progressed",
        str(step),
        verb=vocabulary.PROGRESSED,
        at=at,
        result={"extensions": {vocabulary.PROGRESS: percent, STEP: step}},
    ):
        projection.attempt(enrolment.person.pseudonym)


def finish(enrolment: Enrolment, *, at: dt.datetime | None = None) -> Outcome:
    """Finish the module: completed when every question has been answered rightly at least once.

    Whoever solved the opening cases at the first attempt needs no others (`Progress.required`); the
    score is then of those, and the statement says so.
    Anything unanswered only says so. With everything answered and something wrong, `failed` is
    recorded with the score; she may try again as often as she likes (formative, not an exam). Doing
    it again after completion changes nothing.
    """
    progress = progress_of(enrolment)
    outcome = Outcome(
        completed=not progress.missing,
        right=len(progress.right.intersection(progress.required)),
        asked=len(progress.required),
        unanswered=progress.unanswered,
        wrong=progress.wrong,
    )
    if outcome.unanswered:
        return outcome
    if Completion.objects.filter(enrolment=enrolment).exists():
        return outcome
    result: dict[str, Any] = {"success": outcome.completed}
    if outcome.asked:
        scaled = round(outcome.right / outcome.asked, 4)
        result["score"] = {"raw": outcome.right, "min": 0, "max": outcome.asked, "scaled": scaled}
    if progress.has_solved_opening:
        result["extensions"] = {OPENING: True}
    now = at or timezone.now()
    with transaction.atomic():
        if outcome.completed:
            say_once(enrolment, "passed", verb=vocabulary.PASSED, at=now, result=result)
            say_once(enrolment, "completed", verb=vocabulary.COMPLETED, at=now, result={"completion": True})
            Enrolment.objects.filter(pk=enrolment.pk).update(is_open=False)
            enrolment.is_open = False
        else:
            say_once(
                enrolment, "failed", str(progress.answers), verb=vocabulary.FAILED, at=now, result=result
            )
    projection.attempt(enrolment.person.pseudonym)
    return outcome


def _with_edition() -> EnrolmentQuerySet:
    return Enrolment.objects.select_related("edition__version__module", "module", "person")
