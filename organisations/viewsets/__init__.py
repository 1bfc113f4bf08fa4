"""The back office of this room: people and places."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from .base import AdministeredPolicy, AdministeredViewSet, everything
from .people import EmploymentViewSet, InvitationViewSet, LoginViewSet, PersonViewSet, RoleGrantViewSet
from .units import AreaViewSet, OrgUnitViewSet, ProfessionViewSet

__all__ = ["AdministeredPolicy", "AdministeredViewSet", "PeopleAndPlaces", "everything"]


class PeopleAndPlaces(ViewSetGroup):
    menu_label = _("People and places")
    menu_icon = "group"
    menu_order = 300

    items = (
        PersonViewSet,
        OrgUnitViewSet,
        EmploymentViewSet,
        RoleGrantViewSet,
        LoginViewSet,
        InvitationViewSet,
        ProfessionViewSet,
        AreaViewSet,
    )
