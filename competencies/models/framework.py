"""A versioned framework: domains, competencies and levels, in Danish and English."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import Dimension
from organisations.bilingual import in_current_language

from ..enums import Rank
from ..querysets import FrameworkQuerySet


class Framework(models.Model):
    """One version of a competency framework. `is_proposal` until an authority approves it.

    A new version is a new row with domains and competencies of its own: old evidence keeps pointing
    to what it was shown against.
    """

    code = models.SlugField(_("code"), max_length=60)
    version = models.CharField(_("version"), max_length=40)
    name_da = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    dated_on = models.DateField(_("dated"))
    review_due_on = models.DateField(_("review due"))
    is_proposal = models.BooleanField(_("proposal"), default=True)
    status_da = models.TextField()
    status_en = models.TextField()
    sources = models.JSONField(default=dict)
    starts_on = models.DateField(_("in use from"))
    ends_on = models.DateField(_("in use until"), null=True, blank=True)
    fingerprint = models.CharField(max_length=64)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["-starts_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="framework_version_unique")]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"

    @property
    def name(self) -> str:
        return in_current_language(self, "name")

    @property
    def status(self) -> str:
        return in_current_language(self, "status")


class Level(models.Model):
    """One of the three levels of a framework, with its general meaning."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="levels")
    number = models.PositiveSmallIntegerField(choices=Rank.choices)
    name_da = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    text_da = models.TextField()
    text_en = models.TextField()

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["framework", "number"]
        constraints = [models.UniqueConstraint(fields=["framework", "number"], name="level_number_unique")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def name(self) -> str:
        return in_current_language(self, "name")

    @property
    def text(self) -> str:
        return in_current_language(self, "text")


class Domain(models.Model):
    """A field of competence, like *Tidlig identifikation og behovsafdækning*."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="domains")
    code = models.CharField(_("code"), max_length=10)
    order = models.PositiveSmallIntegerField()
    name_da = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    purpose_da = models.TextField()
    purpose_en = models.TextField()

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ["framework", "order"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="domain_code_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_current_language(self, "name")

    @property
    def purpose(self) -> str:
        return in_current_language(self, "purpose")


class Competency(models.Model):
    """What somebody can do, tagged with one of REHPA's three dimensions of quality."""

    domain = models.ForeignKey(Domain, on_delete=models.CASCADE, related_name="competencies")
    code = models.CharField(_("code"), max_length=20)
    order = models.PositiveSmallIntegerField()
    title_da = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    text_da = models.TextField()
    text_en = models.TextField()
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices)
    needs_editorial_review = models.BooleanField(_("needs editorial review"), default=False)
    sources = models.JSONField(default=list)

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        ordering = ["domain", "order"]
        constraints = [models.UniqueConstraint(fields=["domain", "code"], name="competency_code_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        return in_current_language(self, "title")

    @property
    def text(self) -> str:
        return in_current_language(self, "text")


class CompetencyLevel(models.Model):
    """What a competency looks like at one level."""

    competency = models.ForeignKey(Competency, on_delete=models.CASCADE, related_name="level_texts")
    number = models.PositiveSmallIntegerField(choices=Rank.choices)
    text_da = models.TextField()
    text_en = models.TextField()

    class Meta:
        verbose_name = _("level text")
        verbose_name_plural = _("level texts")
        ordering = ["competency", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competency", "number"], name="competencylevel_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.competency.code}:{self.number}"

    @property
    def text(self) -> str:
        return in_current_language(self, "text")
