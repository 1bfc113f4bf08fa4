"""On which days a key person counts for a unit, as intervals: [starts_on, ends_on)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from organisations.days import overlaps
from organisations.enums import Role
from organisations.models import Employment, OrgUnit, RoleGrant, UnitAncestry
from organisations.querysets import Rows

#: How many days ahead of the day asked for a fall below the need is foreseen.
DAYS_AHEAD = 90


class Span(NamedTuple):
    """Days from one to before another; None is for ever."""

    starts_on: dt.date
    ends_on: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def meet(self, other: "Span") -> "Span | None":
        """The days that both have, if any."""
        starts_on = max(self.starts_on, other.starts_on)
        ends = [end for end in (self.ends_on, other.ends_on) if end is not None]
        ends_on = min(ends) if ends else None
        return Span(starts_on, ends_on) if ends_on is None or starts_on < ends_on else None


@dataclass(frozen=True)
class Presence:
    """These days the person counts for the unit, by this appointment and this employment."""

    span: Span
    grant: RoleGrant
    employment: Employment


#: What counts for one unit: person → her presences.
People = dict[int, list[Presence]]


def presences(units: QuerySet[OrgUnit], *, on: dt.date) -> dict[int, People]:
    """Unit → person → presences that touch the day or one of the 90 after it. Three queries.

    Holds at least these units; what lies above them may be there too.
    """
    ancestry = UnitAncestry.objects.filter(_touching(on), ancestor__in=units.values("pk"))
    return presences_in(ancestry.values("unit"), on=on)


def presences_in(places: Rows, *, on: dt.date) -> dict[int, People]:
    """The same, of those who are appointed for these very units. Three queries."""
    touching = _touching(on)
    grants = (
        RoleGrant.objects.with_role(Role.KEY_PERSON)
        .filter(touching)
        .in_units(places)
        .select_related("person", "unit")
        .order_by("starts_on", "pk")
    )
    employments = (
        Employment.objects.filter(touching, person__in={grant.person_id for grant in grants})
        .select_related("unit", "profession")
        .order_by("starts_on", "pk")
    )
    employments_of: dict[int, list[Employment]] = defaultdict(list)
    for employment in employments:
        employments_of[employment.person_id].append(employment)
    named = {row.unit_id for rows in (grants, employments) for row in rows}
    lines = _lines_above(UnitAncestry.objects.filter(touching, unit__in=named))
    found: dict[int, People] = defaultdict(lambda: defaultdict(list))
    for grant in grants:
        above = lines.get(grant.unit_id or 0, [])
        for employment in employments_of[grant.person_id]:
            for span in _days_at_work(grant, employment, lines):
                for unit, line in above:
                    days = span.meet(line)
                    if days:
                        found[unit][grant.person_id].append(Presence(days, grant, employment))
    return found


def _touching(on: dt.date) -> Q:
    return overlaps(on, on + dt.timedelta(days=DAYS_AHEAD + 1))


#: Unit → what it lies under, and on which days.
Lines = dict[int, list[tuple[int, Span]]]


def _lines_above(rows: QuerySet[UnitAncestry]) -> Lines:
    lines: Lines = defaultdict(list)
    for unit, ancestor, starts_on, ends_on in rows.values_list("unit", "ancestor", "starts_on", "ends_on"):
        lines[unit].append((ancestor, Span(starts_on, ends_on)))
    return lines


def _days_at_work(grant: RoleGrant, employment: Employment, lines: Lines) -> Iterable[Span]:
    """The days on which she is appointed, and employed in the unit of the appointment or under it."""
    both = Span(grant.starts_on, grant.ends_on).meet(Span(employment.starts_on, employment.ends_on))
    if both is None:
        return
    for ancestor, line in lines[employment.unit_id]:
        days = both.meet(line) if ancestor == grant.unit_id else None
        if days:
            yield days


def here_on(people: People, day: dt.date) -> dict[int, Presence]:
    """Who counts on the day, each with the first presence that holds."""
    here = {}
    for person, of_person in people.items():
        holding = [presence for presence in of_person if presence.span.holds_on(day)]
        if holding:
            here[person] = holding[0]
    return here


def falls_below(people: People, need: int, *, on: dt.date) -> dt.date | None:
    """The first of the 90 days after `on` with fewer people than needed, as far as is known."""
    last = on + dt.timedelta(days=DAYS_AHEAD)
    # The number can fall only where a presence ends.
    ends = {presence.span.ends_on for of_person in people.values() for presence in of_person}
    for day in sorted(end for end in ends if end is not None and on < end <= last):
        if len(here_on(people, day)) < need:
            return day
    return None


def counts_until(of_person: Iterable[Presence], *, on: dt.date) -> dt.date | None:
    """The first day after `on` on which she counts no longer, if it is one of the 90."""
    last = on + dt.timedelta(days=DAYS_AHEAD)
    spans = [presence.span for presence in of_person]
    day: dt.date | None = on
    while day is not None and day <= last:
        holding = [span for span in spans if span.holds_on(day)]
        if not holding:
            return day
        ends = [span.ends_on for span in holding]
        day = None if None in ends else max(end for end in ends if end is not None)
    return None


def leaving(grants: Iterable[RoleGrant], *, on: dt.date) -> dict[int, dt.date]:
    """Of these appointments, by key: the first day after `on` on which she counts no longer, if it is one of
    the 90, because the appointment ends or her work does. Three queries.
    """
    rows = list(grants)
    found = presences_in({grant.unit_id for grant in rows if grant.unit_id}, on=on)
    days = {
        grant.pk: counts_until(found.get(grant.unit_id or 0, {}).get(grant.person_id, []), on=on)
        for grant in rows
    }
    return {grant: day for grant, day in days.items() if day is not None}
