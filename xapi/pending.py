"""The outbox of this room: learners whose derived rows wait to be recomputed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from .models import PendingLearner, Statement


@dataclass(frozen=True)
class Mark:
    """A mark as it was read: the learner, and the token that says which mark it was."""

    learner: uuid.UUID
    token: uuid.UUID


def mark_learners(learners: Iterable[uuid.UUID]) -> None:
    """Mark in the caller's transaction, in one order for everybody, so that no two writers deadlock.

    A new mark on a claimed row frees the claim: its fact needn't wait for the claim to run out.
    """
    chosen = sorted(set(learners))
    if not chosen:
        return
    now = timezone.now()
    PendingLearner.objects.bulk_create(
        [PendingLearner(learner=learner, marked_at=now) for learner in chosen],
        update_conflicts=True,
        unique_fields=["learner"],
        update_fields=["token", "claimed_until"],
    )


class StatementSource:
    """What the projection driver asks of this room (`settings.PENDING_SOURCES`)."""

    def marks(self, limit: int | None = None) -> list[Mark]:
        """The marks that nobody has claimed, longest waiting first."""
        rows = PendingLearner.objects.filter(_unclaimed()).order_by("marked_at", "learner")
        return [Mark(learner, token) for learner, token in rows.values_list("learner", "token")[:limit]]

    def claim(self, mark: Mark, *, until: datetime) -> bool:
        """Take the mark; False when somebody else has, or when it isn't the one that was read."""
        rows = PendingLearner.objects.filter(_unclaimed(), learner=mark.learner, token=mark.token)
        return rows.update(claimed_until=until) == 1

    def remove(self, mark: Mark) -> bool:
        """Remove the mark if it is still the one that was read and claimed; a newer one stays.

        Only what was claimed: a fact that comes before the claim doesn't make an older mark a new one.
        """
        same = PendingLearner.objects.filter(learner=mark.learner, token=mark.token)
        removed, _per_model = same.filter(claimed_until__isnull=False).delete()
        return removed == 1

    def learners(self) -> Iterable[uuid.UUID]:
        """Everyone whom a statement is about."""
        rows = Statement.objects.filter(learner__isnull=False).values_list("learner", flat=True)
        return (learner for learner in rows.distinct().iterator() if learner)


def _unclaimed() -> Q:
    return Q(claimed_until__isnull=True) | Q(claimed_until__lte=timezone.now())
