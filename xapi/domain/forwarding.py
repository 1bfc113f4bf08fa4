"""Sending what is recorded here on to another record store: in order, and at least once.

A statement is taken there once, however often it is sent, because its id goes with it. What the
receiving store sets itself (authority, stored, version) doesn't go: whom it trusts is its own decision.
"""

import datetime as dt
import ipaddress
import itertools
import json
import time
import uuid
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from requests.auth import HTTPBasicAuth

from xapi import multipart
from xapi.formats import V1, V2
from xapi.models import Forwarding, ForwardingRefusal, Statement

from .payloads import came_along, sums_of

#: Statements in one request, and about how many bytes with what came along: half of what we take.
BATCH, LARGEST = 100, 5 * 1024 * 1024
#: Seconds to connect, and for an answer to begin.
TIMEOUT = (5, 30)
#: How long a worker has a forwarding for itself; longer than one request takes.
CLAIM = dt.timedelta(seconds=120)
#: The first pause after a failure; each further one doubles it, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=10), dt.timedelta(hours=1)
#: Seconds that `forward_all` goes on with one forwarding, so that a tick comes to an end.
A_WHILE = 20
#: Backlogs are counted up to here, so that looking at one costs nothing.
COUNTED = 10_000
#: Answers that speak of the request's statements. Any other failure is the connection's or the key's.
ABOUT_STATEMENTS = {400, 409, 413, 422}


