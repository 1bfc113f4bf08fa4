"""The outbox of this room: who has a changed fact, and how a worker takes one."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .days import today
from .models import DayMarked, Employment, PendingPerson, Person, RoleGrant


class Mark(NamedTuple):
    """One learner who waits, and the token of the fact that was the last when the mark was read."""

    learner: uuid.UUID
    token: uuid.UUID


def mark_person(person: Person) -> None:
    """Mark that a fact about the person changed. Call it in the fact's own transaction.

    A new fact frees the mark of any claim: the worker that holds it may have read too early.
    """
    PendingPerson.objects.bulk_create(
        [PendingPerson(learner=person.pseudonym, marked_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["learner"],
        update_fields=["token", "marked_at", "claimed_until"],
    )


@transaction.atomic
def mark_what_begins() -> None:
    """Mark everybody for whom an employment or a role begins or ends on a day that has come since last time.

    Safe to run at any time, and twice; days on which nothing ran are made good.
    """
    now = today()
    last, _made = DayMarked.objects.select_for_update().get_or_create(
        defaults={"day": now - dt.timedelta(days=1)}
    )
    if last.day >= now:
        return
    since = Q(starts_on__gt=last.day, starts_on__lte=now) | Q(ends_on__gt=last.day, ends_on__lte=now)
    people = {*Employment.objects.filter(since).values_list("person", flat=True)}
    people |= {*RoleGrant.objects.filter(since).values_list("person", flat=True)}
    for person in Person.objects.filter(pk__in=people):
        mark_person(person)
    last.day = now
    last.save(update_fields=["day"])


class PersonSource:
    """What the projection driver reads (`PENDING_SOURCES`)."""

    def marks(self, limit: int | None = None) -> list[Mark]:
        """Marks that nobody holds, the oldest first."""
        waiting = PendingPerson.objects.filter(_unclaimed()).order_by("marked_at", "learner")
        return [Mark(*row) for row in waiting.values_list("learner", "token")[:limit]]

    def claim(self, mark: Mark, *, until: dt.datetime) -> bool:
        """Hold the mark until an instant; False if another holds it or it changed since it was read."""
        return bool(_same(mark).filter(_unclaimed()).update(claimed_until=until))

    def remove(self, mark: Mark) -> bool:
        """Take the mark away; False if a newer fact has renewed it."""
        return bool(_same(mark).delete()[0])

    def learners(self) -> Iterable[uuid.UUID]:
        """Everybody, for a rebuild."""
        return Person.objects.order_by("pk").values_list("pseudonym", flat=True).iterator()


def _same(mark: Mark):
    return PendingPerson.objects.filter(learner=mark.learner, token=mark.token)


def _unclaimed() -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=timezone.now())
