"""The outbox: which learners' derived rows wait to be recomputed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class PendingLearner(models.Model):
    """A mark: a statement about this learner was stored, and her derived rows wait to be recomputed.

    One row a learner. `token` changes with every fact that comes after somebody has claimed the mark,
    so that a mark is removed only if it is the one that was read and claimed. `marked_at` is when the
    oldest fact that waits was stored. `claimed_until` lets several workers share the work.
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
