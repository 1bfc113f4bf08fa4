"""Refreshers: questions of a completed module that come back. All of it is the learner's own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person

from .enrolments import Enrolment
from .modules import Edition


class RefresherAnswer(models.Model):
    """Derived: an answer to a question that came back. Never an attempt at the module itself.

    Recomputed from statements by `projections.CompletionStage`. `edition` is the one that was asked
    from: it may be a newer one of the version than she took.
    """

    learner = models.UUIDField(db_index=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="refresher_answers")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField(_("round"))
    item = models.CharField(_("item"), max_length=120)
    ordinal = models.PositiveIntegerField(_("attempt number"))
    response = models.TextField(_("response"))
    success = models.BooleanField(_("right"))
    answered_at = models.DateTimeField(_("answered"))
    statement = models.UUIDField(_("statement"))

    class Meta:
        verbose_name = _("answer in a refresher")
        verbose_name_plural = _("answers in refreshers")
        ordering = ["enrolment", "number", "item", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["statement"], name="refresheranswer_statement_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.item} #{self.ordinal}"


class SkippedRefresher(models.Model):
    """A fact: the learner said that she doesn't want this round. The next one comes all the same."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="skipped_refreshers")
    number = models.PositiveSmallIntegerField(_("round"))
    skipped_at = models.DateTimeField(_("skipped"))

    class Meta:
        verbose_name = _("skipped refresher")
        verbose_name_plural = _("skipped refreshers")
        ordering = ["skipped_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="skippedrefresher_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.number}"


class RefresherSetting(models.Model):
    """The learner's own setting: whether questions come back at all. They do where there is no row."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="refresher_setting")
    is_on = models.BooleanField(_("refreshers are on"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("setting for refreshers")
        verbose_name_plural = _("settings for refreshers")

    def __str__(self) -> str:
        return f"{self.is_on} {self.changed_at:%Y-%m-%d}"
