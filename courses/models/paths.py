"""Learning paths: modules in an order, for some professions or for key persons."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.bilingual import in_current_language
from organisations.models import Profession

from .modules import Module


class LearningPath(models.Model):
    """A way through several modules, like *Grundforløb*.

    It is for everybody in `professions`, and (`for_key_persons`) for those appointed key persons. The
    deadline is a proposal in days from the first day of an employment; empty where none is proposed.
    State changes through `domain.paths`.
    """

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_da = models.CharField(_("name in Danish"), max_length=150)
    name_en = models.CharField(_("name in English"), max_length=150)
    summary_da = models.TextField(_("summary in Danish"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    professions = models.ManyToManyField(Profession, related_name="paths", blank=True)
    for_key_persons = models.BooleanField(_("for key persons"), default=False)
    deadline_days = models.PositiveSmallIntegerField(_("deadline in days"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("learning path")
        verbose_name_plural = _("learning paths")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_current_language(self, "name")

    @property
    def summary(self) -> str:
        return in_current_language(self, "summary")


class PathModule(models.Model):
    """A module's place in a path. A path is completed when some version of each was completed."""

    path = models.ForeignKey(LearningPath, on_delete=models.CASCADE, related_name="places")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="places")
    order = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("module in a path")
        verbose_name_plural = _("modules in paths")
        ordering = ["path", "order"]
        constraints = [
            models.UniqueConstraint(fields=["path", "module"], name="pathmodule_once_a_path"),
        ]

    def __str__(self) -> str:
        return f"{self.path.code} {self.order}: {self.module}"
