"""Beginning a module, going through it, finishing it."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from organisations.models import Person
from xapi import projection, vocabulary
from xapi.domain.recording import record

from ..models import Completion, Edition, Enrolment
from .progress import progress_of
from .statements import STEP, build, statement_id


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


def begin(person: Person, *, edition: Edition) -> Enrolment:
    """Begin the edition, or go on with what was begun: two clicks at once begin it once."""
    module = edition.version.module
    going = open_enrolment(person, key=module.key)
    if going is not None:
        return going
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                person=person, module=module, edition=edition, started_at=timezone.now()
            )
            record(
                build(
                    enrolment,
                    id=statement_id(enrolment, "initialized"),
                    verb=vocabulary.INITIALIZED,
                    at=enrolment.started_at,
                )
            )
    except IntegrityError:
        return _with_edition().of(person).in_module(module.key).open().get()
    projection.project(person.pseudonym)
    return enrolment


def open_step(enrolment: Enrolment, *, step: int) -> None:
    """Remember where she is. Nothing is recorded: opening a page is not learning."""
    if enrolment.position != step:
        enrolment.position = step
        enrolment.save(update_fields=["position"])


def leave_step(enrolment: Enrolment, *, step: int) -> None:
    """She went on past a step: recorded once a step, as progress through the module (percent)."""
    statement = statement_id(enrolment, "progressed", str(step))
    if progress_of(enrolment).is_left(step):
        return
    percent = round(100 * step / len(enrolment.edition.steps))
    record(
        build(
            enrolment,
            id=statement,
            verb=vocabulary.PROGRESSED,
            at=timezone.now(),
            result={
                "extensions": {
                    vocabulary.PROGRESS: percent,
                    STEP: step,
                }
            },
        )
    )
    projection.project(enrolment.person.pseudonym)


def finish(enrolment: Enrolment) -> Outcome:
    """Finish the module: completed when every question has been answered rightly at least once.

    Anything unanswered only says so. With everything answered and something wrong, `failed` is
    recorded with the score; she may try again as often as she likes (formative, not an exam). Doing
    it again after completion changes nothing.
    """
    progress = progress_of(enrolment)
    outcome = Outcome(
        completed=not progress.missing,
        right=len(progress.right),
        asked=len(enrolment.edition.graded_items),
        unanswered=progress.unanswered,
        wrong=progress.wrong,
    )
    if outcome.unanswered:
        return outcome
    if Completion.objects.filter(enrolment=enrolment).exists():
        return outcome
    now = timezone.now()
    score = {"raw": outcome.right, "min": 0, "max": outcome.asked}
    if outcome.asked:
        score["scaled"] = round(outcome.right / outcome.asked, 4)
    with transaction.atomic():
        if outcome.wrong:
            record(
                build(
                    enrolment,
                    id=statement_id(enrolment, "failed", str(progress.answers)),
                    verb=vocabulary.FAILED,
                    at=now,
                    result={"success": False, "score": score},
                )
            )
        else:
            record(
                build(
                    enrolment,
                    id=statement_id(enrolment, "passed"),
                    verb=vocabulary.PASSED,
                    at=now,
                    result={"success": True, "score": score},
                )
            )
            record(
                build(
                    enrolment,
                    id=statement_id(enrolment, "completed"),
                    verb=vocabulary.COMPLETED,
                    at=now,
                    result={"completion": True},
                )
            )
            Enrolment.objects.filter(pk=enrolment.pk).update(is_open=False)
            enrolment.is_open = False
    projection.project(enrolment.person.pseudonym)
    return outcome


def _with_edition():  # noqa: ANN202  (a queryset with its own verbs)
    return Enrolment.objects.select_related("edition__version__module", "module", "person")
