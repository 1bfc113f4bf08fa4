"""What whoever may confirm a practice task asks for before she does."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person
from organisations.validators import refuse_cpr_number

from ..querysets import TaskNoteQuerySet
from .enrolments import Enrolment


class TaskNote(models.Model):
    """A fact: somebody who may confirm a practice task asked for more, like a slip clipped to the paper.

    While it is open the task is sent back: it waits for the learner, and can be confirmed all the same. It
    ends when the learner hands in other words (`answered_at`), or when its own words are erased: by the one
    who wrote them, who takes them back, or by the learner once the task is confirmed. It stands in no
    statement. The learner reads it, and whoever may confirm her tasks today.
    State changes through `domain.task_notes` and `domain.free_text`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="task_notes")
    item = models.CharField(_("item"), max_length=120)
    text = models.CharField(_("line"), max_length=300, blank=True, validators=[refuse_cpr_number])
    written_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="task_notes",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"))
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = TaskNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a practice task")
        verbose_name_plural = _("notes on practice tasks")
        ordering = ["written_at", "id"]
        constraints = [
            # A form that is sent twice asks once. Also answers: is this task sent back?
            models.UniqueConstraint(
                fields=["enrolment", "item", "written_by"],
                condition=models.Q(answered_at__isnull=True, erased_at__isnull=True),
                name="tasknote_one_open_an_author",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(text=""),
                name="tasknote_erased_has_no_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.written_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.erased_at is None
