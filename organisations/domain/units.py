"""The tree of units: dated places, and the closure that is derived from them.

`UnitParent` is the fact. `UnitAncestry` says the same for every pair of units, and can be deleted
at any time: `rebuild_ancestry` brings it back, equal to what `place_unit` keeps step by step.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Min
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..days import holds_on, overlaps, today
from ..enums import PARENT_KINDS, AreaKind, UnitKind
from ..models import AreaMembership, OrgUnit, UnitAncestry, UnitParent

#: From when a unit is its own ancestor.
ALWAYS = dt.date.min


class Line(NamedTuple):
    """On these days the unit lies `depth` steps under the ancestor. A row of `UnitAncestry`."""

    ancestor: int
    unit: int
    depth: int
    starts_on: dt.date
    ends_on: dt.date | None


#: Unit → its parents with their days, the earliest first.
Links = dict[int, list[tuple[int, dt.date, dt.date | None]]]


@transaction.atomic
def create_unit(*, code: str, kind: str, name: str, **fields: Any) -> OrgUnit:
    """Add a unit, as yet without a place in the tree. Raises ValidationError for a wrong identifier."""
    unit = OrgUnit(code=code, kind=kind, name=name, **fields)
    unit.full_clean()
    unit.save()
    UnitAncestry.objects.create(ancestor=unit, unit=unit, depth=0, starts_on=ALWAYS)
    return unit


@transaction.atomic
def place_unit(
    unit: OrgUnit, *, parent: OrgUnit, starts_on: dt.date, ends_on: dt.date | None = None
) -> UnitParent:
    """Let the unit lie directly under the parent in [starts_on, ends_on), and renew the ancestry.

    Raises ValidationError if the unit has another place on any of the days, if its kind can't lie
    under the parent's (`PARENT_KINDS`), if the parent doesn't exist on the first day, or if it would
    come to lie under the unit.
    """
    _lock_tree()
    link = UnitParent(unit=unit, parent=parent, starts_on=starts_on, ends_on=ends_on)
    _require_fitting_kinds(unit, parent)
    require_existing(parent, on=starts_on)
    link.full_clean()
    other = unit.parent_links.filter(overlaps(starts_on, ends_on)).select_related("parent").first()
    if other:
        raise ValidationError(
            _("%(unit)s already lies under %(parent)s from %(day)s. A unit has one place at a time.")
            % {"unit": unit, "parent": other.parent, "day": date_format(other.starts_on)},
            code="overlap",
        )
    above_parent = _climb(parent.pk, _links_above([parent.pk]), starts_on, ends_on)
    if any(line.ancestor == unit.pk for line in above_parent):
        raise ValidationError(
            _("%(parent)s lies under %(unit)s on some of the days: a unit can't lie under itself.")
            % {"parent": parent, "unit": unit},
            code="cycle",
        )
    link.save()
    rebuild_ancestry([unit])
    return link


@transaction.atomic
def move_unit(unit: OrgUnit, *, parent: OrgUnit, on: dt.date) -> UnitParent:
    """From the day on, let the unit lie under another parent.

    Only the parent changes: where an end or another place is recorded for later, the new place holds
    until then. Raises like `place_unit`, and if the unit doesn't exist on the day, lies under the parent
    already, or begins its place that very day: such a place was never right, and is corrected.
    """
    _lock_tree()
    require_existing(unit, on=on)
    standing = place_on(unit, on)
    until = standing.ends_on if standing else next_start(unit, on)
    if standing is not None:
        if standing.parent_id == parent.pk:
            raise ValidationError(
                _("%(unit)s already lies under %(parent)s on %(day)s.")
                % {"unit": unit, "parent": parent, "day": date_format(on)},
                code="same",
            )
        if standing.starts_on == on:
            raise ValidationError(
                _("%(unit)s comes to lie under %(parent)s on %(day)s. Correct that place instead.")
                % {"unit": unit, "parent": standing.parent, "day": date_format(on)},
                code="begins",
            )
        standing.ends_on = on
        standing.save()
    return place_unit(unit, parent=parent, starts_on=on, ends_on=until)


@transaction.atomic
def end_place(unit: OrgUnit, *, on: dt.date) -> UnitParent:
    """End the unit's place that holds on the day before: `on` is the first day without it.

    Raises ValidationError if the unit has no place to end.
    """
    _lock_tree()
    link = place_on(unit, on - dt.timedelta(days=1))
    if link is None:
        raise ValidationError(
            _("%(unit)s has no place in the tree before %(day)s.") % {"unit": unit, "day": date_format(on)},
            code="no_place",
        )
    link.ends_on = on
    link.save()
    rebuild_ancestry([unit])
    return link


@transaction.atomic
def correct_place(link: UnitParent, *, parent: OrgUnit, is_by_hand: bool = True) -> UnitParent:
    """Set right a place that named the wrong parent all along.

    One that a person has set right stands against the reference data's files. Raises like `place_unit`,
    and if it names that parent already.
    """
    link = _read_anew(link)
    if link.parent_id == parent.pk:
        raise ValidationError(
            _("The place already says that %(unit)s lies under %(parent)s.")
            % {"unit": link.unit, "parent": parent},
            code="same",
        )
    link.delete()
    corrected = place_unit(link.unit, parent=parent, starts_on=link.starts_on, ends_on=link.ends_on)
    corrected.is_by_hand = is_by_hand
    corrected.save(update_fields=["is_by_hand"])
    return corrected


@transaction.atomic
def reopen_place(link: UnitParent) -> UnitParent:
    """Take back the end of a place: it goes on until the next recorded place begins.

    Raises ValidationError if no end is recorded, or if another place begins on that day.
    """
    link = _read_anew(link)
    until = link.ends_on and next_start(link.unit, link.ends_on - dt.timedelta(days=1))
    if link.ends_on is None or until == link.ends_on:
        raise ValidationError(
            _("There is no end to take back: the place goes on, or another begins when it ends."),
            code="goes_on",
        )
    link.ends_on = until
    link.save()
    rebuild_ancestry([link.unit])
    return link


@transaction.atomic
def withdraw_place(link: UnitParent) -> UnitParent | None:
    """Take back a place that hasn't begun. Returns the place that goes on instead, if one ended for it.

    Raises ValidationError if it has begun: then it is a fact, which ends or is corrected.
    """
    link = _read_anew(link)
    if link.starts_on <= today():
        raise ValidationError(
            _("%(unit)s has lain under %(parent)s since %(day)s. End that place, or correct it.")
            % {"unit": link.unit, "parent": link.parent, "day": date_format(link.starts_on)},
            code="begun",
        )
    link.delete()
    before = place_before(link)
    if before is not None:
        return reopen_place(before)
    rebuild_ancestry([link.unit])
    return None


def place_on(unit: OrgUnit, day: dt.date) -> UnitParent | None:
    """Where the unit lies on the day."""
    return unit.parent_links.filter(holds_on(day)).select_related("parent").first()


def place_before(link: UnitParent) -> UnitParent | None:
    """The place that ended for this one to begin."""
    ended = UnitParent.objects.filter(unit=link.unit_id, ends_on=link.starts_on)
    return ended.select_related("unit", "parent").first()


def next_start(unit: OrgUnit, day: dt.date) -> dt.date | None:
    """The first day after this one on which a place of the unit begins."""
    return unit.parent_links.filter(starts_on__gt=day).aggregate(first=Min("starts_on"))["first"]


def regions_around(units: Iterable[int], *, on: dt.date | None = None) -> dict[int, int]:
    """The region as an employer in whose geography each of the units lies on the day (today otherwise).

    Only of units that are members of a region's area themselves: a municipality, a hospital, a hospice. The
    reference data names the two alike: the area `region-midtjylland` with the code 1082, and the unit
    `region-1082`; a region whose code isn't known yet has one name for both. Two queries.
    """
    rows = AreaMembership.objects.filter(
        holds_on(on or today()), unit__in=list(units), area__kind=AreaKind.REGION
    )
    codes = {
        unit: f"region-{number}" if number else code
        for unit, number, code in rows.values_list("unit", "area__region_code", "area__code")
    }
    regions = OrgUnit.objects.of_kind(UnitKind.REGION).filter(code__in=set(codes.values()))
    keys = dict(regions.values_list("code", "pk"))
    return {unit: keys[code] for unit, code in codes.items() if code in keys}


def require_existing(unit: OrgUnit, *, on: dt.date) -> None:
    """Raise ValidationError if the unit doesn't exist on the day."""
    if unit.starts_on is not None and on < unit.starts_on:
        raise ValidationError(
            _("%(unit)s exists from %(day)s.") % {"unit": unit, "day": date_format(unit.starts_on)},
            code="not_yet",
        )
    if unit.ends_on is not None and on >= unit.ends_on:
        raise ValidationError(
            _("%(unit)s ended on %(day)s.") % {"unit": unit, "day": date_format(unit.ends_on)},
            code="no_longer",
        )


