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


class DayMarked(models.Model):
    """The last day whose beginnings and ends have left their marks. One row, or none before the first.

    A fact leaves its mark when it is written, and may hold from a later day on.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    day = models.DateField()

    class Meta:
        verbose_name = _("day that has left its marks")
        verbose_name_plural = _("days that have left their marks")

    def __str__(self) -> str:
        return str(self.day)
