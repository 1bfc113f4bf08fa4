"""What the record store keeps. Statements are only ever added (`domain/recording.py`)."""

import hashlib
import hmac
import json
import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import Scope
from .querysets import AppendOnlyError, ClientQuerySet, StatementQuerySet


class Client(models.Model):
    """A system outside that may post or fetch statements: a key, a secret, and what they open.

    The secret is random and long, so one round of SHA-256 keeps it: a slow hash protects short
    secrets that people choose, and each request would pay for it. `authority` is written into every
    statement that this client posts. A statement counts towards competence only when its activity is
    covered by `trusted_prefixes`: a prefix that ends in / or # covers everything under it, any other
    exactly itself.
    """

    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(_("key"), max_length=100, unique=True)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    trusted_prefixes = models.JSONField(_("trusted for activities that begin with"), default=list, blank=True)
    authority = models.JSONField(_("authority"), editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("xAPI client")
        verbose_name_plural = _("xAPI clients")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @staticmethod
    def authority_for(key: str, name: str) -> dict[str, Any]:
        """The Agent that vouches for this client's statements."""
        account = {"homePage": settings.IRI_BASE, "name": f"client:{key}"}
        return {"objectType": "Agent", "name": name, "account": account}

    def has_secret(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret_hash, self.hash_of(secret))

    def may(self, *scopes: Scope) -> bool:
        """Whether it has one of these scopes, or all of them by `all`."""
        return any(scope in self.scopes for scope in (*scopes, Scope.ALL))


class Statement(models.Model):
    """Somebody did something, as it was said and as it stands for good.

    `raw` is the statement exactly as stored, with the properties that the store sets (id, stored,
    timestamp, authority, version). The columns repeat only what filters ask for. `seq` is the order
    of storing. `actor` is the actor's one identifier (`vocabulary.ifi_of`), `learner` her pseudonym
    where she is one of ours, `voids` the id of the statement that this one voids.
    Like a line in a ledger: written once, and corrected only by a further line.
    """

    seq = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(editable=False)
    raw = models.TextField()
    stored = models.DateTimeField()
    timestamp = models.DateTimeField()
    verb = models.TextField()
    activity = models.TextField(blank=True, default="")
    actor = models.TextField(blank=True, default="")
    learner = models.UUIDField(null=True)
    registration = models.UUIDField(null=True)
    voids = models.UUIDField(null=True)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, related_name="statements", db_index=False
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        indexes = [
            # What did this learner do, in order? (every projection)
            models.Index(
                fields=["learner", "timestamp", "uuid"],
                condition=Q(learner__isnull=False),
                name="statement_learner",
            ),
            # GET by agent, and by agent and verb: the newest first.
            models.Index(fields=["actor", "verb", "seq"], name="statement_actor_verb"),
            # GET by verb.
            models.Index(fields=["verb", "seq"], name="statement_verb"),
            # GET by activity.
            models.Index(fields=["activity", "seq"], condition=~Q(activity=""), name="statement_activity"),
            # GET by registration: one enrolment.
            models.Index(
                fields=["registration", "seq"],
                condition=Q(registration__isnull=False),
                name="statement_registration",
            ),
            # GET since and until.
            models.Index(fields=["stored", "seq"], name="statement_stored"),
            # GET by a client that may read only its own.
            models.Index(
                fields=["client", "seq"], condition=Q(client__isnull=False), name="statement_client"
            ),
            # Has this statement been voided?
            models.Index(fields=["voids"], condition=Q(voids__isnull=False), name="statement_voids"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"Statement {self.uuid} is stored and can't be changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, using: Any = None, keep_parents: bool = False) -> NoReturn:
        raise AppendOnlyError(f"Statement {self.uuid} is stored and can't be deleted.")

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.raw)


class StatementId(models.Model):
    """That an id is taken, by which statement, and what was said under it.

    A table of its own, because uniqueness can't be held by a statements table that is partitioned by
    time. `fingerprint` says whether a resend is the same statement (`comparison.fingerprint`).
    """

    uuid = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    fingerprint = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("statement id")
        verbose_name_plural = _("statement ids")

    def __str__(self) -> str:
        return str(self.uuid)


class StatementAgent(models.Model):
    """An agent whom a statement names besides its actor: its object, or a member of a group.

    Nearly no statement has one. No foreign key, for the same reason as in `StatementId`.
    """

    ifi = models.TextField()
    statement = models.BigIntegerField()

    class Meta:
        verbose_name = _("agent named in a statement")
        verbose_name_plural = _("agents named in statements")
        indexes = [
            # Which statements name this agent?
            models.Index(fields=["ifi", "statement"], name="statementagent_ifi"),
        ]

    def __str__(self) -> str:
        return self.ifi


class PendingLearner(models.Model):
    """A mark: a statement about this learner was stored, and her derived rows wait to be recomputed.

    One row a learner. `token` changes with every fact, so that a mark is removed only if it is the
    one that was read. `marked_at` is when the oldest fact that waits was stored. `claimed_until`
    lets several workers share the work.
    """

    learner = models.UUIDField(primary_key=True)
    token = models.UUIDField(default=uuid.uuid4)
    marked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pending learner")
        verbose_name_plural = _("pending learners")
        indexes = [
            # Who has waited longest?
            models.Index(fields=["marked_at"], name="pendinglearner_marked_at"),
        ]

    def __str__(self) -> str:
        return str(self.learner)
