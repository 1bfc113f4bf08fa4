"""The stage: any order, twice, with rows deleted in between, gives the same."""

import json
import uuid
from collections import Counter

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses import holds
from courses.domain import enrolment, free_text, practice
from courses.domain.derivation import DERIVED
from courses.models import Attempt, Completion, Confirmation, FirstAnswer, ItemSubmission, StepLeft
from courses.projections import CompletionStage
from tests.factories.courses import FIRST, SECOND, TASK, answer, publish
from tests.factories.organisations import PersonFactory
from tests.factories.xapi import ClientFactory
from xapi import projection, vocabulary
from xapi.domain.recording import record
from xapi.models import PendingLearner, Statement, StatementId

pytestmark = pytest.mark.django_db
ON_THE_ROAD = [Attempt, FirstAnswer, StepLeft, ItemSubmission, Confirmation, Completion]


def whole_road(learner, edition):
    going = enrolment.begin(learner, edition=edition)
    answer(going, FIRST, "wrong")
    answer(going, FIRST)
    enrolment.leave_step(going, step=1)
    answer(going, SECOND)
    free_text.write(going, item=TASK, text="Gjort.")
    practice.confirm(ItemSubmission.objects.get(learner=learner.pseudonym), by=PersonFactory())
    enrolment.finish(going)
    return going


def completed(learner, module, *, revision=None, **changes):
    """A statement as another system would send it."""
    context = {"revision": revision, "platform": "Plan2Learn"} if revision else {}
    return {
        "id": str(uuid.uuid4()),
        "actor": vocabulary.actor_of(learner.pseudonym),
        "verb": vocabulary.verb(vocabulary.COMPLETED),
        "object": {"objectType": "Activity", "id": module.iri},
        **({"context": context} if context else {}),
        **changes,
    }


def test_projecting_again_changes_no_row():
    learner = PersonFactory()
    whole_road(learner, publish())
    before = [list(model.objects.order_by("pk").values()) for model in ON_THE_ROAD]
    CompletionStage().project(learner.pseudonym)
    assert [list(model.objects.order_by("pk").values()) for model in ON_THE_ROAD] == before


def test_deleted_rows_come_back_the_same():
    learner = PersonFactory()
    whole_road(learner, publish())
    before = CompletionStage().rows(learner.pseudonym)
    for model in ON_THE_ROAD:
        model.objects.all().delete()
    CompletionStage().project(learner.pseudonym)
    assert CompletionStage().rows(learner.pseudonym) == before
    assert len(before) == 9


def test_a_completion_is_called_after_the_completed_statement_and_not_the_passed_one():
    learners = PersonFactory.create_batch(4)
    edition = publish()
    for learner in learners:
        whole_road(learner, edition)
    called = Statement.objects.filter(uuid__in=Completion.objects.values("statement"))
    assert [statement.verb for statement in called] == [vocabulary.COMPLETED] * 4


def test_rows_of_another_learner_are_left_alone():
    learner, other, edition = PersonFactory(), PersonFactory(), publish()
    whole_road(other, edition)
    before = CompletionStage().rows(other.pseudonym)
    CompletionStage().project(learner.pseudonym)
    assert CompletionStage().rows(other.pseudonym) == before


def test_a_completion_from_a_client_that_is_trusted_for_the_module_counts():
    learner, module = PersonFactory(), publish().version.module
    client = ClientFactory(trusted_prefixes=[module.iri])
    record(completed(learner, module, revision="1.1"), client=client)
    projection.project(learner.pseudonym)
    assert Completion.objects.get().version.number == 1


@pytest.mark.parametrize("prefixes", [[], ["https://elsewhere.example/"]])
def test_a_completion_from_a_client_that_is_not_trusted_does_not_count(prefixes):
    learner, module = PersonFactory(), publish().version.module
    record(completed(learner, module, revision="1.1"), client=ClientFactory(trusted_prefixes=prefixes))
    projection.project(learner.pseudonym)
    assert Completion.objects.count() == 0


