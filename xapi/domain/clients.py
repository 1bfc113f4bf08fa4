"""Systems outside that may post and fetch: letting them in, and shutting them out."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from xapi import formats
from xapi.enums import Scope
from xapi.models import Client

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
) -> tuple[Client, str]:
    """The client and its secret, which is kept nowhere: show it once.

    Raises ValueError for an unknown scope, a prefix that is no IRI, or a key that can't be a user name
    of Basic authentication or is taken.
    """
    key = secrets.token_hex(16) if key is None else key
    secret = secrets.token_urlsafe(32) if secret is None else secret
    chosen = [Scope(scope) for scope in scopes]
    prefixes = list(trusted_prefixes)
    for prefix in prefixes:
        try:
            formats.iri(prefix)
        except formats.StatementInvalid as error:
            raise ValueError(f"The prefix {prefix} {error.message}.") from error
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
    )
    return client, secret


def revoke_client(client: Client) -> None:
    """Shut the client out from now on. What it wrote stays, and stays as trusted as it was."""
    Client.objects.filter(pk=client.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def authenticate(key: str, secret: str) -> Client | None:
    """The client whose key and secret these are, unless it expired or was revoked."""
    client = Client.objects.active().filter(key=key).first()
    return client if client is not None and client.has_secret(secret) else None


def note_use(client: Client) -> None:
    now = timezone.now()
    if client.last_used_at is None or client.last_used_at < now - USE_NOTED:
        earlier = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_NOTED)
        Client.objects.filter(earlier, pk=client.pk).update(last_used_at=now)