# --- The closure --------------------------------------------------------------------------------


@transaction.atomic
def rebuild_ancestry(units: Iterable[OrgUnit] | None = None) -> int:
    """Make the ancestry of the units and of all that ever lay under them what their places say.

    Without units: of every unit. Returns how many rows were added or removed.
    """
    stored_rows = UnitAncestry.objects.all()
    if units is None:
        touched = set(OrgUnit.objects.values_list("pk", flat=True))
        links = _as_links(UnitParent.objects.all())
    else:
        touched = _ever_under(unit.pk for unit in units)
        links = _links_above(touched)
        stored_rows = stored_rows.filter(unit__in=touched)
    derived = {line for unit in touched for line in _climb(unit, links, ALWAYS, None)}
    fields = ("ancestor", "unit", "depth", "starts_on", "ends_on")
    stored = {Line(*row): pk for pk, *row in stored_rows.values_list("pk", *fields)}
    surplus = stored.keys() - derived
    missing = derived - stored.keys()
    UnitAncestry.objects.filter(pk__in=[stored[line] for line in surplus]).delete()
    UnitAncestry.objects.bulk_create(
        [
            UnitAncestry(
                ancestor_id=line.ancestor,
                unit_id=line.unit,
                depth=line.depth,
                starts_on=line.starts_on,
                ends_on=line.ends_on,
            )
            for line in sorted(missing, key=lambda line: line[:4])
        ],
        batch_size=500,
    )
    return len(surplus) + len(missing)


