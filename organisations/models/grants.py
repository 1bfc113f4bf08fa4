"""What people may do, by date."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import AREA_ROLES, UNIT_ROLES, Role
from ..querysets import RoleGrantQuerySet
from ..validators import refuse_cpr_number
from .areas import Area
from .people import Person
from .units import OrgUnit


class RoleGrant(models.Model):
    """A fact: from one day to another, a person holds a role in a unit, in an area or platform-wide.

    A key person's appointment is a grant of `key_person` in a unit. Today's grants decide access.
    State changes through `domain.grants.grant_role` and `domain.grants.end_grant`.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="grants", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        OrgUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("unit"),
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("area"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    end_reason = models.CharField(
        _("why it ended"),
        max_length=200,
        blank=True,
        validators=[refuse_cpr_number],
        help_text=_("Nothing about patients, and nothing about health or other private matters."),
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="rolegrant_interval_not_empty",
                violation_error_message=_("A role ends after the day it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(UNIT_ROLES), unit__isnull=False, area__isnull=True)
                | models.Q(role__in=sorted(AREA_ROLES), unit__isnull=True, area__isnull=False)
                | (~models.Q(role__in=sorted(UNIT_ROLES | AREA_ROLES)) & models.Q(area__isnull=True)),
                name="rolegrant_scope_fits_role",
                violation_error_message=_(
                    "A leader, a deputy and a key person are appointed in a unit, a coordinator in an area."
                ),
            ),
        ]
        indexes = [
            # Which key persons (leaders …) do these units have on this day?
            models.Index(fields=["role", "unit", "starts_on", "ends_on"], name="grant_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.unit or self.area or ''}"
