"""The two questions: how is an area covered on a day, and how are the country's municipalities."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from organisations.days import holds_on
from organisations.enums import AreaKind, UnitKind
from organisations.models import Area, AreaMembership, OrgUnit, UnitAncestry

from ..enums import CoverageStatus, Relevance
from ..models import KeyPersonEducation, RelevanceDecision, Target, UnitReport
from . import presence
from .rows import LEVELS, Coverage, CoverageRow, KeyPerson

#: How many years a report holds: the agreement is revised every third year.
REPORT_HOLDS_YEARS = 3


def coverage(area: Area, *, on: dt.date) -> Coverage:
    """Every municipality, department and ward of the area on the day, against the targets in force."""
    named = Q(kind__in=LEVELS) | Q(kind__in=Target.objects.in_force(on=on).values("unit_kind"))
    units = OrgUnit.objects.in_area(area, on=on).existing(on=on).filter(named)
    rows, past = _measure(units, on=on)
    return Coverage(on=on, area=area, rows=tuple(rows), past_targets=past)


def national_coverage(on: dt.date) -> Coverage:
    """Every municipality of the country on the day, one row each: the target it is furthest from.

    A municipality without a target that sets a number has the row that says so.
    """
    units = OrgUnit.objects.of_kind(UnitKind.MUNICIPALITY).existing(on=on)
    rows, past = _measure(units, on=on)
    furthest: dict[int, CoverageRow] = {}
    for row in rows:
        standing = furthest.get(row.unit.pk)
        if standing is None or _distance(row) > _distance(standing):
            furthest[row.unit.pk] = row
    return Coverage(on=on, area=None, rows=tuple(furthest.values()), past_targets=past)


#: From nearest to furthest.
_ORDER = [
    CoverageStatus.NO_TARGET,
    CoverageStatus.COVERED,
    CoverageStatus.AT_RISK,
    CoverageStatus.UNKNOWN,
    CoverageStatus.GAP,
]


def _distance(row: CoverageRow) -> tuple[int, int, int]:
    return _ORDER.index(row.status), row.need or 0, row.gap or 0


def _measure(units: QuerySet[OrgUnit], *, on: dt.date) -> tuple[list[CoverageRow], tuple[Target, ...]]:
    """A row for each unit and target in force; a constant number of queries, whatever the number of units."""
    facts = _Facts(units, on=on)
    rows = [
        facts.row(unit, target) for unit in facts.units for target in facts.targets_of.get(unit.pk) or [None]
    ]
    return sorted(rows, key=_for_readers), facts.past_targets


class _Facts:
    """Everything that the rows of some units on one day rest on, read once."""

    def __init__(self, units: QuerySet[OrgUnit], *, on: dt.date) -> None:
        self.on = on
        self.units = list(units)
        self.targets_of, self.past_targets = _targets(units, self.units, on=on)
        self.presences = presence.presences(units, on=on)
        educated = KeyPersonEducation.objects.filter(completed_on__lte=on)
        self.educated = set(educated.values_list("person", flat=True))
        self.decisions = {
            decision.unit_id: decision
            for decision in RelevanceDecision.objects.in_force(on=on)
            .filter(unit__in=units.values("pk"))
            .select_related("decided_by")
        }
        self.reports = _reports(units, on=on)
        self.places = _places(units, on=on)

    def row(self, unit: OrgUnit, target: Target | None) -> CoverageRow:
        people = self._people(unit, target)
        here = presence.here_on(people, self.on)
        decision = self.decisions.get(unit.pk)
        need = target.minimum if target else None
        falls_on = presence.falls_below(people, need, on=self.on) if need and len(here) >= need else None
        return CoverageRow(
            unit=unit,
            place=self.places.get(unit.pk, ""),
            target=target,
            relevance=_relevance(target, decision),
            decision=decision,
            key_persons=tuple(
                KeyPerson(
                    person=found.grant.person,
                    grant=found.grant,
                    employment=found.employment,
                    is_educated=person in self.educated,
                    until=presence.counts_until(people[person], on=self.on),
                )
                for person, found in here.items()
            ),
            reported_on=self.reports.get(unit.pk),
            falls_on=falls_on,
        )

    def _people(self, unit: OrgUnit, target: Target | None) -> presence.People:
        """Who counts for the unit: of the target's profession, or of any where there is no target."""
        people = self.presences.get(unit.pk, {})
        if target is None:
            return people
        of_profession = {
            person: [found for found in spans if found.employment.profession_id == target.profession_id]
            for person, spans in people.items()
        }
        return {person: spans for person, spans in of_profession.items() if spans}


