import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError

from certification.domain.education import record_education
from certification.domain.key_persons import appoint, end_appointment
from certification.enums import EducationKind
from certification.models import KeyPersonEducation, UnitReport
from organisations.enums import Role, UnitKind
from organisations.models import PendingPerson, RoleGrant
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
)

TODAY = dt.date(2026, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        yield


@pytest.fixture
def municipality():
    return OrgUnitFactory()


@pytest.fixture
def leader():
    return PersonFactory()


def nurse_in(unit, **fields):
    return EmploymentFactory(unit=unit, **fields).person


def test_a_nurse_is_appointed_with_her_education_and_the_unit_has_reported(municipality, leader):
    nurse = nurse_in(municipality)
    grant = appoint(
        nurse,
        unit=municipality,
        starts_on=TODAY,
        by=leader,
        educated_on=dt.date(2024, 5, 31),
        provider="Aarhus Universitetshospital",
    )
    assert (grant.person, grant.role, grant.unit, grant.starts_on, grant.ends_on, grant.granted_by) == (
        nurse,
        Role.KEY_PERSON,
        municipality,
        TODAY,
        None,
        leader,
    )
    assert list(
        KeyPersonEducation.objects.values_list("person", "kind", "provider", "completed_on", "registered_by")
    ) == [
        (
            nurse.pk,
            EducationKind.KEY_PERSON_EDUCATION,
            "Aarhus Universitetshospital",
            dt.date(2024, 5, 31),
            leader.pk,
        )
    ]
    assert list(UnitReport.objects.values_list("unit", "as_of", "reported_by")) == [
        (municipality.pk, TODAY, leader.pk)
    ]


def test_a_doctor_of_a_ward_is_appointed_for_the_department_above(leader):
    department = OrgUnitFactory(kind=UnitKind.DEPARTMENT)
    ward = OrgUnitFactory(kind=UnitKind.WARD, parent=department)
    doctor = nurse_in(ward, profession=ProfessionFactory(code="doctor"))
    assert appoint(doctor, unit=department, starts_on=TODAY, by=leader).unit == department


def test_appointing_twice_is_once(municipality, leader):
    nurse = nurse_in(municipality)
    first = appoint(nurse, unit=municipality, starts_on=TODAY, by=leader, educated_on=TODAY)
    second = appoint(nurse, unit=municipality, starts_on=TODAY, by=leader, educated_on=TODAY)
    assert first == second
    counts = (RoleGrant.objects.count(), UnitReport.objects.count(), KeyPersonEducation.objects.count())
    assert counts == (1, 1, 1)


def test_an_appointment_from_a_coming_day_reports_that_day(municipality, leader):
    coming = TODAY + dt.timedelta(days=30)
    appoint(nurse_in(municipality), unit=municipality, starts_on=coming, by=leader)
    assert list(UnitReport.objects.values_list("as_of", flat=True)) == [coming]


def test_an_old_appointment_that_is_entered_late_reports_today(municipality, leader):
    appoint(nurse_in(municipality), unit=municipality, starts_on=dt.date(2019, 3, 1), by=leader)
    assert list(UnitReport.objects.values_list("as_of", flat=True)) == [TODAY]


@pytest.mark.parametrize(
    ("profession", "code"),
    [
        ("sosu_assistant", "not_a_key_person_profession"),
        ("physiotherapist", "not_a_key_person_profession"),
        ("psychologist", "not_a_key_person_profession"),
    ],
)
def test_another_profession_is_refused_and_nothing_is_written(municipality, leader, profession, code):
    person = nurse_in(municipality, profession=ProfessionFactory(code=profession))
    with pytest.raises(ValidationError) as refusal:
        appoint(person, unit=municipality, starts_on=TODAY, by=leader, educated_on=TODAY)
    assert refusal.value.code == code
    counts = (RoleGrant.objects.count(), UnitReport.objects.count(), KeyPersonEducation.objects.count())
    assert counts == (0, 0, 0)


def test_somebody_who_works_elsewhere_is_refused(municipality, leader):
    with pytest.raises(ValidationError) as refusal:
        appoint(nurse_in(OrgUnitFactory()), unit=municipality, starts_on=TODAY, by=leader)
    assert refusal.value.code == "not_employed_here"


def test_somebody_who_has_left_by_the_start_day_is_refused(municipality, leader):
    nurse = nurse_in(municipality, ends_on=TODAY)
    with pytest.raises(ValidationError) as refusal:
        appoint(nurse, unit=municipality, starts_on=TODAY, by=leader)
    assert refusal.value.code == "not_employed_here"


def test_an_education_in_the_future_undoes_the_appointment(municipality, leader):
    nurse = nurse_in(municipality)
    with pytest.raises(ValidationError) as refusal:
        appoint(
            nurse,
            unit=municipality,
            starts_on=TODAY,
            by=leader,
            educated_on=TODAY + dt.timedelta(days=1),
        )
    assert refusal.value.code == "education_in_the_future"
    assert RoleGrant.objects.count() == 0


def test_ending_keeps_the_row_and_reports_the_unit_as_of_that_day(municipality, leader):
    grant = appoint(nurse_in(municipality), unit=municipality, starts_on=dt.date(2020, 1, 1), by=leader)
    end_appointment(grant, on=dt.date(2026, 11, 1), by=leader, reason="Nyt arbejde")
    grant.refresh_from_db()
    assert (grant.ends_on, grant.ended_by, grant.end_reason) == (
        dt.date(2026, 11, 1),
        leader,
        "Nyt arbejde",
    )
    assert set(UnitReport.objects.values_list("as_of", flat=True)) == {TODAY, dt.date(2026, 11, 1)}


def test_only_a_key_persons_grant_is_ended_here(leader):
    grant = GrantFactory(role=Role.LEADER)
    with pytest.raises(ValidationError) as refusal:
        end_appointment(grant, on=TODAY, by=leader, reason="")
    assert refusal.value.code == "not_a_key_person"
    grant.refresh_from_db()
    assert grant.ends_on is None


def test_an_education_is_recorded_once_and_marks_the_person():
    person = PersonFactory()
    PendingPerson.objects.all().delete()
    for _time in range(2):
        record_education(person, kind=EducationKind.DIPLOMA, completed_on=TODAY, by=None)
    assert KeyPersonEducation.objects.count() == 1
    assert list(PendingPerson.objects.values_list("learner", flat=True)) == [person.pseudonym]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "theme_day"}, "education_kind"),
        ({"provider": "Se 010190-1234"}, "cpr_like"),
    ],
)
def test_an_education_that_makes_no_sense_is_refused(fields, code):
    with pytest.raises(ValidationError) as refusal:
        record_education(
            PersonFactory(),
            **{"kind": EducationKind.DIPLOMA, "completed_on": TODAY, "by": None, **fields},
        )
    assert refusal.value.code == code
