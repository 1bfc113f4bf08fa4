"""Building the statements of a learner of ours. No name, no mail, no free text, no answer key."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from organisations.models import Person
from xapi import vocabulary
from xapi.domain.recording import StatementConflict, record
from xapi.models import StatementId

from ..enums import ItemKind
from ..models import Enrolment

PLATFORM = "Lindra"
#: Result extension of `progressed`: the step that she went on past, from 1.
STEP = "https://lindra.example/id/extensions/step"

TYPE_OF_KIND = {
    ItemKind.SINGLE_CHOICE: vocabulary.QUESTION,
    ItemKind.REFLECTION: vocabulary.REFLECTION,
    ItemKind.PRACTICE_TASK: vocabulary.PRACTICE_TASK,
}


def statement_id(enrolment: Enrolment, *what: str) -> uuid.UUID:
    """The id of the one statement that says this of the enrolment, so that a resend is the same."""
    return uuid.uuid5(enrolment.registration, "/".join(what))


def say_once(
    enrolment: Enrolment, *what: str, verb: str, at: dt.datetime | None = None, **parts: Any
) -> bool:
    """Record that `what` happened, unless it is recorded already; whether it was recorded now.

    A form that is sent twice comes here twice. `parts` are those of `build`.
    """
    statement = statement_id(enrolment, *what)
    if StatementId.objects.filter(uuid=statement).exists():
        return False
    try:
        record(_build(enrolment, statement, verb=verb, at=at or timezone.now(), **parts))
    except StatementConflict:
        # The other click of a double click was first; the two differ by their timestamps only.
        return False
    return True


def _build(
    enrolment: Enrolment,
    statement: uuid.UUID,
    *,
    verb: str,
    at: dt.datetime,
    item: str | None = None,
    result: dict[str, Any] | None = None,
    instructor: Person | None = None,
) -> dict[str, Any]:
    """A statement about the enrolment's module, or about one item of it (xAPI 1.0.3, part 2)."""
    edition = enrolment.edition
    module_iri = enrolment.module.iri
    context: dict[str, Any] = {
        "registration": str(enrolment.registration),
        "revision": edition.revision,
        "platform": PLATFORM,
        "language": edition.language,
    }
    if item is not None:
        context["contextActivities"] = {"parent": [{"id": module_iri}], "grouping": [{"id": module_iri}]}
    if instructor is not None:
        context["instructor"] = vocabulary.actor_of(instructor.pseudonym)
    made: dict[str, Any] = {
        "id": str(statement),
        "actor": vocabulary.actor_of(enrolment.person.pseudonym),
        "verb": vocabulary.verb(verb),
        "object": _activity(enrolment, item),
        "context": context,
        "timestamp": at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
    }
    if result:
        made["result"] = result
    return made


def _activity(enrolment: Enrolment, item: str | None) -> dict[str, Any]:
    edition = enrolment.edition
    if item is None:
        return {
            "objectType": "Activity",
            "id": enrolment.module.iri,
            "definition": {"type": vocabulary.MODULE, "name": {edition.language: edition.title}},
        }
    block = edition.items[item]
    definition: dict[str, Any] = {"name": {edition.language: block["name"]}}
    definition["type"] = TYPE_OF_KIND[block["kind"]]
    if block["kind"] == ItemKind.SINGLE_CHOICE:
        definition["interactionType"] = "choice"
        definition["choices"] = [
            {"id": option["id"], "description": {edition.language: option["text"]}}
            for option in block["options"]
        ]
    return {"objectType": "Activity", "id": edition.item_iri(item), "definition": definition}
