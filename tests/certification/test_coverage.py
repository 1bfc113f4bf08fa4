import datetime as dt

import pytest
import time_machine

from certification.coverage import coverage, national_coverage
from certification.domain.education import record_education
from certification.domain.key_persons import appoint, end_appointment
from certification.domain.reporting import decide_relevance, report_unit
from certification.domain.targets import end_target
from certification.enums import CoverageStatus, EducationKind, Relevance
from organisations.domain.employments import end_employment
from organisations.enums import AreaKind, UnitKind
from organisations.models import Employment
from tests.factories.certification import (
    RelevanceDecisionFactory,
    TargetFactory,
    UnitReportFactory,
    appointed_key_person,
)
from tests.factories.organisations import (
    LONG_AGO,
    AreaFactory,
    AreaMembershipFactory,
    EmploymentFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
)

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


@pytest.fixture
def area():
    return AreaFactory(name="Region Midtjylland")


def member(area, **fields):
    unit = OrgUnitFactory(**fields)
    AreaMembershipFactory(area=area, unit=unit)
    return unit


@pytest.fixture
def municipality(area):
    """A municipality that needs one nurse."""
    TargetFactory(area=area)
    return member(area)


def only_row(area, on=TODAY):
    (row,) = coverage(area, on=on).rows
    return row


def numbers(row):
    return (row.appointed, row.educated, row.need, row.gap, row.status)


# --- A municipality ---------------------------------------------------------------------------------


def test_a_municipality_that_nobody_reported_for_is_unknown_and_never_a_gap(area, municipality):
    assert numbers(only_row(area)) == (0, 0, 1, None, CoverageStatus.UNKNOWN)


def test_a_reported_municipality_without_a_key_person_is_a_gap(area, municipality):
    report_unit(municipality, by=None)
    assert numbers(only_row(area)) == (0, 0, 1, 1, CoverageStatus.GAP)


def test_an_appointed_nurse_covers_and_opens_to_her_name(area, municipality):
    grant = appointed_key_person(municipality, given_name="Karen", family_name="Lund")
    row = only_row(area)
    assert numbers(row) == (1, 0, 1, 0, CoverageStatus.COVERED)
    assert [(k.person.full_name, k.grant, k.is_educated, k.until) for k in row.key_persons] == [
        ("Karen Lund", grant, False, None)
    ]


def test_she_counts_as_educated_from_the_day_the_education_was_completed(area, municipality):
    grant = appointed_key_person(municipality)
    record_education(grant.person, kind=EducationKind.DIPLOMA, completed_on=TODAY, by=None)
    assert only_row(area, on=TODAY).educated == 1
    assert only_row(area, on=TODAY - DAY).educated == 0


def test_a_doctor_does_not_cover_a_target_for_nurses(area, municipality):
    appointed_key_person(municipality, profession="doctor")
    assert numbers(only_row(area)) == (0, 0, 1, 1, CoverageStatus.GAP)


def test_a_key_person_of_a_team_counts_for_the_municipality_above(area, municipality):
    appointed_key_person(OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality))
    assert numbers(only_row(area)) == (1, 0, 1, 0, CoverageStatus.COVERED)


def test_two_appointments_of_one_person_count_once(area, municipality):
    team = OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality)
    grant = appointed_key_person(team)
    appoint(grant.person, unit=municipality, starts_on=LONG_AGO, by=None)
    assert only_row(area).appointed == 1


def test_a_report_of_a_team_says_nothing_of_the_municipality(area, municipality):
    report_unit(OrgUnitFactory(kind=UnitKind.TEAM, parent=municipality), by=None)
    assert only_row(area).status == CoverageStatus.UNKNOWN


def test_an_appointment_without_employment_does_not_count(area, municipality):
    grant = appointed_key_person(municipality)
    end_employment(Employment.objects.get(person=grant.person), on=TODAY)
    assert numbers(only_row(area, on=TODAY - DAY)) == (1, 0, 1, 0, CoverageStatus.AT_RISK)
    assert numbers(only_row(area, on=TODAY)) == (0, 0, 1, 1, CoverageStatus.GAP)


def test_somebody_who_moved_to_another_employer_does_not_count_where_she_was(area, municipality):
    grant = appointed_key_person(municipality)
    end_employment(Employment.objects.get(person=grant.person), on=TODAY)
    EmploymentFactory(person=grant.person, starts_on=TODAY)
    assert only_row(area).appointed == 0


