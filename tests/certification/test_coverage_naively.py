"""Coverage by queries and intervals equals coverage by going through every fact, day by day."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.coverage import coverage
from certification.enums import CoverageStatus
from certification.models import UnitReport
from organisations.domain.units import move_unit
from organisations.enums import Role, UnitKind
from organisations.models import Employment, RoleGrant, UnitParent
from tests.factories.certification import TargetFactory
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
)

TODAY = dt.date(2026, 11, 22)
REPORTED_AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)

#: Days from the one that is asked for, around which the rules change their answer.
starts = st.sampled_from([-1300, -1, 0, 1, 30, 90])
ends = st.sampled_from([None, 0, 1, 30, 31, 89, 90, 91, 200])
#: Two municipalities and, under the first, two teams; the last may move to the second municipality.
units = st.integers(0, 3)
people = st.integers(0, 1)
worlds = st.fixed_dictionaries(
    {
        "on": st.sampled_from([TODAY, TODAY + dt.timedelta(days=90), TODAY - dt.timedelta(days=400)]),
        "moves_after": ends,
        "grants": st.lists(st.tuples(people, units, starts, ends), min_size=1, max_size=4),
        "employments": st.lists(
            st.tuples(people, units, st.sampled_from(["nurse", "doctor"]), starts, ends),
            min_size=1,
            max_size=5,
        ),
        "reports": st.lists(st.tuples(units, st.sampled_from([-1096, -1095, -1094, 0, 1])), max_size=2),
        "minimum": st.integers(1, 2),
    }
)


def holds(fact, day):
    return fact.starts_on <= day and (fact.ends_on is None or day < fact.ends_on)


class Naive:
    """The rules as they are said, over all facts, one day at a time."""

    def __init__(self):
        self.links = list(UnitParent.objects.all())
        self.grants = list(RoleGrant.objects.all())
        self.employments = list(Employment.objects.select_related("profession"))
        self.reports = list(UnitReport.objects.all())

    def lies_under(self, unit, ancestor, day):
        """Whether the unit is the ancestor, or climbs to it that day."""
        while unit is not None and unit != ancestor:
            parents = [link.parent_id for link in self.links if link.unit_id == unit and holds(link, day)]
            unit = parents[0] if parents else None
        return unit == ancestor

    def appointed(self, unit, day):
        """Who is appointed in or under the unit, and a nurse at work where she is appointed or under it."""
        return {
            grant.person_id
            for grant in self.grants
            if holds(grant, day)
            and self.lies_under(grant.unit_id, unit.pk, day)
            and any(
                employment.person_id == grant.person_id
                and holds(employment, day)
                and employment.profession.code == "nurse"
                and self.lies_under(employment.unit_id, grant.unit_id, day)
                for employment in self.employments
            )
        }

    def answer(self, unit, minimum, on):
        here = self.appointed(unit, on)
        if len(here) >= minimum:
            ahead = (on + dt.timedelta(days=n) for n in range(1, 91))
            falls_on = next((day for day in ahead if len(self.appointed(unit, day)) < minimum), None)
            return here, CoverageStatus.AT_RISK if falls_on else CoverageStatus.COVERED, falls_on
        oldest = on.replace(year=on.year - 3)
        reported = any(report.unit_id == unit.pk and oldest < report.as_of <= on for report in self.reports)
        return here, CoverageStatus.GAP if reported else CoverageStatus.UNKNOWN, None


@pytest.fixture
def place():
    area = AreaFactory()
    tops = [OrgUnitFactory(), OrgUnitFactory()]
    teams = [OrgUnitFactory(kind=UnitKind.TEAM, parent=tops[0]) for _n in range(2)]
    for top in tops:
        AreaMembershipFactory(area=area, unit=top)
    professions = {code: ProfessionFactory(code=code) for code in ("nurse", "doctor")}
    return area, tops + teams, [PersonFactory(), PersonFactory()], professions


def build(world, area, every, who, professions):
    """Facts straight into the tables, also such that the domain refuses: coverage must bear them.

    Only what a database refuses (overlaps, empty intervals) is left out.
    """

    def day(number):
        return None if number is None else world["on"] + dt.timedelta(days=number)

    def fitting(rows, width):
        seen = {row[:width]: row for row in rows if row[-1] is None or row[-1] > row[-2]}
        return seen.values()

    if world["moves_after"] is not None:
        move_unit(every[3], parent=every[1], on=day(world["moves_after"]))
    TargetFactory(area=area, minimum=world["minimum"], profession=professions["nurse"])
    RoleGrant.objects.bulk_create(
        RoleGrant(
            person=who[person], role=Role.KEY_PERSON, unit=every[unit], starts_on=day(start), ends_on=day(end)
        )
        for person, unit, start, end in fitting(world["grants"], 2)
    )
    Employment.objects.bulk_create(
        Employment(
            person=who[person],
            unit=every[unit],
            profession=professions[code],
            starts_on=day(start),
            ends_on=day(end),
        )
        for person, unit, code, start, end in fitting(world["employments"], 3)
    )
    UnitReport.objects.bulk_create(
        UnitReport(unit=every[unit], as_of=day(number), reported_at=REPORTED_AT)
        for unit, number in world["reports"]
    )


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds)
def test_coverage_is_what_going_through_every_fact_day_by_day_gives(world, place):
    area, every, who, professions = place
    with transaction.atomic():
        build(world, area, every, who, professions)
        found = {
            row.unit: ({k.person.pk for k in row.key_persons}, row.status, row.falls_on)
            for row in coverage(area, on=world["on"]).rows
        }
        naive = Naive()
        assert found == {top: naive.answer(top, world["minimum"], world["on"]) for top in every[:2]}
        transaction.set_rollback(True)
