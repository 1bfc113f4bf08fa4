"""Statements and what finds them. They are only ever added (`domain/recording.py`)."""

import json
from typing import Any, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xapi.querysets import AppendOnlyError, StatementQuerySet

from .client import Client


class Statement(models.Model):
    """Somebody did something, as it was said and as it stands for good.

    `raw` is the statement exactly as stored, with the properties that the store sets (id, stored,
    timestamp, authority, version). The columns repeat only what filters ask for. `seq` is the order
    of storing. `actor` is the actor's one identifier (`vocabulary.ifi_of`), `learner` her pseudonym
    where she is one of ours, `refers` the id of the statement that its object refers to, `voids` the
    same where it voids that one.
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
    refers = models.UUIDField(null=True)
    voids = models.UUIDField(null=True)
    # No constraint in the database: it would make every statement lock its client's row until the commit,
    # which all posts of a client share. A client is never deleted (`domain.clients.revoke_client`).
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        related_name="statements",
        db_index=False,
        db_constraint=False,
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
            # GET by agent: the newest first. A verb besides is looked for among them.
            models.Index(fields=["actor", "seq"], name="statement_actor"),
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
            # Which statements refer to this one? (when it arrives after them)
            models.Index(fields=["refers"], condition=Q(refers__isnull=False), name="statement_refers"),
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
    """That an id is taken, and by which statement.

    A table of its own, because uniqueness can't be held by a statements table that is partitioned.
    """

    uuid = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()

    class Meta:
        verbose_name = _("statement id")
        verbose_name_plural = _("statement ids")

    def __str__(self) -> str:
        return str(self.uuid)


class StatementKey(models.Model):
    """Something that a statement is found by and that no column of its row says (`keys.keys_of`).

    Which statements have this key, the newest first? The primary key answers, and is all there is.
    """

    pk = models.CompositePrimaryKey("key", "statement")
    key = models.UUIDField()
    statement = models.BigIntegerField()

    class Meta:
        verbose_name = _("key of a statement")
        verbose_name_plural = _("keys of statements")

    def __str__(self) -> str:
        return f"{self.key} {self.statement}"


class Referral(models.Model):
    """That a statement's object refers to another one, straight or through others (a StatementRef).

    Whoever asks for the one referred to gets the referrer too (xAPI, Communication 2.1.3, "Filter
    Conditions for StatementRefs"), so the columns repeat what filters ask of `referred`. Nearly all
    that refer are voiding statements: there are few of them.
    """

    pk = models.CompositePrimaryKey("referrer", "referred")
    referrer = models.BigIntegerField()
    referred = models.BigIntegerField()
    verb = models.TextField()
    activity = models.TextField(blank=True, default="")
    actor = models.TextField(blank=True, default="")
    registration = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            # The same questions as above, asked of what is referred to.
            models.Index(fields=["actor", "referrer"], name="referral_actor"),
            models.Index(fields=["verb", "referrer"], name="referral_verb"),
            models.Index(fields=["activity", "referrer"], name="referral_activity"),
            models.Index(fields=["registration", "referrer"], name="referral_registration"),
            # Who refers to this statement, when it begins to refer to a further one?
            models.Index(fields=["referred"], name="referral_referred"),
        ]

    def __str__(self) -> str:
        return f"{self.referrer} → {self.referred}"
