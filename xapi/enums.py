"""What a client may do, in the words that xAPI 1.0.3 gives for it, whether it still may, what it may keep."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    WRITE = "statements/write", _("write statements")
    READ_MINE = "statements/read/mine", _("read its own statements")
    READ = "statements/read", _("read all statements")
    STATE = "state", _("read and write state")
    PROFILE = "profile", _("read and write profiles of agents and activities")
    ALL = "all", _("everything")


class ClientState(TextChoices):
    ACTIVE = "active", _("active")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")


class DocumentKind(TextChoices):
    STATE = "state", _("state")
    AGENT_PROFILE = "agent-profile", _("agent profile")
    ACTIVITY_PROFILE = "activity-profile", _("activity profile")
