"""Which mails somebody wants."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import MailKind
from .people import Person


class MailSetting(models.Model):
    """A person's own setting: whether mails of a kind are sent to her. They are where there is no row.

    State changes through `domain.mails.turn`.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mail_settings")
    kind = models.CharField(_("mail"), max_length=20, choices=MailKind.choices)
    is_on = models.BooleanField(_("is sent"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("setting for mails")
        verbose_name_plural = _("settings for mails")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="mailsetting_one_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.is_on}"
