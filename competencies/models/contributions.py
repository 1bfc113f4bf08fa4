"""What a module version can show, and (derived) what a person was shown to be able to do."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import ModuleVersion

from ..enums import EarnedBy, Rank
from ..querysets import EvidenceQuerySet
from .framework import Competency


class Contribution(models.Model):
    """A fact: this version of a module can show this level of a competency, earned in this way.

    It binds to the version: remapping the next version doesn't rewrite old evidence.
    """

    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="contributions")
    competency = models.ForeignKey(Competency, on_delete=models.PROTECT, related_name="contributions")
    level = models.PositiveSmallIntegerField(choices=Rank.choices)
    earned_by = models.CharField(_("earned by"), max_length=30, choices=EarnedBy.choices)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["version", "competency", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "competency", "earned_by"], name="contribution_once_a_way"
            ),
            # Answers show level 1 at most, a confirmed practice task level 2, a course or sign-off 3.
            models.CheckConstraint(
                condition=models.Q(earned_by=EarnedBy.ANSWERS, level=1)
                | models.Q(earned_by=EarnedBy.CONFIRMED_PRACTICE, level__in=[1, 2])
                | models.Q(earned_by=EarnedBy.COURSE_OR_SIGN_OFF, level__in=[1, 2, 3]),
                name="contribution_level_fits_what_earns_it",
                violation_error_message=_(
                    "Answers show level 1 at most, and a confirmed practice task level 2 at most."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} → {self.competency.code}:{self.level}"


class Evidence(models.Model):
    """Derived: on this day, this was shown. One row for each contribution that was earned.

    And one for each sign-off that stands, which has no `version`.
    """

    learner = models.UUIDField()
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="evidence")
    level = models.PositiveSmallIntegerField(choices=Rank.choices)
    earned_by = models.CharField(_("earned by"), max_length=30, choices=EarnedBy.choices)
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, null=True, related_name="evidence")
    shown_at = models.DateTimeField(_("shown"))
    statement = models.UUIDField(_("statement"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["shown_at", "id"]
        constraints = [
            # Also answers: what has this learner shown?
            models.UniqueConstraint(
                fields=["learner", "competency", "version", "earned_by"], name="evidence_once_a_contribution"
            ),
            models.UniqueConstraint(
                fields=["statement"],
                condition=models.Q(version__isnull=True),
                name="evidence_once_a_sign_off",
            ),
            models.CheckConstraint(
                condition=models.Q(version__isnull=False) | models.Q(earned_by=EarnedBy.COURSE_OR_SIGN_OFF),
                name="evidence_of_a_version_or_a_sign_off",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competency.code}:{self.level} {self.shown_at:%Y-%m-%d}"
