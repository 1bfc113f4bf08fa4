"""A block of an edition with what its template needs: the answer, its feedback, or what was refused."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.domain import answers
from courses.domain.local_guides import guides_for, who_can_write
from courses.domain.support import Supported, Task, declines_of, supports_of
from courses.domain.task_notes import notes_of
from courses.enums import PLAYED, WALKED, WORDS_OF_SCALE, WRITTEN, Effect, ItemKind, Scale, Topic
from courses.grading import LIKERT_POINTS, Grade
from courses.models import Attempt, Confirmation, FreeText, Sharing, SupportRequest, TaskNote
from courses.walking import AND, OF, InvalidResponse, Walk
from organisations.models import Person

from .journey import Journey
from .responses import match_of, place_of

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What was just asked of one item: an answer that was refused, with its words, or the way back."""

    item: str = ""
    error: str = ""
    sent: QueryDict = field(default_factory=QueryDict)
    #: The node of a case that she goes back to.
    back_to: str = ""


#: The kinds that share a template; the others have one of their own name.
TEMPLATES = {
    **dict.fromkeys([ItemKind.SINGLE_CHOICE, ItemKind.MULTIPLE_CHOICE, ItemKind.TRUE_FALSE], "choices"),
    **dict.fromkeys(WALKED, "walk"),
    **dict.fromkeys(PLAYED, "recording"),
}


def template_of(block: dict[str, Any]) -> str:
    return f"content/parts/{TEMPLATES.get(block['kind'], block['kind'])}.html"


def block_row(journey: Journey, block: dict[str, Any], asked: Asked) -> Row:
    """The row of one block."""
    mine = asked if asked.item == block["id"] else Asked()
    row: Row = {
        "block": block,
        "template": template_of(block),
        "error": mine.error,
        "entered": mine.sent.get("text", ""),
        "token": uuid.uuid4(),
    }
    if not block.get("item"):
        return row
    attempt = journey.progress.last.get(block["id"]) if journey.progress else None
    grade = None
    if attempt is not None and journey.enrolment is not None:
        row["attempt"] = attempt
        if attempt.success is not None:
            grade = answers.grade_of(journey.edition, item=block["id"], response=attempt.response)
            row["grade"] = grade
            row["source"] = journey.edition.grading[block["id"]].get("source")
    match block["kind"]:
        case ItemKind.SINGLE_CHOICE | ItemKind.TRUE_FALSE | ItemKind.MULTIPLE_CHOICE:
            row["options"] = _options(block, attempt, grade)
            row["lacks"] = bool(
                grade
                and not grade.success
                and all(option["is_right"] for option in row["options"] if option["is_chosen"])
            )
        case ItemKind.LIKERT:
            row["points"] = _points(block, attempt)
        case ItemKind.ORDERING:
            row["entries"] = _entries(block, attempt, mine, grade)
            row["places"] = range(1, len(block["entries"]) + 1)
        case ItemKind.MATCHING:
            row["pairs"] = _pairs(block, attempt, mine, grade)
        case kind if kind in PLAYED:
            row |= _addresses(block)
        case kind if kind in WALKED:
            row["walk"] = _walk(journey, block, mine)
            row["is_back"] = bool(mine.back_to)
    return row


def attach_texts(journey: Journey, rows: list[Row]) -> None:
    """What she wrote, whether she shares it, who confirmed, supported or declined, what more was asked for,
    and model answers.

    Seven queries at most.
    """
    written = [row for row in rows if row["block"]["kind"] in WRITTEN]
    if not written:
        return
    texts = {row.item: row for row in FreeText.objects.standing().filter(enrolment=journey.enrolment)}
    confirmed = {row.item: row for row in Confirmation.objects.filter(enrolment=journey.enrolment)}
    shared: set[int] = set()
    supports: dict[Task, list[Supported]] = {}
    declines: dict[Task, list[SupportRequest]] = {}
    notes: dict[Task, list[TaskNote]] = {}
    if texts and journey.enrolment is not None:
        standing = Sharing.objects.standing().filter(text__in=texts.values())
        shared = set(standing.values_list("text", flat=True))
        supports, declines = supports_of([journey.enrolment.pk]), declines_of([journey.enrolment.pk])
        notes = notes_of([journey.enrolment.pk])
    for row in written:
        item = row["block"]["id"]
        row["written"] = texts.get(item)
        row["confirmation"] = confirmed.get(item)
        row["is_shared"] = item in texts and texts[item].pk in shared
        task = (texts[item].enrolment_id, item) if item in texts else (0, item)
        row["supports"], row["declines"] = supports.get(task, []), declines.get(task, [])
        row["notes"] = notes.get(task, [])
        row["is_sent_back"] = any(note.is_open for note in row["notes"])
        if row["written"] and row["block"]["kind"] == ItemKind.SHORT_ANSWER:
            row["model"] = journey.edition.grading[item]
            row["source"] = row["model"].get("source")


