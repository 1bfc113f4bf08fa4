"""What a client may do, in the words that xAPI 1.0.3 gives for it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    WRITE = "statements/write", _("write statements")
    READ_MINE = "statements/read/mine", _("read its own statements")
    READ = "statements/read", _("read all statements")
    ALL = "all", _("everything")
