"""How a person gets her log-in: nobody signs up, and nobody chooses a password for another."""

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..enums import InvitationKind
from ..querysets import InvitationQuerySet
from .people import Person


class Invitation(models.Model):
    """A fact: somebody let this person make her log-in, once, until a moment.

    Like a letter with a key in it: the platform keeps the lock only. `digest` is the keyed hash of the
    secret in the mail's link or of the code on paper; neither is kept anywhere. State changes through
    `domain.invitations`.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("person")
    )
    kind = models.CharField(_("how"), max_length=10, choices=InvitationKind.choices)
    email = models.EmailField(_("e-mail address"), blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        Person,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("invited"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_standing_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_used_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=(models.Q(kind=InvitationKind.MAIL) & ~models.Q(email=""))
                | models.Q(kind=InvitationKind.PAPER, email=""),
                name="invitation_by_mail_has_an_address",
                violation_error_message=_(
                    "An invitation by mail needs an e-mail address, a letter has none."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"

    @property
    def state(self) -> str | Promise:
        """What became of it, in a word."""
        if self.used_at:
            return _("used")
        if self.revoked_at:
            return _("withdrawn")
        return _("has run out") if self.expires_at <= timezone.now() else _("waits")
