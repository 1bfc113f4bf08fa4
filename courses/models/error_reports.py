"""What people say is wrong in a module, and what they are answered."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person

from .modules import Edition


class ErrorReport(models.Model):
    """A fact: somebody said that something is wrong at a step of an edition, like a note in the margin.

    `item` is the question or task it is about; empty where it is about the step as a whole. The words
    are erasable. It is read by whoever may answer it (`rules.answers_error_reports`), without the name
    of who wrote it, and by that person. It is open until it has an answer, and has one answer at most.
    State changes through `domain.error_reports`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="error_reports")
    step = models.PositiveSmallIntegerField(_("step"))
    item = models.CharField(_("item"), max_length=120, blank=True)
    text = models.TextField(_("what is wrong"), blank=True)
    reporter = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="error_reports"
    )
    created_at = models.DateTimeField(_("reported"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of an error")
        verbose_name_plural = _("reports of errors")
        # Open ones first, and among them the one that has waited longest.
        ordering = [models.F("answered_at").desc(nulls_first=True), "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="errorreport_answer_has_words_and_day",
            ),
        ]
        indexes = [
            # What has this person reported lately?
            models.Index(fields=["reporter", "created_at"], name="errorreport_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.edition.title}, {_('step')} {self.step}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