def _climb(unit: int, links: Links, starts_on: dt.date, ends_on: dt.date | None) -> set[Line]:
    """Every ancestor of the unit within the days; neighbouring intervals of one depth are one."""
    spans: dict[tuple[int, int], list[tuple[dt.date, dt.date | None]]] = defaultdict(list)
    for ancestor, depth, first, end in _steps(unit, links, 0, starts_on, ends_on):
        spans[ancestor, depth].append((first, end))
    return {
        Line(ancestor, unit, depth, first, end)
        for (ancestor, depth), intervals in spans.items()
        for first, end in _joined(sorted(intervals, key=lambda interval: interval[0]))
    }


def _steps(
    unit: int, links: Links, depth: int, starts_on: dt.date, ends_on: dt.date | None
) -> Iterator[tuple[int, int, dt.date, dt.date | None]]:
    """The way up, narrowing the days at each step: it ends because no day has a circle."""
    yield unit, depth, starts_on, ends_on
    for parent, link_starts, link_ends in links.get(unit, ()):
        first = max(starts_on, link_starts)
        end = min((day for day in (ends_on, link_ends) if day is not None), default=None)
        if end is None or first < end:
            yield from _steps(parent, links, depth + 1, first, end)


def _joined(intervals: list[tuple[dt.date, dt.date | None]]) -> list[tuple[dt.date, dt.date | None]]:
    """Sorted intervals that don't overlap, with those that touch made into one."""
    joined = intervals[:1]
    for first, end in intervals[1:]:
        if joined[-1][1] == first:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((first, end))
    return joined


def _as_links(rows: Iterable[UnitParent]) -> Links:
    links: Links = defaultdict(list)
    for row in rows:
        links[row.unit_id].append((row.parent_id, row.starts_on, row.ends_on))
    return links


def _links_above(units: Iterable[int]) -> Links:
    """The places of the units and of everything that they ever lay under: a query a level."""
    links: Links = {}
    seen: set[int] = set()
    level = set(units)
    while level:
        seen |= level
        found = _as_links(UnitParent.objects.filter(unit__in=level))
        links |= found
        level = {parent for places in found.values() for parent, *_days in places} - seen
    return links


def _ever_under(units: Iterable[int]) -> set[int]:
    """The units and everything that on any day lay under them: a query a level."""
    seen: set[int] = set()
    level = set(units)
    while level:
        seen |= level
        children = UnitParent.objects.filter(parent__in=level).values_list("unit", flat=True)
        level = set(children) - seen
    return seen


def _require_fitting_kinds(unit: OrgUnit, parent: OrgUnit) -> None:
    if parent.kind not in PARENT_KINDS[UnitKind(unit.kind)]:
        raise ValidationError(
            _("%(unit)s (%(kind)s) can't lie directly under %(parent)s (%(parent_kind)s).")
            % {
                "unit": unit,
                "kind": unit.get_kind_display(),
                "parent": parent,
                "parent_kind": parent.get_kind_display(),
            },
            code="kinds",
        )


def _read_anew(link: UnitParent) -> UnitParent:
    """The place as it is now, with the tree locked. Raises ValidationError if it is gone."""
    _lock_tree()
    found = UnitParent.objects.filter(pk=link.pk).select_related("unit", "parent").first()
    if found is None:
        raise ValidationError(_("Somebody has changed this place meanwhile. Look at it anew."), code="gone")
    return found


def _lock_tree() -> None:
    """Let one place change at a time, so that no ancestry is derived from half of two changes.

    SQLite's write transactions take turns anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(UnitParent._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
