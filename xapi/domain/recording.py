"""Storing statements: each once, a whole batch or nothing, and every learner concerned marked.

Writers on PostgreSQL take their locks in one order, ids, attachments, learners, each sorted: two batches
that overlap wait for each other and can't deadlock.
"""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypedDict, Unpack
from uuid import UUID, uuid4

import orjson
from django.db import transaction
from django.utils import timezone

from xapi import formats, sequence
from xapi.attachments import Payloads, attachments_of
from xapi.comparison import same
from xapi.formats import V1, V2, StatementInvalid
from xapi.keys import keys_of
from xapi.models import Client, Statement, StatementId
from xapi.pending import mark_learners
from xapi.signatures import check_signatures
from xapi.validation import validate
from xapi.vocabulary import VOIDED, ifi_of, platform_authority, pseudonym_text_of

from .insertion import Row, as_statement, insert
from .payloads import keep
from .referrals import refer


class StatementConflict(Exception):
    """The id is taken by a statement that says something else. The stored one stands."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(f"A statement with the id {statement_id} is stored, and it says something else.")
        self.statement_id = statement_id


class StatementRemoved(StatementConflict):
    """The id is that of a statement that was removed by age, and stays taken."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(statement_id)
        self.args = (f"The statement {statement_id} was here, and has been removed by age.",)


class VoidingRefused(Exception):
    """A client may void only what it wrote itself. What the platform recorded only the platform voids."""

    def __init__(self, statement_id: UUID) -> None:
        super().__init__(
            f"The statement {statement_id} was written by somebody else, and can't be voided by you."
        )
        self.statement_id = statement_id


#: What came along with statements: nothing.
_NOTHING: Payloads = MappingProxyType({})
_OFTEN_SET = frozenset({"stored", "authority", "version"})
_NO_CONTEXT: Mapping[str, Any] = MappingProxyType({})


class Sending(TypedDict, total=False):
    """Who sent it and how. `client`: the platform itself where none is given; `version`: of xAPI, else 2.0;
    `payloads`: the data that came along, by its SHA-2 sum.
    """

    client: Client | None
    version: str
    payloads: Payloads


def record(statement: dict[str, Any], **sending: Unpack[Sending]) -> Statement:
    """Store one statement. An equal resend returns the statement that is stored.

    Raises StatementInvalid, StatementConflict or VoidingRefused, and nothing is stored then.
    """
    with _alone():
        return record_batch([statement], **sending)[0]


def record_batch(statements: list[dict[str, Any]], **sending: Unpack[Sending]) -> list[Statement]:
    """Store all of them, or none: see `record`. Returned in the order given."""
    recorded, client = _record(statements, **sending), sending.get("client")
    return [found or as_statement(row, stored=recorded.stored, client=client) for row, found in recorded.rows]


def record_ids(sent: dict[str, Any] | list[dict[str, Any]], **sending: Unpack[Sending]) -> list[str]:
    """As `record` or `record_batch`, for who only wants the ids: objects of the rows take as long again."""
    if not isinstance(sent, list):
        with _alone():
            return record_ids([sent], **sending)
    return [row.uuid for row, _found in _record(sent, **sending).rows]


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """What is wrong with a statement that came alone has no place in a batch."""
    try:
        yield
    except StatementInvalid as error:
        error.index = None
        raise


class _Recorded(NamedTuple):
    """The rows in the order given, each with the statement that was stored under its id before, or None."""

    stored: dt.datetime
    rows: list[tuple[Row, Statement | None]]


def _record(
    statements: list[dict[str, Any]],
    *,
    client: Client | None = None,
    version: str = V2,
    payloads: Payloads = _NOTHING,
) -> _Recorded:
    drafts = list(_drafts(statements, version, payloads))
    _check_all_named(drafts, payloads)
    if not drafts:
        return _Recorded(timezone.now(), [])
    with transaction.atomic():
        seqs = sequence.take(len(drafts), referring=any(draft.refers for draft in drafts))
        # After the first query, so that it is not before the transaction began (sequence.py).
        stored = timezone.now()
        added = _Added(stored, client, version)
        rows = [draft.row(seq, added) for draft, seq in zip(drafts, seqs, strict=True)]
        keys = {row.seq: keys_of(draft.data) for draft, row in zip(drafts, rows, strict=True)}
        fresh, referrers = insert(rows, keys, stored=stored, client=client)
        found = _resent([draft for draft, row in zip(drafts, rows, strict=True) if row.seq not in fresh])
        new = [row for row in rows if row.seq in fresh]
        if payloads:
            keep(_uses([draft for draft in drafts if draft.uuid not in found], payloads), payloads)
        refer(new, referrers)
        mark_learners(_learners_voided(new, client))
    return _Recorded(stored, [(row, found.get(row.uuid)) for row in rows])


