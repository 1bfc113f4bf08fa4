"""What clients keep here: state, and profiles of agents and activities (xAPI, Communication 2.2)."""

import json
import uuid
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xapi.enums import DocumentKind
from xapi.querysets import DocumentQuerySet
from xapi.vocabulary import ifi_of, pseudonym_of


@dataclass(frozen=True)
class DocumentContext:
    """What a document is about: an activity, an agent, or an agent at an activity (a state).

    A state may also be kept for one registration. `agent` is her one identifier (`vocabulary.ifi_of`),
    `learner` her pseudonym where she is one of ours.
    """

    kind: DocumentKind
    activity: str = ""
    agent: str = ""
    learner: uuid.UUID | None = None
    registration: uuid.UUID | None = None

    @classmethod
    def of(
        cls,
        kind: DocumentKind,
        *,
        activity: str = "",
        agent: dict[str, Any] | None = None,
        registration: uuid.UUID | None = None,
    ) -> "DocumentContext":
        return cls(kind, activity, ifi_of(agent), pseudonym_of(agent), registration)

    @property
    def digest(self) -> uuid.UUID:
        """The context whatever the registration, in 16 bytes."""
        return _digest(self.kind, self.activity, self.agent)

    def address(self, name: str) -> uuid.UUID:
        """The one place in which the document of this name is kept here, in 16 bytes."""
        registration = "" if self.registration is None else str(self.registration)
        return _digest(self.kind, self.activity, self.agent, registration, name)


class Document(models.Model):
    """Bytes that a client keeps here under a name, and what they are about.

    Like a note in a pigeonhole: `address` is the pigeonhole, and what is put there replaces what lay
    there (`domain/documents.py`). `etag` is the SHA-1 sum of the content, which is how a client says
    which version it has read. Address and context are digests, so that names and IRIs of any length can
    be looked up.
    """

    address = models.UUIDField(primary_key=True, editable=False)
    context = models.UUIDField(editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    activity = models.TextField(_("activity"), blank=True, default="")
    agent = models.TextField(_("agent"), blank=True, default="")
    learner = models.UUIDField(null=True)
    registration = models.UUIDField(null=True)
    name = models.TextField(_("name"))
    content_type = models.CharField(max_length=255)
    content = models.BinaryField()
    etag = models.CharField(max_length=40)
    updated = models.DateTimeField(_("updated"))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            # Which documents are kept in this context? Few, so `since` looks at each: with `updated` in an
            # index, PostgreSQL would write every index anew whenever a document changes.
            models.Index(fields=["context"], name="document_context"),
            # What is kept about this learner? (her copy of her data, and its erasure)
            models.Index(fields=["learner"], condition=Q(learner__isnull=False), name="document_learner"),
        ]

    def __str__(self) -> str:
        return self.name


def _digest(*parts: str) -> uuid.UUID:
    # As JSON, so that no part can run into the next one.
    return uuid.UUID(bytes=blake2b(json.dumps(parts).encode(), digest_size=16).digest())
