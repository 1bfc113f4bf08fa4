"""Rows of statements into the tables: on PostgreSQL in one question, whatever their number.

With the statements come their ids, their keys and the marks of the learners whom they are about.
"""

from uuid import UUID

from django.db import connection

from xapi.asking import ask
from xapi.models import Statement, StatementId, StatementKey
from xapi.pending import mark_learners

_COLUMNS = {
    "seq": "bigint",
    "uuid": "uuid",
    "raw": "text",
    "stored": "timestamptz",
    "timestamp": "timestamptz",
    "verb": "text",
    "activity": "text",
    "actor": "text",
    "learner": "uuid",
    "registration": "uuid",
    "refers": "uuid",
    "voids": "uuid",
    "client_id": "bigint",
}
# Ids before learners, each in its order: every writer waits in the same one (`pending.mark_learners`
# says what a mark is, and does the same on SQLite).
_INSERT = f"""
    WITH given AS MATERIALIZED (
        SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())})
        AS given({", ".join(_COLUMNS)})
    ), fresh AS (
        INSERT INTO xapi_statementid (uuid, seq) SELECT uuid, seq FROM given
        ON CONFLICT (uuid) DO NOTHING RETURNING seq
    ), statements AS (
        INSERT INTO xapi_statement ({", ".join(_COLUMNS)})
        SELECT {", ".join(f"given.{name}" for name in _COLUMNS)} FROM given JOIN fresh USING (seq)
    ), keys AS (
        INSERT INTO xapi_statementkey (key, statement)
        SELECT key, statement FROM unnest(%s::uuid[], %s::bigint[]) AS keys(key, statement)
        JOIN fresh ON fresh.seq = statement
    ), marks AS (
        INSERT INTO xapi_pendinglearner (learner, token, marked_at)
        SELECT learner, gen_random_uuid(), min(stored) FROM given JOIN fresh USING (seq)
        WHERE learner IS NOT NULL GROUP BY learner ORDER BY learner
        ON CONFLICT (learner) DO UPDATE SET token = EXCLUDED.token, claimed_until = NULL
    )
    SELECT seq, NULL::bigint FROM fresh
    UNION ALL SELECT NULL, seq FROM xapi_statement WHERE refers = ANY(%s::uuid[])
"""  # noqa: S608  (constants only)


def insert(rows: list[Statement], keys: dict[int, set[UUID]]) -> tuple[set[int], list[int]]:
    """Store those whose id is free, and mark their learners.

    Returns their numbers, and those of the older statements that refer to them.
    `keys` has, by number, what a statement is found by. Call it in a transaction that holds the numbers
    (`sequence.take`).
    """
    in_order = sorted(rows, key=lambda row: row.uuid)
    ids = [row.uuid for row in in_order]
    if connection.vendor != "postgresql":
        StatementId.objects.bulk_create(
            [StatementId(uuid=row.uuid, seq=row.seq) for row in in_order], ignore_conflicts=True
        )
        numbers = {row.seq for row in rows}
        fresh = numbers.intersection(StatementId.objects.filter(uuid__in=ids).values_list("seq", flat=True))
        referrers = list(Statement.objects.filter(refers__in=ids).values_list("seq", flat=True))
        Statement.objects.bulk_create([row for row in rows if row.seq in fresh])
        StatementKey.objects.bulk_create(
            [StatementKey(key=key, statement=seq) for seq in sorted(fresh) for key in keys[seq]]
        )
        mark_learners({row.learner for row in rows if row.learner and row.seq in fresh})
        return fresh, referrers
    columns = [[getattr(row, name) for row in in_order] for name in _COLUMNS]
    pairs = [(key, seq) for seq, found in keys.items() for key in found]
    answer = ask(_INSERT, [*columns, [key for key, _seq in pairs], [seq for _key, seq in pairs], ids])
    for row in rows:
        row._state.adding = False
    return {new for new, _old in answer if new}, [old for _new, old in answer if old]
