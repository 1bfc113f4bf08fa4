"""Who may do what with whom. Today's grants decide access; the day asked for decides content.

Every rule takes a `user` (`request.user`): nobody logged in, a log-in that is switched off or a
log-in without a person holds no role. Being an administrator opens nobody's learning record.
"""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from .days import holds_on, today
from .enums import LEADING_ROLES, Role
from .models import (
    Area,
    Employment,
    Invitation,
    Login,
    OrgUnit,
    Person,
    RoleGrant,
    UnitAncestry,
    UnitParent,
    User,
)
from .querysets import (
    AreaQuerySet,
    EmploymentQuerySet,
    InvitationQuerySet,
    OrgUnitQuerySet,
    PersonQuerySet,
    RoleGrantQuerySet,
)

AnyUser = User | AnonymousUser


def person_of(user: AnyUser) -> Person | None:
    """The person who is logged in, if there is one."""
    return user.person if isinstance(user, User) and user.is_active else None


def _grants(user: AnyUser, *roles: str) -> RoleGrantQuerySet:
    """The grants of these roles that the user holds today."""
    person = person_of(user)
    if person is None:
        return RoleGrant.objects.none()
    return RoleGrant.objects.active().with_role(*roles).filter(person=person)


def is_leader(user: AnyUser) -> bool:
    """Leads a unit today, as leader or deputy."""
    return _grants(user, *LEADING_ROLES).exists()


def is_coordinator(user: AnyUser) -> bool:
    return _grants(user, Role.COORDINATOR).exists()


def is_educator(user: AnyUser) -> bool:
    return _grants(user, Role.EDUCATOR).exists()


def is_clinical_reviewer(user: AnyUser) -> bool:
    return _grants(user, Role.CLINICAL_REVIEWER).exists()


def is_local_editor(user: AnyUser) -> bool:
    return _grants(user, Role.LOCAL_EDITOR).exists()


def is_key_person(user: AnyUser) -> bool:
    return _grants(user, Role.KEY_PERSON).exists()


def is_administrator(user: AnyUser) -> bool:
    """Runs the platform, or the part of it that lies under a unit."""
    return (user.is_active and user.is_superuser) or _grants(user, Role.ADMINISTRATOR).exists()


def sees_others(user: AnyUser) -> bool:
    """Whoever sees, or can change, more than what is her own: the platform's runners and every role."""
    return (user.is_active and (user.is_superuser or user.is_staff)) or _grants(user, *Role.values).exists()


# --- Leaders ----------------------------------------------------------------------------------


def leads_units(user: AnyUser, on: dt.date | None = None) -> OrgUnitQuerySet:
    """The units whose people the user sees: those led today, and what lies under them on the day."""
    return OrgUnit.objects.under(_grants(user, *LEADING_ROLES).values("unit"), on=on)


def people_in_line(user: AnyUser) -> PersonQuerySet:
    """Everyone who works today in a unit that the user leads (herself, if she works there)."""
    return Person.objects.employed_in(leads_units(user))


def people_led_by(user: AnyUser) -> PersonQuerySet:
    """Everyone in the user's line today but herself."""
    me = person_of(user)
    people = people_in_line(user)
    return people.exclude(pk=me.pk) if me else people


def stands_in_for(user: AnyUser) -> PersonQuerySet:
    """The leaders whose deputy the user is today."""
    units = _grants(user, Role.DEPUTY).values("unit")
    grants = RoleGrant.objects.active().with_role(Role.LEADER).filter(unit__in=units)
    return Person.objects.filter(pk__in=grants.values("person"))


def may_confirm(user: AnyUser, learner: Person) -> bool:
    """Leaders of the learner's units, and key persons of them or of a unit above. Never oneself."""
    me = person_of(user)
    if me is None or me.pk == learner.pk:
        return False
    if people_in_line(user).filter(pk=learner.pk).exists():
        return True
    workplaces = Employment.objects.current().filter(person=learner).values("unit")
    return _grants(user, Role.KEY_PERSON).in_units(OrgUnit.objects.above(workplaces)).exists()


def may_appoint(user: AnyUser, unit: OrgUnit) -> bool:
    """Appoint a key person there: whoever leads the unit."""
    return leads_units(user).filter(pk=unit.pk).exists()


