"""How many key persons are asked for, where, by whom, and from when."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.bilingual import in_current_language
from organisations.enums import UnitKind
from organisations.models import Area, Profession

from ..querysets import TargetQuerySet


class Target(models.Model):
    """A fact: in this area, from one day to another, each unit of a kind shall have so many key persons.

    Nothing is a target unless somebody adopted it: `decision` says who and in which document. The
    target names its level: a department (klinisk afdeling) is not a ward (sengeafsnit). `minimum` is
    empty where the decision gives no figure ("a number reasonable to the size"): then none is set.
    `relevant_only`: only units with a decision that they are relevant (`RelevanceDecision`).
    State changes through `domain.targets.adopt_target` and `end_target`.
    """

    code = models.CharField(_("code"), max_length=10)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="targets", verbose_name=_("area"))
    text_da = models.TextField(_("text in Danish"))
    text_en = models.TextField(_("text in English"))
    unit_kind = models.CharField(_("level"), max_length=20, choices=UnitKind.choices)
    profession = models.ForeignKey(
        Profession, on_delete=models.PROTECT, related_name="targets", verbose_name=_("profession")
    )
    minimum = models.PositiveSmallIntegerField(
        _("at least"), null=True, blank=True, help_text=_("Empty where the decision gives no figure.")
    )
    relevant_only = models.BooleanField(_("relevant units only"), default=False)
    decision_da = models.TextField(_("the decision, in Danish"))
    decision_en = models.TextField(_("the decision, in English"))
    source_year = models.PositiveSmallIntegerField(_("year of the source"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["code", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code", "unit_kind", "starts_on"], name="target_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="target_interval_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(minimum__isnull=True) | models.Q(minimum__gt=0),
                name="target_minimum_positive",
                violation_error_message=_(
                    "A target asks for at least one key person. Leave the number empty if none is set."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.area}"

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it is in force; None while no end is set."""
        return None if self.ends_on is None else self.ends_on - dt.timedelta(days=1)

    @property
    def text(self) -> str:
        return in_current_language(self, "text")

    @property
    def decision(self) -> str:
        return in_current_language(self, "decision")
