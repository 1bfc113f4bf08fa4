"""The systems outside that may use the store."""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xapi.enums import ClientState, Scope
from xapi.querysets import ClientQuerySet


class Client(models.Model):
    """A system outside that may post or fetch statements: a key, a secret, and what they open.

    The secret is random and long, so one round of SHA-256 keeps it: a slow hash protects short
    secrets that people choose, and each request would pay for it. `authority` is written into every
    statement that this client posts. A statement counts towards competence only when its activity is
    covered by `trusted_prefixes`: a prefix that ends in / or # covers everything under it, any other
    exactly itself. State changes through `domain.clients`.
    """

    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(_("key"), max_length=100, unique=True)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    trusted_prefixes = models.JSONField(_("trusted for activities that begin with"), default=list, blank=True)
    authority = models.JSONField(_("authority"), editable=False)
    requests_a_minute = models.PositiveIntegerField(
        _("requests a minute"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("At most. Empty for no limit."),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("xAPI client")
        verbose_name_plural = _("xAPI clients")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @staticmethod
    def authority_for(key: str, name: str) -> dict[str, Any]:
        """The Agent that vouches for this client's statements."""
        account = {"homePage": settings.IRI_BASE, "name": f"client:{key}"}
        return {"objectType": "Agent", "name": name, "account": account}

    def has_secret(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret_hash, self.hash_of(secret))

    @property
    def state(self) -> ClientState:
        now = timezone.now()
        if self.revoked_at and self.revoked_at <= now:
            return ClientState.REVOKED
        if self.expires_at and self.expires_at <= now:
            return ClientState.EXPIRED
        return ClientState.ACTIVE

    @property
    def is_active(self) -> bool:
        """Whether it is neither expired nor revoked (in SQL: `ClientQuerySet.active`)."""
        ends = [end for end in (self.expires_at, self.revoked_at) if end is not None]
        return not ends or timezone.now() < min(ends)

    def may(self, *scopes: Scope) -> bool:
        """Whether it has one of these scopes, or all of them by `all`."""
        return any(scope in self.scopes for scope in (*scopes, Scope.ALL))
