"""Systems outside that may post and fetch: letting them in, and shutting them out."""

import datetime as dt
import functools
import itertools
import json
import secrets
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from xapi import formats, sequence
from xapi.asking import ask, tried
from xapi.enums import Scope
from xapi.models import Client, Statement
from xapi.pending import mark_learners
from xapi.sequence import Settled

#: How exact `last_used_at` is: a row that every request wrote would make them wait for each other.
USE_NOTED = dt.timedelta(minutes=5)


def create_client(
    name: str,
    *,
    scopes: Iterable[str] = (Scope.WRITE, Scope.READ_MINE),
    trusted_prefixes: Iterable[str] = (),
    key: str | None = None,
    secret: str | None = None,
    expires_at: dt.datetime | None = None,
    requests_a_minute: int | None = None,
) -> tuple[Client, str]:
    """The client and its secret, which is kept nowhere: show it once.

    Raises ValueError for an unknown scope, a prefix that is no IRI, or a key that can't be a user name
    of Basic authentication or is taken.
    """
    key = secrets.token_hex(16) if key is None else key
    secret = secrets.token_urlsafe(32) if secret is None else secret
    chosen = [Scope(scope) for scope in scopes]
    prefixes = checked_prefixes(trusted_prefixes)
    if not key or len(key) > 100 or ":" in key or not key.isprintable() or not secret:
        raise ValueError("A key has 1 to 100 printable characters and no colon; a secret isn't empty.")
    if Client.objects.filter(key=key).exists():
        raise ValueError(f"The key {key} is taken.")
    client = Client.objects.create(
        name=name,
        key=key,
        secret_hash=Client.hash_of(secret),
        scopes=[scope.value for scope in chosen],
        trusted_prefixes=prefixes,
        authority=Client.authority_for(key, name),
        expires_at=expires_at,
        requests_a_minute=requests_a_minute,
    )
    return client, secret


@transaction.atomic
def change_client(
    client: Client,
    *,
    scopes: Iterable[str],
    trusted_prefixes: Iterable[str],
    expires_at: dt.datetime | None,
    requests_a_minute: int | None,
) -> None:
    """Change what the client may do, from its next request on. Raises ValueError like `create_client`.

    Trust holds for what was posted before, too: the learners concerned are recomputed.
    """
    old = Client.objects.select_for_update().get(pk=client.pk)
    client.scopes = [Scope(scope).value for scope in scopes]
    client.trusted_prefixes = checked_prefixes(trusted_prefixes)
    client.expires_at, client.requests_a_minute = expires_at, requests_a_minute
    client.save(update_fields=["scopes", "trusted_prefixes", "expires_at", "requests_a_minute"])
    if set(old.trusted_prefixes) != set(client.trusted_prefixes):
        written = Statement.objects.written_by(client).filter(learner__isnull=False)
        learners = written.order_by("learner").values_list("learner", flat=True).distinct()
        for some in _in_thousands(learner for learner in learners.iterator() if learner):
            mark_learners(some)


def revoke_client(client: Client) -> bool:
    """Shut the client out from now on; False if it was. What it wrote stays, as trusted as it was."""
    standing = Client.objects.filter(pk=client.pk, revoked_at__isnull=True)
    return standing.update(revoked_at=timezone.now()) == 1


def authenticate(key: str, secret: str) -> Client | None:
    """The client whose key and secret these are, unless it expired or was revoked."""
    return _let_in(_with_key(key), secret)


def authenticate_and_settle(key: str, secret: str) -> tuple[Client | None, Settled]:
    """The same, and up to where may be read now (`sequence.settled`): one question for both."""
    if connection.vendor != "postgresql":
        return authenticate(key, secret), sequence.settled()
    asked_at = timezone.now()
    [(last, held, began, *row)] = tried(lambda: ask(_SETTLED_CLIENT, [key]))
    client = _as_client(tuple(row)) if row[0] is not None else None
    return _let_in(client, secret), Settled.read(asked_at, last, held, began)


_FIELDS = [field.attname for field in Client._meta.concrete_fields]
_JSON = {field.attname for field in Client._meta.concrete_fields if isinstance(field, models.JSONField)}
_COLUMNS = ", ".join(f"c.{name}{'::text' if name in _JSON else ''}" for name in _FIELDS)
_CLIENT = f"SELECT {_COLUMNS} FROM xapi_client c WHERE c.key = %s"  # noqa: S608  (constants only)
_SETTLED_CLIENT = f"""
    SELECT s.last, s.number, s.began, {_COLUMNS}
    FROM ({sequence.SETTLED}) AS s LEFT JOIN xapi_client c ON c.key = %s
"""  # noqa: S608  (constants only)


def _with_key(key: str) -> Client | None:
    # By hand: putting the question together costs Django more than the database needs to answer it.
    if connection.vendor != "postgresql":
        return next(iter(Client.objects.raw("SELECT * FROM xapi_client WHERE key = %s", [key])), None)
    rows = tried(lambda: ask(_CLIENT, [key]))
    return _as_client(rows[0]) if rows else None


# Asked for at each request, and hardly ever changed. Only one that reads the same is the same.
@functools.lru_cache(maxsize=256)
def _as_client(row: tuple[Any, ...]) -> Client:
    given = zip(_FIELDS, row, strict=True)
    values = [json.loads(value) if name in _JSON else value for name, value in given]
    return Client.from_db(connection.alias, _FIELDS, values)


def _let_in(client: Client | None, secret: str) -> Client | None:
    return client if client is not None and client.is_active and client.has_secret(secret) else None


def checked_prefixes(prefixes: Iterable[str]) -> list[str]:
    """The prefixes. Raises ValueError for one that is no IRI, or that would cover everybody's activities."""
    checked = list(prefixes)
    for prefix in checked:
        try:
            formats.iri(prefix)
        except formats.StatementInvalid as error:
            raise ValueError(f"The prefix {prefix} {error.message}.") from error
        parts = urlsplit(prefix)
        if not parts.netloc and not parts.path.strip("/"):
            raise ValueError(f"The prefix {prefix} would cover activities of anybody.")
    return checked


def seconds_to_wait(client: Client) -> int:
    """Count this request against the client's limit: 0 within it, else when the next minute begins.

    Counted per minute of the clock, in the cache: processes that share it share the limit.
    """
    if client.requests_a_minute is None:
        return 0
    minute, second = divmod(int(timezone.now().timestamp()), 60)
    key = f"xapi-requests:{client.pk}:{minute}"
    count = 1
    if not cache.add(key, count, timeout=120):
        try:
            count = cache.incr(key)
        except ValueError:  # the cache needed the room
            cache.add(key, count, timeout=120)
    return 0 if count <= client.requests_a_minute else 60 - second


def note_use(client: Client) -> None:
    now = timezone.now()
    if client.last_used_at is None or client.last_used_at < now - USE_NOTED:
        earlier = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_NOTED)
        Client.objects.filter(earlier, pk=client.pk).update(last_used_at=now)


def _in_thousands(learners: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(learners)
    while some := list(itertools.islice(rest, 1000)):
        yield some
