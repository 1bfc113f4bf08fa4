"""Who is taking what, and what they wrote."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Person

from ..enums import ItemKind
from ..querysets import EnrolmentQuerySet, FreeTextQuerySet
from .modules import Edition, Module


class Enrolment(models.Model):
    """A fact: a person began an edition of a module. Its UUID is `context.registration`.

    `position` is the last step that was opened (from 1), so that she can go on where she was, on any
    device. `is_open` until she finishes. Nothing about results is held here: that is derived.
    State changes through `domain.enrolment`.
    """

    registration = models.UUIDField(_("registration"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField(_("began"))
    position = models.PositiveSmallIntegerField(_("last step opened"), default=1)
    is_open = models.BooleanField(_("open"), default=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-started_at", "-id"]
        constraints = [
            # Two browsers that begin a module at once begin it once.
            models.UniqueConstraint(
                fields=["person", "module"],
                condition=models.Q(is_open=True),
                name="enrolment_one_open_a_module",
            )
        ]
        indexes = [
            # What was this person in the middle of?
            models.Index(fields=["person", "-started_at"], name="enrolment_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.edition}"


class FreeText(models.Model):
    """What a learner wrote in her own words: erasable, and never in a statement.

    A statement refers to it by `public_id`. A short answer and a reflection are the learner's own. A
    practice task is written to be confirmed: the leader or key person who confirms it reads it.
    State changes through `domain.free_text`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="texts")
    item = models.CharField(_("item"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=ItemKind.choices)
    text = models.TextField(_("text"), blank=True)
    written_at = models.DateTimeField(_("written"))
    changed_at = models.DateTimeField(_("changed"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = FreeTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("free text")
        verbose_name_plural = _("free texts")
        ordering = ["written_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item"], name="freetext_one_an_item"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.public_id}"
