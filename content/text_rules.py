"""What the texts of the modules in `data/modules` are held to. `manage.py check_texts` says where one isn't.

Plain Danish, quoted »like this«, options that length doesn't give away, a reason beside every option,
something to practise, something to think over, and sources with their year.
"""

from collections.abc import Iterator
from typing import Any

from .block_data import Data
from .quotation import find_quoted_otherwise
from .readability import lix

LANGUAGE = "da"
SOSU = {"sosu_assistant", "sosu_helper"}
#: The highest LIX of a module and of a single step, for SOSU staff and for the others.
HIGHEST_FOR_SOSU = (35, 40)
HIGHEST = (45, 45)
#: How many of the single-choice questions may have the right option as the longest.
SHARE_LONGEST = 0.4
PRACTISED = {"branching_case", "conversation"}
SOURCED = {"question", "multiple_choice", "true_false", "ordering", "matching"}
#: What isn't read as sentences: headings, and the names of sources and of people.
NAMES = {"title", "heading", "source", "sources", "with", "alt", "credit", "caption"}


def find_faults(modules: list[Data]) -> list[str]:
    """Where the texts fall short, a sentence each; empty where they are as they should be."""
    return [
        *(fault for module in modules for fault in find_faults_in_module(module)),
        *find_fault_in_lengths(modules),
    ]


def find_faults_in_module(module: Data) -> Iterator[str]:
    code = module["code"]
    for where, reached, allowed in measure(module):
        if reached > allowed:
            yield f"{code}, {where}: LIX {reached:.1f}, at most {allowed}."
    yield from (f"{code}: {fault}" for fault in find_quoted_otherwise(module))
    for number, block in blocks_of(module):
        yield from (f"{code}, step {number}: {fault}" for fault in _find_faults_in_block(block))
    kinds = {block["type"] for _number, block in blocks_of(module)}
    if not kinds & PRACTISED:
        yield f"{code}: no branching case and no conversation."
    yield from (f"{code}: no {kind}." for kind in ("reflection", "sources") if kind not in kinds)


def measure(module: Data) -> list[tuple[str, float, int]]:
    """The LIX of the module and of each of its steps, with the highest that it may have."""
    highest, highest_of_step = HIGHEST_FOR_SOSU if is_for_sosu(module) else HIGHEST
    steps = [list(running_texts(step["blocks"])) for step in module["steps"]]
    whole = [module["summary"][LANGUAGE], *(text for texts in steps for text in texts)]
    return [
        ("the module", lix(whole), highest),
        *((f"step {number}", lix(texts), highest_of_step) for number, texts in enumerate(steps, start=1)),
    ]


def is_for_sosu(module: Data) -> bool:
    return bool(SOSU & set(module["professions"]))


def running_texts(value: Any) -> Iterator[str]:
    """Every Danish text that is read as sentences, however deep it stands."""
    if isinstance(value, dict):
        if LANGUAGE in value:
            yield value[LANGUAGE]
        for key, child in value.items():
            if key not in NAMES:
                yield from running_texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from running_texts(child)


def blocks_of(module: Data) -> Iterator[tuple[int, Data]]:
    """Each block with the number of its step."""
    for number, step in enumerate(module["steps"], start=1):
        for block in step["blocks"]:
            yield number, block


def _find_faults_in_block(block: Data) -> Iterator[str]:
    kind = block["type"]
    said = block["feedback"].values() if kind == "true_false" else []
    said = [*said, *(option.get("feedback") or {} for option in block.get("options", []))]
    if not all(feedback.get(LANGUAGE) for feedback in said):
        yield f"an option of a {kind} has no feedback."
    if (kind in SOURCED or "source" in block) and not block.get("year"):
        yield f"a {kind} has a source without a year."
    if kind == "sources" and not all(source.get("year") for source in block["sources"]):
        yield "a source of the list has no year."


def find_fault_in_lengths(modules: list[Data]) -> list[str]:
    """Whether the right option is the longest too often, over all single-choice questions together."""
    questions = [
        (module["code"], number, block)
        for module in modules
        for number, block in blocks_of(module)
        if block["type"] == "question"
    ]
    longest = [f"{code} step {number}" for code, number, block in questions if is_longest_right(block)]
    if len(longest) <= SHARE_LONGEST * len(questions):
        return []
    said = f"The right option is the longest in {len(longest)} of {len(questions)} questions"
    return [f"{said}, at most {SHARE_LONGEST:.0%}: {', '.join(longest)}."]


def is_longest_right(question: Data) -> bool:
    """Whether the right option is longer than every other."""
    right = [len(option[LANGUAGE]) for option in question["options"] if option.get("correct")]
    wrong = [len(option[LANGUAGE]) for option in question["options"] if not option.get("correct")]
    return max(right) > max(wrong)
