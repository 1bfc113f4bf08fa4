"""What a person says of herself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person

from ..enums import Rank
from .framework import Competency


class SelfAssessment(models.Model):
    """A fact: how far the person said that day that she is with a competency; 0 is not yet.

    The newest holds, those before it stay. Hers alone: it is no evidence, counts nowhere, and enters no
    statement. Written by `domain.self_assessments`.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="self_assessments", verbose_name=_("person")
    )
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="self_assessments")
    level = models.PositiveSmallIntegerField(_("level"), choices=Rank.choices)
    said_at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        ordering = ["-said_at", "-id"]

    def __str__(self) -> str:
        return f"{self.competency.code}:{self.level} {self.said_at:%Y-%m-%d}"