def test_a_report_holds_for_three_years(area, municipality):
    UnitReportFactory(unit=municipality, as_of=dt.date(2023, 11, 23))
    assert only_row(area, on=TODAY).status == CoverageStatus.GAP
    assert only_row(area, on=TODAY + DAY).status == CoverageStatus.UNKNOWN


def test_a_report_says_nothing_of_the_days_before_it(area, municipality):
    report_unit(municipality, by=None, as_of=dt.date(2026, 6, 1))
    assert only_row(area, on=dt.date(2026, 5, 31)).status == CoverageStatus.UNKNOWN
    assert only_row(area, on=dt.date(2026, 6, 1)).status == CoverageStatus.GAP


# --- At risk ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "status"),
    [(1, CoverageStatus.AT_RISK), (90, CoverageStatus.AT_RISK), (91, CoverageStatus.COVERED)],
)
def test_an_appointment_that_ends_within_90_days_is_a_risk(area, municipality, days, status):
    grant = appointed_key_person(municipality)
    ends_on = TODAY + days * DAY
    end_appointment(grant, on=ends_on, by=None, reason="")
    row = only_row(area)
    assert row.status == status
    assert row.falls_on == (ends_on if status == CoverageStatus.AT_RISK else None)
    assert row.key_persons[0].until == row.falls_on


def test_a_successor_who_is_already_appointed_lifts_the_risk(area, municipality):
    ends_on = TODAY + 30 * DAY
    end_appointment(appointed_key_person(municipality), on=ends_on, by=None, reason="")
    appointed_key_person(municipality, starts_on=ends_on)
    assert numbers(only_row(area)) == (1, 0, 1, 0, CoverageStatus.COVERED)


def test_a_successor_who_begins_a_day_late_does_not(area, municipality):
    ends_on = TODAY + 30 * DAY
    end_appointment(appointed_key_person(municipality), on=ends_on, by=None, reason="")
    appointed_key_person(municipality, starts_on=ends_on + DAY)
    assert (only_row(area).status, only_row(area).falls_on) == (CoverageStatus.AT_RISK, ends_on)


def test_on_the_day_the_last_one_stops_it_is_a_gap(area, municipality):
    ends_on = TODAY + 30 * DAY
    end_appointment(appointed_key_person(municipality), on=ends_on, by=None, reason="")
    assert only_row(area, on=ends_on).status == CoverageStatus.GAP


# --- Targets ----------------------------------------------------------------------------------------


def test_without_a_target_there_is_no_need_and_no_gap(area):
    municipality = member(area)
    appointed_key_person(municipality, profession="doctor")
    row = only_row(area)
    assert row.target is None
    assert numbers(row) == (1, 0, None, None, CoverageStatus.NO_TARGET)


def test_a_target_that_has_ended_is_history_and_binds_nobody(area, municipality):
    report_unit(municipality, by=None, as_of=TODAY - DAY)
    end_target(TargetFactory(area=area), on=TODAY)
    assert only_row(area, on=TODAY - DAY).status == CoverageStatus.GAP
    today = coverage(area, on=TODAY)
    assert [row.status for row in today.rows] == [CoverageStatus.NO_TARGET]
    assert [target.code for target in today.past_targets] == ["T1"]


def test_a_target_without_a_figure_sets_none(area):
    TargetFactory(area=area, minimum=None)
    appointed_key_person(member(area))
    row = only_row(area)
    assert numbers(row) == (1, 0, None, None, CoverageStatus.NO_TARGET)
    assert row.target is not None


def test_a_target_of_another_area_does_not_speak_of_the_unit(area, municipality):
    elsewhere = AreaFactory()
    stranger = member(elsewhere)
    assert [(row.unit, row.target) for row in coverage(elsewhere, on=TODAY).rows] == [(stranger, None)]


def test_a_cluster_shows_the_targets_of_its_region(area, municipality):
    cluster = AreaFactory(kind=AreaKind.CLUSTER)
    AreaMembershipFactory(area=cluster, unit=municipality)
    member(area)
    assert [(row.unit, row.target.area) for row in coverage(cluster, on=TODAY).rows] == [(municipality, area)]


def test_a_nurse_on_a_ward_counts_for_the_ward_and_its_department_and_a_doctor_for_her_target(area):
    hospital = member(area, kind=UnitKind.HOSPITAL)
    department = OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=hospital)
    ward = OrgUnitFactory(kind=UnitKind.WARD, parent=department)
    RelevanceDecisionFactory(unit=department)
    fields = {"area": area, "unit_kind": UnitKind.DEPARTMENT, "relevant_only": True}
    TargetFactory(code="T2", **fields)
    TargetFactory(code="T3", profession=ProfessionFactory(code="doctor"), **fields)
    TargetFactory(code="T4", area=area, unit_kind=UnitKind.WARD, minimum=None)
    appointed_key_person(ward)
    rows = {(row.target.code, row.unit): numbers(row) for row in coverage(area, on=TODAY).rows}
    assert rows == {
        ("T2", department): (1, 0, 1, 0, CoverageStatus.COVERED),
        ("T3", department): (0, 0, 1, None, CoverageStatus.UNKNOWN),
        ("T4", ward): (1, 0, None, None, CoverageStatus.NO_TARGET),
    }


