"""What the answers to a version say: from first answers, of whole groups, and never of few."""

import datetime as dt
import random
import statistics
import uuid

import pytest

from courses.domain import answers, enrolment
from courses.domain.insight import began_by_module, insight
from courses.domain.separation import ENOUGH_PEOPLE
from courses.models import FirstAnswer
from courses.projections import CompletionStage
from tests.factories.courses import FIRST, SECOND, answer, publish, question, specification
from tests.factories.insight import CASE, OUTCOMES, answered, begun, first_answer
from tests.factories.organisations import PersonFactory
from xapi import vocabulary
from xapi.models import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NOON = dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)


@pytest.fixture
def edition():
    return publish(title="Se det i tide")


def said(edition, number=0):
    return insight(edition.version, language="da").questions[number]


def answer_at(going, item, response, minute):
    at = NOON + dt.timedelta(minutes=minute)
    answers.answer(going, item=item, response=response, token=uuid.uuid4(), at=at)


# --- First answers ------------------------------------------------------------------------------------


def test_only_the_very_first_answer_is_kept_also_when_the_module_is_taken_again(edition):
    learner = PersonFactory()
    going = enrolment.begin(learner, edition=edition, at=NOON)
    answer_at(going, FIRST, "wrong", 1)
    answer_at(going, FIRST, "right", 2)
    answer_at(going, SECOND, "right", 3)
    enrolment.finish(going)
    again = enrolment.begin(learner, edition=edition, at=NOON)
    answer_at(again, FIRST, "right", 4)
    assert list(FirstAnswer.objects.values_list("item", "response", "success")) == [
        (FIRST, "wrong", False),
        (SECOND, "right", True),
    ]


def test_the_time_is_from_what_she_did_before_and_empty_where_she_was_away(edition):
    going = enrolment.begin(PersonFactory(), edition=edition, at=NOON)
    answer_at(going, FIRST, "right", 2)
    answer_at(going, SECOND, "right", 33)
    assert dict(FirstAnswer.objects.values_list("item", "seconds")) == {FIRST: 120, SECOND: None}


def test_the_time_stays_when_what_is_kept_for_no_row_is_removed_by_age(edition):
    learner = PersonFactory()
    going = enrolment.begin(learner, edition=edition, at=NOON)
    answer_at(going, FIRST, "right", 2)
    before = CompletionStage().rows(learner.pseudonym)
    Statement.objects.filter(verb=vocabulary.INITIALIZED)._raw_delete(Statement.objects.db)
    CompletionStage().project(learner.pseudonym)
    assert CompletionStage().rows(learner.pseudonym) == before
    assert FirstAnswer.objects.get().seconds == 120


def test_the_time_of_a_case_is_from_before_its_first_choice(edition):
    edition.content["steps"][0]["blocks"][0] = {**CASE, "id": FIRST, "item": True, "name": "En aften"}
    edition.grading[FIRST] = {**OUTCOMES, "kind": "branching_case", "explanation": ""}
    edition.save()
    going = enrolment.begin(PersonFactory(), edition=edition, at=NOON)
    for minute, way in ((1, ["a"]), (3, ["a", "c"])):
        at = NOON + dt.timedelta(minutes=minute)
        answers.choose(going, item=FIRST, way=way, token=uuid.uuid4(), at=at)
    assert FirstAnswer.objects.get().seconds == 180


def test_the_others_are_counted_when_everything_is_answered(edition):
    going = enrolment.begin(PersonFactory(), edition=edition)
    answer(going, FIRST, "wrong")
    assert FirstAnswer.objects.get().others is None
    answer(going, SECOND)
    assert list(FirstAnswer.objects.values_list("item", "others", "others_right")) == [
        (FIRST, 1, 1),
        (SECOND, 1, 0),
    ]


def test_deleted_first_answers_come_back_the_same(edition):
    learner = PersonFactory()
    going = enrolment.begin(learner, edition=edition)
    answer(going, FIRST, "wrong")
    answer(going, SECOND)
    before = list(FirstAnswer.objects.order_by("item").values("item", "seconds", "others_right", "statement"))
    FirstAnswer.objects.all().delete()
    CompletionStage().project(learner.pseudonym)
    after = list(FirstAnswer.objects.order_by("item").values("item", "seconds", "others_right", "statement"))
    assert after == before


# --- Numbers ------------------------------------------------------------------------------------------


def test_of_nine_people_nothing_is_said_and_of_ten_something(edition):
    answered(edition, 9)
    assert (said(edition).people, said(edition).right, said(edition).groups) == (0, None, [])
    answered(edition)
    assert (said(edition).people, said(edition).right) == (10, 10)


def test_one_more_answer_changes_nothing_until_there_are_five(edition):
    answered(edition, 10)
    before = said(edition)
    for _person in range(4):
        answered(edition, response="wrong")
        assert said(edition) == before
    answered(edition, response="wrong")
    assert (said(edition).people, said(edition).right) == (15, 10)


