"""The outbox of this room."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingPerson(models.Model):
    """A mark: something about this person changed, and her derived rows wait to be recomputed.

    One row a person. `token` changes with every fact, so that a mark is removed only if it is the
    one that was read. `claimed_until` lets several workers share the work.
    """

    learner = models.UUIDField(primary_key=True)
    token = models.UUIDField(default=uuid.uuid4)
    marked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pending person")
        verbose_name_plural = _("pending people")

    def __str__(self) -> str:
        return str(self.learner)
