"""What a change of a unit's place means, in counts: said before it is confirmed. Nothing is written here."""

import datetime as dt
from typing import NamedTuple

from ..days import today
from ..enums import LEADING_ROLES
from ..models import OrgUnit, Person, RoleGrant
from ..querysets import Rows
from .units import place_on


class Consequences(NamedTuple):
    """On the day the unit would lie under `after` (under nothing: None) instead of `before`.

    `units` lie under it and come along, `people` work in it and them. Of the leaders and deputies who see
    these people, some would no longer, and some do only then.
    """

    day: dt.date
    before: OrgUnit | None
    after: OrgUnit | None
    until: dt.date | None
    units: int
    people: int
    leaders_before: int
    leaders_after: int
    leaders_lost: int
    leaders_gained: int

    @property
    def has_passed(self) -> bool:
        return self.day < today()


def what_follows(
    unit: OrgUnit, *, under: OrgUnit | None, on: dt.date, until: dt.date | None = None
) -> Consequences:
    """What it would mean if the unit lay under the other on the day. Six queries."""
    standing = place_on(unit, on)
    whole = OrgUnit.objects.under(unit, on=on)
    before = _leaders(OrgUnit.objects.above(unit, on=on), on)
    above = [unit] if under is None else [unit, *OrgUnit.objects.above(under, on=on)]
    after = _leaders(above, on)
    return Consequences(
        day=on,
        before=standing.parent if standing else None,
        after=under,
        until=until,
        units=whole.exclude(pk=unit.pk).count(),
        people=Person.objects.employed_in(whole, on=on).count(),
        leaders_before=len(before),
        leaders_after=len(after),
        leaders_lost=len(before - after),
        leaders_gained=len(after - before),
    )


def _leaders(units: Rows, day: dt.date) -> set[int]:
    held = RoleGrant.objects.active(on=day).with_role(*LEADING_ROLES).in_units(units)
    return set(held.values_list("person", flat=True))
