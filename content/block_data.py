"""A block of a data file as the value that its StreamField takes.

Every block and list item, nested ones too, gets a deterministic id, so that translations share it and
every installation names an item the same.
"""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .library import document_from, image_from

DATA = Path(__file__).parent / "data"
NAMESPACE = uuid.UUID("6d0f7a52-3f0e-5a57-9d62-0c6a3c0b7c11")

Data = dict[str, Any]
SOURCE = {"source", "quote", "year", "historic"}
#: For whoever reviews the text; no page shows them.
NOTES = {"editor_note", "needs_editorial_review", "retire_until_checked", "retire_reason"}


class CatalogueError(ValueError):
    """A data file can't be loaded; the message says which part and what to do."""


def block_value(module: Data, block: Data, language: str, path: tuple[str | int, ...]) -> Data:
    """The value of one block in a language. Raises CatalogueError for a type or a key that there isn't."""
    kind = block["type"]
    if kind not in READERS:
        raise CatalogueError(f"{module['code']}: there is no block of type {kind!r}.")
    keys, read = READERS[kind]
    strangers = sorted(set(block) - keys - NOTES - {"type"})
    if strangers:
        raise CatalogueError(f"{module['code']}: {kind} has no {', '.join(strangers)}.")
    try:
        return read(Reading(module, block, language, path))
    except KeyError as missing:
        raise CatalogueError(f"{module['code']}: {kind} at {path} lacks {missing}.") from missing


def id_of(module: Data, *path: str | int) -> str:
    """The same id in every language and on every machine."""
    return str(uuid.uuid5(NAMESPACE, "/".join([module["code"], *map(str, path)])))


class Reading:
    """One block of a data file, read in one language."""

    def __init__(self, module: Data, block: Data, language: str, path: tuple[str | int, ...]) -> None:
        self.module, self.block, self.language, self.path = module, block, language, path

    def text(self, name: str) -> str:
        words: str = self.block[name][self.language]
        return words

    def maybe(self, name: str) -> str:
        return self.text(name) if name in self.block else ""

    def of(self, texts: Data | None) -> str:
        """A text that stands deeper in the block; empty where there is none."""
        words: str = texts[self.language] if texts else ""
        return words

    def items(self, rows: list[Any], *place: str | int, name: str = "item") -> list[Data]:
        """Values as a list block has them, each with its id."""
        return [
            {"type": "item", "id": id_of(self.module, *self.path, *place, name, number), "value": row}
            for number, row in enumerate(rows, start=1)
        ]

    def source(self) -> Data:
        return {
            "source": self.maybe("source"),
            "source_quote": self.block.get("quote", ""),
            "source_year": self.block.get("year", ""),
            "is_historic": self.block.get("historic", False),
        }


def _question(reading: Reading) -> Data:
    return {
        "question": reading.text("question"),
        "explanation": reading.text("explanation"),
        **reading.source(),
        "options": reading.items(
            [
                {
                    "text": reading.of(option),
                    "is_correct": option.get("correct", False),
                    "feedback": reading.of(option["feedback"]),
                }
                for option in reading.block["options"]
            ]
        ),
    }


def _true_false(reading: Reading) -> Data:
    feedback = reading.block["feedback"]
    return {
        "statement": reading.text("statement"),
        "is_true": "true" if reading.block["correct"] else "false",
        "feedback_true": reading.of(feedback["true"]),
        "feedback_false": reading.of(feedback["false"]),
        "explanation": reading.text("explanation"),
        **reading.source(),
    }


def _ordering(reading: Reading) -> Data:
    return {
        "prompt": reading.text("prompt"),
        "entries": reading.items([reading.of(entry) for entry in reading.block["entries"]]),
        "feedback": reading.text("feedback"),
        "explanation": reading.text("explanation"),
        **reading.source(),
    }


def _matching(reading: Reading) -> Data:
    pairs = [
        {
            "left": reading.of(pair["left"]),
            "right": reading.of(pair["right"]),
            "feedback": reading.of(pair.get("feedback")),
        }
        for pair in reading.block["pairs"]
    ]
    distractors = [reading.of(text) for text in reading.block.get("distractors", [])]
    return {
        "prompt": reading.text("prompt"),
        "pairs": reading.items(pairs),
        "distractors": reading.items(distractors, name="distractor"),
        "feedback": reading.text("feedback"),
        "explanation": reading.text("explanation"),
        **reading.source(),
    }


def _short_answer(reading: Reading) -> Data:
    return {
        "question": reading.text("question"),
        "model_answer": reading.text("model_answer"),
        "points": reading.items([reading.of(point) for point in reading.block.get("points", [])]),
        **reading.source(),
    }


