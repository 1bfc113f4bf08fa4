"""Who may do what in this room, beside the learner herself."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from organisations.querysets import OrgUnitQuerySet, PersonQuerySet
from organisations.rules import (
    AnyUser,
    administers_everything,
    is_educator,
    leads_units,
    people_in_line,
    person_of,
)

from .models import Module


def writes_modules(user: AnyUser) -> bool:
    """Educators, and administrators of the whole platform."""
    return is_educator(user) or administers_everything(user)


def answers_error_reports(user: AnyUser) -> bool:
    """Educators, and administrators of the whole platform: modules belong to no single unit."""
    return writes_modules(user)


def modules_to_edit(user: AnyUser) -> QuerySet[Module]:
    """The modules that the user may edit: none without the role today, whatever a group still allows."""
    if not writes_modules(user):
        return Module.objects.none()
    keys_of_editable_modules = import_string(settings.MODULES_EDITED_BY)
    return Module.objects.filter(key__in=keys_of_editable_modules(user))


def people_to_assign_to(user: AnyUser) -> PersonQuerySet:
    """Whom the user may ask to take a module: everyone in her line today but herself."""
    me = person_of(user)
    people = people_in_line(user)
    return people.exclude(pk=me.pk) if me else people


def units_to_withdraw_in(user: AnyUser) -> OrgUnitQuerySet:
    """The units whose assignments the user may take back: those that she leads today."""
    return leads_units(user)
