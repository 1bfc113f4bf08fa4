"""A learner answers a question, or chooses in a case: graded here, recorded, and current at once."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction

from xapi import projection, vocabulary

from ..enums import GRADED, WALKED, ItemKind
from ..grading import Grade, check_stance, grade
from ..models import Attempt, Edition, Enrolment, WayTaken
from ..walking import AND, InvalidResponse, Walk, walk
from .statements import WAY, say_once, statement_id


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
    block = enrolment.edition.items.get(item)
    if block is None or block["kind"] in WALKED:
        raise UnknownItem(item)
    result: dict[str, Any] = {"response": response}
    if block["kind"] == ItemKind.LIKERT:
        check_stance(response)
    else:
        result["success"] = grade_of(enrolment.edition, item=item, response=response).success
    what = ("answered", item, str(token), response)
    say_once(enrolment, *what, verb=vocabulary.ANSWERED, at=at, item=item, result=result)
    statement = statement_id(enrolment, *what)
    return Attempt.objects.filter(statement=statement).exists() or projection.attempt(
        enrolment.person.pseudonym
    )


def choose(
    enrolment: Enrolment, *, item: str, way: list[str], token: uuid.UUID, at: dt.datetime | None = None
) -> bool:
    """Record a choice in a case or a conversation; whether what she sees of it is current already.

    `way` is the whole way from the beginning, this choice last: two browsers at once walk each its
    own. At an end the way as a whole is recorded too, with whether it ended well.
    Raises UnknownItem, or walking.InvalidResponse for what isn't a way through it.
    """
    if not way:
        raise InvalidResponse("")
    made = walk_of(enrolment, item=item, way=way)
    last = made.passed[-1]
    what = (item, str(token), AND.join(way))
    with transaction.atomic():
        say_once(
            enrolment,
            "chose",
            *what,
            verb=vocabulary.ANSWERED,
            at=at,
            item=item,
            node=last.node,
            result={"response": last.choice["id"], "extensions": {WAY: way}},
        )
        if made.end is not None:
            say_once(
                enrolment,
                "answered",
                *what,
                verb=vocabulary.ANSWERED,
                at=at,
                item=item,
                result={"response": made.response, "success": made.end == "good", "completion": True},
            )
    statement = statement_id(enrolment, "chose", *what)
    return WayTaken.objects.filter(statement=statement).exists() or projection.attempt(
        enrolment.person.pseudonym
    )


def grade_of(edition: Edition, *, item: str, response: str) -> Grade:
    """What the response is worth in the edition. Raises as `answer` does."""
    block = edition.items.get(item)
    if block is None or block["kind"] not in GRADED:
        raise UnknownItem(item)
    return grade(edition.grading[item], response, block=block)


def walk_of(enrolment: Enrolment, *, item: str, way: list[str]) -> Walk:
    """Where the way leads in the edition she is taking. Raises as `choose` does."""
    block = enrolment.edition.items.get(item)
    if block is None or block["kind"] not in WALKED:
        raise UnknownItem(item)
    return walk(block, enrolment.edition.grading[item], way)
