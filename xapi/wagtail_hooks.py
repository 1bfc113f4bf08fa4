"""What this room adds to the back office."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from .viewsets import RecordStore


@hooks.register("register_admin_viewset")
def record_store() -> RecordStore:
    return RecordStore()


@hooks.register("register_log_actions")
def revoking(actions: LogActionRegistry) -> None:
    actions.register_action("xapi.revoke", _("Revoke"), _("Revoked"))
