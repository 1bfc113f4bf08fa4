"""Grading an answer against an edition's private specification. Nothing here touches the database.

A response is written as xAPI writes it (1.0.3, data, 2.4.4.1): `a[,]b` for several, `a[.]b[,]c[.]d` for
pairs and for a way through a case. A specification looks like `{"kind": "single_choice",
"correct": ["<option id>"], "explanation": "…", "feedback": {"<option id>": "…"}}`; of an ordering
`correct` is the right order, of a matching `{"<source id>": "<target id>"}`, of a case see `walking`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .enums import WALKED, ItemKind
from .walking import AND, OF, InvalidResponse, good_way, walk, way_of

LIKERT_POINTS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Grade:
    """Whether the answer is right, and why, in the edition's language.

    `feedback` is about the answer as a whole, `parts` about its parts (options, pairs) as far as they
    may be shown now; `in_place` are the parts that are right as they stand.
    """

    success: bool
    feedback: str = ""
    explanation: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    in_place: frozenset[str] = frozenset()


def grade(specification: dict[str, Any], response: str, *, block: dict[str, Any]) -> Grade:
    """Grade one response to the block. Raises InvalidResponse for what can't be an answer to it."""
    kind = specification["kind"]
    if kind not in _GRADERS:
        raise ValueError(f"No grading for items of kind {kind!r}.")
    return _GRADERS[kind](specification, response, block)


def right_response(specification: dict[str, Any], *, block: dict[str, Any]) -> str:
    """A response that is right: for histories that are made, and for tests."""
    correct = specification.get("correct")
    if specification["kind"] in WALKED:
        return walk(block, specification, good_way(block, specification)).response
    if isinstance(correct, dict):
        return AND.join(f"{source['id']}{OF}{correct[source['id']]}" for source in block["sources"])
    return AND.join(correct or [])


def answer_key(specification: dict[str, Any]) -> Any:
    """What is right and where a choice leads, without the words: another key is another question."""
    if specification["kind"] in WALKED:
        return {
            choice: (outcome["next"], outcome["end"]) for choice, outcome in specification["choices"].items()
        }
    correct = specification.get("correct")
    if isinstance(correct, list) and specification["kind"] != ItemKind.ORDERING:
        return sorted(correct)
    return correct


def check_stance(response: str) -> None:
    """A stand on a scale has no grade, but it has to be on the scale. Raises InvalidResponse."""
    if response not in LIKERT_POINTS:
        raise InvalidResponse(response[:100])


def _one(specification: dict[str, Any], response: str, block: dict[str, Any]) -> Grade:
    """One of the options, or of true and false."""
    if response not in {option["id"] for option in block["options"]}:
        raise InvalidResponse(response[:100])
    return Grade(
        success=response in specification["correct"],
        feedback=specification.get("feedback", {}).get(response, ""),
        explanation=specification.get("explanation", ""),
    )


def _several(specification: dict[str, Any], response: str, block: dict[str, Any]) -> Grade:
    """All or nothing. What was chosen is spoken of at once, the rest when the whole is right."""
    chosen = response.split(AND)
    options = [option["id"] for option in block["options"]]
    if len(set(chosen)) != len(chosen) or not set(chosen) <= set(options):
        raise InvalidResponse(response[:100])
    success = set(chosen) == set(specification["correct"])
    return Grade(
        success=success,
        explanation=specification["explanation"],
        parts={
            option: words
            for option, words in specification["feedback"].items()
            if words and (success or option in chosen)
        },
        in_place=frozenset(chosen) & frozenset(specification["correct"]),
    )


def _order(specification: dict[str, Any], response: str, block: dict[str, Any]) -> Grade:
    given, right = response.split(AND), specification["correct"]
    if sorted(given) != sorted(right):
        raise InvalidResponse(response[:100])
    return Grade(
        success=given == right,
        feedback=specification["feedback"],
        explanation=specification["explanation"],
        in_place=frozenset(one for one, other in zip(given, right, strict=True) if one == other),
    )


def _pairs(specification: dict[str, Any], response: str, block: dict[str, Any]) -> Grade:
    right = specification["correct"]
    given = dict(part.split(OF, 1) for part in response.split(AND) if OF in part)
    targets = {target["id"] for target in block["targets"]}
    if (
        len(response.split(AND)) != len(right)
        or set(given) != set(right)
        or not set(given.values()) <= targets
    ):
        raise InvalidResponse(response[:100])
    in_place = frozenset(source for source, target in given.items() if right[source] == target)
    return Grade(
        success=given == right,
        feedback=specification["feedback"],
        explanation=specification["explanation"],
        parts={
            source: words for source, words in specification["pairs"].items() if words and source in in_place
        },
        in_place=in_place,
    )


def _way(specification: dict[str, Any], response: str, block: dict[str, Any]) -> Grade:
    """A way to its end. Whether it ended well; the reasons stand with the choices."""
    made = walk(block, specification, way_of(response))
    if made.end is None:
        raise InvalidResponse(response[:100])
    return Grade(success=made.end == "good", explanation=specification["explanation"])


_GRADERS: dict[str, Callable[[dict[str, Any], str, dict[str, Any]], Grade]] = {
    ItemKind.SINGLE_CHOICE: _one,
    ItemKind.TRUE_FALSE: _one,
    ItemKind.MULTIPLE_CHOICE: _several,
    ItemKind.ORDERING: _order,
    ItemKind.MATCHING: _pairs,
    ItemKind.BRANCHING_CASE: _way,
    ItemKind.CONVERSATION: _way,
}
