"""How statements are asked for. Each verb narrows; none of them orders but `in_order`."""

from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.utils import timezone

from . import sequence
from .vocabulary import VOIDED

if TYPE_CHECKING:
    from datetime import datetime


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a statement. A statement is voided by another one instead."""


class StatementQuerySet(models.QuerySet):
    def of_learner(self, pseudonym: UUID) -> "StatementQuerySet":
        return self.filter(learner=pseudonym)

    def written_by(self, client: Any) -> "StatementQuerySet":
        return self.filter(client=client)

    def in_order(self) -> "StatementQuerySet":
        """By what happened first: the same order in whatever order the statements arrived."""
        return self.order_by("timestamp", "uuid")

    def standing(self) -> "StatementQuerySet":
        """Those that nobody has voided. A voiding statement itself can't be voided (xAPI 2.3.2)."""
        return self.filter(Q(verb=VOIDED) | ~Exists(_voiding()))

    def voided(self) -> "StatementQuerySet":
        return self.exclude(verb=VOIDED).filter(Exists(_voiding()))

    def trusted(self) -> "StatementQuerySet":
        """From the platform itself, or from a client that is trusted for the statement's activity."""
        clients = apps.get_model("xapi", "Client")._default_manager.exclude(trusted_prefixes=[])
        trust = Q(client__isnull=True)
        for client in clients:
            for prefix in client.trusted_prefixes:
                trust |= Q(client=client) & _covers(prefix)
        return self.filter(trust)

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"Statements can't be changed: {', '.join(kwargs)}.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Statements can't be deleted.")

    def settled(self) -> "StatementQuerySet":
        """Leave out what lies above a number that is taken but not committed yet.

        Whoever pages through the store can then be sure that nothing appears behind her.
        """
        horizon = sequence.horizon()
        return self if horizon is None else self.filter(seq__lte=horizon)


class ClientQuerySet(models.QuerySet):
    def active(self) -> "ClientQuerySet":
        now = timezone.now()
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            Q(revoked_at__isnull=True) | Q(revoked_at__gt=now),
        )


class DocumentQuerySet(models.QuerySet):
    def within(self, context: UUID, registration: UUID | None = None) -> "DocumentQuerySet":
        """Those of this context (`DocumentContext.digest`): in any registration, unless one is named."""
        found = self.filter(context=context)
        return found if registration is None else found.filter(registration=registration)

    def updated_after(self, instant: "datetime") -> "DocumentQuerySet":
        return self.filter(updated__gt=instant)

    def of_learner(self, pseudonym: UUID) -> "DocumentQuerySet":
        return self.filter(learner=pseudonym)


def _voiding() -> models.QuerySet:
    """What voids the outer statement: a word of the platform's, or of the client that wrote it."""
    statements = apps.get_model("xapi", "Statement")._default_manager
    return statements.filter(
        Q(client__isnull=True) | Q(client=OuterRef("client")), voids=OuterRef("uuid")
    ).order_by()


def _covers(prefix: str) -> Q:
    """Compare exactly: SQLite's LIKE takes upper and lower case for the same."""
    if prefix.endswith(("/", "#")):
        return Q(Exact(Left(F("activity"), len(prefix)), Value(prefix)))
    return Q(activity=prefix)