def test_a_completion_that_says_it_was_no_success_does_not_count():
    learner, module = PersonFactory(), publish().version.module
    client = ClientFactory(trusted_prefixes=[module.iri])
    record(completed(learner, module, result={"success": False}), client=client)
    projection.project(learner.pseudonym)
    assert Completion.objects.count() == 0


def test_a_completion_of_a_version_that_never_was_does_not_count():
    learner, module = PersonFactory(), publish().version.module
    client = ClientFactory(trusted_prefixes=[module.iri])
    record(completed(learner, module, revision="9.1"), client=client)
    projection.project(learner.pseudonym)
    assert Completion.objects.count() == 0


def test_a_client_cannot_confirm_a_practice_task_or_answer_for_a_learner():
    learner, edition = PersonFactory(), publish()
    going = enrolment.begin(learner, edition=edition)
    client = ClientFactory(trusted_prefixes=[going.module.iri])
    for verb in (vocabulary.ANSWERED, vocabulary.CONFIRMED):
        record(
            {
                "actor": vocabulary.actor_of(learner.pseudonym),
                "verb": {"id": verb},
                "object": {"id": edition.item_iri(FIRST)},
                "result": {"response": "right", "success": True},
                "context": {
                    "registration": str(going.registration),
                    "instructor": vocabulary.actor_of(PersonFactory().pseudonym),
                },
            },
            client=client,
        )
    projection.project(learner.pseudonym)
    assert (Attempt.objects.count(), Confirmation.objects.count()) == (0, 0)


def test_a_registration_of_somebody_else_gives_nothing():
    learner, thief, edition = PersonFactory(), PersonFactory(), publish()
    going = enrolment.begin(learner, edition=edition)
    record(
        {
            "actor": vocabulary.actor_of(thief.pseudonym),
            "verb": {"id": vocabulary.ANSWERED},
            "object": {"id": edition.item_iri(FIRST)},
            "result": {"response": "right", "success": True},
            "context": {"registration": str(going.registration)},
        }
    )
    projection.project(thief.pseudonym)
    assert Attempt.objects.count() == 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_statements_in_any_order_singly_or_together_and_twice_give_the_same(data):
    learner, edition = PersonFactory(), publish()
    whole_road(learner, edition)
    expected = CompletionStage().rows(learner.pseudonym)
    statements = [
        json.loads(raw)
        for raw in Statement.objects.of_learner(learner.pseudonym).values_list("raw", flat=True)
    ]
    # Everything is forgotten but what was said, and it is said again in another order.
    StatementId.objects.all().delete()
    Statement.objects.all()._raw_delete(Statement.objects.db)
    PendingLearner.objects.all().delete()
    for model in ON_THE_ROAD:
        model.objects.all().delete()
    for statement in data.draw(st.permutations(statements)):
        for _time in range(data.draw(st.integers(1, 2))):
            record({**statement})
        if data.draw(st.booleans()):
            projection.project_pending()
        if data.draw(st.booleans()):
            Attempt.objects.all().delete()
            Completion.objects.all().delete()
    projection.project(learner.pseudonym)
    assert CompletionStage().rows(learner.pseudonym) == expected


def test_everybody_who_has_rows_comes_once_for_each_kind_of_row_that_she_has():
    learner, other, edition = PersonFactory(), PersonFactory(), publish()
    whole_road(learner, edition)
    enrolment.leave_step(enrolment.begin(other, edition=edition), step=1)
    found = Counter(CompletionStage().learners())
    assert found == {learner.pseudonym: len(ON_THE_ROAD), other.pseudonym: 1}


def test_every_model_that_names_a_statement_is_derived_and_so_holds_it():
    models = apps.get_app_config("courses").get_models()
    naming = {model for model in models if "statement" in {field.name for field in model._meta.fields}}
    assert set(holds.DERIVED) == set(DERIVED) == naming