class _Added:
    """What the store sets in every statement of a batch (Data 2.2: stored, timestamp, authority, version)."""

    def __init__(self, stored: dt.datetime, client: Client | None, version: str) -> None:
        self.stored = stored.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.authority = platform_authority() if client is None else client.authority
        self.version = "1.0.0" if version == V1 else V2
        said = {
            "stored": self.stored,
            "timestamp": self.stored,
            "authority": self.authority,
            "version": self.version,
        }
        self._with_timestamp = f",{_text(said)[1:]}"
        del said["timestamp"]
        self._without_timestamp = f",{_text(said)[1:]}"

    def to(self, draft: "_Draft") -> str:
        """The text of this statement with them."""
        data = draft.data
        if data.get("id") != draft.uuid or not _OFTEN_SET.isdisjoint(data):
            return _text(
                {
                    **data,
                    "id": draft.uuid,
                    "stored": self.stored,
                    "timestamp": data.get("timestamp", self.stored),
                    "authority": self.authority,
                    "version": data.get("version", self.version),
                }
            )
        # Where the sender set none of them, they follow the rest of its text.
        return draft.text[:-1] + (self._without_timestamp if "timestamp" in data else self._with_timestamp)


@dataclass(slots=True)
class _Draft:
    """A valid statement on its way into the store."""

    data: dict[str, Any]
    text: str
    uuid: str
    timestamp: dt.datetime | None

    @property
    def refers(self) -> str | None:
        thing = self.data["object"]
        return thing["id"].lower() if thing.get("objectType") == "StatementRef" else None

    def row(self, seq: int, added: _Added) -> Row:
        data, actor, thing = self.data, self.data["actor"], self.data["object"]
        verb, refers = data["verb"]["id"], self.refers
        registration = data.get("context", _NO_CONTEXT).get("registration")
        return Row(
            seq=seq,
            uuid=self.uuid,
            raw=added.to(self),
            timestamp=self.timestamp.isoformat() if self.timestamp else added.stored,
            verb=verb,
            activity=thing["id"] if thing.get("objectType", "Activity") == "Activity" else "",
            actor=ifi_of(actor),
            learner=pseudonym_text_of(actor),
            registration=registration.lower() if registration else None,
            refers=refers,
            voids=refers if verb == VOIDED else None,
        )


def _drafts(statements: list[dict[str, Any]], version: str, payloads: Payloads) -> Iterator[_Draft]:
    seen: set[str] = set()
    for index, statement in enumerate(statements):
        try:
            draft = _draft(statement, version, payloads)
        except StatementInvalid as error:
            error.index = index
            raise
        if draft.uuid in seen:
            raise StatementInvalid("is the id of an earlier statement in this batch", "id", index)
        seen.add(draft.uuid)
        yield draft


def _draft(statement: dict[str, Any], version: str, payloads: Payloads) -> _Draft:
    data = validate(statement, version=version, payloads=payloads)
    check_signatures(data, payloads, version=version)
    return _Draft(
        data=data,
        text=_text(data),
        uuid=data["id"].lower() if "id" in data else str(uuid4()),
        timestamp=formats.timestamp(data["timestamp"], version=version) if "timestamp" in data else None,
    )


def _text(data: dict[str, Any]) -> str:
    try:
        text = orjson.dumps(data)
    except orjson.JSONEncodeError:
        return _text_at_length(data)
    # It would write NaN as null.
    return _text_at_length(data) if b"null" in text else text.decode()


def _text_at_length(data: dict[str, Any]) -> str:
    """The same for what the fast way can't say, as numbers of more than 64 bits, or why there is none."""
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except UnicodeEncodeError as error:
        raise StatementInvalid("holds half of a surrogate pair, which is no character") from error
    except (RecursionError, ValueError) as error:
        raise StatementInvalid("holds a value that JSON can't say, or is nested too deeply") from error
    return text


def _resent(drafts: list[_Draft]) -> dict[str, Statement]:
    """What is stored under the ids of these. Raises StatementConflict where it says something else."""
    stored = {str(row.uuid): row for row in _statements([draft.uuid for draft in drafts])}
    for draft in drafts:
        if draft.uuid not in stored:
            raise StatementRemoved(UUID(draft.uuid))
        if not same(draft.data, stored[draft.uuid].data):
            raise StatementConflict(UUID(draft.uuid))
    return stored


def _sums(draft: _Draft, payloads: Payloads) -> set[str]:
    """The sums of what came along with this statement."""
    named = (attachment["sha2"].lower() for _path, attachment in attachments_of(draft.data))
    return {sha2 for sha2 in named if sha2 in payloads}


def _uses(new: list[_Draft], payloads: Payloads) -> list[tuple[UUID, str]]:
    return [(UUID(draft.uuid), sha2) for draft in new for sha2 in sorted(_sums(draft, payloads))]


def _check_all_named(drafts: list[_Draft], payloads: Payloads) -> None:
    if not payloads:
        return
    named: set[str] = set().union(*(_sums(draft, payloads) for draft in drafts))
    for sha2 in payloads:
        if sha2 not in named:
            raise StatementInvalid(f"no statement has an attachment with the sum {sha2}, and it came along")


def _statements(ids: list[str]) -> list[Statement]:
    if not ids:
        return []
    seqs = StatementId.objects.filter(uuid__in=ids).values_list("seq", flat=True)
    return list(Statement.objects.filter(seq__in=list(seqs)))


def _learners_voided(new: list[Row], client: Client | None) -> set[UUID]:
    """The learners whose statements these void. Raises VoidingRefused for somebody else's statement."""
    voided = _statements([row.voids for row in new if row.voids])
    for row in voided:
        if client is not None and row.client_id != client.pk:
            raise VoidingRefused(row.uuid)
    return {row.learner for row in voided if row.learner}
