"""Modules without a page: published through the domain, as `content` does."""

import uuid
from typing import Any

from courses.domain import answers, enrolment
from courses.domain.publishing import publish_edition, register_module
from courses.enums import WALKED
from courses.grading import right_response
from courses.models import Edition, Enrolment
from courses.walking import way_of
from organisations.models import Person

FIRST, SECOND, TASK, THOUGHT = "s1_q1", "s2_q2", "s3_task", "s3_thought"


def question(item: str, *, text: str = "Hvad giver du videre?") -> dict[str, Any]:
    return {
        "id": item,
        "kind": "single_choice",
        "item": True,
        "name": text,
        "text": text,
        "options": [{"id": "wrong", "text": "Ingenting"}, {"id": "right", "text": "Det hele"}],
        "historic_year": None,
    }


def written(item: str, kind: str) -> dict[str, Any]:
    return {"id": item, "kind": kind, "item": True, "name": "Skriv", "text": "Skriv", "dimension": "practice"}


def specification(explanation: str = "Fordi det hele tæller.") -> dict[str, Any]:
    return {
        "kind": "single_choice",
        "correct": ["right"],
        "explanation": explanation,
        "feedback": {"wrong": "Tænk på, hvad du så."},
        "source": {"title": "Kilde", "quote": "", "year": "2026"},
    }


def publish(
    *,
    key: uuid.UUID | None = None,
    title: str = "Se det",
    language: str = "da",
    code: str = "M02",
    **kwargs: Any,
) -> Edition:
    """An edition of three steps: a question, a question, a practice task with a reflection."""
    content = {
        "summary": "Kort",
        "minutes": 15,
        "professions": ["nurse"],
        "steps": [
            {"title": "Et", "minutes": 3, "blocks": [question(FIRST)]},
            {"title": "To", "minutes": 3, "blocks": [question(SECOND)]},
            {
                "title": "Tre",
                "minutes": 3,
                "blocks": [written(TASK, "practice_task"), written(THOUGHT, "reflection")],
            },
        ],
    }
    return publish_edition(
        register_module(key or uuid.uuid4(), code=code),
        title=title,
        language=language,
        **{
            "content": content,
            "grading": {FIRST: specification(), SECOND: specification()},
            "substance": [FIRST, SECOND, TASK],
            **kwargs,
        },
    )


def answer(going: Enrolment, item: str, response: str = "right") -> None:
    answers.answer(going, item=item, response=response, token=uuid.uuid4())


def answer_all(going: Enrolment) -> None:
    """Everything that is graded, rightly at the first attempt; a case is walked to a good end."""
    edition = going.edition
    for item in edition.graded_items:
        right = right_response(edition.grading[item], block=edition.items[item])
        if edition.items[item]["kind"] not in WALKED:
            answer(going, item, right)
            continue
        way = way_of(right)
        for number in range(1, len(way) + 1):
            answers.choose(going, item=item, way=way[:number], token=uuid.uuid4())


def complete(person: Person, edition: Edition) -> Enrolment:
    """Takes the module from the beginning to the end."""
    going = enrolment.begin(person, edition=edition)
    for item in edition.graded_items:
        answer(going, item)
    enrolment.finish(going)
    return going
