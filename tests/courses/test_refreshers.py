"""Refreshers: due when their day has come, answered once, and no more than the learner's own."""

import datetime as dt
import io
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from competencies.models import Evidence
from courses.domain import enrolment, refreshers
from courses.domain.answers import UnknownItem
from courses.domain.archiving import archive, restore
from courses.domain.refreshers import RefresherClosed, due_refreshers, refresher_of
from courses.grading import InvalidResponse
from courses.models import (
    Attempt,
    Completion,
    Enrolment,
    RefresherAnswer,
    RefresherSetting,
    SkippedRefresher,
)
from organisations.domain.erasure import erase_person
from tests.factories.courses import FIRST, SECOND, answer, complete, publish, question, specification
from tests.factories.organisations import PersonFactory
from tests.factories.xapi import ClientFactory
from xapi import projection, vocabulary
from xapi.domain.recording import record
from xapi.domain.retention import remove
from xapi.models import Statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DONE = dt.date(2026, 11, 22)
MANY = ["a_q", "b_q", "c_q", "d_q", "e_q"]


@pytest.fixture
def person():
    return PersonFactory()


def wide(**kwargs):
    """A module of five questions."""
    blocks = [question(item, text=f"Hvad med {item}?") for item in MANY]
    return publish(
        content={
            "summary": "Kort",
            "minutes": 5,
            "professions": [],
            "steps": [{"title": "Et", "minutes": 5, "blocks": blocks}],
        },
        grading={item: specification() for item in MANY},
        substance=MANY,
        **kwargs,
    )


def after(noon, days):
    noon(DONE + dt.timedelta(days=days))


def the_one(person):
    [refresher] = due_refreshers(person)
    return refresher


def give(refresher, item, response="right", token=None):
    """Each answer a second after the one before: the clock stands still."""
    at = timezone.now() + dt.timedelta(seconds=RefresherAnswer.objects.count())
    return refreshers.answer(refresher, item=item, response=response, token=token or uuid.uuid4(), at=at)


def drift():
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    return said.getvalue()


# --- When ------------------------------------------------------------------------------------------------


def test_it_is_due_after_days_weeks_and_months_and_then_no_more(noon, person):
    complete(person, wide())
    found = {}
    for days in (0, 2, 3, 20, 21, 89, 90, 179, 180, 400):
        after(noon, days)
        found[days] = [row.number for row in due_refreshers(person)]
    assert found == {0: [], 2: [], 3: [1], 20: [1], 21: [2], 89: [2], 90: [3], 179: [3], 180: [], 400: []}


def test_the_one_that_has_waited_longest_comes_first(noon, person):
    later = wide(code="M03")
    complete(person, wide(code="M04"))
    after(noon, 2)
    complete(person, later)
    after(noon, 8)
    assert [row.edition.version.module.code for row in due_refreshers(person)] == ["M04", "M03"]


def test_a_round_that_is_answered_waits_no_more_and_the_next_comes_all_the_same(noon, person):
    complete(person, wide())
    after(noon, 3)
    for item in the_one(person).questions:
        give(the_one(person), item)
    assert due_refreshers(person) == []
    after(noon, 21)
    assert the_one(person).number == 2


def test_what_is_begun_and_not_finished_comes_from_no_module_and_neither_does_an_external_completion(
    noon, person
):
    enrolment.begin(person, edition=wide())
    edition = publish(code="M07")
    client = ClientFactory(trusted_prefixes=[edition.version.module.iri])
    record(
        {
            "actor": vocabulary.actor_of(person.pseudonym),
            "verb": vocabulary.verb(vocabulary.COMPLETED),
            "object": {"id": edition.version.module.iri},
        },
        client=client,
    )
    projection.project(person.pseudonym)
    assert Completion.objects.count() == 1
    after(noon, 5)
    assert due_refreshers(person) == []


def test_a_module_without_quick_questions_has_none(noon, person):
    edition = wide()
    edition.content["steps"][0]["blocks"] = []
    edition.save()
    complete(person, edition)
    after(noon, 5)
    assert due_refreshers(person) == []
    assert refresher_of(person, registration=Enrolment.objects.get().registration, number=1).is_open is False


# --- Which -----------------------------------------------------------------------------------------------


def test_a_question_that_was_wrong_in_the_module_is_asked_and_a_reload_asks_the_same(noon, person):
    going = enrolment.begin(person, edition=wide())
    for item in MANY:
        if item in {"b_q", "d_q"}:
            answer(going, item, "wrong")
        answer(going, item)
    enrolment.finish(going)
    after(noon, 3)
    asked = the_one(person).questions
    assert {"b_q", "d_q"} < set(asked)
    assert [the_one(person).questions for _reload in range(3)] == [asked] * 3
    # Also while it is being answered, and on the last of its days.
    give(the_one(person), asked[0], "wrong")
    after(noon, 20)
    assert the_one(person).questions == asked


