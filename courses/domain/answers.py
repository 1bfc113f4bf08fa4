"""A learner answers a question: graded here, recorded, and current at once."""

import uuid

from django.utils import timezone

from xapi import projection, vocabulary
from xapi.domain.recording import StatementConflict, record
from xapi.models import StatementId

from ..grading import Grade, grade
from ..models import Attempt, Enrolment
from .statements import build, statement_id


class UnknownItem(LookupError):
    """The edition that the learner is taking has no such question."""


def answer(enrolment: Enrolment, *, item: str, response: str, token: uuid.UUID) -> Attempt:
    """Grade and record one answer.

    `token` comes with the form: a double click sends the same answer twice and is one attempt.
    Raises UnknownItem, or grading.InvalidResponse for an option that isn't there.
    """
    made = grade_of(enrolment, item=item, response=response)
    statement = statement_id(enrolment, "answered", item, str(token), response)
    if not StatementId.objects.filter(uuid=statement).exists():
        try:
            record(
                build(
                    enrolment,
                    id=statement,
                    verb=vocabulary.ANSWERED,
                    at=timezone.now(),
                    item=item,
                    result={"response": response, "success": made.success},
                )
            )
        except StatementConflict:
            # The other click of a double click was first; it differs by its timestamp only.
            pass
        projection.project(enrolment.person.pseudonym)
    return Attempt.objects.get(statement=statement)


def grade_of(enrolment: Enrolment, *, item: str, response: str) -> Grade:
    """What the response is worth in the edition she is taking. Raises as `answer` does."""
    edition = enrolment.edition
    if item not in edition.grading:
        raise UnknownItem(item)
    options = [option["id"] for option in edition.items[item]["options"]]
    return grade(edition.grading[item], response, options=options)
