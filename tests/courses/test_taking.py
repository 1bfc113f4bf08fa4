"""A learner takes a module: what is recorded, and what it comes to."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from courses.domain import answers, enrolment, free_text, practice
from courses.domain.progress import progress_of
from courses.enums import StepState
from courses.grading import InvalidResponse
from courses.models import Attempt, Completion, Confirmation, Enrolment, FreeText, ItemSubmission
from organisations.models import Person
from tests.factories.courses import (
    FIRST,
    SECOND,
    TASK,
    THOUGHT,
    answer,
    complete,
    publish,
    question,
    specification,
    written,
)
from tests.factories.organisations import PersonFactory
from xapi import vocabulary
from xapi.models import Statement

pytestmark = pytest.mark.django_db
TOKEN = uuid.UUID("22222222-2222-4222-8222-222222222222")


@pytest.fixture
def learner():
    return PersonFactory()


@pytest.fixture
def edition():
    return publish()


@pytest.fixture
def going(learner, edition):
    return enrolment.begin(learner, edition=edition)


def verbs(learner):
    return [s.verb.rsplit("/", 1)[1] for s in Statement.objects.of_learner(learner.pseudonym).order_by("seq")]


def test_the_whole_way_is_recorded_in_order(learner, edition):
    going = enrolment.begin(learner, edition=edition)
    answer(going, FIRST, "wrong")
    answer(going, FIRST)
    enrolment.leave_step(going, step=1)
    answer(going, SECOND)
    enrolment.finish(going)
    assert verbs(learner) == [
        "initialized",
        "answered",
        "answered",
        "progressed",
        "answered",
        "passed",
        "completed",
    ]


def test_every_statement_carries_registration_revision_language_and_platform(learner, edition):
    going = complete(learner, edition)
    contexts = [s.data["context"] for s in Statement.objects.of_learner(learner.pseudonym)]
    assert {(c["registration"], c["revision"], c["language"], c["platform"]) for c in contexts} == {
        (str(going.registration), "1.1", "da", "Lindra")
    }


def test_no_statement_holds_a_name_a_mail_or_the_answer_key(learner, edition):
    complete(learner, edition)
    raw = "".join(Statement.objects.values_list("raw", flat=True))
    for secret in (learner.given_name, learner.family_name, "@", "correctResponsesPattern", "Fordi det hele"):
        assert secret not in raw


def test_beginning_twice_begins_once(learner, edition):
    first = enrolment.begin(learner, edition=edition)
    assert enrolment.begin(learner, edition=edition) == first
    assert verbs(learner) == ["initialized"]


def test_the_same_form_sent_twice_is_one_attempt(going):
    for _click in range(2):
        answers.answer(going, item=FIRST, response="wrong", token=TOKEN)
    assert Attempt.objects.count() == 1


def test_a_form_sent_again_with_another_answer_is_another_attempt(going):
    answers.answer(going, item=FIRST, response="wrong", token=TOKEN)
    answers.answer(going, item=FIRST, response="right", token=TOKEN)
    assert list(Attempt.objects.values_list("ordinal", "success")) == [(1, False), (2, True)]


def test_an_answer_to_a_question_that_is_not_in_the_edition_is_refused(learner, going):
    with pytest.raises(answers.UnknownItem):
        answer(going, "s9_q9")
    assert verbs(learner) == ["initialized"]


def test_an_option_that_is_not_there_is_refused(learner, going):
    with pytest.raises(InvalidResponse):
        answer(going, FIRST, "invented")
    assert verbs(learner) == ["initialized"]


def test_finishing_with_unanswered_questions_says_which_and_records_nothing(learner, going):
    answer(going, FIRST)
    outcome = enrolment.finish(going)
    assert (outcome.completed, outcome.unanswered, outcome.wrong) == (False, [SECOND], [])
    assert verbs(learner) == ["initialized", "answered"]


def test_finishing_with_a_wrong_answer_is_failed_with_its_score(learner, going):
    answer(going, FIRST)
    answer(going, SECOND, "wrong")
    outcome = enrolment.finish(going)
    assert (outcome.completed, outcome.wrong) == (False, [SECOND])
    assert verbs(learner)[-1] == "failed"
    failed = Statement.objects.get(verb=vocabulary.FAILED).data["result"]
    assert failed == {"success": False, "score": {"raw": 1, "min": 0, "max": 2, "scaled": 0.5}}
    assert Completion.objects.count() == 0


def test_finishing_twice_completes_once(learner, edition):
    going = complete(learner, edition)
    enrolment.finish(going)
    assert verbs(learner).count("completed") == 1
    assert Completion.objects.count() == 1


def test_a_learner_finishes_the_edition_she_began_though_the_module_changed_meanwhile(
    learner, edition, going
):
    newer = publish(key=edition.version.module.key, substance=["others"], title="Ny")
    assert enrolment.begin(learner, edition=newer) == going
    for item in (FIRST, SECOND):
        answer(going, item)
    enrolment.finish(going)
    assert Completion.objects.get().version == edition.version


def test_taking_it_again_is_a_new_enrolment_and_takes_nothing_away(learner, edition):
    complete(learner, edition)
    enrolment.begin(learner, edition=edition)
    assert Enrolment.objects.count() == 2
    assert Completion.objects.count() == 1


def test_a_step_gone_past_twice_is_progress_once(learner, going):
    enrolment.leave_step(going, step=1)
    enrolment.leave_step(going, step=1)
    assert verbs(learner) == ["initialized", "progressed"]


def states(going):
    progress = progress_of(Enrolment.objects.get(pk=going.pk))
    return [progress.state_of(step) for step in (1, 2, 3)], progress.steps_done


def test_a_step_is_in_place_when_its_questions_are_right_and_its_practice_task_is_handed_in(going):
    answer(going, FIRST, "wrong")
    enrolment.leave_step(going, step=1)
    enrolment.leave_step(going, step=3)
    assert states(going) == ([StepState.QUESTIONS_OPEN, StepState.AHEAD, StepState.TASK_OPEN], 0)
    answer(going, FIRST)
    free_text.write(going, item=TASK, text="Vi aftalte det.")
    assert states(going) == ([StepState.IN_PLACE, StepState.AHEAD, StepState.IN_PLACE], 2)


def test_a_handed_in_task_whose_words_were_erased_is_still_handed_in(going):
    free_text.erase(free_text.write(going, item=TASK, text="Vi aftalte det."))
    assert states(going)[0][2] == StepState.IN_PLACE


def test_a_step_that_asks_nothing_is_read_and_one_with_a_reflection_says_that_it_is_voluntary(learner):
    steps = [
        {"title": "Et", "minutes": 1, "blocks": [{"id": "t", "kind": "text", "html": ""}]},
        {"title": "To", "minutes": 1, "blocks": [written(THOUGHT, "reflection")]},
        {"title": "Tre", "minutes": 1, "blocks": [question(FIRST)]},
    ]
    content = {"summary": "", "minutes": 3, "professions": [], "steps": steps}
    edition = publish(content=content, grading={FIRST: specification()})
    going = enrolment.begin(learner, edition=edition)
    for step in (1, 2):
        enrolment.leave_step(going, step=step)
    assert states(going) == ([StepState.READ, StepState.THOUGHT_OPEN, StepState.AHEAD], 2)
    free_text.write(going, item=THOUGHT, text="En tanke")
    assert states(going)[0][1] == StepState.IN_PLACE


def test_progress_takes_two_queries(going, django_assert_num_queries):
    going = Enrolment.objects.select_related("edition").get(pk=going.pk)
    with django_assert_num_queries(2):
        progress_of(going)


def test_what_a_learner_writes_is_in_a_row_of_its_own_and_never_in_a_statement(learner, going):
    row = free_text.write(going, item=THOUGHT, text="En tanke om den aften")
    raw = Statement.objects.get(verb=vocabulary.ANSWERED).raw
    assert "tanke" not in raw
    assert str(row.public_id) in raw


def test_erasing_a_text_leaves_a_statement_that_says_nothing_of_it(going):
    row = free_text.write(going, item=THOUGHT, text="En tanke")
    free_text.erase(row)
    assert FreeText.objects.get().text == ""
    assert FreeText.objects.standing().count() == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("   \n", "empty"), ("x" * 4001, "too_long"), ("Hr. J. 010203-1234", "cpr_like")],
)
def test_a_text_that_may_not_be_kept_is_refused_with_a_reason(learner, going, text, code):
    with pytest.raises(ValidationError) as refused:
        free_text.write(going, item=TASK, text=text)
    assert refused.value.code == code
    assert FreeText.objects.count() == 0
    assert verbs(learner) == ["initialized"]


def test_changing_a_text_records_nothing_new(learner, going):
    free_text.write(going, item=TASK, text="Først")
    free_text.write(going, item=TASK, text="Så")
    assert FreeText.objects.get().text == "Så"
    assert verbs(learner) == ["initialized", "submit"]


def test_a_text_cannot_be_written_at_a_question(going):
    with pytest.raises(answers.UnknownItem):
        free_text.write(going, item=FIRST, text="Hej")


def test_a_confirmation_has_the_learner_as_actor_and_the_confirmer_as_instructor(learner, going):
    leader = PersonFactory()
    free_text.write(going, item=TASK, text="Vi aftalte det.")
    practice.confirm(ItemSubmission.objects.get(), by=leader)
    statement = Statement.objects.get(verb=vocabulary.CONFIRMED)
    assert vocabulary.pseudonym_of(statement.data["actor"]) == learner.pseudonym
    assert vocabulary.pseudonym_of(statement.data["context"]["instructor"]) == leader.pseudonym
    assert Confirmation.objects.get().confirmed_by == leader.pseudonym


def test_confirming_twice_confirms_once(learner, going):
    free_text.write(going, item=TASK, text="Vi aftalte det.")
    for _click in range(2):
        practice.confirm(ItemSubmission.objects.get(), by=PersonFactory())
    assert verbs(learner).count("confirmed") == 1


def test_nobody_confirms_her_own_task(learner, going):
    free_text.write(going, item=TASK, text="Vi aftalte det.")
    with pytest.raises(ValueError, match="her own"):
        practice.confirm(ItemSubmission.objects.get(), by=learner)
    assert Confirmation.objects.count() == 0


def test_a_confirmed_text_stays_as_it_was(going):
    free_text.write(going, item=TASK, text="Før")
    practice.confirm(ItemSubmission.objects.get(), by=PersonFactory())
    with pytest.raises(ValidationError) as refused:
        free_text.write(going, item=TASK, text="Efter")
    assert refused.value.code == "confirmed"
    assert FreeText.objects.get().text == "Før"


def test_what_awaits_is_only_what_is_not_confirmed(learner, going):
    free_text.write(going, item=TASK, text="Vi aftalte det.")
    people = Person.objects.filter(pk=learner.pk)
    assert [(row.person, row.text) for row in practice.awaiting(people)] == [(learner, "Vi aftalte det.")]
    assert practice.number_awaiting(people) == 1
    assert practice.number_awaiting(Person.objects.exclude(pk=learner.pk)) == 0
    practice.confirm(ItemSubmission.objects.get(), by=PersonFactory())
    assert (practice.awaiting(people), practice.number_awaiting(people)) == ([], 0)


def test_asking_what_awaits_takes_as_many_queries_for_three_people_as_for_one(
    edition, django_assert_num_queries
):
    people = PersonFactory.create_batch(3)
    for person in people:
        free_text.write(enrolment.begin(person, edition=edition), item=TASK, text="Gjort.")
    for some in (people[:1], people):
        with django_assert_num_queries(5):
            assert len(practice.awaiting(some)) == len(some)


def test_the_statement_is_json_that_says_what_was_chosen_and_whether_it_was_right(going):
    answer(going, FIRST, "wrong")
    made = json.loads(Statement.objects.get(verb=vocabulary.ANSWERED).raw)
    assert made["result"] == {"response": "wrong", "success": False}
    assert made["object"]["id"] == f"{going.module.iri}/items/{FIRST}"


@pytest.mark.django_db(transaction=True)
def test_two_browsers_that_begin_at_once_begin_once():
    if connection.vendor != "postgresql":
        pytest.skip("an in-memory SQLite has one connection; PostgreSQL has several writers")
    learner, edition = PersonFactory(), publish()

    def begin(_number: int) -> int:
        try:
            return enrolment.begin(learner, edition=edition).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        begun = set(pool.map(begin, range(4)))
    assert len(begun) == 1
    assert verbs(learner) == ["initialized"]
