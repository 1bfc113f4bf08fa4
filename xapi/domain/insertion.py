"""Rows of statements into the tables: on PostgreSQL in one question, whatever their number.

With the statements come their ids, their keys and the marks of the learners whom they are about.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from xapi.asking import ask
from xapi.models import Client, Statement, StatementId, StatementKey
from xapi.pending import mark_learners


class Row(NamedTuple):
    """What is stored of one statement beside `stored` and its client, which a whole batch has in common.

    As the database takes it: UUIDs in their usual form in small letters, instants in ISO 8601. What
    each means stands at `Statement`.
    """

    seq: int
    uuid: str
    raw: str
    timestamp: str
    verb: str
    activity: str
    actor: str
    learner: str | None
    registration: str | None
    refers: str | None
    voids: str | None


#: The kinds of the columns, in the order of `Row`.
_KINDS = {
    "seq": "bigint",
    "uuid": "uuid",
    "raw": "text",
    "timestamp": "timestamptz",
    "verb": "text",
    "activity": "text",
    "actor": "text",
    "learner": "uuid",
    "registration": "uuid",
    "refers": "uuid",
    "voids": "uuid",
}
_GIVEN = ", ".join(f"%s::{'bigint' if kind == 'bigint' else 'text'}[]" for kind in _KINDS.values())
# Ids before learners, each in its order: every writer waits in the same one (`pending.mark_learners`). A
# mark that nobody has claimed is locked and not written anew: whoever claims it waits for this
# transaction, and then sees its statements.
_INSERT = f"""
    WITH given AS MATERIALIZED (
        SELECT {", ".join(f"{name}::{kind}" for name, kind in _KINDS.items())}
        FROM unnest({_GIVEN}) AS given({", ".join(_KINDS)})
    ), fresh AS (
        INSERT INTO xapi_statementid (uuid, seq) SELECT uuid, seq FROM given
        ON CONFLICT (uuid) DO NOTHING RETURNING seq
    ), statements AS (
        INSERT INTO xapi_statement ({", ".join(_KINDS)}, stored, client_id)
        SELECT {", ".join(f"given.{name}" for name in _KINDS)}, %s::timestamptz, %s::bigint
        FROM given JOIN fresh USING (seq)
    ), keys AS (
        INSERT INTO xapi_statementkey (key, statement)
        SELECT key, statement FROM unnest(%s::uuid[], %s::bigint[]) AS keys(key, statement)
        JOIN fresh ON fresh.seq = statement
    ), marks AS (
        INSERT INTO xapi_pendinglearner (learner, token, marked_at)
        SELECT learner, gen_random_uuid(), %s::timestamptz FROM given JOIN fresh USING (seq)
        WHERE learner IS NOT NULL GROUP BY learner ORDER BY learner
        ON CONFLICT (learner) DO UPDATE SET token = EXCLUDED.token, claimed_until = NULL
        WHERE xapi_pendinglearner.claimed_until IS NOT NULL
    )
    SELECT seq, NULL::bigint FROM fresh
    UNION ALL SELECT NULL, seq FROM xapi_statement WHERE refers = ANY(%s::text[]::uuid[])
"""  # noqa: S608  (constants only)


def insert(
    rows: Sequence[Row], keys: Mapping[int, set[UUID]], *, stored: dt.datetime, client: Client | None
) -> tuple[set[int], list[int]]:
    """Store those whose id is free, and mark their learners.

    Returns their numbers, and those of the older statements that refer to them.
    `keys` has, by number, what a statement is found by. Call it in a transaction that holds the numbers
    (`sequence.take`).
    """
    # In this order everybody claims ids: as text they are sorted as the database sorts them.
    in_order = sorted(rows, key=lambda row: row.uuid)
    if connection.vendor != "postgresql":
        return _insert_by_orm(in_order, keys, stored, client)
    columns = [list(column) for column in zip(*in_order, strict=True)]
    pairs = [(key, seq) for seq, found in keys.items() for key in found]
    answer = ask(
        _INSERT,
        [
            *columns,
            *(stored, client.pk if client else None),
            *([key for key, _seq in pairs], [seq for _key, seq in pairs]),
            *(stored, columns[1]),
        ],
    )
    return {new for new, _old in answer if new}, [old for _new, old in answer if old]


def _insert_by_orm(
    in_order: list[Row], keys: Mapping[int, set[UUID]], stored: dt.datetime, client: Client | None
) -> tuple[set[int], list[int]]:
    ids = [row.uuid for row in in_order]
    StatementId.objects.bulk_create(
        [StatementId(uuid=row.uuid, seq=row.seq) for row in in_order], ignore_conflicts=True
    )
    numbers = {row.seq for row in in_order}
    fresh = numbers.intersection(StatementId.objects.filter(uuid__in=ids).values_list("seq", flat=True))
    referrers = list(Statement.objects.filter(refers__in=ids).values_list("seq", flat=True))
    new = [row for row in in_order if row.seq in fresh]
    Statement.objects.bulk_create([as_statement(row, stored=stored, client=client) for row in new])
    StatementKey.objects.bulk_create(
        [StatementKey(key=key, statement=seq) for seq in sorted(fresh) for key in keys[seq]]
    )
    mark_learners({UUID(row.learner) for row in new if row.learner})
    return fresh, referrers


def as_statement(row: Row, *, stored: dt.datetime, client: Client | None) -> Statement:
    """The statement that this row is, as if it were read from the database."""

    def uuid(text: str | None) -> UUID | None:
        return UUID(text) if text else None

    statement = Statement(
        seq=row.seq,
        uuid=UUID(row.uuid),
        raw=row.raw,
        stored=stored,
        timestamp=dt.datetime.fromisoformat(row.timestamp),
        verb=row.verb,
        activity=row.activity,
        actor=row.actor,
        learner=uuid(row.learner),
        registration=uuid(row.registration),
        refers=uuid(row.refers),
        voids=uuid(row.voids),
        client=client,
    )
    statement._state.adding = False
    return statement
