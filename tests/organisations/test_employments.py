import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from organisations.domain import employments
from organisations.models import Employment, PendingPerson
from tests.factories.organisations import (
    EmploymentFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
)

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2026, 1, 1)
SUMMER = dt.date(2026, 7, 1)
NEXT_YEAR = dt.date(2027, 1, 1)


@pytest.fixture
def job():
    return EmploymentFactory(starts_on=NEW_YEAR, ends_on=NEXT_YEAR)


def again(job, **changes):
    return employments.employ(
        job.person,
        **{"unit": job.unit, "profession": job.profession, "starts_on": SUMMER, **changes},
    )


def pending():
    return list(PendingPerson.objects.values_list("learner", flat=True))


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (SUMMER, None),
        (dt.date(2025, 1, 1), None),
        (dt.date(2025, 1, 1), dt.date(2026, 1, 2)),
        (dt.date(2026, 12, 31), dt.date(2027, 6, 1)),
        (NEW_YEAR, NEXT_YEAR),
    ],
)
def test_the_same_work_twice_on_one_day_is_refused(job, starts_on, ends_on):
    with pytest.raises(ValidationError) as error:
        again(job, starts_on=starts_on, ends_on=ends_on)
    assert error.value.code == "overlap"
    assert Employment.objects.count() == 1


@pytest.mark.parametrize(("starts_on", "ends_on"), [(NEXT_YEAR, None), (dt.date(2025, 1, 1), NEW_YEAR)])
def test_one_may_begin_on_the_day_the_other_ends(job, starts_on, ends_on):
    again(job, starts_on=starts_on, ends_on=ends_on)
    assert Employment.objects.count() == 2


def test_several_employments_at_once_are_ordinary(job):
    again(job, unit=OrgUnitFactory())
    again(job, profession=ProfessionFactory(code="doctor"))
    EmploymentFactory(unit=job.unit, profession=job.profession, starts_on=SUMMER)
    assert Employment.objects.current(on=SUMMER).count() == 4


def test_nobody_works_in_a_unit_that_does_not_exist(job):
    ended = OrgUnitFactory(ends_on=SUMMER)
    coming = OrgUnitFactory(starts_on=NEXT_YEAR)
    for unit, code in [(ended, "no_longer"), (coming, "not_yet")]:
        with pytest.raises(ValidationError) as error:
            again(job, unit=unit)
        assert error.value.code == code
    again(job, unit=ended, starts_on=SUMMER - dt.timedelta(days=1))


def test_the_day_it_ends_is_the_first_without_it(job):
    employments.end_employment(job, on=SUMMER)
    assert list(Employment.objects.current(on=SUMMER)) == []
    assert list(Employment.objects.current(on=SUMMER - dt.timedelta(days=1))) == [job]


def test_ending_it_twice_on_one_day_changes_nothing(job):
    employments.end_employment(job, on=SUMMER)
    PendingPerson.objects.all().delete()
    employments.end_employment(job, on=SUMMER)
    assert pending() == []


def test_an_ended_employment_is_not_prolonged(job):
    with pytest.raises(ValidationError) as error:
        employments.end_employment(job, on=dt.date(2028, 1, 1))
    assert error.value.code == "ended"


def test_it_does_not_end_on_the_day_it_starts(job):
    with pytest.raises(ValidationError):
        employments.end_employment(job, on=NEW_YEAR)
    job.refresh_from_db()
    assert job.ends_on == NEXT_YEAR


def test_a_correction_may_not_reach_into_the_next_employment(job):
    later = again(job, starts_on=NEXT_YEAR)
    with pytest.raises(ValidationError) as error:
        employments.correct_employment(later, starts_on=SUMMER)
    assert error.value.code == "overlap"
    employments.correct_employment(job, starts_on=SUMMER, ends_on=NEXT_YEAR, work_phone="87 12 34 56")
    job.refresh_from_db()
    assert (job.starts_on, job.work_phone) == (SUMMER, "87 12 34 56")


def test_a_correction_reaches_no_day_before_the_unit_was():
    unit = OrgUnitFactory(starts_on=SUMMER)
    job = EmploymentFactory(unit=unit, starts_on=SUMMER)
    with pytest.raises(ValidationError) as error:
        employments.correct_employment(job, starts_on=NEW_YEAR)
    assert error.value.code == "not_yet"
    employments.correct_employment(job, starts_on=SUMMER, work_phone="87 12 34 56")
    job.refresh_from_db()
    assert (job.starts_on, job.work_phone) == (SUMMER, "87 12 34 56")


def test_every_change_marks_the_person():
    person = PersonFactory()
    for change in (
        lambda: EmploymentFactory(person=person, starts_on=NEW_YEAR),
        lambda: employments.correct_employment(person.employments.get(), starts_on=SUMMER),
        lambda: employments.end_employment(person.employments.get(), on=NEXT_YEAR),
    ):
        PendingPerson.objects.all().delete()
        change()
        assert pending() == [person.pseudonym]


def test_a_refused_employment_marks_nobody(job):
    PendingPerson.objects.all().delete()
    with pytest.raises(ValidationError):
        again(job)
    assert pending() == []