class Unreachable(Exception):
    """The other store can't be sent anything now, and why. Nothing is wrong with the statements."""

    def __init__(self, message: str, *, pause: dt.timedelta | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class ClaimLost(Exception):
    """Another worker has taken over, or the forwarding was stopped."""


class _Counted(Subquery):
    """How many rows the subquery has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def checked_endpoint(endpoint: str) -> str:
    """The address, ending in a slash. Raises ValueError unless it is https, or this very machine."""
    parts = urlsplit(endpoint)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError(f"{endpoint} is no web address.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(f"{endpoint} isn't encrypted (https).")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("The address holds a name, a question or a fragment.")
    return endpoint.rstrip("/") + "/"


def save_forwarding(forwarding: Forwarding) -> Forwarding:
    """Begin to forward, or change where to; a changed one is tried at once. Raises ValueError."""
    forwarding.endpoint = checked_endpoint(forwarding.endpoint)
    forwarding.next_attempt_at, forwarding.failures = None, 0
    if forwarding.pk is None:
        forwarding.save()
    else:
        # Not what a worker writes at the same time: the cursor and its counts.
        fields = ["name", "endpoint", "key", "secret_name", "is_active", "next_attempt_at", "failures"]
        forwarding.save(update_fields=fields)
    return forwarding


def with_backlog(forwardings: QuerySet[Forwarding]) -> QuerySet[Forwarding]:
    """The forwardings with what waits (`waiting`, counted up to `COUNTED`, and since when) and `refused`."""
    waiting = Statement.objects.filter(seq__gt=OuterRef("cursor")).order_by("seq")
    refused = ForwardingRefusal.objects.filter(forwarding=OuterRef("pk")).order_by()
    return forwardings.annotate(
        waiting=_Counted(waiting.values("seq")[: COUNTED + 1]),
        waiting_since=Subquery(waiting.values("stored")[:1]),
        refused=_Counted(refused.values("pk")),
    )


def backlog_in_words(forwarding: Any) -> str:
    """What waits of a row of `with_backlog`; empty if nothing does."""
    if not forwarding.waiting:
        return ""
    count = str(forwarding.waiting) if forwarding.waiting <= COUNTED else f"> {COUNTED}"
    since = date_format(timezone.localtime(forwarding.waiting_since), "DATETIME_FORMAT")
    return _("%(count)s, since %(since)s") % {"count": count, "since": since}


def forward_all(*, seconds: float = A_WHILE) -> int:
    """Send what waits, to every store whose turn it is; how many statements were taken there.

    Safe to run at any time, twice, and beside other workers.
    """
    sent = 0
    for forwarding in Forwarding.objects.filter(_due()):
        end = time.monotonic() + seconds
        while time.monotonic() < end and (count := forward(forwarding)) is not None:
            sent += count
    return sent


def forward(forwarding: Forwarding) -> int | None:
    """Send the next batch; how many statements were taken, or None where nothing could be sent."""
    claim = uuid.uuid4()
    mine = Forwarding.objects.filter(_due(), pk=forwarding.pk)
    if mine.update(claim=claim, claimed_until=timezone.now() + CLAIM) == 0:
        return None
    forwarding.refresh_from_db()
    waiting = Statement.objects.settled().filter(seq__gt=forwarding.cursor).order_by("seq")[:BATCH]
    round_ = _Round(forwarding, claim)
    try:
        batch = list(waiting)
        if not batch:
            return None
        with requests.Session() as session:
            round_.send(session, batch)
        round_.end()
    except Unreachable as trouble:
        round_.put_off(str(trouble), trouble.pause)
        return None
    except ClaimLost:
        return None
    finally:
        Forwarding.objects.filter(pk=forwarding.pk, claim=claim).update(claim=None, claimed_until=None)
    return round_.taken


def send_refused_again(forwarding: Forwarding) -> int:
    """Send what was refused once more, one by one, in order; how many are taken now.

    Raises Unreachable.
    """
    taken = 0
    with requests.Session() as session:
        for refusal in list(forwarding.refusals.order_by("seq")):
            statement = Statement.objects.filter(seq=refusal.seq).first()
            if statement is None:  # removed since, by age
                refusal.delete()
                continue
            status, reason = _post(session, forwarding, [statement])
            if status == 200:
                refusal.delete()
                taken += 1
            else:
                refusal.status, refusal.reason, refusal.at = status, reason, timezone.now()
                refusal.save(update_fields=["status", "reason", "at"])
    Forwarding.objects.filter(pk=forwarding.pk).update(sent=F("sent") + taken)
    return taken


class _Round:
    """One batch on its way, by a worker that holds the claim."""

    def __init__(self, forwarding: Forwarding, claim: uuid.UUID) -> None:
        self.forwarding = forwarding
        self.mine = Forwarding.objects.filter(pk=forwarding.pk, claim=claim)
        self.taken = self.refused = 0

    def send(self, session: requests.Session, batch: list[Statement]) -> None:
        """Send the batch in order; one that is refused is sent in halves until it is known which it was.

        The cursor moves after each part, so that whoever goes on after a fall begins there.
        """
        for _version, run in itertools.groupby(batch, key=_version_of):
            for part in _parts(list(run)):
                self._send_run(session, part)

    def end(self) -> None:
        """A store that refuses everything is rather set up wrongly: give it time, and say so."""
        if self.refused and not self.taken:
            self.put_off(self._last_reason(), None)
        else:
            self.mine.update(failures=0, last_error="", next_attempt_at=None)

    def put_off(self, error: str, pause: dt.timedelta | None) -> None:
        failures = self.forwarding.failures + 1
        pause = pause or min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
        self.mine.update(failures=failures, last_error=error[:300], next_attempt_at=timezone.now() + pause)

    def _send_run(self, session: requests.Session, run: list[Statement]) -> None:
        self._keep_claim()
        status, reason = _post(session, self.forwarding, run)
        if status == 200:
            self._move(run[-1].seq, sent=len(run))
        elif len(run) > 1:
            half = len(run) // 2
            self._send_run(session, run[:half])
            self._send_run(session, run[half:])
        else:
            self._refuse(run[0], status, reason)

    def _refuse(self, statement: Statement, status: int, reason: str) -> None:
        with transaction.atomic():
            ForwardingRefusal.objects.update_or_create(
                forwarding=self.forwarding,
                seq=statement.seq,
                defaults={
                    "statement": statement.uuid,
                    "status": status,
                    "reason": reason,
                    "at": timezone.now(),
                },
            )
            self._move(statement.seq, sent=0)
        self.refused += 1

    def _move(self, seq: int, *, sent: int) -> None:
        moved: dict[str, object] = {"cursor": seq, "sent": F("sent") + sent}
        if sent:
            moved["last_sent_at"] = timezone.now()
        if self.mine.update(**moved) == 0:
            raise ClaimLost
        self.taken += sent

    def _keep_claim(self) -> None:
        if self.mine.filter(is_active=True).update(claimed_until=timezone.now() + CLAIM) == 0:
            raise ClaimLost

    def _last_reason(self) -> str:
        newest = self.forwarding.refusals.order_by("-at", "-seq").first()
        return f"{newest.status}: {newest.reason}" if newest else ""


def _post(session: requests.Session, forwarding: Forwarding, statements: list[Statement]) -> tuple[int, str]:
    """200, or an answer that speaks of these statements, with its reason. Raises Unreachable."""
    body, kind = _body(statements)
    secret = settings.FORWARDING_SECRETS.get(forwarding.secret_name)
    if not secret:
        raise Unreachable(f"The environment has no FORWARDING_SECRET_{forwarding.secret_name}.")
    try:
        address = checked_endpoint(forwarding.endpoint) + "statements"
    except ValueError as error:
        raise Unreachable(str(error)) from error
    try:
        with session.post(
            address,
            data=body,
            headers={
                "Content-Type": kind,
                "X-Experience-API-Version": _version_of(statements[0]),
            },
            auth=HTTPBasicAuth(forwarding.key.encode(), secret.encode()),
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status = answer.status_code
            reason = "" if status == 200 else _beginning(answer)
            retry_after = answer.headers.get("Retry-After", "")
    except requests.RequestException as error:
        # Not its words: they hold the address with everything that stands in it.
        raise Unreachable(f"No answer: {type(error).__name__}.") from error
    if status == 200 or status in ABOUT_STATEMENTS:
        return status, reason
    raise Unreachable(f"{status}: {reason}", pause=_pause_asked(retry_after))


def _parts(run: list[Statement]) -> Iterator[list[Statement]]:
    """The run in requests that aren't too large; a statement that is too large by itself is one."""
    sums = sums_of(row.uuid for row in run)
    part: list[Statement] = []
    size = 0
    for row in run:
        more = len(row.raw) + sum(sums.get(row.uuid, {}).values())
        if part and size + more > LARGEST:
            yield part
            part, size = [], 0
        part.append(row)
        size += more
    yield part


def _body(statements: list[Statement]) -> tuple[bytes, str]:
    """The statements as they are sent, with what came along with them, and its Content-Type."""
    text = f"[{','.join(map(_sent_text, statements))}]"
    payloads = list(came_along(row.raw for row in statements))
    if not payloads:
        return text.encode(), "application/json"
    boundary = uuid.uuid4().hex
    return (
        b"".join(multipart.written(text, payloads, boundary=boundary)),
        f"multipart/mixed; boundary={boundary}",
    )


def _sent_text(statement: Statement) -> str:
    data = statement.data
    for name in ("authority", "stored", "version"):
        data.pop(name, None)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _version_of(statement: Statement) -> str:
    return V1 if str(statement.data.get("version", V2)).startswith("1.0") else V2


def _beginning(answer: requests.Response) -> str:
    """The first words of an answer, as one line: it may be long, and anything."""
    try:
        first = answer.raw.read(2000, decode_content=True) or b""
    except Exception as error:  # noqa: BLE001  (whatever urllib3 finds wrong with the body, we have the status)
        return type(error).__name__
    return " ".join(first.decode("utf-8", "replace").replace("\0", "").split())[:250]


def _pause_asked(retry_after: str) -> dt.timedelta | None:
    """What a Retry-After asks for (RFC 9110), within reason."""
    if retry_after.isdecimal():
        asked = dt.timedelta(seconds=min(int(retry_after), 86_400))
    else:
        try:
            asked = parsedate_to_datetime(retry_after) - timezone.now()
        except (TypeError, ValueError):
            return None
    return min(max(asked, dt.timedelta(seconds=1)), LONGEST_PAUSE)


def _due() -> Q:
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    rested = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
    return free & rested & Q(is_active=True)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
