"""First answers of many people, and which modules may be edited where there are no pages."""

import datetime as dt
import itertools
import uuid

from django.utils import timezone

from courses.models import Edition, Enrolment, FirstAnswer, Module
from organisations.models import Person
from tests.factories.courses import FIRST
from tests.factories.organisations import PersonFactory

NUMBERS = itertools.count()
#: A case of two places, and where its choices lead.
CASE = {
    "id": "q",
    "kind": "branching_case",
    "nodes": [
        {"id": "n1", "name": "Kl. 20", "choices": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]},
        {"id": "n2", "name": "Kl. 21", "choices": [{"id": "c", "text": "C"}, {"id": "d", "text": "D"}]},
    ],
}
OUTCOMES = {
    "choices": {
        "a": {"next": "n2", "end": None},
        "b": {"next": None, "end": "other"},
        "c": {"next": None, "end": "good"},
        "d": {"next": None, "end": "other"},
    }
}


def answered(edition: Edition, people: int = 1, *, item: str = FIRST, response="right", **fields) -> None:
    """So many more people have answered an item the first time, one after the other."""
    for _number in range(people):
        person = PersonFactory()
        first_answer(begun(person, edition), item=item, response=response, **fields)


def begun(person: Person, edition: Edition) -> Enrolment:
    return Enrolment.objects.create(
        person=person, module=edition.version.module, edition=edition, started_at=timezone.now()
    )


def first_answer(going: Enrolment, *, item: str = FIRST, response="right", **fields) -> FirstAnswer:
    return FirstAnswer.objects.create(
        learner=going.person.pseudonym,
        enrolment=going,
        version=going.edition.version,
        item=item,
        response=response,
        statement=uuid.uuid4(),
        **{
            "success": response == "right",
            "answered_at": timezone.now() + dt.timedelta(seconds=next(NUMBERS)),
            **fields,
        },
    )


def every_key(_user) -> list[uuid.UUID]:
    """Stands for `MODULES_EDITED_BY`: there every module may be edited."""
    return list(Module.objects.values_list("key", flat=True))


def no_key(_user) -> list[uuid.UUID]:
    return []
