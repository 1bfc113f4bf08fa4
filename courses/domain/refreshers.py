"""Refreshers: questions of a completed module come back; which are due, and answering them.

A refresher is one round after one completion (`refreshing.ROUNDS`). It belongs to the learner alone, and
nothing of it counts: no completion and no evidence rests on it, or is lost by it. What was completed in
another system has no refreshers, for what she answered there isn't known here.

It asks in the wording of today: from the newest edition of the version that she completed. When a newer
version is published, the module teaches something else, and the refreshers of the older one are over:
what they ask may be right no more. A module that is archived has none either, nor has one without a live
page; that the pages know.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from organisations.bilingual import language_in_use
from organisations.days import today
from organisations.models import Person
from xapi import projection, vocabulary

from ..models import (
    Archiving,
    Attempt,
    Completion,
    Edition,
    Enrolment,
    ModuleVersion,
    RefresherAnswer,
    RefresherSetting,
    SkippedRefresher,
)
from ..refreshing import KINDS, LAST_DAY, ROUNDS, choose, days_of, round_on
from .answers import UnknownItem, grade_of
from .statements import say_once, statement_id


class RefresherClosed(Exception):
    """The round isn't on: it has yet to come, is over, or was skipped."""


@dataclass
class Refresher:
    """A round of one completion. `questions` are items of `edition`; `answers` in the order given."""

    enrolment: Enrolment
    edition: Edition
    number: int
    completed_on: dt.date
    questions: list[str]
    is_skipped: bool
    is_superseded: bool
    answers: dict[str, list[RefresherAnswer]] = field(default_factory=dict)

    @property
    def begins_on(self) -> dt.date:
        return days_of(self.number, completed_on=self.completed_on)[0]

    @property
    def is_open(self) -> bool:
        """Whether its questions can be answered today; also again, when they have been."""
        is_on = round_on(today(), completed_on=self.completed_on) == self.number
        return is_on and bool(self.questions) and not self.is_skipped and not self.is_superseded

    @property
    def unanswered(self) -> list[str]:
        return [item for item in self.questions if item not in self.answers]

    @property
    def right(self) -> list[str]:
        """The questions whose first answer was right."""
        return [item for item in self.questions if item in self.answers and self.answers[item][0].success]

    @property
    def next_on(self) -> dt.date | None:
        """The day on which the next round comes; None after the last."""
        if self.number == len(ROUNDS) or self.is_superseded:
            return None
        return days_of(self.number + 1, completed_on=self.completed_on)[0]


def due_refreshers(person: Person) -> list[Refresher]:
    """What waits for the person today, the longest waiting first; nothing when off.

    One query where no round is on; else seven at most.
    """
    now = timezone.now()
    completed = Completion.objects.of_learners([person.pseudonym]).filter(
        # A day more at both ends: the days of the rounds are Copenhagen's.
        completed_at__gt=now - dt.timedelta(days=LAST_DAY + 1),
        completed_at__lt=now - dt.timedelta(days=ROUNDS[0] - 1),
    )
    numbers = {
        pk: number
        for pk, at in completed.values_list("pk", "completed_at")
        if (number := round_on(today(), completed_on=timezone.localdate(at))) is not None
    }
    if not numbers or not is_on(person):
        return []
    rounds = {
        completion: numbers[completion.pk]
        for completion in _completions(person).filter(pk__in=numbers)
        if not completion.is_superseded
    }
    waiting = [row for row in _refreshers(rounds) if row.is_open and row.unanswered]
    return sorted(waiting, key=lambda row: (row.begins_on, row.enrolment.pk))


def next_refresher(enrolment: Enrolment) -> Refresher | None:
    """The round of this completion that has yet to come; None after the last, or when nothing will come."""
    completion = _completions(enrolment.person).filter(enrolment=enrolment).first()
    if completion is None or completion.is_superseded or not is_on(enrolment.person):
        return None
    days = {
        number: days_of(number, completed_on=_day_of(completion))[0] for number in range(1, len(ROUNDS) + 1)
    }
    number = next((number for number, begins_on in days.items() if begins_on > today()), None)
    if number is None:
        return None
    refresher = next(iter(_refreshers({completion: number})))
    return refresher if refresher.questions else None


def refresher_of(person: Person, *, registration: uuid.UUID, number: int) -> Refresher | None:
    """That round of the person's own completion, whatever its state; None where there is no such thing."""
    completion = _completions(person).filter(enrolment__registration=registration).first()
    if completion is None or not 1 <= number <= len(ROUNDS):
        return None
    return next(iter(_refreshers({completion: number})))


def answer(
    refresher: Refresher, *, item: str, response: str, token: uuid.UUID, at: dt.datetime | None = None
) -> bool:
    """Grade and record one answer; whether what she sees of it is current already.

    `token` comes with the form: a double click is one answer. Raises RefresherClosed, UnknownItem, or
    grading.InvalidResponse for an option that isn't there.
    """
    if item not in refresher.questions:
        raise UnknownItem(item)
    if not refresher.is_open:
        raise RefresherClosed
    success = grade_of(refresher.edition, item=item, response=response).success
    what = ("refreshed", str(refresher.number), item, str(token), response)
    say_once(
        refresher.enrolment,
        *what,
        verb=vocabulary.ANSWERED,
        at=at,
        item=item,
        result={"response": response, "success": success},
        refresher=(refresher.number, refresher.edition),
    )
    statement = statement_id(refresher.enrolment, *what)
    return RefresherAnswer.objects.filter(statement=statement).exists() or projection.attempt(
        refresher.enrolment.person.pseudonym
    )


