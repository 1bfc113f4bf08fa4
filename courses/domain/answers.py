"""A learner answers a question: graded here, recorded, and current at once."""

import datetime as dt
import uuid

from xapi import projection, vocabulary

from ..grading import Grade, grade
from ..models import Attempt, Enrolment
from .statements import say_once, statement_id


class UnknownItem(LookupError):
    """The edition that the learner is taking has no such question."""


def answer(
    enrolment: Enrolment, *, item: str, response: str, token: uuid.UUID, at: dt.datetime | None = None
) -> bool:
    """Grade and record one answer; whether what she sees of it is current already.

    It is recorded in any case: when a stage fails, the worker brings the rest up to date. `token`
    comes with the form: a double click sends the same answer twice and is one attempt.
    Raises UnknownItem, or grading.InvalidResponse for an option that isn't there.
    """
    made = grade_of(enrolment, item=item, response=response)
    what = ("answered", item, str(token), response)
    say_once(
        enrolment,
        *what,
        verb=vocabulary.ANSWERED,
        at=at,
        item=item,
        result={"response": response, "success": made.success},
    )
    statement = statement_id(enrolment, *what)
    return Attempt.objects.filter(statement=statement).exists() or projection.attempt(
        enrolment.person.pseudonym
    )


def grade_of(enrolment: Enrolment, *, item: str, response: str) -> Grade:
    """What the response is worth in the edition she is taking. Raises as `answer` does."""
    edition = enrolment.edition
    if item not in edition.grading:
        raise UnknownItem(item)
    options = [option["id"] for option in edition.items[item]["options"]]
    return grade(edition.grading[item], response, options=options)