def _relevance(target: Target | None, decision: RelevanceDecision | None) -> Relevance:
    if target is None or not target.relevant_only:
        return Relevance.EVERY_UNIT
    if decision is None:
        return Relevance.UNDECIDED
    return Relevance.RELEVANT if decision.is_relevant else Relevance.NOT_RELEVANT


#: Unit → the targets in force that speak of it; [None] stands for none.
TargetsOf = dict[int, list[Target | None]]


def _targets(
    queryset: QuerySet[OrgUnit], units: Iterable[OrgUnit], *, on: dt.date
) -> tuple[TargetsOf, tuple[Target, ...]]:
    """The targets in force, and the targets of these units that are no longer in force."""
    begun = (
        Target.objects.begun(on=on).select_related("area", "profession").order_by("code", "starts_on", "pk")
    )
    targets_in: dict[int, list[Target]] = defaultdict(list)
    for target in begun:
        targets_in[target.area_id].append(target)
    kinds = {unit.pk: unit.kind for unit in units}
    in_force: TargetsOf = defaultdict(list)
    past: dict[int, Target] = {}
    for unit, area in _units_and_areas(queryset, Target.objects.begun(on=on).values("area"), on=on):
        for target in targets_in[area]:
            if target.unit_kind != kinds[unit]:
                continue
            if target.ends_on is None or target.ends_on > on:
                in_force[unit].append(target)
            else:
                past[target.pk] = target
    return in_force, tuple(target for target in begun if target.pk in past)


def _units_and_areas(units: QuerySet[OrgUnit], areas: QuerySet, *, on: dt.date) -> set[tuple[int, int]]:
    """Which of the units lie in which of the areas on the day, directly or under a member."""
    memberships = AreaMembership.objects.filter(
        holds_on(on),
        holds_on(on, "unit__descendant_rows__"),
        area__in=areas,
        unit__descendant_rows__unit__in=units.values("pk"),
    )
    return set(memberships.values_list("unit__descendant_rows__unit", "area"))


def _reports(units: QuerySet[OrgUnit], *, on: dt.date) -> dict[int, dt.date]:
    """Unit → the day of its last report by this day, if it still holds."""
    reports = UnitReport.objects.made_by(on).filter(unit__in=units.values("pk"), as_of__gt=_years_before(on))
    return dict(reports.order_by().values_list("unit").annotate(Max("as_of")))


def _years_before(day: dt.date) -> dt.date:
    year = day.year - REPORT_HOLDS_YEARS
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _places(units: QuerySet[OrgUnit], *, on: dt.date) -> dict[int, str]:
    """Unit → where it lies, in words: what is above it below its region, else the region's geography."""
    above: dict[int, list[str]] = defaultdict(list)
    lines = UnitAncestry.objects.filter(holds_on(on), unit__in=units.values("pk"), depth__gt=0)
    for unit, name in (
        lines.exclude(ancestor__kind=UnitKind.REGION).order_by("depth").values_list("unit", "ancestor__name")
    ):
        above[unit].append(name)
    regions = AreaMembership.objects.filter(
        holds_on(on), area__kind=AreaKind.REGION, unit__in=units.values("pk")
    ).order_by("area__name")
    for unit, name in regions.values_list("unit", "area__name"):
        above[unit] = above[unit] or [name]
    return {unit: ", ".join(names) for unit, names in above.items()}


class _ReadingOrder(NamedTuple):
    place: str
    unit: str
    code: str


def _for_readers(row: CoverageRow) -> _ReadingOrder:
    return _ReadingOrder(_danish(row.place), _danish(row.unit.name), row.target.code if row.target else "")


def _danish(name: str) -> str:
    """A key that sorts as Danish does: æ, ø, å (also written aa) come last."""
    return name.casefold().replace("aa", "å").translate(str.maketrans("æøå", "{|}"))
