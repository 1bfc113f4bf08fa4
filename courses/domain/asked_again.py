"""Whom a new version of a module would ask to take it again: counted, never named."""

import uuid
from dataclasses import dataclass

from django.db.models import Count

from organisations.models import Employment, Person, Profession
from organisations.small_groups import shown

from ..models import Completion


@dataclass(frozen=True)
class AskedAgain:
    """People at work today who have completed the module in some version.

    The numbers are as they may be shown (`organisations.small_groups`): `by_profession` holds the
    professions that have one, the largest first; `others` is how many the remaining ones have together,
    None where they are some but too few. There is no total. Who works as two things counts in both.
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
    told = {profession: number for profession, people in rows.items() if (number := shown(people))}
    rest = sum(people for profession, people in rows.items() if profession not in told)
    return AskedAgain(
        by_profession=sorted(
            ((names[profession], number) for profession, number in told.items()),
            key=lambda row: (-row[1], row[0]),
        ),
        others=shown(rest) if rest else 0,
    )
