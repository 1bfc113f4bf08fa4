"""Wagtail's groups follow the grants, at log-in and by `tick`.

A group opens the door to the back office; what is behind each door is asked of `rules` again, at
every request. `is_staff` and `is_superuser` follow nothing.
"""

from collections.abc import Iterable, Iterator

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from ..enums import Role
from ..models import RoleGrant, User

EDUCATORS = "Educators"
ADMINISTRATORS = "Administrators"
LOCAL_EDITORS = "Local editors"
CLINICAL_REVIEWERS = "Clinical reviewers"
#: Administrators who aren't appointed for one unit: they publish what was reviewed.
PUBLISHERS = "Publishers"
GROUP_OF_ROLE = {
    Role.EDUCATOR: EDUCATORS,
    Role.ADMINISTRATOR: ADMINISTRATORS,
    Role.LOCAL_EDITOR: LOCAL_EDITORS,
    Role.CLINICAL_REVIEWER: CLINICAL_REVIEWERS,
}


def sync_groups(user: User) -> bool:
    """Put the user in the groups of today's grants and in no other of ours; True if any changed."""
    return _sync([user.pk]) > 0


def sync_all_groups() -> int:
    """The same for every log-in. Returns how many memberships changed; a second run changes none."""
    return _sync(None)


@transaction.atomic
def _sync(user_ids: Iterable[int] | None) -> int:
    names = (*GROUP_OF_ROLE.values(), PUBLISHERS)
    groups = {group.name: group for group in Group.objects.filter(name__in=names)}
    groups |= {name: make_group(name) for name in names if name not in groups}
    wanted_rows = (
        RoleGrant.objects.active()
        .with_role(*GROUP_OF_ROLE)
        .filter(person__users__is_active=True)
        .values_list("person__users", "role", "unit")
    )
    through = User.groups.through.objects
    held_rows = through.filter(group__in=groups.values())
    if user_ids is not None:
        wanted_rows = wanted_rows.filter(person__users__in=user_ids)
        held_rows = held_rows.filter(user__in=user_ids)
    wanted = {
        (user, groups[name].pk) for user, role, unit in wanted_rows for name in _names(Role(role), unit)
    }
    held = {(row.user_id, row.group_id): row.pk for row in held_rows}
    through.bulk_create(
        [User.groups.through(user_id=user, group_id=group) for user, group in sorted(wanted - held.keys())],
        ignore_conflicts=True,
    )
    surplus = held.keys() - wanted
    through.filter(pk__in=[held[pair] for pair in surplus]).delete()
    return len(wanted - held.keys()) + len(surplus)


def _names(role: Role, unit: int | None) -> Iterator[str]:
    """The groups of a grant, in a unit or for the platform as a whole."""
    yield GROUP_OF_ROLE[role]
    if role == Role.ADMINISTRATOR and unit is None:
        yield PUBLISHERS


def make_group(name: str) -> Group:
    """The group, made with the permission to enter the back office where it doesn't exist."""
    group, created = Group.objects.get_or_create(name=name)
    if created:
        group.permissions.add(
            *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
        )
    return group
