"""Evidence follows completions and confirmations, and nothing else."""

import datetime as dt

import pytest
from django.db.models import F

from competencies.enums import EarnedBy
from competencies.models import Competency, Evidence
from competencies.projections import EvidenceStage
from organisations.domain.employments import end_employment
from tests.factories.competencies import (
    A_NOON,
    CompletionFactory,
    ConfirmationFactory,
    ContributionFactory,
    EnrolmentFactory,
    EvidenceFactory,
    load_framework,
)
from tests.factories.organisations import EmploymentFactory
from tests.factories.reports import a_team, complete, hand_in_and_confirm, publish
from xapi.projection import drift, rebuild

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    """Somebody in a module whose answers show IDE-1 at level 1, and whose practice shows it at 2."""
    load_framework()
    enrolment = EnrolmentFactory()
    version = enrolment.edition.version
    ContributionFactory(version=version)
    ContributionFactory(version=version, level=2, earned_by=EarnedBy.CONFIRMED_PRACTICE)
    ContributionFactory(
        version=version,
        level=3,
        earned_by=EarnedBy.COURSE_OR_SIGN_OFF,
        competency=Competency.objects.get(code="NIV-1"),
    )
    return enrolment


def evidence_of(enrolment):
    rows = Evidence.objects.of_learners([enrolment.person.pseudonym])
    return list(rows.values_list("competency__code", "level", "earned_by", "shown_at", "statement"))


def project(enrolment):
    EvidenceStage().project(enrolment.person.pseudonym)


def test_a_completion_earns_what_the_answers_show(enrolment):
    completion = CompletionFactory(enrolment=enrolment)
    project(enrolment)
    assert evidence_of(enrolment) == [("IDE-1", 1, "answers", A_NOON, completion.statement)]


def test_a_confirmed_practice_task_earns_its_own_with_or_without_a_completion(enrolment):
    confirmation = ConfirmationFactory(enrolment=enrolment)
    project(enrolment)
    assert evidence_of(enrolment) == [("IDE-1", 2, "confirmed_practice_task", A_NOON, confirmation.statement)]


def test_the_first_confirmation_of_a_version_is_the_one_that_counts(enrolment):
    again = EnrolmentFactory(person=enrolment.person, edition=enrolment.edition)
    ConfirmationFactory(enrolment=again, confirmed_at=A_NOON + dt.timedelta(days=3))
    first = ConfirmationFactory(enrolment=enrolment)
    project(enrolment)
    assert [row[3:] for row in evidence_of(enrolment)] == [(A_NOON, first.statement)]


def test_an_answer_alone_earns_nothing_and_nobody_earns_by_another(enrolment):
    CompletionFactory()
    project(enrolment)
    assert list(Evidence.objects.all()) == []


def test_rows_that_still_hold_keep_their_key_and_others_go(enrolment):
    CompletionFactory(enrolment=enrolment)
    confirmation = ConfirmationFactory(enrolment=enrolment)
    project(enrolment)
    keys = dict(Evidence.objects.values_list("earned_by", "pk"))
    confirmation.delete()
    project(enrolment)
    assert dict(Evidence.objects.values_list("earned_by", "pk")) == {"answers": keys["answers"]}
    project(enrolment)
    assert dict(Evidence.objects.values_list("earned_by", "pk")) == {"answers": keys["answers"]}


@pytest.mark.parametrize(
    "change",
    [
        {"level": 3},
        {"shown_at": F("shown_at") - dt.timedelta(days=1)},
        {"statement": "00000000-0000-0000-0000-000000000000"},
        {"earned_by": "course_or_sign_off"},
    ],
)
def test_a_row_that_was_tampered_with_comes_back_right(enrolment, change):
    CompletionFactory(enrolment=enrolment)
    stage = EvidenceStage()
    project(enrolment)
    before = stage.rows(enrolment.person.pseudonym)
    Evidence.objects.update(**change)
    assert stage.rows(enrolment.person.pseudonym) != before
    project(enrolment)
    assert stage.rows(enrolment.person.pseudonym) == before


def test_rows_are_comparable_and_carry_no_surrogate_key(enrolment):
    completion = CompletionFactory(enrolment=enrolment)
    project(enrolment)
    learner = enrolment.person.pseudonym
    assert EvidenceStage().rows(learner) == {
        (
            "evidence",
            "basal-palliation 0.1-forslag",
            "IDE-1",
            "1",
            "answers",
            f"{enrolment.module.iri} v1",
            "2026-11-22T11:00:00+00:00",
            str(completion.statement),
        )
    }


def test_learners_are_those_with_evidence_each_once(enrolment):
    CompletionFactory(enrolment=enrolment)
    ConfirmationFactory(enrolment=enrolment)
    project(enrolment)
    stranger = EvidenceFactory().learner
    assert sorted(EvidenceStage().learners()) == sorted([enrolment.person.pseudonym, stranger])


def test_evidence_of_nobody_is_cleared_away(enrolment):
    stranger = EvidenceFactory().learner
    EvidenceStage().project(stranger)
    assert list(Evidence.objects.all()) == []


def test_leaving_an_employer_changes_no_evidence(enrolment):
    employment = EmploymentFactory(person=enrolment.person)
    CompletionFactory(enrolment=enrolment)
    project(enrolment)
    before = list(Evidence.objects.values_list("pk", flat=True))
    end_employment(employment, on=dt.date(2026, 11, 23))
    project(enrolment)
    assert list(Evidence.objects.values_list("pk", flat=True)) == before


def test_evidence_that_was_deleted_comes_back_the_same_by_a_rebuild(noon):
    load_framework()
    team = a_team()
    complete(team.assistant, publish())
    hand_in_and_confirm(team.assistant, publish("Sorg"), by=team.leader.person)
    learner = team.assistant.pseudonym
    stage = EvidenceStage()
    before = stage.rows(learner)
    assert sorted((row[2], row[3], row[4]) for row in before) == [
        ("IDE-1", "1", "answers"),
        ("IDE-1", "2", "confirmed_practice_task"),
    ]
    assert list(drift()) == []
    Evidence.objects.all().delete()
    # A sentence a row.
    assert len(list(drift())) == 2
    rebuild()
    assert stage.rows(learner) == before
    assert list(drift()) == []