def attach_guides(person: Person | None, rows: list[Row]) -> None:
    """What the learner's own workplace says at the places for it, or who can write it. Six queries."""
    places = [row for row in rows if row["block"]["kind"] == "local_guide"]
    if not places or person is None:
        return
    found = guides_for(person, topics=[row["block"]["topic"] for row in places])
    keepers = who_can_write(person)
    for row in places:
        row["guides"] = found.get(row["block"]["topic"], [])
        row["topic"] = Topic(row["block"]["topic"]).label
        row["keepers"], row["works"] = keepers, bool(person.work_today)


def _addresses(block: dict[str, Any]) -> Row:
    """Where a player gets a recording and its captions."""
    return {
        f"{part}_url": reverse("recording", args=[block[part]["id"], block[part]["name"]])
        for part in ("file", "captions")
    }


def _options(block: dict[str, Any], attempt: Attempt | None, grade: Grade | None) -> list[Row]:
    chosen = attempt.response.split(AND) if attempt else []
    words = {"true": _("True"), "false": _("False")}
    parts = grade.parts if grade else {}
    return [
        {
            "id": option["id"],
            "text": option.get("text") or words[option["id"]],
            "is_chosen": option["id"] in chosen,
            "is_right": bool(grade and option["id"] in grade.in_place),
            "feedback": parts.get(option["id"], ""),
        }
        for option in block["options"]
    ]


def _points(block: dict[str, Any], attempt: Attempt | None) -> list[Row]:
    words = WORDS_OF_SCALE[Scale(block["scale"])]
    return [
        {"id": point, "text": text, "is_chosen": bool(attempt and attempt.response == point)}
        for point, text in zip(LIKERT_POINTS, words, strict=True)
    ]


def _entries(block: dict[str, Any], attempt: Attempt | None, asked: Asked, grade: Grade | None) -> list[Row]:
    """The entries in the order that she gave them last; as they were sent, where that was refused."""
    texts = {entry["id"]: entry["text"] for entry in block["entries"]}
    order = attempt.response.split(AND) if attempt else list(texts)
    return [
        {
            "id": entry,
            "text": texts[entry],
            "place": place_of(entry, asked.sent) if asked.error else str(place),
            "is_right": bool(grade and not asked.error and entry in grade.in_place),
        }
        for place, entry in enumerate(order, start=1)
    ]


def _pairs(block: dict[str, Any], attempt: Attempt | None, asked: Asked, grade: Grade | None) -> list[Row]:
    given = dict(part.split(OF, 1) for part in attempt.response.split(AND)) if attempt else {}
    return [
        {
            "id": source["id"],
            "text": source["text"],
            "target": match_of(source["id"], asked.sent) if asked.error else given.get(source["id"], ""),
            "is_right": bool(grade and not asked.error and source["id"] in grade.in_place),
            "feedback": grade.parts.get(source["id"], "") if grade and not asked.error else "",
        }
        for source in block["sources"]
    ]


def _walk(journey: Journey, block: dict[str, Any], asked: Asked) -> Row:
    """The way so far, each node that was passed with what came of it, and where she is now."""
    item, enrolment = block["id"], journey.enrolment
    if enrolment is None or journey.progress is None:
        return {}
    way = journey.progress.ways.get(item, [])
    if asked.error and asked.sent.get("way"):
        way = asked.sent.get("way", "").split(",")
    try:
        made = answers.walk_of(enrolment, item=item, way=way)
    except InvalidResponse:
        made = answers.walk_of(enrolment, item=item, way=[])
    if asked.back_to:
        made = _back(journey, item, made, asked.back_to)
    return {
        "passed": [
            {
                "node": step.node,
                "choice": step.choice,
                "consequence": step.outcome["consequence"],
                "reason": step.outcome["reason"],
                "effect": step.outcome.get("effect", ""),
                "effect_words": Effect(step.outcome["effect"]).label if step.outcome.get("effect") else "",
            }
            for step in made.passed
        ],
        "here": made.here,
        "end": made.end,
        "way": ",".join(step.choice["id"] for step in made.passed),
        "is_solved": item in journey.progress.right,
        "is_needed": item in journey.progress.missing,
        "explanation": journey.edition.grading[item]["explanation"] if made.end else "",
        "source": journey.edition.grading[item].get("source") if made.end else None,
    }


def _back(journey: Journey, item: str, made: Walk, node: str) -> Walk:
    """The way until the node, if it was passed: she tries another way from there."""
    nodes = [step.node["id"] for step in made.passed]
    if node not in nodes or journey.enrolment is None:
        return made
    way = [step.choice["id"] for step in made.passed[: nodes.index(node)]]
    return answers.walk_of(journey.enrolment, item=item, way=way)
