"""A page's blocks become an edition: what may be sent, and what may not."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from content.blocks import QuestionBlock
from content.compile import compile_steps
from courses.models import Edition


def options(*rights):
    return [
        {
            "type": "item",
            "id": str(uuid.uuid4()),
            "value": {"text": f"Svar {n}", "is_correct": right, "feedback": ""},
        }
        for n, right in enumerate(rights)
    ]


def question(**changes):
    block = QuestionBlock()
    return block, block.to_python(
        {
            "question": "Hvad giver du videre?",
            "options": options(False, True),
            "explanation": "Fordi.",
            "source": "Kilde",
            "source_quote": "",
            "source_year": "2026",
            "is_historic": False,
            **changes,
        }
    )


def test_a_question_with_one_right_option_is_fine():
    block, value = question()
    assert block.clean(value)["question"] == "Hvad giver du videre?"


@pytest.mark.parametrize("rights", [(False, False), (True, True), (True, True, True)])
def test_a_question_with_none_or_two_right_options_is_refused(rights):
    block, value = question(options=options(*rights))
    with pytest.raises(ValidationError):
        block.clean(value)


def test_a_question_with_two_options_that_say_the_same_is_refused():
    rows = options(False, True)
    rows[0]["value"]["text"] = rows[1]["value"]["text"] = "Det samme"
    block, value = question(options=rows)
    with pytest.raises(ValidationError):
        block.clean(value)


def _choices(edition):
    """What the questions with one right option are graded by, without the case."""
    return {item: each for item, each in edition.grading.items() if each["kind"] == "single_choice"}


def test_the_key_and_the_explanations_are_in_the_grading_alone(module):
    edition = Edition.objects.get(language="da")
    said = str(edition.content)
    for specification in edition.grading.values():
        assert specification["explanation"] not in said
    for specification in _choices(edition).values():
        assert specification["source"]["quote"] not in said
        for feedback in specification["feedback"].values():
            assert feedback not in said
    assert "correct" not in said


def test_every_graded_item_has_its_right_option_among_its_options(module):
    edition = Edition.objects.get(language="da")
    assert len(_choices(edition)) == 3
    for item, specification in _choices(edition).items():
        ids = [option["id"] for option in edition.items[item]["options"]]
        assert [correct in ids for correct in specification["correct"]] == [True]


def test_translations_share_every_item_and_option_and_so_the_activity_iris(module):
    danish, english = (Edition.objects.get(language=language) for language in ("da", "en"))
    assert list(danish.items) == list(english.items)
    assert [danish.item_iri(item) for item in danish.items] == [
        english.item_iri(item) for item in english.items
    ]
    assert [[option["id"] for option in block.get("options", [])] for block in danish.items.values()] == [
        [option["id"] for option in block.get("options", [])] for block in english.items.values()
    ]
    assert danish.title != english.title


def test_two_blocks_with_one_id_in_two_steps_are_two_items(module):
    raw = [dict(step) for step in module.steps.raw_data]
    same = str(uuid.uuid4())
    raw[1]["value"]["body"][1]["id"] = same
    raw[2]["value"]["body"][1]["id"] = same
    module.steps = raw
    assert len({item for item, _kind in compile_steps(module.steps).items}) == len(
        Edition.objects.get(language="da").items
    )


def test_scripts_in_rich_text_do_not_reach_the_learner(module):
    raw = [dict(step) for step in module.steps.raw_data]
    raw[0]["value"]["body"][0]["value"]["body"] = (
        '<p onclick="alert(1)">Hun <b>ser</b> det.<script>alert(2)</script>'
        '<a href="javascript:alert(3)">Mere</a> <img src="x" onerror="alert(4)"></p><style>p {}</style>'
    )
    module.steps = raw
    html = compile_steps(module.steps).content["steps"][0]["blocks"][0]["html"]
    assert "<p>Hun <b>ser</b> det." in html
    for sign in ("<script", "<style", "javascript:", "onclick", "onerror"):
        assert sign not in html
