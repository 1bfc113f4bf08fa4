"""Keeping attachments' data for as long as a statement needs it: once, however many statements do.

On PostgreSQL whoever keeps data holds a shared lock on its row until the end, and whoever lets go of it
locks it alone before asking whether anybody still needs it. So data that is being posted again while
its last statement goes is either seen to be needed, or stored anew.
"""

import json
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length

from xapi.asking import ask
from xapi.attachments import Payload, Payloads, attachments_of
from xapi.models import Attachment, StatementAttachment

#: Rows that are locked and asked about at a time.
CHUNK = 1000
#: How many attachments are in memory at a time while they are read.
_AT_A_TIME = 1
_LOCK = "SELECT sha2 FROM xapi_attachment WHERE sha2 = ANY(%s::text[]) ORDER BY sha2 FOR KEY SHARE"


def keep(uses: list[tuple[UUID, str]], payloads: Payloads) -> None:
    """Keep what came along with these new statements, in one order for everybody, as with ids and learners.

    Call it in the transaction that stores them. What is erased (None) has nothing to keep.
    """
    uses = [use for use in uses if payloads[use[1]] is not None]
    wanted = sorted({sha2 for _statement, sha2 in uses})
    # More than once only where another writer brings the same, or its last statement goes just now.
    while missing := _missing(wanted):
        Attachment.objects.bulk_create(
            [Attachment(sha2=sha2, **payload._asdict()) for sha2 in missing if (payload := payloads[sha2])],
            ignore_conflicts=True,
        )
    StatementAttachment.objects.bulk_create(
        StatementAttachment(statement=statement, attachment_id=sha2) for statement, sha2 in uses
    )


def let_go(statements: list[UUID]) -> None:
    """These statements need their data no longer: remove what nobody else needs.

    Call it in a transaction, before any other lock is taken there.
    """
    named = StatementAttachment.objects.filter(statement__in=statements)
    sums = sorted(set(named.values_list("attachment", flat=True)))
    for start in range(0, len(sums), CHUNK):
        some = sums[start : start + CHUNK]
        here = Attachment.objects.filter(sha2__in=some)
        # A question of its own: the next one sees what was committed while this one waited.
        list(here.order_by("sha2").select_for_update().values_list("sha2", flat=True))
        named.filter(attachment__in=some).delete()
        needed = StatementAttachment.objects.filter(attachment=OuterRef("sha2"))
        here.filter(~Exists(needed)).only("sha2").delete()


def _missing(sums: list[str]) -> list[str]:
    """Those that aren't here, in order. The others stay until the transaction's end."""
    if connection.vendor == "postgresql":
        here = {sha2 for (sha2,) in ask(_LOCK, [sums])}
    else:
        here = set(Attachment.objects.filter(sha2__in=sums).values_list("sha2", flat=True))
    return [sha2 for sha2 in sums if sha2 not in here]


def came_along(raws: Iterable[str]) -> Iterator[tuple[str, Payload]]:
    """What came along with these statements, each once, called what the first of them calls it."""
    called: dict[str, str] = {}
    naming: set[str] = set()
    for statement in map(json.loads, raws):
        for _path, attachment in attachments_of(statement):
            called.setdefault(attachment["sha2"].lower(), attachment["contentType"])
            naming.add(statement["id"])
    uses = StatementAttachment.objects.filter(statement__in=naming).values("attachment")
    found = Attachment.objects.filter(sha2__in=uses).order_by("sha2")
    for kept in found.iterator(chunk_size=_AT_A_TIME):
        yield kept.sha2, Payload(called[kept.sha2], bytes(kept.data))


def sums_of(statements: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """The sums of what came along with each of these, and how many bytes each is."""
    found: dict[UUID, dict[str, int]] = {}
    uses = StatementAttachment.objects.filter(statement__in=list(statements)).order_by("id")
    for statement, sha2, size in uses.values_list("statement", "attachment", Length("attachment__data")):
        found.setdefault(statement, {})[sha2] = size
    return found
