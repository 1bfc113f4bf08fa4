"""Other record stores that are sent what is recorded here."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Forwarding(models.Model):
    """That new statements go on to another record store, in order, like a mail round.

    `cursor` is the `seq` of the last statement that was taken there or refused there. The secret is
    not held here: `secret_name` says which of `settings.FORWARDING_SECRETS` it is. `claimed_until` and
    `claim` let several workers share the work. State changes through `domain.forwarding`.
    """

    name = models.CharField(_("name"), max_length=200)
    endpoint = models.URLField(_("address of the other store"), max_length=500)
    key = models.CharField(_("key"), max_length=100)
    secret_name = models.CharField(
        _("name of the secret"),
        max_length=50,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9_]*\Z", _("Capital letters, digits and underscores."))],
        help_text=_(
            "The secret itself is no part of the database: REGION_MIDT stands for the environment "
            "variable FORWARDING_SECRET_REGION_MIDT of the processes that send."
        ),
    )
    is_active = models.BooleanField(_("sends"), default=True)
    cursor = models.BigIntegerField(default=0, editable=False)
    sent = models.BigIntegerField(_("sent"), default=0, editable=False)
    last_sent_at = models.DateTimeField(_("last sent"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failed attempts in a row"), default=0, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("forwarding")
        verbose_name_plural = _("forwardings")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class ForwardingRefusal(models.Model):
    """That the other store refused one statement, and why. The statements after it went on."""

    forwarding = models.ForeignKey(Forwarding, on_delete=models.CASCADE, related_name="refusals")
    statement = models.UUIDField(_("statement"))
    seq = models.BigIntegerField()
    status = models.PositiveSmallIntegerField(_("answer"))
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("refused statement")
        verbose_name_plural = _("refused statements")
        ordering = ["forwarding", "seq"]
        constraints = [
            # Also answers: what was refused there, in order?
            models.UniqueConstraint(fields=["forwarding", "seq"], name="forwardingrefusal_once_a_statement"),
        ]

    def __str__(self) -> str:
        return f"{self.statement}: {self.status}"
