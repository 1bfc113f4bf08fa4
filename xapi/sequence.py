"""The number that every stored statement gets, and how far it may be read.

Numbers are taken before the commit, so that a higher one can be visible while a lower one isn't yet.
On PostgreSQL a writer therefore holds, until its transaction ends, a shared advisory lock whose key is
the last number that was given out before it took its own. Nothing at or below the lowest of those
keys is still to come: that is the horizon. The locks are shared, so no writer waits for another.
SQLite has one writer at a time, and needs none of this.
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone

_SEQUENCE = "xapi_statement_seq_seq"
#: The upper 16 bits of these locks' keys; the number itself is in the lower 48.
_SPACE = 0x5EA1
_LAST = f"SELECT last_value - (NOT is_called)::int FROM {_SEQUENCE}"  # noqa: S608  (constants only)
# The setting ends with the transaction or the savepoint, as the lock does: one lock a transaction.
_TAKE = f"""
    WITH held AS MATERIALIZED (
        SELECT CASE WHEN coalesce(current_setting('xapi.taking', true), '') = '' THEN
            pg_advisory_xact_lock_shared(({_SPACE}::bigint << 48) + last_value - (NOT is_called)::int)::text
            || set_config('xapi.taking', 'yes', true) END
        FROM {_SEQUENCE}
    )
    SELECT nextval('{_SEQUENCE}') FROM held, generate_series(1, %s)
"""  # noqa: S608  (constants only)
_HELD = f"""
    FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid::bigint >> 16 = {_SPACE}
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.pid <> pg_backend_pid()
"""  # noqa: S608  (constants only)


def take(count: int) -> list[int]:
    """Numbers for `count` statements, rising. Call it inside the transaction that stores them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_TAKE, [count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = 'xapi_statement'")
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + count))


def horizon() -> int | None:
    """The highest number that may be read with nothing still to come below it; None for no limit."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        # In this order: a number given out after the first question is above `last` anyway.
        cursor.execute(_LAST)
        last = cursor.fetchone()[0]
        cursor.execute(f"SELECT min(((l.classid::bigint & 65535) << 32) | l.objid::bigint) {_HELD}")
        held = cursor.fetchone()[0]
    return last if held is None else min(last, held)


def consistent_through() -> datetime:
    """The instant up to which everything stored can be read: when the oldest writer at work began."""
    now = timezone.now()
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(a.xact_start) FROM pg_stat_activity a WHERE a.pid IN (SELECT l.pid {_HELD})"  # noqa: S608  (constants only)
        )
        began = cursor.fetchone()[0]
    return now if began is None else min(now, began)
