"""Every kind of activity, without script: what it is sent, what comes back, and what is never sent."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import catalogue
from courses.domain import answers, enrolment, free_text
from courses.domain.derivation import DERIVED
from courses.domain.local_guides import write_guide
from courses.domain.progress import progress_of
from courses.domain.statements import OPENING
from courses.enums import WALKED
from courses.grading import right_response
from courses.models import Attempt, Completion, Edition, Enrolment, FreeText, WayTaken
from courses.projections import CompletionStage
from courses.walking import AND, OF, good_way, walk
from organisations.enums import Role
from organisations.models import Employment
from tests.factories.kinds import every_kind
from tests.factories.organisations import GrantFactory, OrgUnitFactory
from tests.files import soup, text
from xapi import projection, vocabulary
from xapi.domain.recording import record
from xapi.models import PendingLearner, Statement, StatementId

GRADED = [
    "single_choice",
    "multiple_choice",
    "true_false",
    "ordering",
    "matching",
    "branching_case",
    "conversation",
]


@pytest.fixture
def edition(kinds):
    return Edition.objects.get(version__module__key=kinds.translation_key, language="da")


@pytest.fixture
def going(learner, edition):
    return enrolment.begin(learner.person, edition=edition)


@pytest.fixture
def browser_of(client, learner, going):
    client.force_login(learner)
    return client


def send(client, page, item, headers=None, **fields):
    fields.setdefault("token", str(uuid.uuid4()))
    return client.post(f"{page.url}svar/{item}/", fields, headers=headers or {})


def form_of(block, response):
    """The fields of a form that says the response."""
    match block["kind"]:
        case "ordering":
            return {f"place-{entry}": place for place, entry in enumerate(response.split(AND), start=1)}
        case "matching":
            return {f"match-{part.split(OF)[0]}": part.split(OF)[1] for part in response.split(AND)}
        case "multiple_choice":
            return {"response": response.split(AND)}
    return {"response": response}


def right_forms(edition, item):
    """The forms to send, one after another, to get the item right."""
    block = edition.items[item]
    response = right_response(edition.grading[item], block=block)
    if block["kind"] not in WALKED:
        return [form_of(block, response)]
    chosen = [part.split(OF)[1] for part in response.split(AND)]
    return [{"way": ",".join(chosen[:number]), "response": choice} for number, choice in enumerate(chosen)]


def wrong_form(edition, item):
    block, grading = edition.items[item], edition.grading[item]
    match block["kind"]:
        case "multiple_choice":
            return {"response": [option["id"] for option in block["options"]]}
        case "ordering":
            return form_of(block, AND.join(reversed(grading["correct"])))
        case "matching":
            wrong = dict.fromkeys(grading["correct"], "t1")
            return {f"match-{source}": target for source, target in wrong.items()}
        case "branching_case" | "conversation":
            return {"way": "", "response": block["nodes"][0]["choices"][0]["id"]}
    return {
        "response": next(
            option["id"] for option in block["options"] if option["id"] not in grading["correct"]
        )
    }


def page_of(client, page, edition, item):
    return client.get(f"{page.url}trin/{edition.step_of(item)}/").content.decode()


@pytest.mark.parametrize("kind", GRADED)
def test_a_right_answer_is_recorded_said_and_explained(kinds, browser_of, edition, item_of, kind):
    item = item_of(kind)
    for form in right_forms(edition, item):
        sent = send(browser_of, kinds, item, **form)
        assert sent.headers["Location"] == f"{kinds.url}trin/{edition.step_of(item)}/#item-{item}"
    assert list(Attempt.objects.values_list("item", "success")) == [(item, True)]
    said = page_of(browser_of, kinds, edition, item)
    assert edition.grading[item]["explanation"] in said


@pytest.mark.parametrize("kind", GRADED)
def test_a_wrong_answer_is_recorded_and_does_not_give_the_right_one_away(
    kinds, browser_of, edition, item_of, kind
):
    item = item_of(kind)
    send(browser_of, kinds, item, **wrong_form(edition, item))
    assert list(Attempt.objects.values_list("item", "success")) == [(item, False)]
    said = page_of(browser_of, kinds, edition, item)
    if kind not in WALKED:
        assert edition.grading[item]["explanation"] not in said
    assert "ordret" not in said


@pytest.mark.parametrize("kind", [*GRADED, "likert"])
@pytest.mark.parametrize("form", [{}, {"response": "invented"}, {"response": "x" * 100_000}])
def test_what_cannot_be_an_answer_is_said_and_nothing_is_recorded(
    kinds, browser_of, edition, item_of, kind, form
):
    item = item_of(kind)
    before = Statement.objects.count()
    sent = send(browser_of, kinds, item, **form)
    said = sent.content.decode()
    assert (sent.status_code, "form-error-message" in said, "x" * 1000 in said) == (422, True, False)
    assert (Attempt.objects.count(), WayTaken.objects.count()) == (0, 0)
    assert Statement.objects.count() == before


@pytest.mark.parametrize("place", ["0", "4", "-1", "x", "001" + "0" * 5000])
def test_a_place_that_is_none_is_said_and_nothing_is_recorded(kinds, browser_of, edition, item_of, place):
    item = item_of("ordering")
    [form] = right_forms(edition, item)
    sent = send(browser_of, kinds, item, **{**form, min(form): place})
    assert (sent.status_code, "Giv dem hver en plads først" in sent.content.decode()) == (422, True)
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("kind", GRADED)
def test_the_same_form_sent_twice_is_one_answer(kinds, browser_of, edition, item_of, kind):
    item, token = item_of(kind), str(uuid.uuid4())
    for _click in range(2):
        send(browser_of, kinds, item, token=token, **wrong_form(edition, item))
    assert Attempt.objects.count() == 1


def test_before_an_answer_nothing_of_the_grading_is_on_any_page(kinds, browser_of, edition):
    pages = "".join(browser_of.get(f"{kinds.url}trin/{number}/").content.decode() for number in range(1, 8))
    for item, grading in edition.grading.items():
        hidden = [grading.get("explanation"), grading.get("model_answer"), grading.get("feedback")]
        hidden += [
            words
            for choice in grading.get("choices", {}).values()
            for words in (choice["consequence"], choice["reason"])
        ]
        for words in hidden:
            for said in words.values() if isinstance(words, dict) else [words]:
                assert not said or said not in pages, item


def test_a_place_that_comes_later_in_a_case_is_not_on_the_page_yet(kinds, browser_of, edition, item_of):
    assert "ligger en plan" not in page_of(browser_of, kinds, edition, item_of("branching_case"))


def test_no_statement_of_any_kind_holds_the_key_or_an_explanation(kinds, browser_of, edition, item_of):
    for kind in GRADED:
        for form in [wrong_form(edition, item_of(kind)), *right_forms(edition, item_of(kind))]:
            send(browser_of, kinds, item_of(kind), **form)
    raw = "".join(Statement.objects.values_list("raw", flat=True))
    assert "correctResponsesPattern" not in raw
    for grading in edition.grading.values():
        if "explanation" in grading:
            assert grading["explanation"] not in raw


@pytest.mark.parametrize(
    ("kind", "interaction"),
    [
        ("single_choice", "choice"),
        ("multiple_choice", "choice"),
        ("true_false", "true-false"),
        ("ordering", "sequencing"),
        ("matching", "matching"),
        ("branching_case", "performance"),
        ("conversation", "performance"),
    ],
)
def test_a_statement_says_what_kind_of_interaction_it_was(
    kinds, browser_of, edition, item_of, kind, interaction
):
    item = item_of(kind)
    for form in right_forms(edition, item):
        send(browser_of, kinds, item, **form)
    made = Statement.objects.get(activity=edition.item_iri(item)).data
    assert made["object"]["definition"]["interactionType"] == interaction
    assert made["result"]["response"] == right_response(edition.grading[item], block=edition.items[item])


# --- Cases and conversations -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(WALKED))
def test_each_choice_is_a_statement_and_the_way_as_a_whole_one_more(
    kinds, browser_of, edition, item_of, kind
):
    item = item_of(kind)
    for form in right_forms(edition, item):
        send(browser_of, kinds, item, **form)
    said = Statement.objects.filter(activity__startswith=edition.item_iri(item)).order_by("seq")
    nodes = [node["id"] for node in edition.items[item]["nodes"]]
    assert [row.activity.removeprefix(edition.item_iri(item)) for row in said] == [
        f"/{nodes[0]}",
        f"/{nodes[1]}",
        "",
    ]
    assert [len(row.way) for row in WayTaken.objects.order_by("ordinal")] == [1, 2]


def test_what_came_of_a_choice_is_shown_and_the_next_place(kinds, browser_of, edition, item_of):
    item = item_of("branching_case")
    send(browser_of, kinds, item, **right_forms(edition, item)[0])
    said = page_of(browser_of, kinds, edition, item)
    assert ("Han vil blive hjemme." in said, "ligger en plan" in said, "Planen blev brugt" in said) == (
        True,
        True,
        False,
    )


def test_she_goes_back_and_tries_another_way(kinds, browser_of, edition, item_of):
    item = item_of("branching_case")
    send(browser_of, kinds, item, **wrong_form(edition, item))
    start = edition.items[item]["nodes"][0]["id"]
    before = Statement.objects.count()
    back = browser_of.get(f"{kinds.url}trin/4/?sag={item}&fra={start}").content.decode()
    assert ("Datteren ringer 112." in back, "Jeg spørger begge." in back) == (False, True)
    assert Statement.objects.count() == before
    for form in right_forms(edition, item):
        send(browser_of, kinds, item, **form)
    assert list(Attempt.objects.values_list("ordinal", "success")) == [(1, False), (2, True)]
    assert "Datteren ringer 112." not in page_of(browser_of, kinds, edition, item)


def test_htmx_gets_the_place_she_goes_back_to_in_focus(kinds, browser_of, edition, item_of):
    item = item_of("conversation")
    send(browser_of, kinds, item, **right_forms(edition, item)[0])
    start = edition.items[item]["nodes"][0]["id"]
    sent = browser_of.get(f"{kinds.url}svar/{item}/?fra={start}", headers={"HX-Request": "true"})
    said = sent.content.decode()
    assert ("<html" in said, "data-focus" in said, "At de havde givet op." in said) == (False, True, False)


def test_a_way_that_is_not_in_the_case_is_refused_with_words(kinds, browser_of, edition, item_of):
    item = item_of("branching_case")
    last = edition.items[item]["nodes"][1]["choices"][0]["id"]
    first = edition.items[item]["nodes"][0]["choices"][0]["id"]
    for form in (
        {"way": "", "response": last},
        {"way": first, "response": last},
        {"way": "?", "response": last},
    ):
        assert send(browser_of, kinds, item, **form).status_code == 422
    assert Statement.objects.filter(activity__startswith=edition.item_iri(item)).count() == 0


def test_two_browsers_walk_each_its_own_way(kinds, browser_of, edition, item_of):
    item = item_of("branching_case")
    first, second = right_forms(edition, item)
    send(browser_of, kinds, item, **first)
    # The other browser, still at the beginning, ends the case; the first one's page knows its own way.
    send(browser_of, kinds, item, **wrong_form(edition, item))
    send(browser_of, kinds, item, **second)
    assert list(Attempt.objects.order_by("ordinal").values_list("success", flat=True)) == [False, True]


# --- Own words, and a stand -------------------------------------------------------------------------------


def test_a_short_answer_is_kept_apart_and_then_the_model_answer_is_shown(kinds, browser_of, edition, item_of):
    item = item_of("short_answer")
    browser_of.post(f"{kinds.url}tekst/{item}/", {"text": "Jeg sætter mig ned."})
    said = page_of(browser_of, kinds, edition, item)
    assert ("Jeg sætter mig ned." in said, "fået dig til at tænke" in said) == (True, True)
    made = Statement.objects.get(activity=edition.item_iri(item))
    assert "sætter mig" not in made.raw
    assert str(FreeText.objects.get().public_id) in made.raw
    assert made.data["object"]["definition"]["interactionType"] == "long-fill-in"


def test_an_answer_of_100000_characters_comes_back_with_the_reason(kinds, browser_of, edition, item_of):
    item = item_of("short_answer")
    sent = browser_of.post(f"{kinds.url}tekst/{item}/", {"text": "å" * 100_000})
    said = sent.content.decode()
    assert (sent.status_code, "form-error-message" in said, "å" * 100_000 in said) == (422, True, True)
    assert FreeText.objects.count() == 0


def test_a_stand_is_neither_right_nor_wrong_and_can_be_changed(kinds, browser_of, edition, item_of):
    item = item_of("likert")
    for point in ("2", "4"):
        send(browser_of, kinds, item, response=point)
    assert list(Attempt.objects.values_list("response", "success")) == [("2", None), ("4", None)]
    result = Statement.objects.filter(activity=edition.item_iri(item)).latest("seq").data["result"]
    assert result == {"response": "4"}


# --- To the end ------------------------------------------------------------------------------------------


def test_the_module_is_completed_when_everything_graded_was_right(kinds, browser_of, edition, item_of):
    for kind in GRADED:
        assert browser_of.post(f"{kinds.url}afslut/").status_code == 422
        for form in right_forms(edition, item_of(kind)):
            send(browser_of, kinds, item_of(kind), **form)
    assert browser_of.post(f"{kinds.url}afslut/").status_code == 302
    assert Completion.objects.count() == 1


def test_every_step_of_a_completed_module_can_still_be_read(kinds, browser_of, edition, item_of):
    test_the_module_is_completed_when_everything_graded_was_right(kinds, browser_of, edition, item_of)
    pages = [browser_of.get(f"{kinds.url}trin/{number}/") for number in range(1, 8)]
    assert [page.status_code for page in pages] == [200] * 7
    assert ["Svar og se hvorfor" in page.content.decode() for page in pages] == [False] * 7


def test_steps_take_as_many_queries_with_everything_answered_as_without(kinds, browser_of, edition, item_of):
    def count():
        asked = []
        for number in range(1, 8):
            # The second look: where she is was remembered at the first.
            browser_of.get(f"{kinds.url}trin/{number}/")
            with CaptureQueriesContext(connection) as captured:
                browser_of.get(f"{kinds.url}trin/{number}/")
            asked.append(len(captured))
        return asked

    before = count()
    for kind in GRADED:
        send(browser_of, kinds, item_of(kind), **wrong_form(edition, item_of(kind)))
    assert count() == before


#: What an author chooses or the editor makes, or is too short for a script.
CHOSEN = {"id", "type", "is_true", "scale", "topic", "key", "next", "end", "effect", "dimension", "url"}
CHOSEN |= {"year", "source_year"}


def test_scripts_in_what_an_author_wrote_are_shown_as_they_stand(kinds, browser_of, going):
    script = "<script>alert(1)</script>"
    steps = json.loads(json.dumps([dict(step) for step in kinds.steps.raw_data]))

    def spoil(value):
        if isinstance(value, list):
            return [spoil(one) for one in value]
        if isinstance(value, dict):
            return {
                key: f"{one}{script}" if isinstance(one, str) and one and key not in CHOSEN else spoil(one)
                for key, one in value.items()
            }
        return value

    kinds.steps = spoil(steps)
    kinds.save_revision().publish()
    Enrolment.objects.update(edition=Edition.objects.latest("pk"))
    for number in range(1, 8):
        said = browser_of.get(f"{kinds.url}trin/{number}/").content.decode()
        assert "alert(1)" in said, number
        assert script not in said, number


def test_progress_counts_a_case_when_it_came_to_a_good_end(kinds, browser_of, edition, item_of, going):
    item = item_of("branching_case")
    send(browser_of, kinds, item, **wrong_form(edition, item))
    assert progress_of(going).is_step_done(4) is False
    for form in right_forms(edition, item):
        send(browser_of, kinds, item, **form)
    assert progress_of(going).is_step_done(4) is True


# --- What the workplace says -------------------------------------------------------------------------------


def test_the_place_for_a_local_guide_shows_the_workplaces_own_words(kinds, browser_of, learner):
    unit = Employment.objects.get(person=learner.person).unit
    write_guide(unit, topic="medicine", text="Ring på 1234 <script>", by=learner.person)
    write_guide(OrgUnitFactory(), topic="medicine", text="De andres", by=None)
    said = browser_of.get(f"{kinds.url}trin/6/").content.decode()
    assert ("Ring på 1234 &lt;script&gt;" in said, learner.person.full_name in said) == (True, True)
    assert "De andres" not in said


def test_an_empty_local_guide_says_who_can_write_it(kinds, browser_of, learner):
    unit = Employment.objects.get(person=learner.person).unit
    editor = GrantFactory(role=Role.LOCAL_EDITOR, unit=unit).person
    assert editor.full_name in browser_of.get(f"{kinds.url}trin/6/").content.decode()


# --- The opening cases -------------------------------------------------------------------------------------


@pytest.fixture
def opening(module, learner, client):
    """The module with its first step marked, begun: `(page, edition, client)`."""
    page = catalogue.load_module(every_kind(opening=1), index=module.get_parent().specific)
    edition = Edition.objects.get(version__module__key=page.translation_key, language="da")
    enrolment.begin(learner.person, edition=edition)
    client.force_login(learner)
    return page, edition, client


def test_whoever_solves_the_opening_cases_at_once_may_go_straight_to_the_practice_task(opening):
    page, edition, client = opening
    for item in edition.opening_items:
        assert f"{page.url}trin/7/" not in client.get(f"{page.url}trin/1/").content.decode()
        for form in right_forms(edition, item):
            send(client, page, item, **form)
    assert f"{page.url}trin/7/" in client.get(f"{page.url}trin/1/").content.decode()
    assert client.post(f"{page.url}afslut/").status_code == 302
    passed = Statement.objects.get(verb=vocabulary.PASSED).data["result"]
    assert passed["score"] == {"raw": 3, "min": 0, "max": 3, "scaled": 1.0}
    assert passed["extensions"] == {OPENING: True}
    assert Completion.objects.count() == 1


def test_whoever_needed_a_second_attempt_takes_the_whole_module(opening):
    page, edition, client = opening
    send(client, page, edition.opening_items[0], **wrong_form(edition, edition.opening_items[0]))
    for item in edition.opening_items:
        for form in right_forms(edition, item):
            send(client, page, item, **form)
    assert f"{page.url}trin/7/" not in client.get(f"{page.url}trin/1/").content.decode()
    assert client.post(f"{page.url}afslut/").status_code == 422
    assert Completion.objects.count() == 0


# --- Facts in any order ------------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_statements_of_every_kind_in_any_order_and_twice_give_the_same_rows(whole_road, data):
    learner, said, expected = whole_road
    StatementId.objects.all().delete()
    Statement.objects.all()._raw_delete(Statement.objects.db)
    PendingLearner.objects.all().delete()
    for model in DERIVED:
        model.objects.all().delete()
    for statement in data.draw(st.permutations(said)):
        for _time in range(data.draw(st.integers(1, 2))):
            record({**statement})
        if data.draw(st.integers(0, 9)) == 0:
            projection.project_pending()
    projection.project(learner)
    assert CompletionStage().rows(learner) == expected


@pytest.fixture
def whole_road(learner, edition, going):
    """Every kind answered wrongly and rightly, and the module finished: `(learner, statements, rows)`."""
    for item in edition.graded_items:
        block, grading = edition.items[item], edition.grading[item]
        if block["kind"] in WALKED:
            way = good_way(block, grading)
            tries = [[block["nodes"][0]["choices"][0]["id"]], *(way[:n] for n in range(1, len(way) + 1))]
            for one in tries:
                answers.choose(going, item=item, way=one, token=uuid.uuid4())
        else:
            answers.answer(
                going, item=item, response=right_response(grading, block=block), token=uuid.uuid4()
            )
    for item, block in edition.items.items():
        if block["kind"] in {"short_answer", "practice_task", "reflection"}:
            free_text.write(going, item=item, text="To linjer")
        if block["kind"] == "likert":
            answers.answer(going, item=item, response="3", token=uuid.uuid4())
    enrolment.finish(going)
    said = [json.loads(raw) for raw in Statement.objects.order_by("seq").values_list("raw", flat=True)]
    rows = CompletionStage().rows(learner.person.pseudonym)
    # Two ends of each walk, five questions, a stand; three choices of each walk; a task; a completion;
    # and what was answered first, of two walks, five questions and a stand.
    assert len(rows) == 4 + 5 + 1 + 6 + 1 + 1 + 8
    return learner.person.pseudonym, said, rows


def test_a_case_that_ended_otherwise_says_that_a_good_end_is_needed_and_leads_to_its_beginning(
    kinds, browser_of, edition, item_of
):
    for kind, word in (("branching_case", "forløbet"), ("conversation", "samtalen")):
        item = item_of(kind)
        walk_to_another_end(browser_of, kinds, edition, item)
        card = soup(browser_of.get(f"{kinds.url}trin/{edition.step_of(item)}/")).select_one(f"#item-{item}")
        assert f"Modulet kan afsluttes, når {word} er endt godt én gang." in text(card)
        again = card.find("a", string="Prøv igen fra begyndelsen")
        shown = soup(browser_of.get(f"{kinds.url}trin/{edition.step_of(item)}/{again['href']}"))
        assert shown.select_one(f"#item-{item} input[name=way]")["value"] == ""


def walk_to_another_end(client, page, edition, item):
    """Through the case, each time by the first choice that doesn't lead to a good end."""
    way = next(way for way in ways_of(edition, item) if way[1] == "other")[0]
    for number, choice in enumerate(way):
        send(client, page, item, way=",".join(way[:number]), response=choice)


def ways_of(edition, item, way=()):
    """Every way through the case, with its end."""
    made = walk(edition.items[item], edition.grading[item], list(way))
    if made.end:
        return [(list(way), made.end)]
    choices = [choice["id"] for choice in made.here["choices"]]
    return [found for choice in choices for found in ways_of(edition, item, (*way, choice))]
