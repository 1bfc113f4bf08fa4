"""What this room adds to the back office."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter

from .choosers import (
    InviteeChooserViewSet,
    ParentChooserViewSet,
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
        ParentChooserViewSet("parent_chooser"),
    ]


#: What was done with a unit's place, and how its history says it.
PLACES = [
    ("organisations.unit_moved", _("Move the unit"), _("Moved: lies under %(parent)s from %(day)s")),
    ("organisations.place_ended", _("End its place"), _("No longer lies under %(parent)s from %(day)s")),
    (
        "organisations.place_corrected",
        _("Correct the place"),
        _("Corrected: lies under %(parent)s from %(day)s, and never lay under %(instead_of)s"),
    ),
    (
        "organisations.place_reopened",
        _("Take back the end"),
        _("Taken back: the end of the place under %(parent)s on %(day)s"),
    ),
    (
        "organisations.place_withdrawn",
        _("Take back the coming place"),
        _("Taken back: the place under %(parent)s from %(day)s"),
    ),
]


class PlaceFormatter(LogFormatter):
    """A sentence with the parents' names as they were then, and the day."""

    def format_message(self, log_entry: Any) -> str:
        said = dict(log_entry.data)
        said["day"] = date_format(dt.date.fromisoformat(said["day"]))
        return str(self.message) % said


@hooks.register("register_log_actions")
def actions(registry: LogActionRegistry) -> None:
    """What a history says of what was done here, beside Wagtail's own."""
    registry.register_action(
        "organisations.second_step_removed", _("Remove the second step"), _("The second step was removed")
    )
    for action, label, message in PLACES:
        formatter = type("PlaceFormatter", (PlaceFormatter,), {"label": label, "message": message})
        registry.register_action(action)(formatter)
