"""That old statements were removed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Removal(models.Model):
    """A fact: somebody had statements removed by age, like a protocol of destruction in an archive.

    Removed is what was stored before `before` and what nothing rests on. Written by
    `domain.retention.remove`, batch by batch, and never changed after `finished_at`.
    """

    by = models.CharField(_("by whom"), max_length=150)
    reason = models.CharField(_("reason"), max_length=500)
    before = models.DateTimeField(_("stored before"))
    removed = models.BigIntegerField(_("removed"), default=0)
    kept = models.BigIntegerField(_("kept, because something rests on them"), default=0)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("removal of statements")
        verbose_name_plural = _("removals of statements")
        ordering = ["-began_at", "-id"]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d}: {self.removed}"
