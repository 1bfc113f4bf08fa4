"""The modules that come with the product: whole, fair, plain, and true to their sources."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from competencies.domain.framework import import_framework
from competencies.enums import HIGHEST_LEVEL, EarnedBy
from content import catalogue, text_rules
from content.models import ModulePage
from content.readability import words_of
from courses.models import Edition
from tests.factories.competencies import load_professions, shipped_data
from tests.files import soup

LANGUAGES = [code for code, _name in settings.LANGUAGES]
MODULES = {
    path.stem: catalogue.read(f"modules/{path.name}") for path in (catalogue.DATA / "modules").glob("*")
}
CODES = sorted(MODULES)
SOURCED = (*sorted(text_rules.SOURCED), "short_answer", "branching_case", "conversation")

each_module = pytest.mark.parametrize("code", CODES)


def blocks(module: dict[str, Any], *kinds: str) -> Iterator[dict[str, Any]]:
    for step in module["steps"]:
        for block in step["blocks"]:
            if not kinds or block["type"] in kinds:
                yield block


def questions() -> list[dict[str, Any]]:
    return [question for code in CODES for question in blocks(MODULES[code], "question")]


def sourced(code: str) -> list[dict[str, Any]]:
    """The blocks that rest on a source."""
    return [block for block in blocks(MODULES[code], *SOURCED) if "source" in block]


def pairs(value: Any) -> Iterator[dict[str, str]]:
    """Every text of a module in its languages, however deep."""
    if isinstance(value, dict):
        if set(LANGUAGES) & set(value):
            yield value
        for child in value.values():
            yield from pairs(child)
    elif isinstance(value, list):
        for child in value:
            yield from pairs(child)


# --- Loading ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_module_is_published_with_an_edition_in_every_language():
    load_professions()
    import_framework(shipped_data(), source_name="the shipped file")
    index = catalogue.load_site(catalogue.read("site.json"))
    for module in MODULES.values():
        catalogue.load_module(module, index=index)
    assert sorted(ModulePage.objects.live().values_list("code", "locale__language_code")) == sorted(
        (code, language) for code in CODES for language in LANGUAGES
    )
    assert sorted(Edition.objects.values_list("version__module__code", "language")) == sorted(
        (code, language) for code in CODES for language in LANGUAGES
    )


def test_the_catalogue_has_the_fifteen_modules():
    assert [f"M{number:02}" for number in range(1, 16)] == CODES


def test_no_two_modules_share_an_address():
    slugs = [module["slug"] for module in MODULES.values()]
    assert len(set(slugs)) == len(slugs)
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)] == []


# --- Form ------------------------------------------------------------------------------------------------


@each_module
def test_no_step_takes_more_than_five_minutes_and_they_add_up(code):
    minutes = [step["minutes"] for step in MODULES[code]["steps"]]
    assert [number for number in minutes if not 1 <= number <= 5] == []
    assert sum(minutes) == MODULES[code]["minutes"]


@each_module
def test_it_begins_with_a_case_and_ends_with_its_sources(code):
    first, *_others, last = MODULES[code]["steps"]
    assert first["blocks"][0]["type"] == "vignette"
    assert last["blocks"][-1]["type"] == "sources"


@each_module
def test_it_has_one_practice_task_and_one_reflection(code):
    kinds = [block["type"] for block in blocks(MODULES[code], "practice_task", "reflection")]
    assert sorted(kinds) == ["practice_task", "reflection"]


@each_module
def test_every_text_is_there_in_every_language_and_is_not_a_copy(code):
    texts = list(pairs(MODULES[code]))
    assert [text for text in texts if not all(text.get(language) for language in LANGUAGES)] == []
    # A person has the same name in both.
    names = [block["with"] for block in blocks(MODULES[code], "conversation")]
    copies = [text for text in texts if text["da"] == text["en"] and words_of(text["da"])]
    assert [text for text in copies if text not in names] == []


@each_module
def test_both_languages_are_built_alike(code):
    """The same paragraphs and list items, so that nothing is left out of one of them."""
    tags = [
        [re.findall(r"<[^>]+>", text[language]) for language in LANGUAGES] for text in pairs(MODULES[code])
    ]
    assert [pair for pair in tags if pair[0] != pair[1]] == []


@each_module
def test_no_outcome_claims_more_than_its_way_of_earning_can_show(code):
    outcomes = MODULES[code]["outcomes"]
    assert [row for row in outcomes if row["level"] > HIGHEST_LEVEL[EarnedBy(row["earned_by"])]] == []


# --- Questions -------------------------------------------------------------------------------------------


@each_module
def test_every_question_has_one_right_option_and_says_why_to_each(code):
    for question in blocks(MODULES[code], "question"):
        assert [option.get("correct", False) for option in question["options"]].count(True) == 1
        answers = [option["feedback"]["da"] for option in question["options"]]
        assert len(set(answers)) == len(answers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_length_of_an_option_does_not_give_the_answer_away(language):
    """Neither always the longest nor always the shortest."""
    longest = shortest = 0
    for question in questions():
        right = next(len(option[language]) for option in question["options"] if option.get("correct"))
        wrong = [len(option[language]) for option in question["options"] if not option.get("correct")]
        longest += right > max(wrong)
        shortest += right < min(wrong)
    allowed = text_rules.SHARE_LONGEST * len(questions())
    assert longest <= allowed
    assert shortest <= allowed


def test_the_place_of_the_right_option_varies():
    places = [
        [option.get("correct", False) for option in question["options"]].index(True)
        for question in questions()
    ]
    assert max(places.count(place) for place in set(places)) <= len(places) / 2


# --- Sources ---------------------------------------------------------------------------------------------


@each_module
def test_every_question_has_a_short_quotation_from_a_source_that_the_module_names(code):
    named = [source for block in blocks(MODULES[code], "sources") for source in block["sources"]]
    assert [block for block in blocks(MODULES[code], *text_rules.SOURCED) if "source" not in block] == []
    for question in sourced(code):
        assert 0 < len(words_of(question["quote"])) <= 20
        rests_on = [source["year"] for source in named if source["publisher"] in question["source"]["da"]]
        assert rests_on == [question["year"]]


@each_module
def test_what_rests_on_the_old_agreement_shows_its_year(code):
    for question in sourced(code):
        is_old = "Sundhedsaftale" in question["source"]["da"]
        assert question.get("historic", False) == is_old
        assert (question["year"] == "2011–2014") == is_old


@each_module
def test_a_text_that_speaks_of_the_old_agreement_says_2011(code):
    texts = [
        text
        for block in blocks(MODULES[code], "text", "key_message")
        for text in pairs(block)
        if "Region Midtjyllands" in text["da"]
    ]
    assert [text for text in texts if "2011" not in text["da"] or "2011" not in text["en"]] == []


@each_module
def test_no_source_is_named_by_a_file(code):
    assert re.findall(r"\d{3}_[0-9a-f]{8,}|\bseeds?\b|\.txt", json.dumps(MODULES[code])) == []


def test_the_questionnaire_is_spoken_of_but_not_reproduced():
    """Its items ask about the past week and are answered on a scale from "not at all" to "very much"."""
    text = json.dumps(MODULES["M03"], ensure_ascii=False).casefold()
    assert "eortc qlq-c15-pal" in text
    signs = r"past week|(?:forløbne|sidste|seneste) uge|slet ikke|not at all|very much|\bhar du haft\b"
    assert re.findall(signs, text) == []


def test_the_referral_guideline_is_never_said_to_have_appeared():
    for code in ("M08", "M10", "M11"):
        texts = [text for block in blocks(MODULES[code], "text") for text in pairs(block)]
        assert any("ikke fået bekræftet" in text["da"] for text in texts)
        assert any("not had it confirmed" in text["en"] for text in texts)


# --- What `make check` holds them to ---------------------------------------------------------------------


@each_module
def test_the_check_of_the_texts_finds_nothing(code):
    assert list(text_rules.find_faults_in_module(MODULES[code])) == []


def test_the_page_on_contact_names_the_link_of_the_log_in_page_and_speaks_to_its_reader(module, client):
    said = client.get("/kontakt/").content.decode()
    assert "<i>Glemt din adgangskode?</i>" in said
    assert "installation" not in soup(client.get("/kontakt/")).main.get_text()
    assert "Glemt din adgangskode?" in client.get("/konto/login/").content.decode()