def test_only_units_decided_relevant_are_in_need_and_the_others_are_still_shown(area):
    hospital = member(area, kind=UnitKind.HOSPITAL)
    units = [OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=hospital, name=name) for name in "ABC"]
    decide_relevance(units[0], is_relevant=True, why="Kræft", by=None, starts_on=LONG_AGO)
    decide_relevance(units[1], is_relevant=False, why="Fødsler", by=None, starts_on=TODAY)
    TargetFactory(area=area, unit_kind=UnitKind.DEPARTMENT, relevant_only=True)
    (of_target,) = coverage(area, on=TODAY).by_target()
    assert [(row.unit, row.relevance, row.need, row.status) for row in of_target.rows] == [
        (units[0], Relevance.RELEVANT, 1, CoverageStatus.UNKNOWN),
        (units[1], Relevance.NOT_RELEVANT, None, CoverageStatus.NO_TARGET),
        (units[2], Relevance.UNDECIDED, None, CoverageStatus.NO_TARGET),
    ]
    assert (of_target.in_need, of_target.unknown, of_target.undecided, of_target.not_relevant) == (1, 1, 1, 1)
    day_before = coverage(area, on=TODAY - DAY).by_target()[0].rows[1]
    assert day_before.relevance == Relevance.UNDECIDED


# --- The country ------------------------------------------------------------------------------------


def test_the_country_has_one_row_a_municipality_the_target_it_is_furthest_from(area, municipality):
    TargetFactory(area=area, code="T4", minimum=None)
    TargetFactory(area=area, code="T5", minimum=2)
    appointed_key_person(municipality)
    without_target = OrgUnitFactory()
    OrgUnitFactory(kind=UnitKind.HOSPITAL)
    rows = {
        row.unit: (row.target.code if row.target else None, row.gap) for row in national_coverage(TODAY).rows
    }
    assert rows == {municipality: ("T5", 1), without_target: (None, None)}


def test_municipalities_stand_in_danish_order_by_region(area):
    other = AreaFactory(name="Region Hovedstaden")
    for place, name in [(area, "Aarhus"), (area, "Ærø"), (area, "Odder"), (area, "Østby"), (other, "Tårnby")]:
        member(place, name=name)
    assert [(row.place, row.unit.name) for row in national_coverage(TODAY).rows] == [
        ("Region Hovedstaden", "Tårnby"),
        ("Region Midtjylland", "Odder"),
        ("Region Midtjylland", "Ærø"),
        ("Region Midtjylland", "Østby"),
        ("Region Midtjylland", "Aarhus"),
    ]


# --- How it is asked --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_units(area, django_assert_num_queries, number):
    TargetFactory(area=area)
    TargetFactory(area=area, code="T2", unit_kind=UnitKind.DEPARTMENT, relevant_only=True)
    for _n in range(number):
        record_education(
            appointed_key_person(member(area)).person,
            kind=EducationKind.DIPLOMA,
            completed_on=LONG_AGO,
            by=None,
        )
        hospital = member(area, kind=UnitKind.HOSPITAL)
        RelevanceDecisionFactory(unit=OrgUnitFactory(kind=UnitKind.DEPARTMENT, parent=hospital))
    with django_assert_num_queries(11):
        found = coverage(area, on=TODAY)
        shown = [(k.person.full_name, k.employment.unit.name) for row in found.rows for k in row.key_persons]
    assert len(shown) == number
    with django_assert_num_queries(11):
        assert len(national_coverage(TODAY).rows) == number


def test_an_area_without_units_has_no_rows(area):
    assert coverage(area, on=TODAY).rows == ()


def test_past_people_are_still_there_for_a_past_day(area, municipality):
    person = PersonFactory()
    EmploymentFactory(person=person, unit=municipality, starts_on=LONG_AGO, ends_on=dt.date(2020, 1, 1))
    appoint(person, unit=municipality, starts_on=LONG_AGO, by=None)
    assert only_row(area, on=dt.date(2018, 5, 1)).appointed == 1
    assert only_row(area, on=TODAY).appointed == 0
