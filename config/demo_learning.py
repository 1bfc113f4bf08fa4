"""How the demo's people take modules: some answers wrong at first, some words, most tasks confirmed."""

import datetime as dt
import random
import uuid

from django.utils import timezone

from courses.domain import answers, enrolment, free_text, practice
from courses.enums import WALKED, ItemKind
from courses.grading import right_response
from courses.models import Edition, Enrolment, ItemSubmission
from courses.walking import way_of
from organisations.models import Person
from xapi import projection

from . import demo_people as cast


class Learning:
    """What chance decides comes from one source, so that the demo is the same on every machine."""

    def __init__(self, chance: random.Random) -> None:
        self.random = chance

    def complete(self, person: Person, plan: list[tuple[Edition, dt.datetime]], leader: Person) -> None:
        """Modules from the first step to the last; some tasks are handed in, most of those confirmed.

        What is shown is brought up to date twice, not after every answer.
        """
        with projection.deferred():
            taken = [self._take(person, edition, at) for edition, at in plan]
        projection.project(person.pseudonym)
        with projection.deferred():
            for going, at in taken:
                enrolment.finish(going, at=at)
            for submission in ItemSubmission.objects.filter(learner=person.pseudonym).order_by("pk"):
                # Only what is recent may still wait.
                is_old = submission.submitted_at < timezone.now() - dt.timedelta(days=45)
                if is_old or self.random.random() < 0.5:
                    later = submission.submitted_at + dt.timedelta(days=self.random.randint(1, 9))
                    practice.confirm(submission, by=leader, at=min(later, timezone.now()))
        projection.project(person.pseudonym)

    def _take(self, person: Person, edition: Edition, at: dt.datetime) -> tuple[Enrolment, dt.datetime]:
        """The enrolment, and when everything in it was answered."""
        going = enrolment.begin(person, edition=edition, at=at)
        at = self.answer_all(going, at)
        for step in range(1, len(edition.steps) + 1):
            enrolment.leave_step(going, step=step, at=at)
        if self.random.random() < 0.6:
            hand_in(going, self.random.choice(cast.GOING_ON), at)
        if self.random.random() < 0.3:
            write(going, "reflection", self.random.choice(cast.REFLECTIONS), at)
        return going, at

    def go_on_to(self, going: Enrolment, step: int, at: dt.datetime) -> None:
        """As far as the step: everything before it is answered and left."""
        at = self.answer_all(going, at, until=step)
        for left in range(1, step):
            enrolment.leave_step(going, step=left, at=at)
        enrolment.open_step(going, step=step)

    def answer_all(self, going: Enrolment, at: dt.datetime, *, until: int | None = None) -> dt.datetime:
        """Each question takes a while; when the last answer was given, never in the future.

        `until` is the first step whose questions are left.
        """
        edition = going.edition
        for place, item in enumerate(edition.graded_items):
            if until is not None and edition.step_of(item) >= until:
                continue
            at = min(at + dt.timedelta(seconds=20 + (7 * going.pk + 13 * place) % 70), timezone.now())
            block, grading = edition.items[item], edition.grading[item]
            right = right_response(grading, block=block)
            if block["kind"] in WALKED:
                at = self._walk(going, item, way_of(right), at)
                continue
            tries = [right]
            if self.random.random() < 0.3 and block["kind"] == ItemKind.SINGLE_CHOICE:
                tries.insert(0, next(row["id"] for row in block["options"] if row["id"] != right))
            for number, response in enumerate(tries):
                token = uuid.UUID(int=self.random.getrandbits(128))
                at = min(at + dt.timedelta(seconds=20 * number), timezone.now())
                answers.answer(going, item=item, response=response, token=token, at=at)
        return at

    def _walk(self, going: Enrolment, item: str, way: list[str], at: dt.datetime) -> dt.datetime:
        """Through a case or a conversation to a good end, choice by choice; when it ended."""
        for number in range(1, len(way) + 1):
            token = uuid.UUID(int=self.random.getrandbits(128))
            then = min(at + dt.timedelta(seconds=20 * number), timezone.now())
            answers.choose(going, item=item, way=way[:number], token=token, at=then)
        return then


def hand_in(going: Enrolment, going_on: str, at: dt.datetime) -> None:
    """The practice task, in words that are about its module."""
    done = cast.TASK_DONE.get(going.edition.version.module.code, "")
    write(going, "practice_task", f"{done} {going_on}".strip(), at)


def write(going: Enrolment, kind: str, text: str, at: dt.datetime) -> None:
    """Write at the first item of the kind, if there is one."""
    item = next((item for item, block in going.edition.items.items() if block["kind"] == kind), "")
    if item:
        free_text.write(going, item=item, text=text, at=at)
