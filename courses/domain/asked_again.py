"""Whom a new version of a module would ask to take it again: counted, never named."""

import uuid
from dataclasses import dataclass

from django.db.models import Count

from organisations.models import Employment, Person, Profession

from ..models import Completion

#: A count of fewer people than this says too much about each of them.
FEWEST = 5


@dataclass(frozen=True)
class AskedAgain:
    """People at work today who have completed the module in some version.

    `by_profession` holds the professions with at least FEWEST of them, the largest first. `others` is how
    many the remaining professions have together, None where they are some but fewer than FEWEST. There
    is no total: it would give the small number away. Who works as two things counts in both.
    """

    by_profession: list[tuple[str, int]]
    others: int | None

    @property
    def is_nobody(self) -> bool:
        return not self.by_profession and self.others == 0


def count_asked_again(key: uuid.UUID) -> AskedAgain:
    """Those whom a new version of the module with this key would ask. Two queries."""
    learners = Completion.objects.filter(version__module__key=key).values("learner")
    people = Person.objects.filter(pseudonym__in=learners)
    rows = dict(
        Employment.objects.current()
        .filter(person__in=people)
        .order_by()
        .values("profession")
        .annotate(people=Count("person", distinct=True))
        .values_list("profession", "people")
    )
    names = {row.pk: row.name for row in Profession.objects.filter(pk__in=rows)}
    shown = [(names[profession], people) for profession, people in rows.items() if people >= FEWEST]
    rest = sum(people for people in rows.values() if people < FEWEST)
    return AskedAgain(
        by_profession=sorted(shown, key=lambda row: (-row[1], row[0])),
        others=rest if rest >= FEWEST or rest == 0 else None,
    )
