"""The number that every stored statement gets, and how far it may be read.

Numbers are taken before the commit, so that a higher one can be visible while a lower one isn't yet.
On PostgreSQL a writer therefore holds, until its transaction ends, a shared advisory lock whose key is
the last number that was given out before it took its own. Nothing at or below the lowest of those
keys is still to come: that is the horizon. The locks are shared, so no writer waits for another.
SQLite has one writer at a time, and needs none of this.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from .asking import ask

_SEQUENCE = "xapi_statement_seq_seq"
#: The upper 16 bits of these locks' keys; the number itself is in the lower 48.
_SPACE = 0x5EA1
#: Held shared by who stores statements, and alone by who stores one that refers to another: each sees
#: the other's, whichever came first. Taken before any other lock, so it can't deadlock.
_REFERRING = 0x5EA2
# The setting ends with the transaction or the savepoint, as the lock does: one lock a transaction.
_TAKE = f"""
    WITH referring AS MATERIALIZED (
        SELECT CASE WHEN %s::boolean THEN pg_advisory_xact_lock({_REFERRING})::text
            ELSE pg_advisory_xact_lock_shared({_REFERRING})::text END
    ), held AS MATERIALIZED (
        SELECT CASE WHEN coalesce(current_setting('xapi.taking', true), '') = '' THEN
            pg_advisory_xact_lock_shared(({_SPACE}::bigint << 48) + last_value - (NOT is_called)::int)::text
            || set_config('xapi.taking', 'yes', true) END
        FROM referring, {_SEQUENCE}
    )
    SELECT nextval('{_SEQUENCE}') FROM held, generate_series(1, %s::int)
"""  # noqa: S608  (constants only)
# By naming `after` the locks are looked at once that number is read, and not before.
_HELD = f"""
    WITH held AS MATERIALIZED (
        SELECT l.pid, ((l.classid::bigint & 65535) << 32) | l.objid::bigint AS number
        FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid::bigint >> 16 = {_SPACE}
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.pid <> pg_backend_pid() AND after.last >= 0
    )
    SELECT min(number), CASE WHEN count(*) > 0 THEN
        (SELECT min(a.xact_start) FROM pg_stat_activity a WHERE a.pid IN (SELECT pid FROM held)) END
    FROM held
"""  # noqa: S608  (constants only)
#: Answers with `last`, `number` and `began`: what `Settled.read` reads.
SETTLED = f"""
    WITH after AS MATERIALIZED (SELECT last_value - (NOT is_called)::int AS last FROM {_SEQUENCE})
    SELECT after.last, held.number, held.began FROM after CROSS JOIN LATERAL ({_HELD}) AS held(number, began)
"""  # noqa: S608  (constants only)


def take(count: int, *, referring: bool = False) -> list[int]:
    """Numbers for `count` statements, rising. Call it first in the transaction that stores them.

    `referring` says that one of them refers to another statement: nobody else stores until the end then.
    """
    if connection.vendor == "postgresql":
        return [seq for (seq,) in ask(_TAKE, [referring, count])]
    last = ask("SELECT seq FROM sqlite_sequence WHERE name = 'xapi_statement'")
    first = (last[0][0] if last else 0) + 1
    return list(range(first, first + count))


class Settled(NamedTuple):
    """Up to where may be read with nothing still to come below: the number (None for no limit), the instant.

    The instant is when the oldest writer at work began.
    """

    number: int | None
    through: datetime

    @classmethod
    def read(cls, asked_at: datetime, last: int, held: int | None, began: datetime | None) -> "Settled":
        """From an answer to `SETTLED`, which was asked at this instant or later."""
        # A number that is given out after the first part of the question is above `last` anyway.
        return cls(
            last if held is None else min(last, held), asked_at if began is None else min(asked_at, began)
        )


def settled() -> Settled:
    now = timezone.now()
    return Settled.read(now, *ask(SETTLED)[0]) if connection.vendor == "postgresql" else Settled(None, now)


def horizon() -> int | None:
    return settled().number


def consistent_through() -> datetime:
    return settled().through
