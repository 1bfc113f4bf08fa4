"""That a unit will have too few key persons, once it has been told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import OrgUnit

from .targets import Target


class ToldFall(models.Model):
    """A fact: it was told that from a day on the unit has fewer key persons than the target asks for.

    One row a day of falling: told once, and told again when it is put off to another day. Written by
    `domain.falls`.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="told_falls")
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="told_falls")
    falls_on = models.DateField(_("from"))
    told_at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("told lack of key persons")
        verbose_name_plural = _("told lacks of key persons")
        ordering = ["-told_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "target", "falls_on"], name="toldfall_once_a_day_of_falling"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.falls_on}"
