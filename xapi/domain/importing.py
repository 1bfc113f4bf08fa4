"""Taking statements in from a file of JSON Lines: in batches, once, and as far as they are good.

What came along with a statement stands in lines before it (`exporting` says how). Both are one: if the
data is bad, the statement is refused.
"""

import base64
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Length
from django.utils import timezone

from xapi import formats, strict_json
from xapi.attachments import Payload, Payloads, has_sum
from xapi.formats import V1, V2, StatementInvalid
from xapi.models import Attachment, Client, ImportRun, Statement, StatementAttachment, StatementId
from xapi.vocabulary import platform_authority

from .recording import StatementConflict, VoidingRefused, record_batch

#: Lines that are stored in one transaction.
BATCH = 500
#: Bytes; a longer line is refused unread.
LONGEST_LINE = 10 * 1024 * 1024
#: Bytes of data that may come along with one statement; and with so many a batch is large enough.
MOST_DATA, ENOUGH_DATA = 64 * 1024 * 1024, 8 * 1024 * 1024
#: Bytes of a file's beginning by which it is known again.
BEGINNING = 1024 * 1024

#: Told of each refused line: its number, and why.
Report = Callable[[int, str], None]

#: What makes a line one with data: a statement has no such property.
_DATA_LINE = re.compile(rb'\{\s*"attachment"\s*:')
_PROPERTIES = {"sha2", "contentType", "data", "erased"}
_SUM = re.compile(r"[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}")


