"""Recording statements, against the same JSON put straight into the table; projecting, against its size."""

import uuid

from django.db import transaction
from django.utils import timezone

from tests.bench.database import say, scratch_database, seconds

from courses.domain import enrolment  # isort: skip
from tests.factories.courses import FIRST, answer, publish  # isort: skip
from tests.factories.organisations import PersonFactory  # isort: skip
from tests.factories.xapi import a_statement  # isort: skip
from xapi import projection  # isort: skip
from xapi.domain.recording import record, record_batch  # isort: skip
from xapi.models import Statement  # isort: skip


def straight(count: int) -> None:
    """The limit: rows of the same shape, checked by nobody."""
    now = timezone.now()
    with transaction.atomic():
        Statement.objects.bulk_create(
            Statement(uuid=uuid.uuid4(), raw="{}" * 300, stored=now, timestamp=now, verb="v", actor="a")
            for _row in range(count)
        )


def main() -> None:
    with scratch_database() as vendor:
        print(f"Recording on {vendor}, in this process:")
        learner = PersonFactory().pseudonym
        one = seconds(lambda: record(a_statement(learner)), times=50)
        say("one statement", one, "one bare row", seconds(lambda: straight(1), times=50))
        hundred = seconds(lambda: record_batch([a_statement(learner) for _ in range(100)]), times=10)
        say(
            "a batch of 100, each",
            hundred,
            "100 bare rows, each",
            seconds(lambda: straight(100), times=10),
            count=100,
        )
        going = enrolment.begin(PersonFactory(), edition=publish())
        times = {}
        for wanted in (75, 300):
            while Statement.objects.of_learner(going.person.pseudonym).count() < wanted:
                answer(going, FIRST, "wrong")
            times[wanted] = seconds(lambda: projection.project(going.person.pseudonym), times=5)
        say("projecting 300 statements, each", times[300] / 300, "75 statements, each", times[75] / 75)


if __name__ == "__main__":
    main()
