"""What somebody who answers for a person's work says that she can do."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person
from organisations.validators import refuse_cpr_number

from ..enums import Rank, SignOffBasis
from ..querysets import SignOffQuerySet
from .framework import Competency


class SignOff(models.Model):
    """A fact: who leads a person has found that she has a competency at a level, and on what grounds.

    It is said as a statement (`statement`), which the evidence rests on; what was attended is free text and
    stands only here. Taken back, the statement is voided, and the row stays without those words. Written by
    `domain.sign_offs`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="sign_offs", verbose_name=_("person")
    )
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="sign_offs")
    level = models.PositiveSmallIntegerField(_("level"), choices=Rank.choices)
    basis = models.CharField(_("what it rests on"), max_length=30, choices=SignOffBasis.choices)
    attended = models.CharField(
        _("what was attended"), max_length=200, blank=True, validators=[refuse_cpr_number]
    )
    seen_on = models.DateField(_("seen on"))
    signed_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed off by"),
    )
    signed_at = models.DateTimeField(_("signed off"))
    statement = models.UUIDField(_("statement"), unique=True)
    taken_back_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["-seen_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(level__range=(1, 3)), name="signoff_level_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.competency.code}:{self.level} {self.seen_on}"