class Unfinished(Exception):
    """An import of this file was begun and not finished: it may go on, or begin again."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__(f"An import of this file stopped after line {run.line}.")
        self.run = run


class TakenOver(Exception):
    """Somebody else takes in the same file. Nothing of this batch is stored."""

    def __init__(self) -> None:
        super().__init__("The same file is being imported by somebody else.")


@dataclass(frozen=True)
class _Line:
    """A line that is JSON, on its way into the store."""

    number: int
    text: str
    data: dict[str, Any]
    #: What came along with it, and the sums of what came along with an earlier one already.
    payloads: dict[str, Payload | None]
    earlier: frozenset[str]

    @property
    def version(self) -> str:
        return V1 if str(self.data.get("version", V2)).startswith("1.0") else V2


def begin(file: BinaryIO, *, client: Client | None, resume: bool = False, anew: bool = False) -> ImportRun:
    """The import of this file by this client: the last one with `resume`, else a new one.

    Raises Unfinished where the last one didn't end, and the caller said neither.
    """
    file.seek(0)
    fingerprint = hashlib.sha256(file.read(BEGINNING)).hexdigest()
    last = ImportRun.objects.filter(fingerprint=fingerprint, client=client).first()
    if last is not None and resume:
        return last
    if last is not None and last.finished_at is None and not anew:
        raise Unfinished(last)
    return ImportRun.objects.create(fingerprint=fingerprint, client=client)


def take_in(run: ImportRun, file: BinaryIO, *, report: Report, as_is: bool = False) -> Iterator[ImportRun]:
    """Store the rest of the file, yielding the run after each batch.

    A bad line is reported and left out; the others are stored. The authority of each is the run's
    client, whatever the file says. `as_is` is for the store's own export: authority, stored and version
    stay as they are written, and the client that an authority names must be here.
    """
    file.seek(run.offset)
    while (batch := _read_batch(file, run.line)).count:
        refused = batch.refused
        with transaction.atomic():
            stored, known = _store(batch.lines, run.client, refused, as_is=as_is)
            moved = {
                "offset": file.tell(),
                "line": run.line + batch.count,
                "stored": run.stored + stored,
                "known": run.known + known,
                "refused": run.refused + len(refused),
            }
            if ImportRun.objects.filter(pk=run.pk, offset=run.offset).update(**moved) == 0:
                raise TakenOver
            # Before the commit: a report that comes twice, after a fall, is better than none.
            for number, reason in sorted(refused):
                report(number, reason)
        run.refresh_from_db()
        yield run
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])


# --- Reading ------------------------------------------------------------------------------------------


@dataclass
class _Batch:
    """So many lines of the file: the good statements among them, and why the others are refused."""

    count: int = 0
    size: int = 0
    lines: list[_Line] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return self.count >= BATCH or self.size >= ENOUGH_DATA


class _Data:
    """What came along before a statement. After the first bad line the rest is passed over."""

    def __init__(self) -> None:
        self.size = 0
        self.number = 0
        self.broken = ""
        self.given: dict[str, tuple[str, list[bytes]]] = {}
        self.earlier: set[str] = set()
        self.erased: set[str] = set()

    def add(self, line: bytes, number: int) -> None:
        """Raises StatementInvalid."""
        self.number = number
        if not self.broken:
            try:
                self._add(**_properties(line))
            except StatementInvalid:
                self.broken = f"the data in line {number} can't be taken"
                self.given.clear()
                raise

    def payloads(self) -> dict[str, Payload | None]:
        """The data whose lines are complete. Raises StatementInvalid."""
        if self.broken:
            raise StatementInvalid(self.broken)
        found: dict[str, Payload | None] = dict.fromkeys(self.erased)
        for sha2, (content_type, pieces) in self.given.items():
            data = b"".join(pieces)
            if not has_sum(data, sha2):
                raise StatementInvalid(f"the data before it hasn't the sum {sha2}")
            found[sha2] = Payload(content_type, data)
        return found

    def _add(self, sha2: Any, content_type: Any, data: Any, *, erased: bool) -> None:
        if not isinstance(sha2, str) or not _SUM.fullmatch(sha2):
            raise StatementInvalid("must be a SHA-2 sum in small letters", "attachment.sha2")
        # A line costs something, also if it holds nothing.
        self.size += 1024
        if erased:
            self.erased.add(sha2)
        elif data is None:
            self.earlier.add(sha2)
        else:
            piece = _decoded(data)
            self.size += len(piece)
            try:
                formats.media_type(content_type)
            except StatementInvalid as error:
                error.inside("attachment.contentType")
                raise
            self.given.setdefault(sha2, (content_type, []))[1].append(piece)
        if self.size > MOST_DATA:
            raise StatementInvalid(f"more than {MOST_DATA} bytes came along with one statement")


def _properties(line: bytes) -> dict[str, Any]:
    given = _object(line)
    found = given.pop("attachment")
    if given or not isinstance(found, dict) or not found.keys() <= _PROPERTIES:
        raise StatementInvalid("must be an object with sha2, contentType and data, and alone", "attachment")
    return {
        "sha2": found.get("sha2"),
        "content_type": found.get("contentType"),
        "data": found.get("data"),
        "erased": found.get("erased") is True,
    }


def _decoded(data: Any) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (TypeError, ValueError) as error:
        raise StatementInvalid("is not base64", "attachment.data") from error


def _read(file: BinaryIO) -> Iterator[bytes]:
    """Lines of the file; of one that is too long only so much that it can be told."""
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST_LINE)
        yield line


def _read_batch(file: BinaryIO, before: int) -> _Batch:
    """The next lines. It doesn't end between data and the statement that it came along with."""
    batch = _Batch()
    coming: _Data | None = None
    for line in _read(file):
        batch.count += 1
        number, body = before + batch.count, line.strip()
        try:
            if _DATA_LINE.match(body):
                coming = coming or _Data()
                coming.add(line, number)
            elif body:
                came, coming = coming or _Data(), None
                data = _object(line)
                batch.size += came.size
                batch.lines.append(
                    _Line(number, body.decode(), data, came.payloads(), frozenset(came.earlier))
                )
        except StatementInvalid as invalid:
            batch.refused.append((number, str(invalid)))
        if batch.full and coming is None:
            return batch
    if coming is not None:
        batch.refused.append((coming.number, "no statement follows the data"))
    return batch


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise StatementInvalid(f"the line is longer than {LONGEST_LINE} bytes")
    data = strict_json.parse(line.strip())
    if not isinstance(data, dict):
        raise StatementInvalid("the line is not one statement")
    return data


# --- Storing ------------------------------------------------------------------------------------------


def _store(
    lines: list[_Line], client: Client | None, refused: list[tuple[int, str]], *, as_is: bool
) -> tuple[int, int]:
    """How many were stored, and how many were here already."""
    clients = _clients(lines, refused) if as_is else {line.number: client for line in lines}
    lines = [line for line in lines if line.number in clients]
    stored = known = 0

    def of_one_kind(line: _Line) -> tuple[int | None, str, int]:
        writer = clients[line.number]
        # With data each alone: what came along with one statement is no other's.
        alone = line.number if line.payloads or line.earlier else 0
        return (writer.pk if writer else None, line.version, alone)

    for _kind, run in itertools.groupby(lines, key=of_one_kind):
        some = list(run)
        new, old = _store_some(some, clients[some[0].number], refused, as_is=as_is)
        stored, known = stored + new, known + old
    return stored, known


