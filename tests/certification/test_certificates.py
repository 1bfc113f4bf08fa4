"""A certificate is issued once, by the stage, and keeps what it said."""

import datetime as dt
import json
import uuid

import pytest

from certification.domain.certificates import issue, issue_due
from certification.models import Certificate
from certification.projections import IssuingStage
from competencies.models import Evidence
from courses.domain.paths import progress_of_paths
from courses.domain.publishing import publish_edition
from courses.models import Attempt, Completion, Confirmation, ItemSubmission, LearningPath, StepLeft
from tests.factories.courses import complete
from tests.factories.paths import a_path, module_for, somebody
from xapi import projection, vocabulary
from xapi.domain.recording import record
from xapi.models import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def editions():
    return [module_for("nurse", title=title, code=f"M0{n}") for n, title in enumerate(("Et", "To"), start=1)]


@pytest.fixture
def path(editions):
    return a_path(*editions)


@pytest.fixture
def learner(path):
    return somebody()


@pytest.fixture
def certificate(learner, editions):
    for edition in editions:
        complete(learner, edition)
    return Certificate.objects.get()


def snapshot():
    return list(Certificate.objects.order_by("pk").values())


def forget(learner):
    for model in (Attempt, StepLeft, ItemSubmission, Confirmation, Completion, Evidence):
        model.objects.filter(learner=learner.pseudonym).delete()


def test_it_is_issued_with_the_last_module_of_the_path_and_not_before(learner, editions, path):
    complete(learner, editions[0])
    assert snapshot() == []
    complete(learner, editions[1])
    certificate = Certificate.objects.get()
    assert (certificate.person, certificate.path, certificate.name) == (learner, path, learner.full_name)
    assert (certificate.completed_on, certificate.issued_on) == (dt.date(2026, 11, 22), dt.date(2026, 11, 22))


def test_it_says_what_was_completed_when_and_by_which_statement(certificate, learner, editions):
    completions = Completion.objects.filter(learner=learner.pseudonym).order_by("version__module__code")
    assert certificate.modules == [
        {
            "code": edition.version.module.code,
            "title": {"da": edition.title, "en": edition.title},
            "version": 1,
            "completed_on": "2026-11-22",
            "statement": str(completion.statement),
        }
        for edition, completion in zip(editions, completions, strict=True)
    ]
    assert certificate.texts["en"]["wording"] == (
        "has completed the path “Introduction” in basic palliative care."
    )
    assert {language: text["title"] for language, text in certificate.texts.items()} == {
        "da": "Introduktion",
        "en": "Introduction",
    }


def test_projecting_and_rebuilding_issue_no_second_one(certificate, learner):
    before = snapshot()
    projection.project(learner.pseudonym)
    assert projection.rebuild() >= 1
    assert issue_due(learner) == []
    assert snapshot() == before


def test_it_survives_that_everything_derived_is_deleted_and_rebuilt(certificate, learner, noon):
    before = snapshot()
    noon(dt.date(2027, 3, 1))
    forget(learner)
    assert snapshot() == before
    projection.rebuild(learner.pseudonym)
    assert snapshot() == before


def test_a_check_of_the_derived_rows_is_silent_and_issues_nothing(certificate, learner):
    before = snapshot()
    assert projection.drift() == []
    Certificate.objects.all().delete()
    assert projection.drift() == []
    assert snapshot() == []
    projection.rebuild(learner.pseudonym)
    assert [row["person_id"] for row in snapshot()] == [row["person_id"] for row in before]


def test_a_new_name_a_new_version_and_another_path_change_nothing_in_it(certificate, learner, editions):
    before = snapshot()
    learner.family_name = "Nyt Navn"
    learner.save()
    LearningPath.objects.update(name_da="Et andet forløb")
    edition = editions[0]
    publish_edition(
        edition.version.module,
        language="da",
        title="Et nyt modul",
        content=edition.content,
        grading=edition.grading,
        substance="another",
    )
    a_path(*editions, module_for("nurse", title="Tre", code="M03"))
    projection.project(learner.pseudonym)
    assert snapshot() == before
    assert (certificate.title, progress_of_paths(learner)[0].is_completed) == ("Introduktion", False)


def test_it_is_kept_when_a_completion_is_taken_back(certificate, learner):
    before = snapshot()
    statement = Statement.objects.get(uuid=certificate.modules[0]["statement"])
    for said in Statement.objects.of_learner(learner.pseudonym).filter(activity=statement.activity):
        if said.verb in {vocabulary.COMPLETED, vocabulary.PASSED}:
            record(
                {
                    "id": str(uuid.uuid4()),
                    "actor": json.loads(said.raw)["actor"],
                    "verb": vocabulary.verb(vocabulary.VOIDED),
                    "object": {"objectType": "StatementRef", "id": str(said.uuid)},
                }
            )
    projection.project(learner.pseudonym)
    assert Completion.objects.filter(learner=learner.pseudonym).count() == 1
    assert snapshot() == before


def test_the_first_completion_of_any_version_counts(editions, learner, noon):
    complete(learner, editions[0])
    noon(dt.date(2026, 12, 24))
    complete(learner, editions[0])
    complete(learner, editions[1])
    certificate = Certificate.objects.get()
    assert [row["completed_on"] for row in certificate.modules] == ["2026-11-22", "2026-12-24"]
    assert certificate.completed_on == dt.date(2026, 12, 24)


def test_a_path_that_comes_after_the_completions_is_certified_at_the_next_projection():
    edition, learner = module_for("nurse"), somebody()
    complete(learner, edition)
    projection.project_pending()
    a_path(edition)
    projection.project_pending()
    assert [row.person for row in Certificate.objects.all()] == [learner]


def test_each_of_two_paths_gives_its_own(learner, editions):
    a_path(editions[0], code="KORT", name=("Kort", "Short"))
    for edition in editions:
        complete(learner, edition)
    assert sorted(row.title for row in Certificate.objects.all()) == ["Introduktion", "Kort"]


def test_a_path_for_others_gives_none(editions, path):
    doctor = somebody("doctor")
    for edition in editions:
        complete(doctor, edition)
    assert snapshot() == []


def test_a_path_that_is_not_completed_is_not_certified(learner):
    with pytest.raises(ValueError, match="isn't completed"):
        issue(learner, progress=progress_of_paths(learner)[0])


def test_the_stage_passes_over_who_has_been_erased(certificate, learner):
    learner.delete()
    projection.project(learner.pseudonym)
    assert snapshot() == []


def test_the_stage_has_no_derived_rows(certificate, learner):
    assert (IssuingStage().rows(learner.pseudonym), list(IssuingStage().learners())) == (set(), [])
