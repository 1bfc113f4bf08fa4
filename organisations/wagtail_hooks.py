"""What this room adds to the back office."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from .choosers import (
    InviteeChooserViewSet,
    PersonChooserViewSet,
    ScopedChooserViewSet,
    UnitChooserViewSet,
)
from .viewsets import PeopleAndPlaces


@hooks.register("register_admin_viewset")
def people_and_places() -> PeopleAndPlaces:
    return PeopleAndPlaces()


@hooks.register("register_admin_viewset")
def choosers() -> list[ScopedChooserViewSet]:
    return [
        PersonChooserViewSet("person_chooser"),
        InviteeChooserViewSet("invitee_chooser"),
        UnitChooserViewSet("unit_chooser"),
    ]


@hooks.register("register_log_actions")
def actions(registry: LogActionRegistry) -> None:
    """What a history says of what was done here, beside Wagtail's own."""
    registry.register_action(
        "organisations.second_step_removed", _("Remove the second step"), _("The second step was removed")
    )
