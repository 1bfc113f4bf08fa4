"""What one learner's statements say about her modules: every derived row as it should be.

Nothing is written here: `projections.CompletionStage` compares with the rows that are there.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models

from xapi import vocabulary
from xapi.models import Statement

from ..enums import GRADED, WALKED, ItemKind
from ..models import (
    Attempt,
    Completion,
    Confirmation,
    Edition,
    Enrolment,
    FirstAnswer,
    ItemSubmission,
    Module,
    ModuleVersion,
    RefresherAnswer,
    StepLeft,
    Support,
    WayTaken,
)
from .statements import REFRESHER, STEP, WAY

#: The fields of a row, but for the learner's pseudonym.
Row = dict[str, Any]
Rows = dict[type[models.Model], list[Row]]
#: Every derived model, with the fields by which a row of a learner is the same row.
DERIVED: dict[type[models.Model], tuple[str, ...]] = {
    Attempt: ("statement",),
    FirstAnswer: ("statement",),
    WayTaken: ("statement",),
    StepLeft: ("enrolment_id", "step"),
    ItemSubmission: ("enrolment_id", "item"),
    Support: ("enrolment_id", "item", "supported_by"),
    Confirmation: ("enrolment_id", "item"),
    Completion: ("version_id",),
    RefresherAnswer: ("statement",),
}
#: What may be said of an item.
ITEM_VERBS = {vocabulary.ANSWERED, vocabulary.SUBMITTED, vocabulary.SUPPORTED, vocabulary.CONFIRMED}
#: An answer to one of these is an attempt; what is written in own words is not.
ANSWERED_KINDS = GRADED | {ItemKind.LIKERT}
#: Whoever did nothing for longer than this was away, and not at the question.
LONGEST_WHILE = dt.timedelta(minutes=30)


def derive(learner: uuid.UUID) -> Rows:
    """The rows of each derived model, from the learner's standing statements. Linear in their number."""
    return _Reading(learner).rows


