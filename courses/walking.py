"""Walking through a branching case or a conversation. Nothing here touches the database.

A way is the ids of the choices that were made, in order, from the first node. The nodes and their
choices stand in the edition's content; where a choice leads, and what came of it, in its grading:
`{"choices": {"<choice id>": {"consequence": "…", "reason": "…", "next": "<node id>" or None,
"end": "good", "other" or None, "effect": …}}}`.
"""

from dataclasses import dataclass
from typing import Any

#: Between the parts of a response, and within a part (xAPI 1.0.3, data, 2.4.4.1).
AND, OF = "[,]", "[.]"


class InvalidResponse(ValueError):
    """The answer can't be an answer to this question: an option that isn't there, or none."""


@dataclass(frozen=True)
class Passed:
    """A node that was gone through: what was chosen there and what came of it."""

    node: dict[str, Any]
    choice: dict[str, Any]
    outcome: dict[str, Any]


@dataclass(frozen=True)
class Walk:
    """A way so far: the nodes gone through, and the node where the next choice is, or None at an end."""

    passed: list[Passed]
    here: dict[str, Any] | None

    @property
    def end(self) -> str | None:
        """`good` or `other`, at an end."""
        return self.passed[-1].outcome["end"] if self.passed and self.here is None else None

    @property
    def response(self) -> str:
        """The way as xAPI writes what was done at each step of a performance."""
        return AND.join(f"{step.node['id']}{OF}{step.choice['id']}" for step in self.passed)


def walk(block: dict[str, Any], specification: dict[str, Any], way: list[str]) -> Walk:
    """Go the way. Raises InvalidResponse where it isn't one of the ways through this block."""
    nodes = {node["id"]: node for node in block["nodes"]}
    here: dict[str, Any] | None = block["nodes"][0]
    passed = []
    for chosen in way:
        choice = next((row for row in here["choices"] if row["id"] == chosen), None) if here else None
        if here is None or choice is None:
            raise InvalidResponse(chosen[:100])
        outcome = specification["choices"][chosen]
        passed.append(Passed(here, choice, outcome))
        here = nodes[outcome["next"]] if outcome["next"] else None
    return Walk(passed, here)


def way_of(response: str) -> list[str]:
    """The choices of a response that `Walk.response` wrote."""
    return [part.split(OF)[-1] for part in response.split(AND)]


def good_way(block: dict[str, Any], specification: dict[str, Any]) -> list[str]:
    """A shortest way to a good end."""
    waiting: list[list[str]] = [[]]
    while waiting:
        way = waiting.pop(0)
        here = walk(block, specification, way).here
        for choice in here["choices"] if here else []:
            if specification["choices"][choice["id"]]["end"] == "good":
                return [*way, choice["id"]]
            waiting.append([*way, choice["id"]])
    raise ValueError("No way leads to a good end.")
