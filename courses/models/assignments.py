"""What leaders ask people to take."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import OrgUnit, Person
from organisations.validators import refuse_cpr_number

from ..querysets import AssignmentQuerySet
from .modules import Module


class Assignment(models.Model):
    """A fact: a leader asked somebody to take a module, like a name on a list on the office door.

    `unit` is the one that the leader asked in: whoever leads it sees the assignment, and it holds for
    as long as the person works in the unit or under it. Whether it is done isn't held here: it is done
    when the person has completed some version of the module. `wanted_by` is the last day it is wanted.
    State changes through `domain.assignments`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    assigned_at = models.DateTimeField(_("assigned"))
    wanted_by = models.DateField(_("wanted by"), null=True, blank=True)
    note = models.CharField(_("line"), max_length=200, blank=True, validators=[refuse_cpr_number])
    withdrawn_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assigned module")
        verbose_name_plural = _("assigned modules")
        # What is wanted first stands first; what no day is named for, last.
        ordering = [models.F("wanted_by").asc(nulls_last=True), "assigned_at", "id"]
        constraints = [
            # A form that is sent twice asks once. Also answers: what is this person asked to take?
            models.UniqueConstraint(
                fields=["person", "module", "unit"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="assignment_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.module}"
