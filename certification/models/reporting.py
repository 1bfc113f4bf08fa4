"""What is known about a unit: whether it is relevant, and whether anybody has reported."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import OrgUnit, Person
from organisations.validators import refuse_cpr_number

from ..querysets import RelevanceDecisionQuerySet, UnitReportQuerySet


class RelevanceDecision(models.Model):
    """A fact: from one day to another, a unit is (or is not) a relevant one, by whom and why.

    The 2011 agreement speaks of "relevante kliniske afdelinger" and defines none.
    State changes through `domain.reporting.decide_relevance`.
    """

    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="relevance_decisions", verbose_name=_("unit")
    )
    is_relevant = models.BooleanField(_("relevant"))
    why = models.CharField(
        _("why"),
        max_length=300,
        validators=[refuse_cpr_number],
        help_text=_("No patient data and no CPR number."),
    )
    decided_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_on = models.DateField(_("decided on"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = RelevanceDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on relevance")
        verbose_name_plural = _("decisions on relevance")
        ordering = ["unit", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="relevancedecision_interval_not_empty",
            ),
            models.UniqueConstraint(fields=["unit", "starts_on"], name="relevancedecision_once_a_day"),
        ]

    def __str__(self) -> str:
        word = _("relevant") if self.is_relevant else _("not relevant")
        return f"{self.unit}: {word}"


class UnitReport(models.Model):
    """A fact: on this day somebody said that what is registered for the unit is the whole of it.

    Without one, a unit with no key person is *unknown*, never a gap. Appointing or ending a key
    person of the unit is a report too. Written by `domain.reporting`; how long a report holds is said
    in `coverage`.
    """

    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="reports", verbose_name=_("unit")
    )
    as_of = models.DateField(_("as of"))
    reported_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported by"),
    )
    reported_at = models.DateTimeField(_("reported"))
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        validators=[refuse_cpr_number],
        help_text=_("No patient data and no CPR number."),
    )

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit report")
        verbose_name_plural = _("unit reports")
        ordering = ["-as_of", "-id"]
        indexes = [
            # Has this unit reported by this day?
            models.Index(fields=["unit", "as_of"], name="unitreport_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.as_of}"
