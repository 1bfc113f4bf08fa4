"""Whose path it is, what of it is hers, and how far she is."""

import datetime as dt
import uuid

import pytest
from django.utils import translation

from courses.domain import enrolment
from courses.domain.paths import paths_for, progress_of_paths
from courses.models import LearningPath, PathModule
from organisations.enums import Role
from organisations.models import PendingPerson, Person
from tests.factories.courses import complete
from tests.factories.organisations import (
    EmploymentFactory,
    GrantFactory,
    OrgUnitFactory,
    PersonFactory,
)
from tests.factories.paths import a_path, module_for, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DAY = dt.date(2026, 11, 22)


def only(person):
    (row,) = progress_of_paths(person)
    return row


def test_a_path_that_is_defined_again_stays_the_same():
    first, second = module_for("nurse"), module_for("nurse")
    a_path(first, second)
    before = list(PathModule.objects.values())
    a_path(first, second)
    assert list(PathModule.objects.values()) == before
    assert LearningPath.objects.count() == 1


def test_a_path_takes_other_modules_in_their_order():
    first, second, third = (module_for("nurse") for _number in range(3))
    a_path(first, second)
    path = a_path(third, first)
    assert [place.module for place in path.places.all()] == [third.version.module, first.version.module]


def test_a_path_without_a_module_is_refused():
    with pytest.raises(ValueError, match="holds no module"):
        a_path()


def test_who_completed_a_module_before_it_was_in_a_path_waits_to_be_projected():
    edition, learner = module_for("nurse"), somebody()
    complete(learner, edition)
    PendingPerson.objects.all().delete()
    a_path(edition)
    assert [row.learner for row in PendingPerson.objects.all()] == [learner.pseudonym]


def test_a_path_is_for_its_professions_on_the_day():
    path = a_path(module_for("nurse"))
    nurse = somebody(starts_on=dt.date(2026, 12, 1))
    assert paths_for(nurse) == []
    assert paths_for(nurse, on=dt.date(2026, 12, 1)) == [path]
    assert paths_for(somebody("social_worker")) == []
    assert paths_for(PersonFactory()) == []


def test_a_learner_meets_only_the_modules_for_her_profession_and_completes_the_path_by_them():
    for_both, for_nurses = module_for("doctor", "nurse", title="Fælles"), module_for("nurse", title="Kun")
    a_path(for_both, for_nurses)
    doctor, nurse = somebody("doctor"), somebody("nurse")
    complete(doctor, for_both)
    complete(nurse, for_both)
    assert [step.title for step in only(doctor).steps] == ["Fælles"]
    assert [step.title for step in only(nurse).steps] == ["Fælles", "Kun"]
    assert (only(doctor).is_completed, only(nurse).is_completed) == (True, False)


def test_a_path_with_nothing_for_her_profession_is_not_hers():
    a_path(module_for("nurse"))
    assert progress_of_paths(somebody("doctor")) == []


def test_a_key_person_meets_every_module_of_the_path_while_she_is_appointed():
    path = a_path(module_for("doctor"), code="NOEGLE", professions=(), for_key_persons=True)
    nurse = somebody()
    assert paths_for(nurse) == []
    GrantFactory(
        person=nurse, role=Role.KEY_PERSON, unit=OrgUnitFactory(), starts_on=DAY, ends_on=dt.date(2027, 1, 1)
    )
    nurse.refresh_from_db()
    assert only(nurse).total == 1
    assert paths_for(nurse, on=dt.date(2027, 1, 1)) == []
    assert paths_for(nurse, on=DAY) == [path]


def test_progress_says_done_open_and_new_and_what_is_next():
    editions = [module_for("nurse", title=title) for title in ("Et", "To", "Tre", "Fire")]
    a_path(*editions)
    nurse = somebody()
    complete(nurse, editions[0])
    enrolment.begin(nurse, edition=editions[2])
    row = only(nurse)
    assert [step.state for step in row.steps] == ["done", "new", "open", "new"]
    assert (row.done, row.total, row.is_completed, row.next.title) == (1, 4, False, "Tre")


def test_what_was_completed_stays_done_when_it_is_taken_again_or_comes_in_a_new_version():
    key = uuid.uuid4()
    edition = module_for("nurse", key=key)
    a_path(edition)
    nurse = somebody()
    complete(nurse, edition)
    newer = module_for("nurse", key=key, title="Nyt", new_version=True)
    enrolment.begin(nurse, edition=newer)
    row = only(nurse)
    assert (row.is_completed, row.next, row.steps[0].title) == (True, None, "Nyt")
    assert row.steps[0].completion.version == edition.version


def test_the_newest_version_says_whom_a_module_is_for():
    key = uuid.uuid4()
    a_path(module_for("nurse", key=key))
    module_for("doctor", key=key, new_version=True)
    assert progress_of_paths(somebody()) == []
    assert only(somebody("doctor")).total == 1


def test_titles_are_in_the_language_in_use():
    key = uuid.uuid4()
    a_path(module_for("nurse", key=key, title="Se det"))
    module_for("nurse", key=key, title="See it", language="en", decides_substance=False)
    nurse = somebody()
    assert only(nurse).steps[0].title == "Se det"
    with translation.override("en"):
        assert only(nurse).steps[0].title == "See it"


def test_the_proposed_day_counts_from_the_first_day_of_the_newest_employment():
    a_path(module_for("nurse"), deadline_days=30)
    nurse = somebody(starts_on=dt.date(2020, 1, 1))
    EmploymentFactory(person=nurse, starts_on=dt.date(2026, 11, 1))
    assert only(nurse).deadline == dt.date(2026, 12, 1)
    LearningPath.objects.update(deadline_days=None)
    assert only(nurse).deadline is None


def test_progress_takes_as_many_queries_for_three_paths_as_for_one(django_assert_num_queries):
    editions = [module_for("nurse") for _number in range(3)]
    nurse = somebody()
    a_path(editions[0], code="ET")
    complete(nurse, editions[0])
    again = [Person.objects.get(pk=nurse.pk) for _time in range(2)]
    with django_assert_num_queries(9):
        progress_of_paths(again[0])
    a_path(*editions, code="TO")
    a_path(*editions, code="TRE")
    complete(nurse, editions[1])
    with django_assert_num_queries(9):
        progress_of_paths(again[1])
