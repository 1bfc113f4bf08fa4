"""How a page's blocks become an edition: what may be sent, and the grading that may not.

The id of a block is unique only within its parent, so an item is named by its block path: the step's
id and the block's. Translations share the ids, and so the activity IRIs.
"""

from dataclasses import dataclass
from typing import Any

from wagtail.rich_text import expand_db_html

from courses.enums import ItemKind


@dataclass(frozen=True)
class Compiled:
    """`content` may travel; `grading` stays; `items` is what evidence can rest on."""

    content: dict[str, Any]
    grading: dict[str, Any]
    items: list[tuple[str, str]]


def compile_steps(steps: Any) -> Compiled:
    """Compile a page's `steps` stream value."""
    grading: dict[str, Any] = {}
    compiled = [
        {
            "title": step.value["title"],
            "minutes": step.value["minutes"],
            "blocks": [
                COMPILERS[block.block_type](f"{step.id}_{block.id}", block.value, grading)
                for block in step.value["body"]
            ],
        }
        for step in steps
    ]
    items = [
        (block["id"], block["kind"]) for step in compiled for block in step["blocks"] if block.get("item")
    ]
    return Compiled(content={"steps": compiled}, grading=grading, items=items)


def _text(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {"id": path, "kind": "text", "html": expand_db_html(value["body"].source)}


def _key_message(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {"id": path, "kind": "key_message", "text": value["text"]}


def _vignette(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": "vignette",
        "title": value["title"],
        "html": expand_db_html(value["body"].source),
    }


def _question(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    options = [(child.id, child.value) for child in value["options"].bound_blocks]
    grading[path] = {
        "kind": ItemKind.SINGLE_CHOICE.value,
        "correct": [option_id for option_id, option in options if option["is_correct"]],
        "feedback": {option_id: option["feedback"] for option_id, option in options if option["feedback"]},
        "explanation": value["explanation"],
        "source": {
            "title": value["source"],
            "quote": value["source_quote"] or "",
            "year": value["source_year"],
        },
    }
    return {
        "id": path,
        "kind": ItemKind.SINGLE_CHOICE.value,
        "item": True,
        "name": value["question"],
        "text": value["question"],
        "options": [{"id": option_id, "text": option["text"]} for option_id, option in options],
        "historic_year": value["source_year"] if value["is_historic"] else None,
    }


def _reflection(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": ItemKind.REFLECTION.value,
        "item": True,
        "name": value["prompt"],
        "text": value["prompt"],
        "dimension": value["dimension"],
    }


def _practice_task(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": ItemKind.PRACTICE_TASK.value,
        "item": True,
        "name": value["task"],
        "text": value["task"],
    }


def _sources(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": "sources",
        "sources": [
            {key: source[key] or "" for key in ("title", "publisher", "year", "url")}
            for source in value["sources"]
        ],
    }


COMPILERS = {
    "text": _text,
    "key_message": _key_message,
    "vignette": _vignette,
    "question": _question,
    "reflection": _reflection,
    "practice_task": _practice_task,
    "sources": _sources,
}
