"""Taking statements out: as they are stored, in the order in which they were.

Data that came along with a statement stands in lines of its own before it:

    {"attachment":{"sha2":"…","contentType":"application/pdf","data":"…"}}

`data` is base64; where it is long, lines with the same sum follow each other and add up. The same data
is written once: before a further statement a line without `data` says that it came along with this one
too. `"erased":true` says that it was here, and was erased with a person.
"""

import base64
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from xapi.attachments import attachments_of
from xapi.models import Attachment, Statement

from .payloads import sums_of

#: Statements read at a time.
CHUNK = 2000
#: Bytes of data in one line.
PIECE = 768 * 1024
#: Sums that are remembered as written; whoever is forgotten is written again.
REMEMBERED = 100_000
#: How a line with data begins. A statement has no such property.
DATA = '{"attachment":'


def stored_lines(*, since: dt.datetime | None = None, until: dt.datetime | None = None) -> Iterator[str]:
    """The statements stored from `since` on and before `until`, each as its raw text, without a newline.

    Before each one stands what came along with it. What is being stored just now is left out. Read in
    chunks that each begin where the last one ended: no query runs for as long as the export does, and
    memory stays flat.
    """
    asked = Statement.objects.settled().order_by("stored", "seq")
    if since is not None:
        asked = asked.filter(stored__gte=since)
    if until is not None:
        asked = asked.filter(stored__lt=until)
    written: dict[str, None] = {}
    columns = ("stored", "seq", "uuid", "raw")
    rows = list(asked.values_list(*columns)[:CHUNK])
    while rows:
        sums = sums_of(uuid for _stored, _seq, uuid, _raw in rows)
        for _stored, _seq, uuid, raw in rows:
            yield from _data_lines(uuid, raw, sums.get(uuid, {}), written)
            yield raw
        stored, seq, _uuid, _raw = rows[-1]
        later = Q(stored__gt=stored) | Q(stored=stored, seq__gt=seq)
        rows = list(asked.filter(later, stored__gte=stored).values_list(*columns)[:CHUNK])


def _data_lines(statement: UUID, raw: str, sums: dict[str, int], written: dict[str, None]) -> Iterator[str]:
    for sha2 in sums:
        if sha2 in written:
            yield _line(sha2=sha2)
            continue
        kept = Attachment.objects.filter(sha2=sha2).first()
        if kept is None:  # removed since, and the statement with it
            continue
        data = bytes(kept.data)
        for start in range(0, max(len(data), 1), PIECE):
            piece = base64.b64encode(data[start : start + PIECE]).decode()
            yield _line(sha2=sha2, contentType=kept.content_type, data=piece)
        written[sha2] = None
        if len(written) > REMEMBERED:
            del written[next(iter(written))]
    # Only a statement that has attachments is read.
    if '"attachments":' in raw:
        named = {
            attachment["sha2"].lower()
            for _path, attachment in attachments_of(json.loads(raw))
            if "fileUrl" not in attachment
        }
        for sha2 in sorted(named - sums.keys()):
            yield _line(sha2=sha2, erased=True)


def _line(**attachment: Any) -> str:
    return json.dumps({"attachment": attachment}, ensure_ascii=False, separators=(",", ":"))
