"""Groupings that are not employers, with dated membership."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import AreaKind, Verification
from ..querysets import AreaQuerySet
from .units import OrgUnit


class Area(models.Model):
    """A region's geography, a health council (sundhedsråd) or a cluster (klynge).

    `code` is also its address: /daekning/<code>/. An area may begin or end: the clusters of the 2011
    agreement are abolished, the health councils and Region Østdanmark begin on 1 January 2027.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AreaKind.choices)
    name = models.CharField(_("name"), max_length=200)
    region_code = models.CharField(_("region code"), max_length=4, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    verification = models.CharField(
        _("how sure"), max_length=20, choices=Verification.choices, default=Verification.LOCAL
    )
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class AreaMembership(models.Model):
    """A fact: from one day to another, a unit belongs to an area.

    Many-to-many: the 2011 agreement has Ikast-Brande in two clusters at once. `note` says what the
    source leaves open, such as a day that nobody knows. A row that isn't `local` came with the
    reference data and follows its files.
    """

    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("area")
    )
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.CASCADE, related_name="area_memberships", verbose_name=_("unit")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    verification = models.CharField(
        _("how sure"), max_length=20, choices=Verification.choices, default=Verification.LOCAL
    )
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("membership of an area")
        verbose_name_plural = _("memberships of areas")
        constraints = [
            models.UniqueConstraint(fields=["area", "unit", "starts_on"], name="areamembership_unique"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="areamembership_interval_not_empty",
                violation_error_message=_("A membership ends after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ∈ {self.area}"
