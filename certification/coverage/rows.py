"""What the coverage of an area consists of: a row for each target and unit."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _

from organisations.enums import UnitKind
from organisations.models import Area, Employment, OrgUnit, Person, RoleGrant

from ..enums import CoverageStatus, Relevance
from ..models import RelevanceDecision, Target


@dataclass(frozen=True)
class KeyPerson:
    """Somebody who counts for a unit on the day, and what she counts by."""

    person: Person
    grant: RoleGrant
    employment: Employment
    is_educated: bool
    #: The first day on which she no longer counts, as far as is known within the 90 days ahead.
    until: dt.date | None


@dataclass(frozen=True)
class CoverageRow:
    """A unit as it stands against a target on a day; against none where none is in force."""

    unit: OrgUnit
    #: Where the unit lies, in words: the region of a municipality, the hospital of a department.
    place: str
    target: Target | None
    relevance: Relevance
    decision: RelevanceDecision | None
    key_persons: tuple[KeyPerson, ...]
    #: The day of the last report that still holds.
    reported_on: dt.date | None
    #: The first of the 90 days ahead on which the number falls below the need.
    falls_on: dt.date | None

    @property
    def appointed(self) -> int:
        return len(self.key_persons)

    @property
    def educated(self) -> int:
        return sum(key_person.is_educated for key_person in self.key_persons)

    @property
    def need(self) -> int | None:
        """Persons needed; None where no figure is set or the target doesn't speak of the unit."""
        if self.target is None or self.relevance in {Relevance.NOT_RELEVANT, Relevance.UNDECIDED}:
            return None
        return self.target.minimum

    @property
    def gap(self) -> int | None:
        """Persons missing; None where there is no need, or nobody knows."""
        if self.need is None or self.status == CoverageStatus.UNKNOWN:
            return None
        return max(0, self.need - self.appointed)

    @property
    def status(self) -> CoverageStatus:
        if self.need is None:
            return CoverageStatus.NO_TARGET
        if self.appointed >= self.need:
            return CoverageStatus.AT_RISK if self.falls_on else CoverageStatus.COVERED
        return CoverageStatus.GAP if self.reported_on else CoverageStatus.UNKNOWN

    @property
    def wording(self) -> str:
        """The status in words; says why where there is no verdict."""
        if self.target is not None and self.need is None:
            if self.relevance in {Relevance.NOT_RELEVANT, Relevance.UNDECIDED}:
                return str(self.relevance.label)
            return _("No number set")
        return str(self.status.label)


@dataclass(frozen=True)
class TargetCoverage:
    """The rows of one target, or of one level where no target is in force."""

    target: Target | None
    unit_kind: UnitKind
    rows: tuple[CoverageRow, ...]

    @property
    def in_need(self) -> int:
        """Units that the target sets a number for."""
        return sum(row.need is not None for row in self.rows)

    def count(self, *statuses: CoverageStatus) -> int:
        return sum(row.need is not None and row.status in statuses for row in self.rows)

    @property
    def covered(self) -> int:
        """Units with as many key persons as they need on the day, also those at risk."""
        return self.count(CoverageStatus.COVERED, CoverageStatus.AT_RISK)

    @property
    def at_risk(self) -> int:
        return self.count(CoverageStatus.AT_RISK)

    @property
    def gaps(self) -> int:
        return self.count(CoverageStatus.GAP)

    @property
    def unknown(self) -> int:
        return self.count(CoverageStatus.UNKNOWN)

    @property
    def undecided(self) -> int:
        return sum(row.relevance == Relevance.UNDECIDED for row in self.rows)

    @property
    def not_relevant(self) -> int:
        return sum(row.relevance == Relevance.NOT_RELEVANT for row in self.rows)


#: Levels in the order in which pages show them.
LEVELS = (UnitKind.MUNICIPALITY, UnitKind.DEPARTMENT, UnitKind.WARD)


@dataclass(frozen=True)
class Coverage:
    """An area, or the country, on a day."""

    on: dt.date
    area: Area | None
    rows: tuple[CoverageRow, ...]
    #: Targets of these units that were in force before the day and no longer are.
    past_targets: tuple[Target, ...] = field(default=())

    @property
    def statuses(self) -> Counter[CoverageStatus]:
        return Counter(row.status for row in self.rows)

    def by_target(self) -> list[TargetCoverage]:
        """The rows of each target, by level; those without a target after the targets of their level."""
        return [
            TargetCoverage(target=group[0].target, unit_kind=UnitKind(group[0].unit.kind), rows=tuple(group))
            for group in _grouped(self.rows)
        ]


def _level(kind: str) -> int:
    return LEVELS.index(UnitKind(kind)) if kind in LEVELS else len(LEVELS)


def _group_key(row: CoverageRow) -> tuple[int, str, bool, str, int]:
    target = row.target
    return (
        _level(row.unit.kind),
        row.unit.kind,
        target is None,
        target.code if target else "",
        target.pk if target else 0,
    )


def _grouped(rows: Iterable[CoverageRow]) -> list[list[CoverageRow]]:
    ordered: Sequence[CoverageRow] = sorted(rows, key=_group_key)
    return [list(group) for _key, group in groupby(ordered, key=_group_key)]