class _Reading:
    """One pass over one learner's statements, in the order of what they say happened."""

    def __init__(self, learner: uuid.UUID) -> None:
        self.rows: Rows = defaultdict(list)
        self.enrolments = {
            enrolment.registration: enrolment
            for enrolment in Enrolment.objects.filter(person__pseudonym=learner).select_related(
                "edition__version", "module"
            )
        }
        self.items = {enrolment.pk: enrolment.edition.items for enrolment in self.enrolments.values()}
        self.ordinals: dict[tuple[Any, ...], int] = {}
        self.seen: set[tuple[Any, ...]] = set()
        self.passed: set[uuid.UUID] = set()
        #: When she last did something in each enrolment that a removal by age leaves (`holds`).
        self.last = {enrolment.pk: enrolment.started_at for enrolment in self.enrolments.values()}
        statements = list(Statement.objects.of_learner(learner).standing().trusted().in_order())
        self.modules = _modules_of(statements)
        self.editions: dict[tuple[int, str], int] | None = None
        for statement in statements:
            self._read(statement)
        self._count_others()

    def _read(self, statement: Statement) -> None:
        enrolment = self.enrolments.get(statement.registration) if statement.registration else None
        if statement.verb in {vocabulary.COMPLETED, vocabulary.PASSED}:
            self._read_completion(statement, enrolment)
        # Answers, steps and practice tasks are the platform's own: only its pages know the items.
        elif enrolment is None or statement.client_id is not None:
            return
        elif statement.verb == vocabulary.PROGRESSED:
            self._read_step(statement, enrolment)
        elif statement.verb in ITEM_VERBS:
            item = statement.activity.removeprefix(f"{enrolment.module.iri}/items/")
            item, _slash, node = item.partition("/")
            if (number := _refresher_of(statement)) is not None:
                self._read_refresher(statement, enrolment, item, number)
            elif item in self.items[enrolment.pk]:
                self._read_item(statement, enrolment, item, node)

    def _read_completion(self, statement: Statement, enrolment: Enrolment | None) -> None:
        module = self.modules.get(statement.activity)
        if module is None or statement.data.get("result", {}).get("success") is False:
            return
        if enrolment is not None and enrolment.module_id != module.pk:
            enrolment = None
        version = enrolment.edition.version if enrolment else _version_named(module, statement)
        if version is None:
            return
        row = {
            "version_id": version.pk,
            "enrolment_id": enrolment.pk if enrolment else None,
            "completed_at": statement.timestamp,
            "statement": statement.uuid,
        }
        if self._is_first(Completion, version.pk):
            self.rows[Completion].append(row)
        elif statement.verb == vocabulary.COMPLETED:
            # Passed and completed at the same instant: the completion is what it is called after.
            first = next(made for made in self.rows[Completion] if made["version_id"] == version.pk)
            if first["completed_at"] == statement.timestamp and first["statement"] in self.passed:
                first.update(row)
        if statement.verb == vocabulary.PASSED:
            self.passed.add(statement.uuid)

    def _read_step(self, statement: Statement, enrolment: Enrolment) -> None:
        step = statement.data["result"]["extensions"][STEP]
        if self._is_first(StepLeft, enrolment.pk, step):
            self.last[enrolment.pk] = statement.timestamp
            self.rows[StepLeft].append(
                {
                    "enrolment_id": enrolment.pk,
                    "step": step,
                    "left_at": statement.timestamp,
                    "statement": statement.uuid,
                }
            )

    def _read_item(self, statement: Statement, enrolment: Enrolment, item: str, node: str) -> None:
        kind = self.items[enrolment.pk][item]["kind"]
        if node:
            if statement.verb == vocabulary.ANSWERED and kind in WALKED:
                self._read_way(statement, enrolment, item)
        elif statement.verb == vocabulary.ANSWERED and kind in ANSWERED_KINDS:
            self._read_attempt(statement, enrolment, item)
        elif statement.verb == vocabulary.SUBMITTED and self._is_first(ItemSubmission, enrolment.pk, item):
            self.last[enrolment.pk] = statement.timestamp
            self.rows[ItemSubmission].append(
                {
                    "enrolment_id": enrolment.pk,
                    "item": item,
                    "submitted_at": statement.timestamp,
                    "statement": statement.uuid,
                }
            )
        elif statement.verb == vocabulary.SUPPORTED:
            self._read_support(statement, enrolment, item)
        elif statement.verb == vocabulary.CONFIRMED:
            self._read_confirmation(statement, enrolment, item)

    def _read_attempt(self, statement: Statement, enrolment: Enrolment, item: str) -> None:
        result = statement.data["result"]
        self.rows[Attempt].append(
            {
                "enrolment_id": enrolment.pk,
                "item": item,
                "ordinal": self._ordinal(Attempt, enrolment.pk, item),
                "response": result["response"],
                "success": result.get("success"),
                "answered_at": statement.timestamp,
                "statement": statement.uuid,
            }
        )
        if self._is_first(FirstAnswer, enrolment.module_id, item):
            self.rows[FirstAnswer].append(
                {
                    "enrolment_id": enrolment.pk,
                    "version_id": enrolment.edition.version_id,
                    "item": item,
                    "response": result["response"],
                    "success": result.get("success"),
                    "seconds": self._seconds(statement, enrolment),
                    "others": None,
                    "others_right": None,
                    "answered_at": statement.timestamp,
                    "statement": statement.uuid,
                }
            )
        self.last[enrolment.pk] = statement.timestamp

    def _seconds(self, statement: Statement, enrolment: Enrolment) -> int | None:
        """How long it took since what she had done before; of a case, before her first choice in it."""
        while_ = statement.timestamp - self.last[enrolment.pk]
        return round(while_.total_seconds()) if dt.timedelta() <= while_ <= LONGEST_WHILE else None

    def _count_others(self) -> None:
        """Of the graded items of a version, how many others than this one she had right the first time."""
        graded = {
            enrolment.edition.version_id: set(enrolment.edition.graded_items)
            for enrolment in self.enrolments.values()
        }
        by_version: dict[int, list[Row]] = {}
        for row in self.rows[FirstAnswer]:
            if row["item"] in graded[row["version_id"]]:
                by_version.setdefault(row["version_id"], []).append(row)
        for version, rows in by_version.items():
            if {row["item"] for row in rows} == graded[version]:
                right = sum(row["success"] is True for row in rows)
                for row in rows:
                    row["others"] = len(rows) - 1
                    row["others_right"] = right - (row["success"] is True)

    def _read_way(self, statement: Statement, enrolment: Enrolment, item: str) -> None:
        self.rows[WayTaken].append(
            {
                "enrolment_id": enrolment.pk,
                "item": item,
                "ordinal": self._ordinal(WayTaken, enrolment.pk, item),
                "way": statement.data["result"]["extensions"][WAY],
                "chosen_at": statement.timestamp,
                "statement": statement.uuid,
            }
        )

    def _read_refresher(self, statement: Statement, enrolment: Enrolment, item: str, number: int) -> None:
        if self.editions is None:
            self.editions = _editions_of(self.enrolments.values())
        edition = self.editions.get((enrolment.module_id, statement.data["context"]["revision"]))
        if statement.verb != vocabulary.ANSWERED or edition is None:
            return
        result = statement.data["result"]
        self.rows[RefresherAnswer].append(
            {
                "enrolment_id": enrolment.pk,
                "edition_id": edition,
                "number": number,
                "item": item,
                "ordinal": self._ordinal(RefresherAnswer, enrolment.pk, number, item),
                "response": result["response"],
                "success": result["success"],
                "answered_at": statement.timestamp,
                "statement": statement.uuid,
            }
        )

    def _ordinal(self, *key: Any) -> int:
        """Numbers the learner's answers to an item in the order in which she gave them."""
        self.ordinals[key] = self.ordinals.get(key, 0) + 1
        return self.ordinals[key]

    def _read_support(self, statement: Statement, enrolment: Enrolment, item: str) -> None:
        colleague = vocabulary.pseudonym_of(statement.data["context"].get("instructor"))
        if colleague is None or colleague == statement.learner:
            return
        if self._is_first(Support, enrolment.pk, item, colleague):
            self.rows[Support].append(
                {
                    "enrolment_id": enrolment.pk,
                    "item": item,
                    "supported_by": colleague,
                    "supported_at": statement.timestamp,
                    "statement": statement.uuid,
                }
            )

    def _read_confirmation(self, statement: Statement, enrolment: Enrolment, item: str) -> None:
        instructor = vocabulary.pseudonym_of(statement.data["context"].get("instructor"))
        # Nobody confirms her own practice task, whatever was posted.
        if instructor is None or instructor == statement.learner:
            return
        if self._is_first(Confirmation, enrolment.pk, item):
            self.rows[Confirmation].append(
                {
                    "enrolment_id": enrolment.pk,
                    "version_id": enrolment.edition.version_id,
                    "item": item,
                    "confirmed_by": instructor,
                    "confirmed_at": statement.timestamp,
                    "statement": statement.uuid,
                }
            )

    def _is_first(self, *identity: Any) -> bool:
        is_first = identity not in self.seen
        self.seen.add(identity)
        return is_first


