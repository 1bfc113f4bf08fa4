"""Somebody in the demo for whom a refresher is due: she completed a module some days ago."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.conf import settings

from courses.domain import answers, enrolment
from courses.enums import WALKED, ItemKind
from courses.grading import right_response
from courses.models import Edition
from courses.refreshing import ROUNDS
from courses.walking import way_of
from organisations.days import today
from organisations.models import Person

#: Days since: the first round has been waiting for two.
AGO = ROUNDS[0] + 2


def complete_lately(person: Person, edition: Edition) -> None:
    """Take the module from the first step to the last, one question wrongly at first."""
    day = today() - dt.timedelta(days=AGO)
    at = dt.datetime.combine(day, dt.time(10, 15), ZoneInfo(settings.TIME_ZONE))
    going = enrolment.begin(person, edition=edition, at=at)
    has_missed = False
    for item in edition.graded_items:
        block = edition.items[item]
        right = right_response(edition.grading[item], block=block)
        if block["kind"] in WALKED:
            way = way_of(right)
            for number in range(1, len(way) + 1):
                answers.choose(going, item=item, way=way[:number], token=uuid.UUID(int=number), at=at)
            continue
        if block["kind"] == ItemKind.SINGLE_CHOICE and not has_missed:
            has_missed = True
            wrong = next(option["id"] for option in block["options"] if option["id"] != right)
            answers.answer(going, item=item, response=wrong, token=uuid.UUID(int=1), at=at)
        later = at + dt.timedelta(minutes=1)
        answers.answer(going, item=item, response=right, token=uuid.UUID(int=2), at=later)
    for step in range(1, len(edition.steps) + 1):
        enrolment.leave_step(going, step=step, at=at)
    enrolment.finish(going, at=at + dt.timedelta(minutes=15))
