"""Grading an answer against an edition's private specification. Nothing here touches the database.

A specification looks like `{"kind": "single_choice", "correct": ["<option id>"],
"explanation": "…", "feedback": {"<option id>": "…"}}`.
"""

from dataclasses import dataclass
from typing import Any

from .enums import ItemKind


class InvalidResponse(ValueError):
    """The answer can't be an answer to this question: an option that isn't there, or none."""


@dataclass(frozen=True)
class Grade:
    """Whether the answer is right, and why, in the edition's language."""

    success: bool
    feedback: str
    explanation: str


def grade(specification: dict[str, Any], response: str, *, options: list[str]) -> Grade:
    """Grade one response (an option's id). Raises InvalidResponse for an option that isn't there."""
    kind = specification["kind"]
    if kind != ItemKind.SINGLE_CHOICE:
        raise ValueError(f"No grading for items of kind {kind!r}.")
    if response not in options:
        raise InvalidResponse(response)
    return Grade(
        success=response in specification["correct"],
        feedback=specification.get("feedback", {}).get(response, ""),
        explanation=specification.get("explanation", ""),
    )
