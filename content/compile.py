"""How a page's blocks become an edition: what may be sent, and the grading that may not.

The id of a block is unique only within its parent, so an item is named by its block path: the step's
id and the block's. Translations share the ids, and so the activity IRIs.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.text import Truncator
from wagtail.rich_text import expand_db_html
from wagtail.whitelist import Whitelister

from courses.enums import ItemKind
from courses.reading import plain_text

from .blocks.cases import turns_in_line
from .library import media, paper, rendition


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
            **({"is_opening": True} if step.value["is_opening"] else {}),
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


def _html(text: Any) -> str:
    """Rich text as it may travel: whatever way it came in, no script and no style."""
    cleaned: str = Whitelister().clean(expand_db_html(text.source))
    return cleaned


def _source(value: Any) -> dict[str, Any]:
    if not value["source"]:
        return {}
    return {
        "source": {
            "title": value["source"],
            "quote": value["source_quote"] or "",
            "year": value["source_year"],
        }
    }


def _item(path: str, kind: ItemKind, text: str) -> dict[str, Any]:
    """What every item has: its id, and what it is called."""
    return {"id": path, "kind": kind.value, "item": True, "name": text, "text": text}


def _asked(path: str, kind: ItemKind, text: str, value: Any) -> dict[str, Any]:
    """An item that asks something, with the year of an old source."""
    year = value["source_year"] if value.get("is_historic") else None
    return {**_item(path, kind, text), "historic_year": year}


def _mixed(ids: list[str]) -> list[str]:
    """The ids in an order that gives nothing away, the same at every publishing and in every language."""
    mixed = sorted(ids, key=lambda one: salted_hmac("content.compile", one).hexdigest())
    return mixed if mixed != ids else [*mixed[1:], *mixed[:1]]


def _text(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {"id": path, "kind": "text", "html": _html(value["body"])}


def _key_message(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {"id": path, "kind": "key_message", "text": value["text"]}


def _vignette(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": "vignette",
        "title": value["title"],
        "html": _html(value["body"]),
    }


def _question(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    options = [(child.id, child.value) for child in value["options"].bound_blocks]
    grading[path] = {
        "kind": ItemKind.SINGLE_CHOICE.value,
        "correct": [option_id for option_id, option in options if option["is_correct"]],
        "feedback": {option_id: option["feedback"] for option_id, option in options if option["feedback"]},
        "explanation": value["explanation"],
        **_source(value),
    }
    return {
        **_asked(path, ItemKind.SINGLE_CHOICE, value["question"], value),
        "options": [{"id": option_id, "text": option["text"]} for option_id, option in options],
    }


def _multiple_choice(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    block = _question(path, value, grading)
    grading[path]["kind"] = block["kind"] = ItemKind.MULTIPLE_CHOICE.value
    return block


def _true_false(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    grading[path] = {
        "kind": ItemKind.TRUE_FALSE.value,
        "correct": [value["is_true"]],
        "feedback": {"true": value["feedback_true"], "false": value["feedback_false"]},
        "explanation": value["explanation"],
        **_source(value),
    }
    return {
        **_asked(path, ItemKind.TRUE_FALSE, value["statement"], value),
        "options": [{"id": "true"}, {"id": "false"}],
    }


def _ordering(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    texts = {child.id: child.value for child in value["entries"].bound_blocks}
    grading[path] = {
        "kind": ItemKind.ORDERING.value,
        "correct": list(texts),
        "feedback": value["feedback"],
        "explanation": value["explanation"],
        **_source(value),
    }
    return {
        **_asked(path, ItemKind.ORDERING, value["prompt"], value),
        "entries": [{"id": entry, "text": texts[entry]} for entry in _mixed(list(texts))],
    }


def _matching(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    pairs = {child.id: child.value for child in value["pairs"].bound_blocks}
    # What is written alike on the right is one target, named after its first pair.
    first = {pair["right"]: pair_id for pair_id, pair in reversed(pairs.items())}
    texts = {pair_id: right for right, pair_id in first.items()}
    texts |= {child.id: child.value for child in value["distractors"].bound_blocks}
    # A pair's own id would tell what it belongs with.
    targets = {target: f"t{place}" for place, target in enumerate(_mixed(list(texts)), start=1)}
    grading[path] = {
        "kind": ItemKind.MATCHING.value,
        "correct": {pair_id: targets[first[pair["right"]]] for pair_id, pair in pairs.items()},
        "pairs": {pair_id: pair["feedback"] or "" for pair_id, pair in pairs.items()},
        "feedback": value["feedback"],
        "explanation": value["explanation"],
        **_source(value),
    }
    return {
        **_asked(path, ItemKind.MATCHING, value["prompt"], value),
        "sources": [{"id": pair_id, "text": pair["left"]} for pair_id, pair in pairs.items()],
        "targets": [{"id": name, "text": texts[target]} for target, name in targets.items()],
    }


def _short_answer(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    grading[path] = {
        "kind": ItemKind.SHORT_ANSWER.value,
        "model_answer": value["model_answer"],
        "points": list(value["points"]),
        **_source(value),
    }
    return _asked(path, ItemKind.SHORT_ANSWER, value["question"], value)


def _likert(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {**_asked(path, ItemKind.LIKERT, value["prompt"], value), "scale": value["scale"]}


def _branching_case(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    nodes = value["nodes"].bound_blocks
    ids = {node.value["key"]: node.id for node in nodes}
    choices = [(node, node.value["choices"].bound_blocks) for node in nodes]
    grading[path] = {
        "kind": ItemKind.BRANCHING_CASE.value,
        "choices": {
            choice.id: {
                "consequence": choice.value["consequence"],
                "reason": choice.value["reason"] or "",
                "next": ids.get(choice.value["next"]),
                "end": choice.value["end"] or None,
            }
            for _node, children in choices
            for choice in children
        },
        "explanation": value["explanation"],
        **_source(value),
    }
    return {
        **_asked(path, ItemKind.BRANCHING_CASE, value["title"], value),
        "nodes": [
            {
                "id": node.id,
                "name": Truncator(plain_text(_html(node.value["situation"]))).chars(200),
                "html": _html(node.value["situation"]),
                "image": rendition(node.value["image"], node.value["alt"]),
                "choices": [{"id": choice.id, "text": choice.value["text"]} for choice in children],
            }
            for node, children in choices
        ],
    }


def _conversation(path: str, value: Any, grading: dict[str, Any]) -> dict[str, Any]:
    turns = value["turns"].bound_blocks
    line = turns_in_line([turn.value for turn in turns])
    ids = {name: turn.id for turn, (_value, name, _following) in zip(turns, line, strict=True)}
    replies = [
        (turn, following, turn.value["replies"].bound_blocks)
        for turn, (_value, _name, following) in zip(turns, line, strict=True)
    ]
    grading[path] = {
        "kind": ItemKind.CONVERSATION.value,
        "choices": {
            reply.id: {
                "consequence": reply.value["reaction"],
                "reason": reply.value["reason"],
                "effect": reply.value["effect"],
                "next": None if reply.value["end"] else ids.get(reply.value["next"] or following),
                "end": reply.value["end"] or None,
            }
            for _turn, following, children in replies
            for reply in children
        },
        "explanation": value["explanation"],
        **_source(value),
    }
    return {
        **_asked(path, ItemKind.CONVERSATION, value["title"], value),
        "partner": value["partner"],
        "scene": value["scene"],
        "nodes": [
            {
                "id": turn.id,
                "name": Truncator(turn.value["says"]).chars(200),
                "says": turn.value["says"],
                "choices": [{"id": reply.id, "text": reply.value["text"]} for reply in children],
            }
            for turn, _following, children in replies
        ],
    }


def _reflection(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {**_item(path, ItemKind.REFLECTION, value["prompt"]), "dimension": value["dimension"]}


def _practice_task(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return _item(path, ItemKind.PRACTICE_TASK, value["task"])


def _sources(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": "sources",
        "sources": [
            {key: source[key] or "" for key in ("title", "publisher", "year", "url")}
            for source in value["sources"]
        ],
    }


def _accordion(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": "accordion",
        "sections": [
            {"heading": section["heading"], "html": _html(section["body"])} for section in value["sections"]
        ],
    }


def _local_guide(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {"id": path, "kind": "local_guide", "topic": value["topic"], "intro": value["intro"] or ""}


def _image(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": "image",
        "image": rendition(value["image"], value["alt"]),
        "caption": value["caption"] or "",
        "credit": value["credit"] or "",
    }


def _video(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return _recording(path, ItemKind.VIDEO, value)


def _audio(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return _recording(path, ItemKind.AUDIO, value)


def _recording(path: str, kind: ItemKind, value: Any) -> dict[str, Any]:
    return {
        **_item(path, kind, value["title"]),
        "file": media(value["recording"]),
        "captions": media(value["captions"]),
        "transcript": _html(value["transcript"]),
        "chapters": [{"at": chapter["at"], "title": chapter["title"]} for chapter in value["chapters"]],
    }


def _document(path: str, value: Any, _grading: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": path,
        "kind": "document",
        "title": value["title"],
        "description": value["description"] or "",
        **paper(value["document"]),
    }


COMPILERS = {
    "text": _text,
    "key_message": _key_message,
    "vignette": _vignette,
    "question": _question,
    "reflection": _reflection,
    "practice_task": _practice_task,
    "sources": _sources,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "ordering": _ordering,
    "matching": _matching,
    "short_answer": _short_answer,
    "likert": _likert,
    "branching_case": _branching_case,
    "conversation": _conversation,
    "accordion": _accordion,
    "local_guide": _local_guide,
    "image": _image,
    "document": _document,
    "video": _video,
    "audio": _audio,
}
