"""Who works where, as what, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..bilingual import in_current_language
from ..querysets import EmploymentQuerySet
from .people import Person
from .units import OrgUnit


class Profession(models.Model):
    """A professional group: a nurse is a nurse, wherever she works.

    What is expected of her depends on profession and sector together (`competencies`).
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_da = models.CharField(_("name in Danish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    authorisation_education_code = models.CharField(
        _("education code in the authorisation register"), max_length=4, blank=True
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("profession")
        verbose_name_plural = _("professions")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_current_language(self, "name")


class Employment(models.Model):
    """A fact: from one day to another, a person works in a unit as a profession.

    Several at once are ordinary. State changes through `domain.employments`.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="employments", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="employments", verbose_name=_("unit")
    )
    profession = models.ForeignKey(
        Profession, on_delete=models.PROTECT, related_name="employments", verbose_name=_("profession")
    )
    work_phone = models.CharField(_("work telephone"), max_length=30, blank=True)
    work_email = models.EmailField(_("work e-mail"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="employment_interval_not_empty",
                violation_error_message=_("An employment ends after the day it starts."),
            )
        ]
        indexes = [
            # Who works in these units on this day?
            models.Index(fields=["unit", "starts_on", "ends_on"], name="employment_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.profession} · {self.unit}"
