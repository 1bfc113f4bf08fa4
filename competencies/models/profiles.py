"""What the framework asks of a profession in a sector, and of a role on top."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.bilingual import in_current_language
from organisations.enums import Role, Sector
from organisations.models import Profession

from ..enums import ProfileKind, Rank
from .framework import Competency, Domain, Framework


class ProfessionProfile(models.Model):
    """Required levels for a profession in some sectors, or for a role (key person, leader).

    *Leader* is a role, not a profession: a leader has the profile of her own profession, and the
    leader's on top. `sectors` empty means every sector.
    """

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="profiles")
    code = models.CharField(_("code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=20, choices=ProfileKind.choices)
    profession = models.ForeignKey(
        Profession, on_delete=models.PROTECT, null=True, blank=True, related_name="profiles"
    )
    sectors = models.JSONField(_("sectors"), default=list, help_text=", ".join(Sector.values))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    name_da = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    origin = models.CharField(_("where it comes from"), max_length=200, blank=True)
    recommended_education_da = models.TextField(blank=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["framework", "id"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="profile_code_unique"),
            models.CheckConstraint(
                condition=models.Q(kind=ProfileKind.PROFESSION, profession__isnull=False, role="")
                | models.Q(kind=ProfileKind.ROLE) & ~models.Q(role=""),
                name="profile_kind_fits",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_current_language(self, "name")


class RequiredLevel(models.Model):
    """The level a profile asks for in every competency of a domain."""

    profile = models.ForeignKey(ProfessionProfile, on_delete=models.CASCADE, related_name="required_levels")
    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="required_levels")
    level = models.PositiveSmallIntegerField(choices=Rank.choices)

    class Meta:
        verbose_name = _("required level")
        verbose_name_plural = _("required levels")
        constraints = [
            models.UniqueConstraint(fields=["profile", "domain"], name="requiredlevel_once_a_domain")
        ]

    def __str__(self) -> str:
        return f"{self.profile.code} {self.domain.code}: {self.level}"


class RequiredLevelException(models.Model):
    """One competency of which a profile asks another level than of its domain, and why.

    It applies only to people without a key-person role.
    """

    profile = models.ForeignKey(ProfessionProfile, on_delete=models.CASCADE, related_name="exceptions")
    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="exceptions")
    level = models.PositiveSmallIntegerField(choices=Rank.choices)
    why_da = models.TextField()

    class Meta:
        verbose_name = _("exception to a required level")
        verbose_name_plural = _("exceptions to required levels")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "competency"], name="requiredlevelexception_once_a_competency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.profile.code} {self.competency.code}: {self.level}"


class KeyPersonTask(models.Model):
    """One of the six tasks of a key nurse in the 2011 agreement (section 7.1).

    Its competencies are required at level 3 of every key person. The agreement gives doctors a
    target but no task list: using the six for doctors too is a proposal.
    """

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="key_person_tasks")
    code = models.CharField(_("code"), max_length=10)
    text_da = models.TextField()
    text_en = models.TextField()
    competencies = models.ManyToManyField(Competency, related_name="key_person_tasks")

    class Meta:
        verbose_name = _("key person's task")
        verbose_name_plural = _("key person's tasks")
        ordering = ["framework", "code"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="keypersontask_code_unique")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def text(self) -> str:
        return in_current_language(self, "text")
