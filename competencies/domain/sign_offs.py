"""Sign-offs: who leads a person says that she has a competency at a level.

Like a confirmed practice task it is a statement about the learner whose `context.instructor` is the one who
says it; the object is the competency. The evidence rests on the statements, so that a rebuild and a store
that has moved give the same (docs/adr/0013).
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.days import today
from organisations.domain.people import lock_person
from organisations.models import Person
from xapi import projection, vocabulary
from xapi.domain.recording import record
from xapi.models import Statement

from ..enums import ATTENDED, Rank
from ..models import Competency, SignOff

#: Result extension of a sign-off: the level, 1 to 3.
LEVEL = "https://lindra.example/id/extensions/level"
#: Context extension of a sign-off: what it rests on, one of `SignOffBasis`.
BASIS = "https://lindra.example/id/extensions/basis"
#: An earlier day is most likely a mistyped year.
EARLIEST = dt.date(1990, 1, 1)


@dataclass(frozen=True)
class Signed:
    """What a statement says: a level of a competency, when it was seen, and which statement it is."""

    competency_id: int
    level: int
    at: dt.datetime
    statement: uuid.UUID


def sign_off(
    person: Person,
    *,
    competency: Competency,
    level: int,
    basis: str,
    seen_on: dt.date,
    by: Person,
    attended: str = "",
) -> SignOff:
    """Record that the person has the competency at the level, as seen on the day. Twice is once.

    Whoever calls has checked `competencies.rules.people_to_sign_off`. Raises ValidationError with a sentence:
    no level, a day that lies ahead, nothing said of what was attended, something like a CPR number.
    Raises ValueError when somebody would sign off her own.
    """
    if person.pk == by.pk:
        raise ValueError("Nobody signs off her own competency.")
    if not EARLIEST <= seen_on <= today():
        raise ValidationError(
            {"seen_on": _("The day lies ahead, or very far back. Give the day on which it was seen.")}
        )
    attended = attended.strip() if basis in ATTENDED else ""
    if basis in ATTENDED and not attended:
        raise ValidationError({"attended": _("Say which course or education it was.")})
    said = {
        "competency": competency,
        "level": level,
        "basis": basis,
        "attended": attended,
        "seen_on": seen_on,
        "signed_by": by,
    }
    with transaction.atomic():
        lock_person(person)
        if same := person.sign_offs.standing().filter(**said).first():
            return same
        row = SignOff(person=person, signed_at=timezone.now(), statement=uuid.uuid4(), **said)
        row.full_clean()
        row.save()
        record(_statement(row, by=by))
    projection.attempt(person.pseudonym)
    return row


def take_back(row: SignOff, *, by: Person) -> None:
    """Take it back: it shows nothing any more, and what was attended is erased. That it was said and taken
    back stays, and its statement is voided. Twice is once.

    Whoever calls has checked `competencies.rules.sign_offs_to_take_back`.
    """
    with transaction.atomic():
        lock_person(row.person)
        row.refresh_from_db()
        if row.taken_back_at is not None:
            return
        row.taken_back_at, row.taken_back_by, row.attended = timezone.now(), by, ""
        row.save(update_fields=["taken_back_at", "taken_back_by", "attended"])
        record(
            {
                "actor": vocabulary.actor_of(by.pseudonym),
                "verb": vocabulary.verb(vocabulary.VOIDED),
                "object": {"objectType": "StatementRef", "id": str(row.statement)},
            }
        )
    projection.attempt(row.person.pseudonym)


def signed_off(learner: uuid.UUID) -> list[Signed]:
    """What the learner's standing statements say was signed off.

    Only the platform's own: a system outside signs nobody off, whatever it is trusted for. Nobody signs
    off her own competency, whatever was recorded.
    """
    statements = [
        statement
        for statement in Statement.objects.of_learner(learner)
        .standing()
        .filter(client__isnull=True, verb=vocabulary.CONFIRMED, registration__isnull=True)
        if _is_said_by_another(statement)
    ]
    if not statements:
        return []
    competencies = _competencies_named({statement.activity for statement in statements})
    return [
        Signed(competencies[statement.activity], level, statement.timestamp, statement.uuid)
        for statement in statements
        if statement.activity in competencies and (level := _level_of(statement)) is not None
    ]


def competency_iri(competency: Competency) -> str:
    """The activity that stands for a competency of this version of the framework, in statements."""
    framework = competency.domain.framework
    parts = (framework.code, framework.version, competency.code)
    return "/".join([f"{settings.IRI_BASE}/competencies", *(quote(part, safe="") for part in parts)])


def _statement(row: SignOff, *, by: Person) -> dict[str, Any]:
    competency = row.competency
    at = row.signed_at
    if row.seen_on < timezone.localdate(at):  # a day that is past has no hour
        at = dt.datetime.combine(row.seen_on, dt.time(12), timezone.get_default_timezone())
    return {
        "id": str(row.statement),
        "actor": vocabulary.actor_of(row.person.pseudonym),
        "verb": vocabulary.verb(vocabulary.CONFIRMED),
        "object": {
            "objectType": "Activity",
            "id": competency_iri(competency),
            "definition": {
                "type": vocabulary.OBJECTIVE,
                "name": {"da": competency.title_da, "en": competency.title_en},
            },
        },
        "result": {"extensions": {LEVEL: int(row.level)}},
        "context": {
            "instructor": vocabulary.actor_of(by.pseudonym),
            "platform": "Lindra",
            "extensions": {BASIS: str(row.basis)},
        },
        "timestamp": at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
    }


def _is_said_by_another(statement: Statement) -> bool:
    instructor = vocabulary.pseudonym_of(statement.data.get("context", {}).get("instructor"))
    return instructor is not None and instructor != statement.learner


def _level_of(statement: Statement) -> int | None:
    level = statement.data.get("result", {}).get("extensions", {}).get(LEVEL)
    return level if level in (Rank.BASIC, Rank.PRACTISING, Rank.RESOURCE) else None


def _competencies_named(iris: set[str]) -> dict[str, int]:
    """The competencies that these activities stand for, by IRI. One query."""
    codes = {unquote(iri.rpartition("/")[2]) for iri in iris}
    rows = Competency.objects.filter(code__in=codes).select_related("domain__framework")
    return {iri: row.pk for row in rows if (iri := competency_iri(row)) in iris}
