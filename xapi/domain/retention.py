"""Removing old statements that nothing rests on: the one way past the append-only guard.

This room can't know what rests on a statement. `settings.STATEMENT_HOLDS` names who does: each is
given some statements and answers with the ids of those that must stay. Held by this room itself are

- statements about a learner whose derived rows wait to be recomputed: nobody knows yet what they carry;
- what another store, that statements are forwarded to, hasn't been sent yet;
- a voiding statement as long as the voided one is here: without it that one would stand again.

The id of a removed statement stays taken (`StatementId`), so that a resend can't bring it back, or
say something else in its place.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import Protocol

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from xapi.asking import ask
from xapi.keys import keys_of
from xapi.models import Forwarding, PendingLearner, Referral, Removal, Statement, StatementId, StatementKey

from .payloads import let_go

#: Statements in one transaction.
BATCH = 1000
#: Keys in one question to SQLite, which takes no list of pairs and no longer condition.
_KEYS = 400
# Django would write one condition with thousands of alternatives, that takes long to plan.
_DELETE_KEYS = """
    WITH gone AS (
        DELETE FROM xapi_statementkey k USING unnest(%s::uuid[], %s::bigint[]) AS given(key, statement)
        WHERE k.key = given.key AND k.statement = given.statement RETURNING 1
    )
    SELECT count(*) FROM gone
"""


class Hold(Protocol):
    """Says which of these statements a room above rests on."""

    def __call__(self, statements: list[Statement]) -> Iterable[uuid.UUID]: ...


def remove(*, before: dt.datetime, reason: str, by: str) -> Removal:
    """Remove what was stored before then and what nothing rests on, and record that it was done.

    Batch by batch: whoever is interrupted runs it again. Raises ValueError without a reason or a name.
    """
    if not reason.strip() or not by.strip():
        raise ValueError("A removal has a reason, and somebody who asked for it.")
    removal = Removal.objects.create(by=by.strip(), reason=reason.strip(), before=before)
    for batch in _batches(before):
        with transaction.atomic():
            removable = _without_held(batch)
            _delete(removable)
            Removal.objects.filter(pk=removal.pk).update(
                removed=F("removed") + len(removable), kept=F("kept") + len(batch) - len(removable)
            )
    removal.refresh_from_db()
    removal.finished_at = timezone.now()
    removal.save(update_fields=["finished_at"])
    return removal


def count_removable(*, before: dt.datetime) -> tuple[int, int]:
    """How many statements `remove` would remove and keep. A voiding whose target would go first is kept."""
    removed = kept = 0
    for batch in _batches(before):
        removable = len(_without_held(batch))
        removed, kept = removed + removable, kept + len(batch) - removable
    return removed, kept


def _batches(before: dt.datetime) -> Iterator[list[Statement]]:
    asked = Statement.objects.settled().filter(stored__lt=before).order_by("stored", "seq")
    batch = list(asked[:BATCH])
    while batch:
        last = batch[-1]
        yield batch
        later = Q(stored__gt=last.stored) | Q(stored=last.stored, seq__gt=last.seq)
        batch = list(asked.filter(later, stored__gte=last.stored)[:BATCH])


def _without_held(batch: list[Statement]) -> list[Statement]:
    held = _held_here(batch)
    for path in settings.STATEMENT_HOLDS:
        hold: Hold = import_string(path)
        held.update(hold([row for row in batch if row.uuid not in held]))
    return [row for row in batch if row.uuid not in held]


def _held_here(batch: list[Statement]) -> set[uuid.UUID]:
    about = {row.learner for row in batch if row.learner}
    waiting = set(PendingLearner.objects.filter(learner__in=about).values_list("learner", flat=True))
    unsent = Forwarding.objects.filter(is_active=True).aggregate(first=Min("cursor"))["first"]
    voidings = {row.voids: row.uuid for row in batch if row.voids}
    gone = _gone(voidings)
    return {
        row.uuid
        for row in batch
        if row.learner in waiting
        or (unsent is not None and row.seq > unsent)
        or (row.voids is not None and row.voids not in gone)
    }


def _gone(targets: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these statements were here once, and are removed."""
    taken = dict(StatementId.objects.filter(uuid__in=list(targets)).values_list("uuid", "seq"))
    here = set(Statement.objects.filter(seq__in=taken.values()).values_list("seq", flat=True))
    return {id_ for id_, seq in taken.items() if seq not in here}


def _delete(statements: list[Statement]) -> None:
    let_go([row.uuid for row in statements])
    seqs = [row.seq for row in statements]
    # The keys by what they are made of, because no index leads from a statement to its keys.
    _delete_keys([(key, row.seq) for row in statements for key in sorted(keys_of(row.data))])
    # Django's own queryset: the statements' one refuses.
    Referral.objects.filter(Q(referrer__in=seqs) | Q(referred__in=seqs)).delete()
    models.QuerySet(Statement).filter(seq__in=seqs).delete()


def _delete_keys(pairs: list[tuple[uuid.UUID, int]]) -> None:
    if connection.vendor == "postgresql":
        ask(_DELETE_KEYS, [[key for key, _seq in pairs], [seq for _key, seq in pairs]])
        return
    for start in range(0, len(pairs), _KEYS):
        StatementKey.objects.filter(pk__in=pairs[start : start + _KEYS]).delete()
