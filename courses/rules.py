"""Who may do what in this room, beside the learner herself."""

from organisations.querysets import OrgUnitQuerySet, PersonQuerySet
from organisations.rules import (
    AnyUser,
    administers_everything,
    is_clinical_reviewer,
    is_educator,
    leads_units,
    people_in_line,
    person_of,
)


def answers_error_reports(user: AnyUser) -> bool:
    """Educators, and administrators of the whole platform: modules belong to no single unit."""
    return is_educator(user) or administers_everything(user)


def sees_versions(user: AnyUser) -> bool:
    """Whoever writes, reviews or publishes modules: who approved which version, and when it is due again."""
    return is_educator(user) or is_clinical_reviewer(user) or administers_everything(user)


def people_to_assign_to(user: AnyUser) -> PersonQuerySet:
    """Whom the user may ask to take a module: everyone in her line today but herself."""
    me = person_of(user)
    people = people_in_line(user)
    return people.exclude(pk=me.pk) if me else people


def units_to_withdraw_in(user: AnyUser) -> OrgUnitQuerySet:
    """The units whose assignments the user may take back: those that she leads today."""
    return leads_units(user)