def may_appoint_deputy(user: AnyUser, unit: OrgUnit) -> bool:
    """Only a leader of the unit, or above: a deputy's access would otherwise outlive her days."""
    led = OrgUnit.objects.under(_grants(user, Role.LEADER).values("unit"))
    return led.filter(pk=unit.pk).exists()


def leaders_of(unit: OrgUnit, on: dt.date | None = None) -> RoleGrantQuerySet:
    """Who leads the unit on the day: its own leaders and deputies, else those of the nearest unit above.

    A unit without a leader so goes to the one above it. Empty where nobody above leads either.
    """
    day = on or today()
    above = UnitAncestry.objects.filter(holds_on(day), unit=unit).order_by("depth").values_list("ancestor")
    held = RoleGrant.objects.active(on=day).with_role(*LEADING_ROLES)
    led = set(held.in_units(OrgUnit.objects.above(unit, on=day)).values_list("unit", flat=True))
    nearest = [ancestor for (ancestor,) in above if ancestor in led][:1]
    return held.in_units(nearest).select_related("person", "unit")


def nearest_of(places: Iterable[tuple[int, int]], *roles: str) -> dict[tuple[int, int], list[Person]]:
    """Who holds one of the roles nearest to each place: the key of a unit, and of a person who works there.

    Those of the unit itself, else of the nearest unit above that has somebody other than that person.
    Two queries, however many places.
    """
    wanted = set(places)
    ancestry = UnitAncestry.objects.filter(holds_on(today()), unit__in={unit for unit, _person in wanted})
    above: dict[int, list[int]] = {}
    for unit, ancestor in ancestry.order_by("depth").values_list("unit", "ancestor"):
        above.setdefault(unit, []).append(ancestor)
    units = {ancestor for row in above.values() for ancestor in row}
    held: dict[int, dict[int, Person]] = {}
    for grant in RoleGrant.objects.active().with_role(*roles).in_units(units).select_related("person"):
        held.setdefault(grant.unit_id or 0, {})[grant.person_id] = grant.person
    found: dict[tuple[int, int], list[Person]] = {}
    for unit, person in wanted:
        others = (
            [row for pk, row in held.get(ancestor, {}).items() if pk != person]
            for ancestor in above.get(unit, [])
        )
        found[unit, person] = next((people for people in others if people), [])
    return found


def who_confirms(learner: Person) -> list[Person]:
    """Whom to tell that she handed in a practice task: the nearest leaders and the nearest key persons."""
    workplaces = Employment.objects.current().filter(person=learner).values_list("unit", flat=True)
    places = [(unit, learner.pk) for unit in workplaces]
    near = [nearest_of(places, *LEADING_ROLES), nearest_of(places, Role.KEY_PERSON)]
    people = {person.pk: person for found in near for row in found.values() for person in row}
    return [people[pk] for pk in sorted(people)]


def colleagues_of(person: Person) -> PersonQuerySet:
    """Everybody else who works today in a unit where the person works today, and not above or under it."""
    return Person.objects.employed_in(person.workplaces_today).exclude(pk=person.pk)


# --- Regions ----------------------------------------------------------------------------------


def coordinated_areas(user: AnyUser) -> AreaQuerySet:
    return Area.objects.filter(pk__in=_grants(user, Role.COORDINATOR).values("area"))


# --- Administrators -----------------------------------------------------------------------------


def administers_everything(user: AnyUser) -> bool:
    """A superuser, or an administrator who isn't appointed for one unit."""
    if not user.is_active:
        return False
    return user.is_superuser or _grants(user, Role.ADMINISTRATOR).filter(unit__isnull=True).exists()


def administered_units(user: AnyUser) -> OrgUnitQuerySet:
    """The units that the user administers: all, or those today under the units of her grants."""
    if administers_everything(user):
        return OrgUnit.objects.all()
    return OrgUnit.objects.under(_grants(user, Role.ADMINISTRATOR).values("unit"))


def administered_places(user: AnyUser) -> QuerySet[UnitParent]:
    """The places in the tree that the user keeps right: of her units, under her units.

    What lies under somebody else's unit is not hers alone: whoever is appointed above would lose it.
    """
    if administers_everything(user):
        return UnitParent.objects.all()
    mine = administered_units(user)
    return UnitParent.objects.filter(unit__in=mine, parent__in=mine)


