"""What people chose in a question, option by option. Nothing here touches the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from organisations.small_groups import may_be_split, shown, whole_groups

from ..enums import WORDS_OF_SCALE, ItemKind
from ..walking import AND, OF

#: Each response that was given, as xAPI writes it, with how many people gave it.
Given = dict[str, int]


@dataclass(frozen=True)
class Choice:
    """An option, and how many chose it: None where they are too few to be shown.

    `is_right` is None where it is neither right nor wrong.
    """

    text: str
    is_right: bool | None
    people: int | None


@dataclass(frozen=True)
class Group:
    """Choices beside each other, under a heading where a question has several (a pair, a place in a case).

    `people` is how many stood before them, None where they are too few: then its choices say nothing.
    """

    heading: str
    people: int | None
    choices: list[Choice]


def groups_of(block: dict[str, Any], specification: dict[str, Any], given: Given) -> list[Group] | None:
    """What was chosen in a block; None for a kind that has no choices, like what is written."""
    read = _READERS.get(block["kind"])
    return None if read is None else read(block, specification, given)


def _group(heading: str, people: int, counted: Sequence[tuple[str, bool | None, int]]) -> Group:
    """A group with its numbers as they may be shown. `people` that aren't whole groups are rounded too."""
    if not may_be_split(people):
        return Group(heading, None, [Choice(text, is_right, None) for text, is_right, _people in counted])
    number = people if people == whole_groups(people) else shown(people)
    return Group(heading, number, [Choice(text, right, shown(chose)) for text, right, chose in counted])


def _people(given: Given) -> int:
    return sum(given.values())


def _chose(given: Given, part: str) -> int:
    """How many gave a response with this part in it."""
    return sum(people for response, people in given.items() if part in response.split(AND))


def _options(block: dict[str, Any], specification: dict[str, Any], given: Given) -> list[Group]:
    """One of several or several of them: how many chose each."""
    words = {"true": _("True"), "false": _("False")}
    counted = [
        (
            option.get("text") or words[option["id"]],
            option["id"] in specification["correct"],
            _chose(given, option["id"]),
        )
        for option in block["options"]
    ]
    return [_group("", _people(given), counted)]


def _scale(block: dict[str, Any], _specification: dict[str, Any], given: Given) -> list[Group]:
    words: list[tuple[str, bool | None, int]] = [
        (str(word), None, given.get(str(point), 0))
        for point, word in enumerate(WORDS_OF_SCALE[block["scale"]], start=1)
    ]
    return [_group("", _people(given), words)]


def _order(block: dict[str, Any], specification: dict[str, Any], given: Given) -> list[Group]:
    """Of each entry, in the right order, how many put it where it belongs."""
    texts = {entry["id"]: entry["text"] for entry in block["entries"]}
    orders = [(response.split(AND), people) for response, people in given.items()]
    counted: list[tuple[str, bool | None, int]] = []
    for place, entry in enumerate(specification["correct"]):
        right = sum(people for order, people in orders if order[place : place + 1] == [entry])
        counted.append((texts.get(entry, entry), True, right))
    return [_group(_("Put where it belongs"), _people(given), counted)]


def _pairs(block: dict[str, Any], specification: dict[str, Any], given: Given) -> list[Group]:
    """Of each thing, what it was put together with."""
    return [
        _group(
            source["text"],
            _people(given),
            [
                (
                    target["text"],
                    specification["correct"].get(source["id"]) == target["id"],
                    _chose(given, f"{source['id']}{OF}{target['id']}"),
                )
                for target in block["targets"]
            ],
        )
        for source in block["sources"]
    ]


def _ways(block: dict[str, Any], specification: dict[str, Any], given: Given) -> list[Group]:
    """At each place of a case, how many came there the first time, and which way they took."""
    groups = []
    for node in block["nodes"]:
        ends = [specification["choices"].get(choice["id"], {}).get("end") for choice in node["choices"]]
        took = [_chose(given, f"{node['id']}{OF}{choice['id']}") for choice in node["choices"]]
        counted = [
            (choice["text"], None if end is None else end == "good", people)
            for choice, end, people in zip(node["choices"], ends, took, strict=True)
        ]
        groups.append(_group(node["name"], sum(took), counted))
    return groups


_READERS: dict[str, Callable[[dict[str, Any], dict[str, Any], Given], list[Group]]] = {
    ItemKind.SINGLE_CHOICE: _options,
    ItemKind.MULTIPLE_CHOICE: _options,
    ItemKind.TRUE_FALSE: _options,
    ItemKind.LIKERT: _scale,
    ItemKind.ORDERING: _order,
    ItemKind.MATCHING: _pairs,
    ItemKind.BRANCHING_CASE: _ways,
    ItemKind.CONVERSATION: _ways,
}
