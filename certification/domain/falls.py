"""Where there will be fewer key persons than a target asks for: the only one leaves, and nobody follows.

High turnover makes a unit lose its key person without anybody noticing (DSPAM's policy paper, theme 4, names
the turnover). So it is told once, as soon as it is known.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from organisations.days import today
from organisations.enums import Role
from organisations.models import Area, OrgUnit, Person, RoleGrant
from organisations.rules import leaders_of

from ..coverage import CoverageRow, coverage
from ..enums import CoverageStatus
from ..models import Target, ToldFall

#: An end that is registered late, after the day itself, is told too, up to so many days after it.
LATE_DAYS = 30


@dataclass(frozen=True)
class Fall:
    """From `falls_on` the unit has fewer key persons than needed; and who counts for it until then."""

    unit: OrgUnit
    target: Target
    falls_on: dt.date
    key_persons: tuple[RoleGrant, ...]


def tell_once() -> list[Fall]:
    """The falls that are known today and haven't been told, each noted as told now.

    Safe to run at any time, twice, and beside another: each fall is returned by one call only.
    """
    day, now = today(), timezone.now()
    found = {}
    for area in Area.objects.filter(pk__in=Target.objects.in_force(on=day).values("area")):
        for fall in _falls_in(area, day):
            found[fall.unit.pk, fall.target.pk, fall.falls_on] = fall
    return [
        fall
        for (unit, target, falls_on), fall in found.items()
        if ToldFall.objects.get_or_create(
            unit_id=unit, target_id=target, falls_on=falls_on, defaults={"told_at": now}
        )[1]
    ]


def leaders_to_tell(fall: Fall) -> list[Person]:
    """Who leads the unit, and who leads where its key persons are appointed: they can appoint another."""
    units = {
        fall.unit.pk: fall.unit,
        **{grant.unit.pk: grant.unit for grant in fall.key_persons if grant.unit},
    }
    people = {grant.person.pk: grant.person for unit in units.values() for grant in leaders_of(unit)}
    return list(people.values())


def coordinators_to_tell(fall: Fall) -> list[Person]:
    """Who coordinates the area whose target it is."""
    grants = RoleGrant.objects.active().with_role(Role.COORDINATOR).filter(area=fall.target.area_id)
    return [grant.person for grant in grants.select_related("person").order_by("person")]


def _falls_in(area: Area, day: dt.date) -> Iterator[Fall]:
    """Those ahead; and those of the last days that still hold, which were entered late or come today."""
    now = {_key(row): row for row in coverage(area, on=day).rows}
    for row in now.values():
        if row.falls_on and row.target:
            yield _fall(row, row.target, row.falls_on)
    for row in coverage(area, on=day - dt.timedelta(days=LATE_DAYS)).rows:
        later = now.get(_key(row))
        if row.target and row.falls_on and row.falls_on <= day and later and _is_short(later):
            yield _fall(row, row.target, row.falls_on)


def _key(row: CoverageRow) -> tuple[int, int | None]:
    return row.unit.pk, row.target.pk if row.target else None


def _is_short(row: CoverageRow) -> bool:
    return row.status in {CoverageStatus.GAP, CoverageStatus.UNKNOWN}


def _fall(row: CoverageRow, target: Target, falls_on: dt.date) -> Fall:
    return Fall(row.unit, target, falls_on, tuple(one.grant for one in row.key_persons))