def test_the_difficulty_and_the_options_are_of_first_answers(edition):
    answered(edition, 14)
    answered(edition, 6, response="wrong")
    found = said(edition)
    assert (found.people, found.right, found.percent) == (20, 15, 75)
    assert [(row.text, row.is_right, row.people) for row in found.groups[0].choices] == [
        ("Ingenting", False, 5),
        ("Det hele", True, 15),
    ]


def test_an_option_that_few_chose_is_not_counted_aloud(edition):
    answered(edition, 17)
    answered(edition, 3, response="wrong")
    found = said(edition)
    assert [row.people for row in found.groups[0].choices] == [None, 15]
    assert found.right == 15


def test_few_right_answers_are_not_counted_aloud_either(edition):
    answered(edition, 3)
    answered(edition, 17, response="wrong")
    assert (said(edition).right, said(edition).percent) == (None, None)


def test_each_version_has_numbers_of_its_own(edition):
    answered(edition, 10)
    module = edition.version.module
    newer = publish(key=module.key, title="Se det i tide", substance=["noget andet"])
    assert newer.version.number == 2
    assert (said(edition).people, said(newer).people) == (10, 0)


def test_the_time_is_the_median_in_whole_fives(edition):
    for seconds in (10, 20, 31, 31, 31, 32, 32, 40, 600, 1500):
        answered(edition, seconds=seconds)
    assert said(edition).seconds == 30


def test_how_many_began_is_told_for_each_module_where_they_are_enough(edition):
    other = publish(title="Et andet", code="M03")
    for number in range(12):
        begun(PersonFactory(), edition)
        if number < 4:
            begun(PersonFactory(), other)
    modules = [edition.version.module_id, other.version.module_id]
    assert began_by_module(modules) == {modules[0]: 10, modules[1]: None}


# --- Separation ---------------------------------------------------------------------------------------


def seen_by(edition, people, *, seed=1, others=4):
    """Whoever knows more of the rest has the question right more often; the naive correlation of it."""
    dice = random.Random(seed)
    pairs = []
    for _number in range(people):
        rest = dice.randint(0, others)
        is_right = dice.random() < (rest + 1) / (others + 2)
        pairs.append((is_right, rest))
        answered(edition, response="right" if is_right else "wrong", others=others, others_right=rest)
    return statistics.correlation([int(right) for right, _rest in pairs], [rest for _right, rest in pairs])


def test_the_separation_is_the_correlation_with_the_other_questions(edition):
    naive = seen_by(edition, ENOUGH_PEOPLE)
    assert said(edition).separation == round(naive, 2)
    assert naive > 0.2


def test_too_few_people_give_no_separation(edition):
    seen_by(edition, ENOUGH_PEOPLE - 5)
    assert said(edition).separation is None


def test_one_other_question_gives_no_separation(edition):
    seen_by(edition, ENOUGH_PEOPLE, others=1)
    assert said(edition).separation is None


def test_where_nearly_everybody_is_right_there_is_no_separation(edition):
    answered(edition, ENOUGH_PEOPLE - 4, others=4, others_right=3)
    answered(edition, 4, response="wrong", others=4, others_right=0)
    assert (said(edition).people, said(edition).separation) == (ENOUGH_PEOPLE, None)


# --- Steps --------------------------------------------------------------------------------------------


def test_whoever_completed_came_past_every_step_and_the_others_as_far_as_they_went(edition):
    for number in range(10):
        going = enrolment.begin(PersonFactory(), edition=edition)
        enrolment.leave_step(going, step=1)
        if number < 5:
            answer(going, FIRST)
            answer(going, SECOND)
            enrolment.finish(going)
    found = insight(edition.version, language="da")
    assert (found.began, found.completed) == (10, 5)
    assert [(step.people, step.percent) for step in found.steps] == [(10, 100), (5, 50), (5, 50)]


def test_of_few_who_began_no_step_is_shown(edition):
    for _person in range(9):
        begun(PersonFactory(), edition)
    found = insight(edition.version, language="da")
    assert (found.began, found.completed, found.steps) == (10, None, [])


# --- Queries ------------------------------------------------------------------------------------------


def test_one_and_three_questions_and_people_take_the_same_number_of_queries(django_assert_num_queries):
    def edition_of(*items):
        steps = [{"title": "Et", "minutes": 3, "blocks": [question(item) for item in items]}]
        return publish(
            content={"summary": "", "minutes": 3, "professions": ["nurse"], "steps": steps},
            grading={item: specification() for item in items},
            substance=list(items),
        )

    for items, people in ((["a"], 10), (["a", "b", "c"], 30)):
        edition = edition_of(*items)
        for _person in range(people):
            going = begun(PersonFactory(), edition)
            for item in items:
                first_answer(going, item=item)
        with django_assert_num_queries(8):
            assert [row.people for row in insight(edition.version, language="da").questions] == [
                people for _item in items
            ]
