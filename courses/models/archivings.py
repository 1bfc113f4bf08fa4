"""What isn't offered any more, and what has come in its place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person
from organisations.validators import refuse_cpr_number

from ..querysets import ArchivingQuerySet
from .modules import Module


class Archiving(models.Model):
    """A fact: somebody decided that a module can't be begun any more, like a book taken off the shelf.

    Whoever has begun it may finish it, and what was completed stays. `replaced_by` is the module that has
    come in its place, if one has; `counts` is then the choice whether having completed the old one counts
    for the new one on a learning path and where it is asked for. It makes no evidence: the old one has
    shown what it has shown. A decision that is changed or taken back has ended, and stays as a row.
    State changes through `domain.archiving`.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="archivings")
    reason = models.CharField(
        _("reason"), max_length=300, help_text=_("Shown to learners."), validators=[refuse_cpr_number]
    )
    replaced_by = models.ForeignKey(
        Module,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    counts = models.BooleanField(_("the completion of the old one counts"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"))
    ended_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ArchivingQuerySet.as_manager()

    class Meta:
        verbose_name = _("archived module")
        verbose_name_plural = _("archived modules")
        ordering = ["-decided_at", "-id"]
        constraints = [
            # Also answers: is this module archived?
            models.UniqueConstraint(
                fields=["module"],
                condition=models.Q(ended_at__isnull=True),
                name="archiving_one_standing",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by__isnull=True, counts__isnull=True)
                | models.Q(replaced_by__isnull=False, counts__isnull=False),
                name="archiving_choice_with_replacement",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by__isnull=True) | ~models.Q(replaced_by=models.F("module")),
                name="archiving_not_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} {self.decided_at:%Y-%m-%d}"
