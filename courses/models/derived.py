"""Derived rows: recomputed from statements by `projections.CompletionStage`, deletable at any time.

No fact points here; each row carries the id of the statement that it came from.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..querysets import CompletionQuerySet
from .enrolments import Enrolment
from .modules import ModuleVersion


class Attempt(models.Model):
    """Derived: one answer to one question. The learner's own; nobody else's page shows it.

    `response` is written as xAPI writes it (`grading`); of a case it is the way to its end. `success`
    is empty where nothing is right or wrong (a stand on a scale).
    """

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    item = models.CharField(_("item"), max_length=120)
    ordinal = models.PositiveIntegerField(_("attempt number"))
    response = models.TextField(_("response"))
    success = models.BooleanField(_("right"), null=True)
    answered_at = models.DateTimeField(_("answered"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["enrolment", "item", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["statement"], name="attempt_statement_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.item} #{self.ordinal}"


class FirstAnswer(models.Model):
    """Derived: what a learner answered to an item the very first time, for numbers about the questions.

    Her first in the module, whatever the version: whoever takes it again knows the answers. `seconds` went
    by since she had begun, answered, gone past a step or handed in a task before it, so it holds the reading
    too; empty where it was more than `domain.derivation.LONGEST_WHILE`, for then she was away.
    `others_right` of the `others` graded items of the version she had right at the first attempt; both empty
    until she has answered all of them. Nobody is shown a row of it: `domain.insight` counts them.
    """

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="first_answers")
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="first_answers")
    item = models.CharField(_("item"), max_length=120)
    response = models.TextField(_("response"))
    success = models.BooleanField(_("right"), null=True)
    seconds = models.PositiveIntegerField(_("seconds"), null=True)
    others = models.PositiveSmallIntegerField(_("other questions"), null=True)
    others_right = models.PositiveSmallIntegerField(_("other questions right"), null=True)
    answered_at = models.DateTimeField(_("answered"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("first answer")
        verbose_name_plural = _("first answers")
        ordering = ["enrolment", "item"]
        constraints = [
            models.UniqueConstraint(fields=["statement"], name="firstanswer_statement_unique"),
        ]
        indexes = [
            # How was each question of this version answered, and by whom last?
            models.Index(fields=["version", "item", "answered_at"], name="firstanswer_of_version"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.item}"


class WayTaken(models.Model):
    """Derived: a choice in a case or a conversation, with the way that led to it. The learner's own.

    The newest of an item is where she is in it: whoever goes back and tries another way has a shorter
    one again. `way` are the choices' ids in order, this one last.
    """

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="ways")
    item = models.CharField(_("item"), max_length=120)
    ordinal = models.PositiveIntegerField(_("choice number"))
    way = models.JSONField(_("way"))
    chosen_at = models.DateTimeField(_("chosen"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("choice in a case")
        verbose_name_plural = _("choices in cases")
        ordering = ["enrolment", "item", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["statement"], name="waytaken_statement_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.item} #{self.ordinal}"


class StepLeft(models.Model):
    """Derived: the learner went on past a step."""

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="steps_left")
    step = models.PositiveSmallIntegerField(_("step"))
    left_at = models.DateTimeField(_("went on"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("step gone past")
        verbose_name_plural = _("steps gone past")
        ordering = ["enrolment", "step"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "step"], name="stepleft_once_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.step}"


class ItemSubmission(models.Model):
    """Derived: a practice task was handed in, and waits to be confirmed or has been."""

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="submissions")
    item = models.CharField(_("item"), max_length=120)
    submitted_at = models.DateTimeField(_("handed in"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("handed-in practice task")
        verbose_name_plural = _("handed-in practice tasks")
        ordering = ["submitted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item"], name="submission_one_an_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.submitted_at:%Y-%m-%d}"


class Confirmation(models.Model):
    """Derived: a leader or key person confirmed a practice task. `confirmed_by` is a pseudonym."""

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="confirmations")
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="confirmations")
    item = models.CharField(_("item"), max_length=120)
    confirmed_by = models.UUIDField(_("confirmed by"))
    confirmed_at = models.DateTimeField(_("confirmed"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["confirmed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item"], name="confirmation_one_an_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.confirmed_at:%Y-%m-%d}"


class Support(models.Model):
    """Derived: a colleague supported that a practice task was done. It counts towards nothing.

    `supported_by` is a pseudonym.
    """

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="supports")
    item = models.CharField(_("item"), max_length=120)
    supported_by = models.UUIDField(_("supported by"))
    supported_at = models.DateTimeField(_("supported"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("support of a colleague")
        verbose_name_plural = _("support of colleagues")
        ordering = ["supported_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "item", "supported_by"], name="support_one_a_colleague"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.supported_at:%Y-%m-%d}"


class Completion(models.Model):
    """Derived: a learner completed a version of a module, the first time she did.

    `enrolment` is empty where a trusted external system said so.
    """

    learner = models.UUIDField()
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="completions")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, related_name="completions")
    completed_at = models.DateTimeField(_("completed"))
    statement = models.UUIDField(_("statement"))

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        ordering = ["completed_at", "id"]
        constraints = [
            # Also answers: which versions has this learner completed?
            models.UniqueConstraint(fields=["learner", "version"], name="completion_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.completed_at:%Y-%m-%d}"
