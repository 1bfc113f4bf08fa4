"""Storing statements: each once, a whole batch or nothing, and every learner concerned marked.

Writers on PostgreSQL take their locks in one order, first ids, then learners, each sorted: two batches
that overlap wait for each other and can't deadlock.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from xapi import formats, sequence
from xapi.comparison import fingerprint
from xapi.formats import V1, V2, StatementInvalid
from xapi.models import Client, Statement, StatementAgent, StatementId
from xapi.pending import mark_learners
from xapi.validation import validate
from xapi.vocabulary import VOIDED, ifi_of, platform_authority, pseudonym_of


class StatementConflict(Exception):
    """The id is taken by a statement that says something else. The stored one stands."""

    def __init__(self, statement_id: uuid.UUID) -> None:
        super().__init__(f"A statement with the id {statement_id} is stored, and it says something else.")
        self.statement_id = statement_id


class VoidingRefused(Exception):
    """A client may void only what it wrote itself. What the platform recorded only the platform voids."""

    def __init__(self, statement_id: uuid.UUID) -> None:
        super().__init__(
            f"The statement {statement_id} was written by somebody else, and can't be voided by you."
        )
        self.statement_id = statement_id


def record(statement: dict[str, Any], *, client: Client | None = None, version: str = V2) -> Statement:
    """Store one statement; the platform's own where no client is given.

    An equal resend returns the statement that is stored. Raises StatementInvalid, StatementConflict
    or VoidingRefused, and nothing is stored then.
    """
    try:
        return record_batch([statement], client=client, version=version)[0]
    except StatementInvalid as error:
        error.index = None
        raise


def record_batch(
    statements: list[dict[str, Any]], *, client: Client | None = None, version: str = V2
) -> list[Statement]:
    """Store all of them, or none: see `record`. Returned in the order given."""
    drafts = list(_drafts(statements, version))
    if not drafts:
        return []
    by_id = {draft.uuid: draft for draft in drafts}
    with transaction.atomic():
        seqs = sequence.take(len(drafts))
        # After the first query, so that it is not before the transaction began (sequence.py).
        stored = timezone.now()
        for draft, seq in zip(drafts, seqs, strict=True):
            draft.seq = seq
        claims = [
            StatementId(uuid=id_, seq=by_id[id_].seq, fingerprint=by_id[id_].fingerprint)
            for id_ in sorted(by_id)
        ]
        StatementId.objects.bulk_create(claims, ignore_conflicts=True)
        taken = StatementId.objects.in_bulk(by_id)
        old = {row.seq: row for id_, row in taken.items() if row.seq != by_id[id_].seq}
        found = {row.uuid: row for row in _statements(list(old))}
        for statement in found.values():
            _check_equal(by_id[statement.uuid], statement, old[statement.seq])
        new = [draft.stored_by(client, stored, version) for draft in drafts if draft.uuid not in found]
        learners = {row.learner for row in new if row.learner} | _learners_voided(new, client)
        Statement.objects.bulk_create(new)
        StatementAgent.objects.bulk_create(
            StatementAgent(statement=draft.seq, ifi=ifi)
            for draft in drafts
            if draft.uuid not in found
            for ifi in sorted(_named(draft.data))
        )
        mark_learners(learners)
    found.update({row.uuid: row for row in new})
    return [found[draft.uuid] for draft in drafts]


@dataclass
class _Draft:
    """A valid statement on its way into the store."""

    data: dict[str, Any]
    uuid: uuid.UUID
    timestamp: dt.datetime | None
    fingerprint: bytes
    seq: int = field(default=0)

    def stored_by(self, client: Client | None, stored: dt.datetime, version: str) -> Statement:
        text = stored.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        data = {
            **self.data,
            "id": str(self.uuid),
            "stored": text,
            "timestamp": self.data.get("timestamp", text),
            "authority": platform_authority() if client is None else client.authority,
            "version": self.data.get("version", "1.0.0" if version == V1 else V2),
        }
        thing, context = data["object"], data.get("context", {})
        kind = thing.get("objectType", "Activity")
        return Statement(
            seq=self.seq,
            uuid=self.uuid,
            raw=_text(data),
            stored=stored,
            timestamp=self.timestamp or stored,
            verb=data["verb"]["id"],
            activity=thing["id"] if kind == "Activity" else "",
            actor=ifi_of(data["actor"]),
            learner=pseudonym_of(data["actor"]),
            registration=uuid.UUID(context["registration"]) if "registration" in context else None,
            voids=uuid.UUID(thing["id"]) if data["verb"]["id"] == VOIDED else None,
            client=client,
        )


def _drafts(statements: list[dict[str, Any]], version: str) -> Iterator[_Draft]:
    seen: set[uuid.UUID] = set()
    for index, statement in enumerate(statements):
        try:
            draft = _draft(statement, version)
        except StatementInvalid as error:
            error.index = index
            raise
        if draft.uuid in seen:
            raise StatementInvalid("is the id of an earlier statement in this batch", "id", index)
        seen.add(draft.uuid)
        yield draft


def _draft(statement: dict[str, Any], version: str) -> _Draft:
    data = validate(statement, version=version)
    _text(data)
    return _Draft(
        data=data,
        uuid=uuid.UUID(data["id"]) if "id" in data else uuid.uuid4(),
        timestamp=formats.timestamp(data["timestamp"], version=version) if "timestamp" in data else None,
        fingerprint=fingerprint(data),
    )


def _text(data: dict[str, Any]) -> str:
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except UnicodeEncodeError as error:
        raise StatementInvalid("holds half of a surrogate pair, which is no character") from error
    except (RecursionError, ValueError) as error:
        raise StatementInvalid("holds a value that JSON can't say, or is nested too deeply") from error
    return text


def _statements(seqs: list[int]) -> list[Statement]:
    return list(Statement.objects.in_bulk(seqs).values())


def _check_equal(draft: _Draft, statement: Statement, taken: StatementId) -> None:
    """Raise StatementConflict unless a resend says what is stored, its time to the millisecond."""
    apart = abs(draft.timestamp - statement.timestamp) if draft.timestamp else dt.timedelta()
    if bytes(taken.fingerprint) != draft.fingerprint or apart >= dt.timedelta(milliseconds=1):
        raise StatementConflict(draft.uuid)


def _learners_voided(new: list[Statement], client: Client | None) -> set[uuid.UUID]:
    """The learners whose statements these void. Raises VoidingRefused for somebody else's statement."""
    targets = [row.voids for row in new if row.voids]
    if not targets:
        return set()
    voided = _statements([row.seq for row in StatementId.objects.in_bulk(targets).values()])
    for row in voided:
        if client is not None and row.client_id != client.pk:
            raise VoidingRefused(row.uuid)
    return {row.learner for row in voided if row.learner}


def _named(data: dict[str, Any]) -> set[str]:
    """The identifiers of the agents whom the actor's and the object's filter must find besides the actor."""
    agents = list(data["actor"].get("member", ()))
    if data["object"].get("objectType") in {"Agent", "Group"}:
        agents += [data["object"], *data["object"].get("member", ())]
    return {ifi_of(agent) for agent in agents} - {"", ifi_of(data["actor"])}
