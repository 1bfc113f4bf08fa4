"""The tree of units, with a past and a future."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import SECTOR_OF_KIND, Sector, UnitKind, Verification
from ..querysets import OrgUnitQuerySet
from ..validators import validate_cvr, validate_municipality_code, validate_sor_code


class OrgUnit(models.Model):
    """An employer, or a part of one: a municipality, a district, a hospital, a ward.

    Where it lies in the tree is said by `UnitParent`, by date. `code` is the unit's stable name in
    files and loads, like `municipality-791`; `public_id` is what an address shows.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices)
    name = models.CharField(_("name"), max_length=200)
    official_name = models.CharField(_("official name"), max_length=200, blank=True)
    municipality_code = models.CharField(
        _("municipality code"), max_length=3, blank=True, validators=[validate_municipality_code]
    )
    cvr = models.CharField(_("CVR number"), max_length=8, blank=True, validators=[validate_cvr])
    sor = models.CharField(_("SOR code"), max_length=18, blank=True, validators=[validate_sor_code])
    kombit_uuid = models.UUIDField(_("KOMBIT organisation UUID"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    contact_name = models.CharField(_("contact point"), max_length=200, blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    verification = models.CharField(
        _("how sure"), max_length=20, choices=Verification.choices, default=Verification.LOCAL
    )
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)
    starts_on = models.DateField(_("exists from"), null=True, blank=True)
    ends_on = models.DateField(_("exists until"), null=True, blank=True)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality_code"],
                condition=~models.Q(municipality_code=""),
                name="orgunit_municipality_code_unique",
                violation_error_message=_("Another unit has this municipality code."),
            ),
            models.UniqueConstraint(
                fields=["sor"],
                condition=~models.Q(sor=""),
                name="orgunit_sor_unique",
                violation_error_message=_("Another unit has this SOR code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sector(self) -> Sector:
        return SECTOR_OF_KIND[UnitKind(self.kind)]


class UnitParent(models.Model):
    """A fact: from one day to another, a unit lies directly under a parent.

    State changes through the functions of `domain.units`, which also renew the ancestry. One that was
    corrected by hand no longer follows the reference data's files.
    """

    unit = models.ForeignKey(
        OrgUnit, on_delete=models.CASCADE, related_name="parent_links", verbose_name=_("unit")
    )
    parent = models.ForeignKey(
        OrgUnit, on_delete=models.CASCADE, related_name="child_links", verbose_name=_("parent")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_by_hand = models.BooleanField(_("corrected by hand"), default=False)

    class Meta:
        verbose_name = _("place in the tree")
        verbose_name_plural = _("places in the tree")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(unit=models.F("parent")),
                name="unitparent_not_itself",
                violation_error_message=_("A unit can't lie under itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="unitparent_interval_not_empty",
                violation_error_message=_("A place in the tree ends after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} < {self.parent}"


class UnitAncestry(models.Model):
    """Derived closure of `UnitParent`: on these days the unit lies under (or is) the ancestor.

    Every unit is its own ancestor at depth 0, for ever. Rows can be deleted at any time and come
    back the same (`domain.units.rebuild_ancestry`).
    """

    ancestor = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="descendant_rows")
    unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="ancestor_rows")
    depth = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("ancestry")
        verbose_name_plural = _("ancestries")
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "unit", "starts_on"], name="unitancestry_unique"),
        ]
        indexes = [
            # Which units lie under this one on this day?
            models.Index(fields=["ancestor", "starts_on", "ends_on"], name="ancestry_down"),
            # What does this unit lie under on this day?
            models.Index(fields=["unit", "starts_on", "ends_on"], name="ancestry_up"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} <<{self.depth} {self.ancestor}"