def test_the_next_round_asks_again_what_was_wrong_and_then_what_was_not_asked(noon, person):
    complete(person, wide())
    after(noon, 3)
    asked = the_one(person).questions
    for item, response in zip(asked, ("wrong", "right", "right"), strict=True):
        give(the_one(person), item, response)
    give(refresher_of(person, registration=Enrolment.objects.get().registration, number=1), asked[0])
    after(noon, 21)
    assert set(the_one(person).questions) == {asked[0], *set(MANY) - set(asked)}


# --- Answering -------------------------------------------------------------------------------------------


def test_how_it_went_is_the_first_answer_to_each(noon, person):
    complete(person, wide())
    after(noon, 3)
    first, second, third = the_one(person).questions
    give(the_one(person), first, "wrong")
    give(the_one(person), first, "right")
    give(the_one(person), second)
    done = the_one(person)
    assert (done.right, done.unanswered) == ([second], [third])
    assert [row.success for row in done.answers[first]] == [False, True]


def test_a_double_click_is_one_answer(noon, person):
    complete(person, wide())
    after(noon, 3)
    refresher, token = the_one(person), uuid.uuid4()
    before = Statement.objects.count()
    assert [give(refresher, refresher.questions[0], token=token) for _click in range(2)] == [True, True]
    assert (Statement.objects.count(), RefresherAnswer.objects.count()) == (before + 1, 1)


def test_what_cannot_be_an_answer_is_refused_and_nothing_is_recorded(noon, person):
    complete(person, wide())
    after(noon, 3)
    refresher = the_one(person)
    left_out = next(item for item in MANY if item not in refresher.questions)
    before = Statement.objects.count()
    with pytest.raises(InvalidResponse):
        give(refresher, refresher.questions[0], "invented")
    with pytest.raises(UnknownItem):
        give(refresher, left_out)
    with pytest.raises(UnknownItem):
        give(refresher, "s9_q9")
    after(noon, 21)
    with pytest.raises(RefresherClosed):
        give(refresher, refresher.questions[0])
    assert Statement.objects.count() == before


# --- What is recorded, and what isn't counted ------------------------------------------------------------


def test_the_statement_says_that_it_is_a_refresher_and_gives_no_right_answer_away(noon, person):
    edition = wide()
    going = complete(person, edition)
    after(noon, 3)
    refresher = the_one(person)
    give(refresher, refresher.questions[0], "wrong")
    said = Statement.objects.in_order().last().data
    module = edition.version.module.iri
    assert said["verb"]["id"] == vocabulary.ANSWERED
    assert said["object"]["id"] == f"{module}/items/{refresher.questions[0]}"
    assert said["result"] == {"response": "wrong", "success": False}
    context = said["context"]
    assert context["registration"] == str(going.registration)
    assert context["extensions"] == {"https://lindra.example/id/extensions/refresher": 1}
    assert [part["id"] for part in context["contextActivities"]["parent"]] == [f"{module}/refreshers/1"]
    assert [part["id"] for part in context["contextActivities"]["grouping"]] == [module]
    assert "correctResponsesPattern" not in Statement.objects.in_order().last().raw


def test_no_answer_in_a_refresher_adds_to_the_module_or_takes_from_it(noon, person):
    complete(person, wide())
    again = enrolment.begin(person, edition=Enrolment.objects.get().edition)

    def counted():
        return (
            list(Completion.objects.values_list("statement", "completed_at")),
            list(Attempt.objects.values_list("statement", flat=True)),
            list(Evidence.objects.values_list("statement", flat=True)),
            enrolment.finish(again),
        )

    before = counted()
    after(noon, 3)
    refresher = the_one(person)
    for item in refresher.questions:
        give(refresher, item, "wrong")
        give(refresher, item, "right")
    assert counted() == before
    assert RefresherAnswer.objects.count() == 6


def test_what_a_client_says_of_a_refresher_is_not_one(noon, person):
    going = complete(person, wide())
    after(noon, 3)
    refresher = the_one(person)
    give(refresher, refresher.questions[0])
    forged = {**Statement.objects.in_order().last().data, "id": str(uuid.uuid4())}
    for given_by_the_store in ("stored", "authority", "version"):
        forged.pop(given_by_the_store, None)
    record(forged, client=ClientFactory(trusted_prefixes=[going.module.iri + "/"]))
    projection.project(person.pseudonym)
    assert RefresherAnswer.objects.count() == 1


