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
