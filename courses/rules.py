"""Who may do what in this room, beside the learner herself."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from organisations.enums import LEADING_ROLES, Role
from organisations.models import Employment, OrgUnit, RoleGrant
from organisations.querysets import OrgUnitQuerySet, PersonQuerySet
from organisations.rules import (
    AnyUser,
    administers_everything,
    is_clinical_reviewer,
    is_coordinator,
    is_educator,
    is_key_person,
    is_leader,
    leads_units,
    nearest_of,
    people_led_by,
    person_of,
)

from .enums import Audience
from .models import Module, Sharing
from .querysets import SharingQuerySet

#: Whose reading a reflection that is shared by name is meant for.
ROLES_OF_AUDIENCE: dict[Audience, tuple[str, ...]] = {
    Audience.LEADER: tuple(sorted(LEADING_ROLES)),
    Audience.KEY_PERSON: (Role.KEY_PERSON,),
}


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


def sees_versions(user: AnyUser) -> bool:
    """Whoever writes, reviews or publishes modules: who approved which version, and when it is due again."""
    return is_educator(user) or is_clinical_reviewer(user) or administers_everything(user)


def people_to_assign_to(user: AnyUser) -> PersonQuerySet:
    """Whom the user may ask to take a module."""
    return people_led_by(user)


def units_to_withdraw_in(user: AnyUser) -> OrgUnitQuerySet:
    """The units whose assignments the user may take back: those that she leads today."""
    return leads_units(user)


def shared_with(user: AnyUser) -> SharingQuerySet:
    """The reflections that are shared with the user by name, as of now: never her own.

    Shared in a unit, it is read by who leads it today, or is its key person, as long as the learner works
    there: the deputy and the next leader too, not the former one, and nobody where she works since. Where
    nobody does, those of the nearest unit above.
    """
    me = person_of(user)
    if me is None:
        return Sharing.objects.none()
    found: list[int] = []
    for audience, roles in ROLES_OF_AUDIENCE.items():
        held = RoleGrant.objects.active().with_role(*roles).filter(person=me).values("unit")
        standing = Sharing.objects.standing().filter(
            audience=audience, unit__in=OrgUnit.objects.under(held).values("pk")
        )
        rows = list(
            standing.exclude(text__enrolment__person=me).values_list(
                "pk", "unit_id", "text__enrolment__person_id"
            )
        )
        works = set(
            Employment.objects.current()
            .in_units({unit for _pk, unit, _person in rows})
            .filter(person__in={person for _pk, _unit, person in rows})
            .values_list("unit_id", "person_id")
        )
        near = nearest_of(works, *roles)
        found += [pk for pk, unit, person in rows if me in near.get((unit, person), [])]
    return Sharing.objects.filter(pk__in=found)


def reads_unnamed(user: AnyUser) -> bool:
    """Educators and region coordinators, wherever: a place would tell whose words they are."""
    return is_educator(user) or is_coordinator(user)


def reads_shared(user: AnyUser) -> bool:
    """Whoever may have a reflection shared with her."""
    return reads_unnamed(user) or is_leader(user) or is_key_person(user)
