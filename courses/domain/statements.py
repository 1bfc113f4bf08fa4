"""Building the statements of a learner of ours. No name, no mail, no free text, no answer key."""

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from organisations.models import Person
from xapi import vocabulary
from xapi.domain.recording import StatementConflict, record
from xapi.models import Statement, StatementId

from ..enums import ItemKind
from ..grading import LIKERT_POINTS
from ..models import Edition, Enrolment

PLATFORM = "Lindra"
#: Result extension of `progressed`: the step that she went on past, from 1.
STEP = "https://lindra.example/id/extensions/step"
#: Result extension of a choice in a case: the ids of the choices that led there, this one last.
WAY = "https://lindra.example/id/extensions/way"
#: Result extension of `passed`: the opening cases were solved at the first attempt, and stand for the rest.
OPENING = "https://lindra.example/id/extensions/opening-cases"
#: Context extension of an answer in a refresher: the round, from 1. Without it an answer is the module's own.
REFRESHER = "https://lindra.example/id/extensions/refresher"

TYPE_OF_KIND = {
    ItemKind.VIDEO: vocabulary.VIDEO,
    ItemKind.AUDIO: vocabulary.AUDIO,
    ItemKind.REFLECTION: vocabulary.REFLECTION,
    ItemKind.PRACTICE_TASK: vocabulary.PRACTICE_TASK,
}

#: The interaction type of each kind, and what its lists of parts are called in the edition. A way through
#: a case is what was done at each step of a performance.
INTERACTIONS: dict[str, tuple[str, dict[str, str]]] = {
    ItemKind.SINGLE_CHOICE: ("choice", {"choices": "options"}),
    ItemKind.MULTIPLE_CHOICE: ("choice", {"choices": "options"}),
    ItemKind.TRUE_FALSE: ("true-false", {}),
    ItemKind.ORDERING: ("sequencing", {"choices": "entries"}),
    ItemKind.MATCHING: ("matching", {"source": "sources", "target": "targets"}),
    ItemKind.LIKERT: ("likert", {}),
    ItemKind.SHORT_ANSWER: ("long-fill-in", {}),
    ItemKind.BRANCHING_CASE: ("performance", {"steps": "nodes"}),
    ItemKind.CONVERSATION: ("performance", {"steps": "nodes"}),
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
    statement = _own_id(enrolment, *what)
    if statement is None:
        return False
    try:
        record(_build(enrolment, statement, verb=verb, at=at or timezone.now(), **parts))
    except StatementConflict:
        # The other click of a double click was first; the two differ by their timestamps only.
        return False
    return True


def _own_id(enrolment: Enrolment, *what: str) -> uuid.UUID | None:
    """The id under which to say it; None where the platform has said it.

    Who reads statements knows the registration, and so the id: a client that has posted something under
    it must not keep a learner from finishing. Then an id that only the platform knows is taken.
    """
    hidden = salted_hmac(__name__, "/".join(what)).hexdigest()
    for id_ in (statement_id(enrolment, *what), uuid.uuid5(enrolment.registration, hidden)):
        taken = StatementId.objects.filter(uuid=id_).values_list("seq", flat=True).first()
        if taken is None:
            return id_
        if not Statement.objects.filter(seq=taken, client__isnull=False).exists():
            return None
    return None


def _build(
    enrolment: Enrolment,
    statement: uuid.UUID,
    *,
    verb: str,
    at: dt.datetime,
    item: str | None = None,
    node: dict[str, Any] | None = None,
    result: dict[str, Any] | None = None,
    instructor: Person | None = None,
    session: dict[str, Any] | None = None,
    refresher: tuple[int, Edition] | None = None,
) -> dict[str, Any]:
    """A statement about the enrolment's module, an item of it, or a node of a case (xAPI 1.0.3, part 2).

    A refresher is a round with the edition that it asks from. Its question is the same activity as in
    the module, and a part of the refresher, which is an activity of its own.
    """
    edition = refresher[1] if refresher else enrolment.edition
    module_iri = enrolment.module.iri
    context: dict[str, Any] = {
        "registration": str(enrolment.registration),
        "revision": edition.revision,
        "platform": PLATFORM,
        "language": edition.language,
    }
    if item is not None:
        above = [{"id": edition.item_iri(item)}] if node else []
        context["contextActivities"] = {
            "parent": [*above, {"id": module_iri}],
            "grouping": [{"id": module_iri}],
        }
    if refresher is not None:
        context["contextActivities"]["parent"] = [_refresher(edition, refresher[0])]
        context["extensions"] = {REFRESHER: refresher[0]}
    if session is not None:
        context["contextActivities"]["category"] = [{"id": vocabulary.VIDEO_PROFILE}]
        context["extensions"] = session
    if instructor is not None:
        context["instructor"] = vocabulary.actor_of(instructor.pseudonym)
    made: dict[str, Any] = {
        "id": str(statement),
        "actor": vocabulary.actor_of(enrolment.person.pseudonym),
        "verb": vocabulary.verb(verb),
        "object": _activity(edition, item, node),
        "context": context,
        "timestamp": at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
    }
    if result:
        made["result"] = result
    return made


def _refresher(edition: Edition, number: int) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": f"{edition.version.module.iri}/refreshers/{number}",
        "definition": {"type": vocabulary.ASSESSMENT, "name": {edition.language: edition.title}},
    }


def _activity(edition: Edition, item: str | None, node: dict[str, Any] | None) -> dict[str, Any]:
    if item is None:
        return {
            "objectType": "Activity",
            "id": edition.version.module.iri,
            "definition": {"type": vocabulary.MODULE, "name": {edition.language: edition.title}},
        }
    block = edition.items[item]
    iri = edition.item_iri(item)
    if node is not None:
        definition = {
            "name": {edition.language: node["name"]},
            "type": vocabulary.QUESTION,
            "interactionType": "choice",
            "choices": _components(node["choices"], edition.language),
        }
        return {"objectType": "Activity", "id": f"{iri}/{node['id']}", "definition": definition}
    definition = {
        "name": {edition.language: block["name"]},
        "type": TYPE_OF_KIND.get(block["kind"], vocabulary.QUESTION),
        **_interaction(block, edition.language),
    }
    return {"objectType": "Activity", "id": iri, "definition": definition}


def _interaction(block: dict[str, Any], language: str) -> dict[str, Any]:
    """What kind of interaction the item is, with its parts. Never the key (`correctResponsesPattern`)."""
    interaction, parts = INTERACTIONS.get(block["kind"], ("", {}))
    if not interaction:
        return {}
    made: dict[str, Any] = {"interactionType": interaction}
    for name, key in parts.items():
        made[name] = _components(block[key], language)
    if block["kind"] == ItemKind.LIKERT:
        made["scale"] = [{"id": point} for point in LIKERT_POINTS]
    return made


def _components(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """A node of a case is called by its name, everything else by its text."""
    return [{"id": row["id"], "description": {language: row.get("text") or row["name"]}} for row in rows]