def movable_units(user: AnyUser) -> OrgUnitQuerySet:
    """The administered units, except those that lie today directly under a unit that isn't hers."""
    mine = administered_units(user)
    if administers_everything(user):
        return mine
    elsewhere = UnitParent.objects.filter(holds_on(today()), unit__in=mine).exclude(parent__in=mine)
    return mine.exclude(pk__in=elsewhere.values("unit"))


def would_reach(user: AnyUser, unit: OrgUnit, *, under: OrgUnit, on: dt.date) -> bool:
    """Whether the user, by a role of her own above, would come to see or confirm what people of the unit do.

    Whoever gives herself no role doesn't move people under the one she has either.
    """
    held = _grants(user, *LEADING_ROLES, Role.KEY_PERSON).values("unit")
    reached = set(OrgUnit.objects.under(held, on=on).filter(pk__in=[unit.pk, under.pk]))
    return under in reached and unit not in reached


def administered_employments(user: AnyUser) -> EmploymentQuerySet:
    """Employments in administered units, past ones too: they are those units' own history."""
    return Employment.objects.in_units(administered_units(user))


def administered_people(user: AnyUser) -> PersonQuerySet:
    """People whose names the user keeps right: all, or those who work in her units now or later."""
    if administers_everything(user):
        return Person.objects.all()
    standing = administered_employments(user).exclude(ends_on__lte=today())
    return Person.objects.filter(pk__in=standing.values("person"))


def administered_grants(user: AnyUser) -> RoleGrantQuerySet:
    """All grants, or those held in administered units."""
    if administers_everything(user):
        return RoleGrant.objects.all()
    return RoleGrant.objects.in_units(administered_units(user))


def people_to_let_in(user: AnyUser) -> PersonQuerySet:
    """People whose log-ins the user keeps: within a unit, nobody who may do more than the unit's own people.

    Otherwise the administrator of a ward could give herself the hospital director's log-in.
    """
    people = administered_people(user)
    if administers_everything(user):
        return people
    beyond = RoleGrant.objects.exclude(ends_on__lte=today()).exclude(
        pk__in=administered_grants(user).values("pk")
    )
    runners = User.objects.filter(Q(is_superuser=True) | Q(is_staff=True), person__isnull=False)
    return people.exclude(pk__in=beyond.values("person")).exclude(pk__in=runners.values("person"))


def people_to_invite(user: AnyUser) -> PersonQuerySet:
    """Those of them who have no log-in, or only one without an e-mail address (for a new password)."""
    return people_to_let_in(user).without_mail_login()


def administered_logins(user: AnyUser) -> QuerySet[User]:
    """The log-ins of people whom the user lets in; a log-in of nobody is seen by who runs everything."""
    if administers_everything(user):
        return Login.objects.all()
    return Login.objects.filter(person__in=people_to_let_in(user))


def administered_invitations(user: AnyUser) -> InvitationQuerySet:
    """The invitations of people whom the user lets in."""
    return Invitation.objects.filter(person__in=people_to_let_in(user))


# --- Local guides -------------------------------------------------------------------------------


def units_with_own_guides(user: AnyUser) -> OrgUnitQuerySet:
    """The units whose local guides the user keeps: as local editor there or above, or as administrator."""
    if administers_everything(user):
        return OrgUnit.objects.all()
    keeping = _grants(user, Role.LOCAL_EDITOR, Role.ADMINISTRATOR)
    return OrgUnit.objects.under(keeping.filter(unit__isnull=False).values("unit"))


def keeps_guides(user: AnyUser) -> bool:
    """Keeps the local guides of some unit."""
    return is_administrator(user) or is_local_editor(user)


def keepers_of_guides(units: Iterable[int]) -> list[RoleGrant]:
    """The local editors of the units today, those of the nearest unit first."""
    depths: dict[int, int] = {}
    ancestry = UnitAncestry.objects.filter(holds_on(today()), unit__in=list(units))
    for ancestor, depth in ancestry.values_list("ancestor", "depth"):
        depths[ancestor] = min(depth, depths.get(ancestor, depth))
    keeping = RoleGrant.objects.active().with_role(Role.LOCAL_EDITOR).in_units(list(depths))
    return sorted(keeping.select_related("person", "unit"), key=lambda grant: depths[grant.unit_id or 0])
