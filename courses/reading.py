"""What of an edition is read, as plain text: for finding it again, and for a line around the hit."""

import html
from collections.abc import Iterator
from typing import Any

from django.utils.html import strip_tags

#: What is read in a block, by its kind. Neither options, pairs, replies nor claims: away from their place
#: they look like advice that they aren't. Of a case only where it begins: the rest is met on the way.
READ: dict[str, tuple[str, ...]] = {
    "text": ("html",),
    "key_message": ("text",),
    "vignette": ("title", "html"),
    "local_guide": ("intro",),
    "image": ("caption",),
    "document": ("title", "description"),
    "single_choice": ("text",),
    "multiple_choice": ("text",),
    "ordering": ("text",),
    "matching": ("text",),
    "short_answer": ("text",),
    "branching_case": ("text",),
    "conversation": ("text", "scene"),
    "video": ("text", "transcript"),
    "audio": ("text", "transcript"),
    "reflection": ("text",),
    "practice_task": ("text",),
}
#: The lists in a block of which every row is read.
ROWS = {"accordion": ("sections", ("heading", "html")), "sources": ("sources", ("title", "publisher"))}
#: The fields that hold markup.
MARKUP = {"html", "transcript"}


def plain_text(markup: str) -> str:
    """The words of some markup on one line."""
    return " ".join(html.unescape(strip_tags(markup.replace("<", " <"))).split())


def opening_passages(content: dict[str, Any]) -> list[str]:
    """What whoever hasn't begun is shown of an edition: its summary, and what its steps are called."""
    return [content["summary"], *(step["title"] for step in content["steps"])]


def step_passages(step: dict[str, Any]) -> list[str]:
    """Everything that is read in a step, its title first; empty passages are left out."""
    found = [step["title"], *(text for block in step["blocks"] for text in _of_block(block))]
    return [passage for passage in found if passage]


def passages(content: dict[str, Any]) -> list[str]:
    """Everything that is read in an edition, in reading order."""
    steps = (passage for step in content["steps"] for passage in step_passages(step))
    return [*([content["summary"]] if content["summary"] else []), *steps]


def _of_block(block: dict[str, Any]) -> Iterator[str]:
    kind = block["kind"]
    yield from _of_fields(block, READ.get(kind, ()))
    if kind in ROWS:
        name, fields = ROWS[kind]
        for row in block[name]:
            yield from _of_fields(row, fields)
    if kind == "branching_case":
        yield from _of_fields(block["nodes"][0], ("html",))


def _of_fields(row: dict[str, Any], fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        text = row.get(field) or ""
        yield plain_text(text) if field in MARKUP else text