def test_the_rows_are_what_the_statements_say_and_a_rebuild_makes_them_again(noon, person):
    complete(person, wide())
    after(noon, 3)
    refresher = the_one(person)
    for item, response in zip(refresher.questions, ("right", "wrong", "right"), strict=True):
        give(refresher, item, response)
    fields = ("enrolment_id", "edition_id", "number", "item", "ordinal", "response", "success", "statement")
    before = set(RefresherAnswer.objects.values_list(*fields))
    assert drift() == ""
    RefresherAnswer.objects.all().delete()
    with pytest.raises(SystemExit):
        drift()
    call_command("rebuild", stdout=io.StringIO())
    assert set(RefresherAnswer.objects.values_list(*fields)) == before


def test_a_removal_by_age_leaves_the_answers(noon, person):
    complete(person, wide())
    after(noon, 3)
    give(the_one(person), the_one(person).questions[0])
    after(noon, 800)
    projection.project_pending()
    remove(before=dt.datetime(2028, 12, 31, tzinfo=dt.UTC), reason="Efter to år", by="Drift")
    assert RefresherAnswer.objects.filter(statement__in=Statement.objects.values("uuid")).count() == 1
    assert drift() == ""


# --- Versions --------------------------------------------------------------------------------------------


def test_a_correction_of_wording_is_asked_in_the_new_words_and_what_was_answered_keeps_its_own(noon, person):
    edition = wide()
    complete(person, edition)
    after(noon, 3)
    refresher = the_one(person)
    give(refresher, refresher.questions[0])
    corrected = wide(key=edition.version.module.key, title="Se det i tide")
    assert corrected.version == edition.version
    again = the_one(person)
    assert (again.edition, again.questions) == (corrected, refresher.questions)
    give(again, again.questions[1])
    rows = the_one(person).answers
    assert [rows[item][0].edition for item in again.questions[:2]] == [edition, corrected]
    assert Statement.objects.in_order().last().data["context"]["revision"] == "1.2"
    assert drift() == ""


def test_a_new_version_ends_the_refreshers_of_the_old_one(noon, person):
    edition = wide()
    complete(person, edition)
    after(noon, 3)
    held = the_one(person)
    newer = wide(key=edition.version.module.key, new_version=True)
    assert due_refreshers(person) == []
    found = refresher_of(person, registration=held.enrolment.registration, number=1)
    assert (found.is_open, found.next_on) == (False, None)
    with pytest.raises(RefresherClosed):
        give(found, found.questions[0])
    # Whoever takes the new one is asked about the new one.
    complete(person, newer)
    after(noon, 6)
    assert the_one(person).edition == newer


def test_an_archived_module_asks_no_more_until_it_is_put_back(noon, person):
    module = complete(person, wide()).module
    after(noon, 3)
    archive(module, reason="Erstattet af vejledningen fra 2026", by=None)
    assert due_refreshers(person) == []
    restore(module, by=None)
    assert the_one(person).number == 1


# --- Her own choice --------------------------------------------------------------------------------------


def test_she_skips_a_round_and_the_next_one_comes(noon, person):
    complete(person, wide())
    after(noon, 3)
    refresher = the_one(person)
    refreshers.skip(refresher)
    refreshers.skip(refresher)
    assert due_refreshers(person) == []
    after(noon, 21)
    assert the_one(person).number == 2
    with pytest.raises(RefresherClosed):
        refreshers.skip(refresher_of(person, registration=refresher.enrolment.registration, number=3))
    assert SkippedRefresher.objects.count() == 1


def test_she_turns_them_off_and_on_again(noon, person):
    complete(person, wide())
    after(noon, 3)
    refreshers.turn(person, on=True)
    assert RefresherSetting.objects.count() == 0
    refreshers.turn(person, on=False)
    assert (refreshers.is_on(person), due_refreshers(person)) == (False, [])
    refreshers.turn(person, on=True)
    assert (refreshers.is_on(person), len(due_refreshers(person))) == (True, 1)


def test_erased_with_her_are_her_answers_what_she_skipped_and_her_setting(noon, person):
    complete(person, wide())
    complete(person, publish(code="M03"))
    after(noon, 3)
    first, second = due_refreshers(person)
    give(first, first.questions[0])
    refreshers.skip(second)
    refreshers.turn(person, on=False)
    erase_person(person)
    projection.project_pending()
    models = (RefresherAnswer, SkippedRefresher, RefresherSetting)
    assert [model.objects.count() for model in models] == [0, 0, 0]
    assert drift() == ""


def test_a_colleague_s_is_not_hers(noon, person):
    going = complete(person, publish())
    colleague = PersonFactory()
    after(noon, 3)
    assert due_refreshers(colleague) == []
    assert refresher_of(colleague, registration=going.registration, number=1) is None
    assert sorted(refresher_of(person, registration=going.registration, number=1).questions) == [
        FIRST,
        SECOND,
    ]
    assert [refresher_of(person, registration=going.registration, number=n) for n in (0, 4)] == [None, None]