def _store_some(
    lines: list[_Line], client: Client | None, refused: list[tuple[int, str]], *, as_is: bool
) -> tuple[int, int]:
    """Store lines of one client and version, or one that data came along with.

    Where one of several is bad, halve until it stands alone.
    """
    ids = [line.data["id"] for line in lines if _is_uuid(line.data.get("id"))]
    try:
        with transaction.atomic():
            here = {
                str(id_) for id_ in StatementId.objects.filter(uuid__in=ids).values_list("uuid", flat=True)
            }
            payloads = _payloads(lines[0], client, as_is=as_is)
            rows = record_batch(
                [line.data for line in lines], client=client, version=lines[0].version, payloads=payloads
            )
            new = [(line, row) for line, row in zip(lines, rows, strict=True) if str(row.uuid) not in here]
            if as_is:
                for line, row in new:
                    _restore(row, line)
    except (StatementInvalid, StatementConflict, VoidingRefused) as problem:
        if len(lines) == 1:
            if isinstance(problem, StatementInvalid):
                problem.index = None
            refused.append((lines[0].number, str(problem)))
            return 0, 0
        half = len(lines) // 2
        first = _store_some(lines[:half], client, refused, as_is=as_is)
        second = _store_some(lines[half:], client, refused, as_is=as_is)
        return first[0] + second[0], first[1] + second[1]
    return len(new), len(lines) - len(new)


def _payloads(line: _Line, client: Client | None, *, as_is: bool) -> Payloads:
    """What came along with this line. Raises StatementInvalid.

    Data that isn't in the line's own file is taken from the store only if it also came along with a
    statement of this client's: naming a sum opens nobody else's data.
    """
    if not as_is and None in line.payloads.values():
        raise StatementInvalid("data that was erased can only be said of one's own export (--as-is)")
    kept = Attachment.objects.filter(sha2__in=line.earlier)
    sizes = dict(kept.values_list("sha2", Length("data")))
    for sha2 in sorted(line.earlier):
        if sha2 not in sizes or not (as_is or _brought_by(client, sha2)):
            raise StatementInvalid(f"no earlier line brought the data with the sum {sha2}")
    given = sum(len(payload.data) for payload in line.payloads.values() if payload)
    if given + sum(sizes.values()) > MOST_DATA:
        raise StatementInvalid(f"more than {MOST_DATA} bytes came along with one statement")
    return line.payloads | {row.sha2: Payload(row.content_type, bytes(row.data)) for row in kept}


def _brought_by(client: Client | None, sha2: str) -> bool:
    naming = StatementAttachment.objects.filter(attachment=sha2).values("statement")
    seqs = StatementId.objects.filter(uuid__in=naming).values("seq")
    return Statement.objects.filter(client=client, seq__in=seqs).exists()


def _clients(lines: list[_Line], refused: list[tuple[int, str]]) -> dict[int, Client | None]:
    """Who wrote each line, by what it says itself; a line that names nobody here is refused."""
    prefix = "client:"
    named: dict[int, str | None] = {}
    for line in lines:
        authority, account = line.data.get("authority"), {}
        if isinstance(authority, dict) and isinstance(authority.get("account"), dict):
            account = authority["account"]
        name = account.get("name")
        if authority == platform_authority():
            named[line.number] = None
        elif (
            account.get("homePage") == settings.IRI_BASE and isinstance(name, str) and name.startswith(prefix)
        ):
            named[line.number] = name.removeprefix(prefix)
        else:
            refused.append((line.number, "authority: is neither this platform nor a client of it"))
    here = {one.key: one for one in Client.objects.filter(key__in=[key for key in named.values() if key])}
    found: dict[int, Client | None] = {}
    for number, key in named.items():
        if key is None or key in here:
            found[number] = None if key is None else here[key]
        else:
            refused.append((number, f"authority: there is no client with the key {key[:100]} here"))
    return found


def _restore(row: Statement, line: _Line) -> None:
    """Say of a statement just stored what the file says: when it was stored, by whom, in which version.

    Below the guard of `StatementQuerySet`, in the transaction that stores it: nobody has read it yet.
    """
    missing = [
        name for name in ("id", "stored", "timestamp", "authority", "version") if name not in line.data
    ]
    if missing:
        raise StatementInvalid("is missing: this is no line of an export", missing[0])
    stored = formats.timestamp(line.data["stored"], version=V1)
    models.QuerySet(Statement).filter(seq=row.seq).update(raw=line.text, stored=stored)


def _is_uuid(value: Any) -> bool:
    try:
        formats.uuid(value)
    except StatementInvalid:
        return False
    return True
