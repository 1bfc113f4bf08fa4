"""What the check of the modules' texts finds, and what it lets be."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from content import catalogue
from content.text_rules import (
    HIGHEST,
    HIGHEST_FOR_SOSU,
    find_faults,
    is_longest_right,
    measure,
    running_texts,
)
from tests.factories.kinds import every_kind

PLAIN = {"da": "Hun ser det og siger det.", "en": "She sees it and says it."}
HARD = {"da": "Symptomlindringsbehandlingen forudsætter behovsvurdering.", "en": "Relief takes assessment."}


def option(text, *, correct=False):
    return {"da": text, "en": text, "correct": correct, "feedback": PLAIN}


def question(right="Middel her", wrong=("Den længste af dem", "Kort")):
    return {
        "type": "question",
        "question": PLAIN,
        "options": [option(right, correct=True), *(option(text) for text in wrong)],
        "explanation": PLAIN,
        "source": PLAIN,
        "quote": "ordret",
        "year": "2026",
    }


def a_module(*blocks, professions=("sosu_helper",)):
    """A module that has all that is asked, and the blocks in a step of their own."""
    case = {
        "type": "branching_case",
        "title": PLAIN,
        "nodes": [{"key": "start", "situation": PLAIN, "choices": [{"text": PLAIN, "consequence": PLAIN}]}],
        "explanation": PLAIN,
    }
    last = [
        case,
        {"type": "reflection", "prompt": PLAIN, "dimension": "practice"},
        {"type": "sources", "sources": [{"title": "En kilde", "publisher": "REHPA", "year": "2026"}]},
    ]
    steps = [{"title": PLAIN, "minutes": 3, "blocks": blocks} for blocks in (list(blocks), last) if blocks]
    return {"code": "M50", "summary": PLAIN, "professions": list(professions), "steps": steps}


def test_a_module_that_has_all_of_it_is_let_be():
    assert find_faults([a_module(question())]) == []


def test_hard_words_are_found_with_their_step_and_number():
    hard = a_module({"type": "text", "body": HARD})
    assert measure(hard)[1] == ("step 1", 103.0, HIGHEST_FOR_SOSU[1])
    assert "M50, step 1: LIX 103.0, at most 40." in find_faults([hard])


def test_others_than_sosu_staff_may_be_given_harder_words():
    assert [allowed for _where, _lix, allowed in measure(a_module(professions=["nurse"]))] == list(HIGHEST)


def test_what_is_read_is_found_however_deep_and_names_are_left_out():
    texts = [text for step in every_kind()["steps"] for text in running_texts(step["blocks"])]
    for read in ("At de havde givet op", "Sådan må du ikke tænke.", "Ja, behovet er nok.", "Spørge ham"):
        assert any(read in text for text in texts)
    assert "Karen" not in texts
    assert "En kilde" not in texts


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        (
            {"type": "true_false", "feedback": {"true": PLAIN, "false": {"da": ""}}, "year": "2026"},
            "feedback",
        ),
        (
            {"type": "multiple_choice", "options": [{**PLAIN, "correct": True}], "year": "2026"},
            "an option of a multiple_choice has no feedback",
        ),
        ({**question(), "year": ""}, "a question has a source without a year"),
        ({"type": "sources", "sources": [{"title": "En kilde", "year": ""}]}, "no year"),
    ],
)
def test_a_missing_feedback_or_year_is_found(block, fault):
    (found,) = find_faults([a_module(block)])
    assert found.startswith("M50, step 1: ")
    assert fault in found


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("branching_case", "M50: no branching case and no conversation."),
        ("reflection", "M50: no reflection."),
        ("sources", "M50: no sources."),
    ],
)
def test_a_module_without_something_to_practise_think_over_or_rest_on_is_found(kind, fault):
    module = a_module()
    module["steps"][-1]["blocks"] = [b for b in module["steps"][-1]["blocks"] if b["type"] != kind]
    assert find_faults([module]) == [fault]


def test_the_longest_option_may_be_right_in_two_of_five_but_not_in_three():
    longest, other = question("Den rigtige er den længste"), question()
    assert (is_longest_right(longest), is_longest_right(other)) == (True, False)
    assert find_faults([a_module(longest, longest, other, other, other)]) == []
    (found,) = find_faults([a_module(longest, longest, longest, other, other)])
    assert found == (
        "The right option is the longest in 3 of 5 questions, at most 40%: "
        "M50 step 1, M50 step 1, M50 step 1."
    )


def test_as_long_as_another_is_not_the_longest():
    assert is_longest_right(question("Lige lange", ("Lige langt", "Kort"))) is False


def test_danish_in_other_marks_is_found_and_what_a_source_says_is_let_be():
    swedish = {"da": "Hun siger: ”Godnat.”", "en": "She says: “Good night.”"}
    said = a_module({**question(), "question": swedish, "quote": "de “ti” kommuner"})
    assert find_faults([said]) == ["M50: Danish is quoted »like this«, and this isn't: Hun siger: ”Godnat.”"]


@pytest.fixture
def run(tmp_path):
    """What the command says of the modules."""

    def run(*modules, **options):
        files = []
        for number, module in enumerate(modules):
            files.append(tmp_path / f"{number}.json")
            files[-1].write_text(json.dumps(module))
        said = io.StringIO()
        call_command("check_texts", *files, stdout=said, **options)
        return said.getvalue()

    return run


def test_the_command_says_a_line_for_each_fault_and_fails(run):
    faulty = a_module({"type": "text", "body": HARD})
    del faulty["steps"][-1]
    with pytest.raises(CommandError) as refused:
        run(a_module(), faulty)
    assert str(refused.value).splitlines() == [
        "M50, the module: LIX 37.8, at most 35.",
        "M50, step 1: LIX 103.0, at most 40.",
        "M50: no branching case and no conversation.",
        "M50: no reflection.",
        "M50: no sources.",
    ]


def test_the_command_says_every_lix_when_asked_to(run):
    assert run(a_module(), verbosity=2).splitlines() == [
        "M50: the module 6.0, step 1 6.0",
        "The texts of 1 modules are as they should be.",
    ]
    assert run(a_module()) == "The texts of 1 modules are as they should be.\n"


def test_the_command_holds_what_stands_beside_the_modules_to_the_marks_too(monkeypatch):
    read = catalogue.read
    site = {"home": {"title": {"da": 'Det "hele"', "en": 'All of "it"'}}}
    monkeypatch.setattr(catalogue, "read", lambda name: site if name == "site.json" else read(name))
    with pytest.raises(CommandError) as refused:
        call_command("check_texts")
    assert str(refused.value) == 'site.json: Danish is quoted »like this«, and this isn\'t: Det "hele"'
