"""What a learner lets others read or say: a reflection that she shares, a colleague whom she asks."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import OrgUnit, Person
from organisations.validators import refuse_cpr_number

from ..enums import Audience
from ..querysets import SharingQuerySet, SupportRequestQuerySet
from .enrolments import Enrolment, FreeText


class Sharing(models.Model):
    """A fact: a learner lets others read a reflection, like a page that she lends out and can ask back.

    By name it is shared in `unit`, one of her workplaces: who reads it is asked anew each time
    (`rules.shared_with`). Without her name it has no unit. It ends when she takes it back, and by itself
    when the words change or are erased: nobody reads other words than those that she shared.
    State changes through `domain.sharing` and `domain.free_text`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.ForeignKey(FreeText, on_delete=models.CASCADE, related_name="sharings")
    audience = models.CharField(_("shared with"), max_length=20, choices=Audience.choices)
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.CharField(_("line"), max_length=300, blank=True, validators=[refuse_cpr_number])
    shared_at = models.DateTimeField(_("shared"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = SharingQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared reflection")
        verbose_name_plural = _("shared reflections")
        ordering = ["-shared_at", "-id"]
        constraints = [
            # A form that is sent twice shares once. Also answers: with whom is this text shared?
            models.UniqueConstraint(
                fields=["text", "audience", "unit"],
                condition=models.Q(taken_back_at__isnull=True, unit__isnull=False),
                name="sharing_one_by_name",
            ),
            models.UniqueConstraint(
                fields=["text", "audience"],
                condition=models.Q(taken_back_at__isnull=True, unit__isnull=True),
                name="sharing_one_unnamed",
            ),
            models.CheckConstraint(
                condition=models.Q(audience=Audience.UNNAMED, unit__isnull=True, comment="")
                | (~models.Q(audience=Audience.UNNAMED) & models.Q(unit__isnull=False)),
                name="sharing_unnamed_says_nothing_of_her",
            ),
        ]
        indexes = [
            # What is shared in these units now, or without a name?
            models.Index(
                fields=["audience", "unit"],
                condition=models.Q(taken_back_at__isnull=True),
                name="sharing_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()} {self.public_id}"


class SupportRequest(models.Model):
    """A fact: a learner asks a colleague of her unit to support that she did a practice task.

    Only whoever is asked sees it, and never what the learner wrote. The support itself is a statement; that
    she declined is none, for it says nothing about the task. It ends when the learner withdraws it or the
    colleague declines; asked again later, it is another row.
    State changes through `domain.support`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="support_requests")
    item = models.CharField(_("item"), max_length=120)
    colleague = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="support_requests")
    asked_at = models.DateTimeField(_("asked"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("colleague who is asked for support")
        verbose_name_plural = _("colleagues who are asked for support")
        ordering = ["asked_at", "id"]
        constraints = [
            # A form that is sent twice asks once.
            models.UniqueConstraint(
                fields=["enrolment", "item", "colleague"],
                condition=models.Q(withdrawn_at__isnull=True, declined_at__isnull=True),
                name="supportrequest_one_standing",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(declined_at__isnull=True),
                name="supportrequest_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.asked_at:%Y-%m-%d}"
