"""How far a file of statements has been taken in."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .client import Client


class ImportRun(models.Model):
    """A file of statements on its way into the store, like a bookmark in it.

    `offset` (bytes) and `line` are where the next batch begins; they move in the transaction that
    stores a batch, so that whoever goes on after a fall doubles and loses nothing. `fingerprint` is
    that of the file's beginning. Written by `domain.importing`.
    """

    fingerprint = models.CharField(max_length=64, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    offset = models.BigIntegerField(default=0)
    line = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(_("stored"), default=0)
    known = models.BigIntegerField(_("here already"), default=0)
    refused = models.BigIntegerField(_("refused"), default=0)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import of statements")
        verbose_name_plural = _("imports of statements")
        ordering = ["-began_at", "-id"]
        indexes = [
            # Was this file begun, and not finished?
            models.Index(fields=["fingerprint"], name="importrun_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d}: {self.stored}"