def _modules_of(statements: Iterable[Statement]) -> dict[str, Module]:
    """The modules that these statements say were completed, by IRI, with their versions."""
    iris = {s.activity for s in statements if s.verb in {vocabulary.COMPLETED, vocabulary.PASSED}}
    return {module.iri: module for module in Module.objects.filter(iri__in=iris).prefetch_related("versions")}


def _refresher_of(statement: Statement) -> int | None:
    """The round that the statement is of; None for the module's own."""
    if REFRESHER not in statement.raw:  # most have none, and reading JSON takes its time
        return None
    number: int | None = statement.data["context"].get("extensions", {}).get(REFRESHER)
    return number


def _editions_of(enrolments: Iterable[Enrolment]) -> dict[tuple[int, str], int]:
    """Every edition of the modules, by module and revision. One query."""
    modules = {enrolment.module_id for enrolment in enrolments}
    rows = Edition.objects.filter(version__module__in=modules).values_list(
        "version__module_id", "version__number", "number", "pk"
    )
    return {(module, f"{version}.{number}"): pk for module, version, number, pk in rows}


def _version_named(module: Module, statement: Statement) -> ModuleVersion | None:
    """The version that an external statement means: by its revision, else the newest on its day."""
    versions = sorted(module.versions.all(), key=lambda version: version.number)
    revision = str(statement.data.get("context", {}).get("revision", ""))
    if revision:
        number = revision.split(".", 1)[0]
        return next((version for version in versions if str(version.number) == number), None)
    then: dt.datetime = statement.timestamp
    return next((version for version in reversed(versions) if version.published_at <= then), None)