def skip(refresher: Refresher) -> None:
    """She doesn't want this round. Twice is once. Raises RefresherClosed where it isn't on."""
    if not refresher.is_open and not refresher.is_skipped:
        raise RefresherClosed
    SkippedRefresher.objects.get_or_create(
        enrolment=refresher.enrolment, number=refresher.number, defaults={"skipped_at": timezone.now()}
    )


def is_on(person: Person) -> bool:
    """Whether questions come back to the person. They do until she turns them off."""
    return not RefresherSetting.objects.filter(person=person, is_on=False).exists()


def turn(person: Person, *, on: bool) -> None:
    """Turn the person's refreshers on or off. Turned on again, what is due by then comes back."""
    if is_on(person) != on:
        RefresherSetting.objects.update_or_create(
            person=person, defaults={"is_on": on, "changed_at": timezone.now()}
        )


def own_choices(person: Person) -> dict[str, Any]:
    """What is kept about the person's refreshers besides her answers: the setting and what she skipped."""
    setting = RefresherSetting.objects.filter(person=person).first()
    skipped = SkippedRefresher.objects.filter(enrolment__person=person)
    return {
        "is_on": setting is None or setting.is_on,
        "changed_at": setting.changed_at if setting else None,
        "skipped": list(skipped.select_related("enrolment__module", "enrolment__edition")),
    }


# --- Reading -------------------------------------------------------------------------------------------


def _completions(person: Person) -> QuerySet[Any]:
    """Her completions here, each with whether a newer version has come, or the module is archived."""
    newer = ModuleVersion.objects.filter(
        module=OuterRef("version__module"), number__gt=OuterRef("version__number")
    )
    archived = Archiving.objects.standing().filter(module=OuterRef("version__module"))
    return (
        Completion.objects.of_learners([person.pseudonym])
        .filter(enrolment__person=person)
        .select_related("enrolment__edition__version__module", "enrolment__module", "enrolment__person")
        .defer("enrolment__edition__content", "enrolment__edition__grading")
        .annotate(is_superseded=Exists(newer) | Exists(archived))
    )


def _day_of(completion: Any) -> dt.date:
    return timezone.localdate(completion.completed_at)


def _refreshers(rounds: dict[Any, int]) -> Iterable[Refresher]:
    """A refresher for each completion and round. Four queries."""
    if not rounds:
        return []
    enrolments = [completion.enrolment for completion in rounds]
    editions = _newest_editions(enrolments)
    skipped = set(
        SkippedRefresher.objects.filter(enrolment__in=enrolments).values_list("enrolment_id", "number")
    )
    missed: dict[int, set[str]] = {}
    for enrolment, item in Attempt.objects.filter(enrolment__in=enrolments, success=False).values_list(
        "enrolment_id", "item"
    ):
        missed.setdefault(enrolment, set()).add(item)
    answers: dict[int, dict[int, dict[str, list[RefresherAnswer]]]] = {}
    for row in RefresherAnswer.objects.filter(enrolment__in=enrolments).order_by("number", "ordinal"):
        of_round = answers.setdefault(row.enrolment_id, {}).setdefault(row.number, {})
        of_round.setdefault(row.item, []).append(row)
    made = []
    for completion, number in rounds.items():
        enrolment = completion.enrolment
        given = answers.get(enrolment.pk, {})
        edition = editions[completion.version_id]
        chosen = choose(
            [item for item in edition.graded_items if edition.items[item]["kind"] in KINDS],
            seed=enrolment.registration,
            number=number,
            missed=frozenset(missed.get(enrolment.pk, ())),
            earlier=[
                {item: rows[0].success for item, rows in given[earlier].items()}
                for earlier in sorted(given)
                if earlier < number
            ],
        )
        made.append(
            Refresher(
                enrolment=enrolment,
                edition=edition,
                number=number,
                completed_on=_day_of(completion),
                questions=chosen,
                is_skipped=(enrolment.pk, number) in skipped,
                is_superseded=completion.is_superseded,
                answers=given.get(number, {}),
            )
        )
    return made


def _newest_editions(enrolments: list[Enrolment]) -> dict[int, Edition]:
    """The newest edition of each version, in the language in use where there is one, else in hers.

    One query.
    """
    language = language_in_use()
    own = {enrolment.edition.version_id: enrolment.edition.language for enrolment in enrolments}
    newest: dict[int, Edition] = {}
    rows = (
        Edition.objects.filter(version__in=own)
        .filter(language__in={language, *own.values()})
        .select_related("version__module")
        .newest_first()
    )
    for edition in rows:
        version = edition.version_id
        if edition.language == language and getattr(newest.get(version), "language", "") != language:
            newest[version] = edition
        elif edition.language == own[version]:
            newest.setdefault(version, edition)
    return newest