def _branching_case(reading: Reading) -> Data:
    nodes = []
    for number, node in enumerate(reading.block["nodes"], start=1):
        image = node.get("image")
        choices = [
            {
                "text": reading.of(choice["text"]),
                "consequence": reading.of(choice["consequence"]),
                "next": choice.get("next", ""),
                "end": choice.get("end", ""),
                "reason": reading.of(choice.get("reason")),
            }
            for choice in node["choices"]
        ]
        nodes.append(
            {
                "key": node["key"],
                "situation": reading.of(node["situation"]),
                "image": image_from(_file(image["file"])) if image else None,
                "alt": reading.of(image["alt"]) if image else "",
                "choices": reading.items(choices, "item", number, name="choice"),
            }
        )
    return {
        "title": reading.text("title"),
        "nodes": reading.items(nodes),
        "explanation": reading.text("explanation"),
        **reading.source(),
    }


def _conversation(reading: Reading) -> Data:
    turns = []
    for number, turn in enumerate(reading.block["turns"], start=1):
        replies = [
            {
                "text": reading.of(reply["text"]),
                "reaction": reading.of(reply["reaction"]),
                "effect": reply["effect"],
                "reason": reading.of(reply["reason"]),
                "end": reply.get("end", ""),
                "next": reply.get("next", ""),
            }
            for reply in turn["replies"]
        ]
        turns.append(
            {
                "key": turn.get("key", ""),
                "says": reading.of(turn["says"]),
                "replies": reading.items(replies, "item", number, name="reply"),
            }
        )
    return {
        "title": reading.text("title"),
        "partner": reading.text("with"),
        "scene": reading.text("scene"),
        "turns": reading.items(turns),
        "explanation": reading.text("explanation"),
        **reading.source(),
    }


def _accordion(reading: Reading) -> Data:
    sections = [
        {"heading": reading.of(section["heading"]), "body": reading.of(section["body"])}
        for section in reading.block["sections"]
    ]
    return {"sections": reading.items(sections)}


def _image(reading: Reading) -> Data:
    return {
        "image": image_from(_file(reading.block["file"])),
        "alt": reading.text("alt"),
        "caption": reading.maybe("caption"),
        "credit": reading.block.get("credit", ""),
    }


def _document(reading: Reading) -> Data:
    return {
        "document": document_from(_file(reading.block["file"])),
        "title": reading.text("title"),
        "description": reading.maybe("description"),
    }


def _recording(reading: Reading) -> Data:
    chapters = [
        {"at": chapter["at"], "title": reading.of(chapter["title"])}
        for chapter in reading.block.get("chapters", [])
    ]
    return {
        "title": reading.text("title"),
        "recording": document_from(_file(reading.block["file"])),
        "captions": document_from(_file(reading.block["captions"][reading.language])),
        "transcript": reading.text("transcript"),
        "chapters": reading.items(chapters),
    }


def _file(name: str) -> Path:
    return DATA / "files" / name


ASKED = {"question", "options", "explanation"}
#: Of each type: the keys that it may have, and how its value is read.
READERS: dict[str, tuple[set[str], Callable[[Reading], Data]]] = {
    "text": ({"body"}, lambda reading: {"body": reading.text("body")}),
    "key_message": ({"text"}, lambda reading: {"text": reading.text("text")}),
    "vignette": (
        {"title", "body"},
        lambda reading: {"title": reading.text("title"), "body": reading.text("body")},
    ),
    "reflection": (
        {"prompt", "dimension"},
        lambda reading: {"prompt": reading.text("prompt"), "dimension": reading.block["dimension"]},
    ),
    "practice_task": ({"task"}, lambda reading: {"task": reading.text("task")}),
    "sources": (
        {"sources"},
        lambda reading: {
            "sources": reading.items([{"url": "", **source} for source in reading.block["sources"]])
        },
    ),
    "question": (ASKED | SOURCE, _question),
    "multiple_choice": (ASKED | SOURCE, _question),
    "true_false": ({"statement", "correct", "feedback", "explanation"} | SOURCE, _true_false),
    "ordering": ({"prompt", "entries", "feedback", "explanation"} | SOURCE, _ordering),
    "matching": ({"prompt", "pairs", "distractors", "feedback", "explanation"} | SOURCE, _matching),
    "short_answer": ({"question", "model_answer", "points"} | SOURCE, _short_answer),
    "likert": (
        {"prompt", "scale"},
        lambda reading: {"prompt": reading.text("prompt"), "scale": reading.block["scale"]},
    ),
    "branching_case": ({"title", "nodes", "explanation"} | SOURCE, _branching_case),
    "conversation": ({"title", "with", "scene", "turns", "explanation"} | SOURCE, _conversation),
    "accordion": ({"sections"}, _accordion),
    "local_guide": (
        {"topic", "intro"},
        lambda reading: {"topic": reading.block["topic"], "intro": reading.maybe("intro")},
    ),
    "image": ({"file", "alt", "caption", "credit"}, _image),
    "video": ({"title", "file", "captions", "transcript", "chapters"}, _recording),
    "audio": ({"title", "file", "captions", "transcript", "chapters"}, _recording),
    "document": ({"file", "title", "description"}, _document),
}
