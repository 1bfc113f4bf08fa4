"""Everything that is recorded about one person, as JSON to take along: in pieces, so that it may be long."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from certification.models import Certificate
from competencies.models import Evidence
from courses.domain.assignments import titled, what_came_of
from courses.domain.error_reports import own_reports
from courses.domain.refreshers import own_choices
from courses.models import (
    Completion,
    Confirmation,
    Edition,
    FreeText,
    ModuleVersion,
    Sharing,
    Support,
    SupportRequest,
    TaskNote,
)
from organisations.models import Disclosure, Employment, Person, RoleGrant
from xapi.domain.documents import documents_of
from xapi.models import Statement

from .sources import titles_of

#: Statements read at a time.
CHUNK = 500


def my_data_json(person: Person) -> Iterator[str]:
    """The JSON document, ending with the statements exactly as they are stored, what happened first first."""
    facts = json.dumps(_facts(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    yield facts.removesuffix("\n}") + ',\n  "statements": ['
    before = "\n"
    statements = Statement.objects.of_learner(person.pseudonym).in_order()
    for raw in statements.values_list("raw", flat=True).iterator(chunk_size=CHUNK):
        yield f"{before}{raw}"
        before = ",\n"
    yield "\n  ]\n}\n"


def _facts(person: Person) -> dict[str, Any]:
    return {
        "made_at": timezone.now(),
        "person": {
            "name": person.full_name,
            "authorisation_id": person.authorisation_id,
            "pseudonym": person.pseudonym,
            "registered_at": person.created_at,
            "log_ins": [row.login_name for row in person.users.all()],
        },
        "employments": [_employment(row) for row in person.employments.select_related("unit", "profession")],
        "roles": [
            _grant(row) for row in person.grants.select_related("unit", "area", "granted_by", "ended_by")
        ],
        "key_person_educations": [
            {"education": row.kind, "provider": row.provider, "completed_on": row.completed_on}
            for row in person.key_person_educations.all()
        ],
        "modules_begun": [
            {
                "registration": row.registration,
                "module": row.module.iri,
                "title": row.edition.title,
                "language": row.edition.language,
                "began_at": row.started_at,
                "last_step_opened": row.position,
                "is_open": row.is_open,
            }
            for row in person.enrolments.select_related("module", "edition").order_by("started_at", "id")
        ],
        "written": [
            _text(row)
            for row in FreeText.objects.filter(enrolment__person=person)
            .select_related("enrolment__edition")
            .prefetch_related("sharings__unit")
        ],
        **_support(person),
        **_notes(person),
        **_shown(person),
        "certificates": [
            {
                "id": row.public_id,
                "name": row.name,
                "texts": row.texts,
                "modules": row.modules,
                "completed_on": row.completed_on,
                "issued_on": row.issued_on,
            }
            for row in Certificate.objects.filter(person=person)
        ],
        "error_reports": [
            {
                "id": row.public_id,
                "title": row.edition.title,
                "step": row.step,
                "text": row.text,
                "reported_at": row.created_at,
                "erased_at": row.erased_at,
                "answer": row.answer,
                "answered_at": row.answered_at,
            }
            for row in own_reports(person)
        ],
        "assigned_modules": [
            {
                "module": row.assignment.module.iri,
                "title": row.title,
                "unit": row.assignment.unit.name,
                "assigned_by": row.assignment.assigned_by.full_name if row.assignment.assigned_by else None,
                "assigned_at": row.assignment.assigned_at,
                "wanted_by": row.assignment.wanted_by,
                "line": row.assignment.note,
                "withdrawn_at": row.assignment.withdrawn_at,
                "completed_at": row.completed_at,
            }
            for row in titled(what_came_of(person.assignments.all()))
        ],
        "refreshers": _refreshers(person),
        "mails": [
            {"kind": row.kind, "is_on": row.is_on, "changed_at": row.changed_at}
            for row in person.mail_settings.all()
        ],
        "invitations": [
            {"kind": row.kind, "made_at": row.created_at, "used_at": row.used_at}
            for row in person.invitations.order_by("created_at", "id")
        ],
        "seen_by": [
            _disclosure(row) for row in person.disclosures.select_related("viewer").order_by("at", "id")
        ],
        "kept_by_systems": documents_of(person.pseudonym),
    }


def _employment(row: Employment) -> dict[str, Any]:
    return {
        "unit": row.unit.name,
        "profession": row.profession.code,
        "from": row.starts_on,
        "until": row.ends_on,
        "work_phone": row.work_phone,
        "work_email": row.work_email,
    }


def _grant(row: RoleGrant) -> dict[str, Any]:
    return {
        "role": row.role,
        "unit": row.unit.name if row.unit else None,
        "area": row.area.name if row.area else None,
        "from": row.starts_on,
        "until": row.ends_on,
        "granted_by": row.granted_by.full_name if row.granted_by else None,
        "granted_at": row.granted_at,
        "ended_by": row.ended_by.full_name if row.ended_by else None,
        "why_it_ended": row.end_reason,
    }


def _text(row: FreeText) -> dict[str, Any]:
    edition: Edition = row.enrolment.edition
    return {
        "id": row.public_id,
        "registration": row.enrolment.registration,
        "title": edition.title,
        "item": row.item,
        "kind": row.kind,
        "text": row.text,
        "written_at": row.written_at,
        "changed_at": row.changed_at,
        "erased_at": row.erased_at,
        "shared": [_sharing(shared) for shared in row.sharings.all()],
    }


def _sharing(row: Sharing) -> dict[str, Any]:
    return {
        "with": row.audience,
        "unit": row.unit.name if row.unit else None,
        "line": row.comment,
        "shared_at": row.shared_at,
        "taken_back_at": row.taken_back_at,
    }


def _support(person: Person) -> dict[str, list[dict[str, Any]]]:
    """Whom she asked to support a practice task, who did, and when she was asked herself."""
    asked = SupportRequest.objects.filter(enrolment__person=person).select_related("enrolment", "colleague")
    supports = list(Support.objects.filter(learner=person.pseudonym).select_related("enrolment"))
    names = Person.objects.names(row.supported_by for row in supports)
    return {
        "asked_for_support": [
            {
                "registration": row.enrolment.registration,
                "item": row.item,
                "who": row.colleague.full_name,
                "asked_at": row.asked_at,
                "withdrawn_at": row.withdrawn_at,
                "declined_at": row.declined_at,
            }
            for row in asked
        ],
        "supported": [
            {
                "registration": row.enrolment.registration,
                "item": row.item,
                "supported_by": names.get(row.supported_by),
                "supported_at": row.supported_at,
                "statement": row.statement,
            }
            for row in supports
        ],
        # Not by whom: what others take is theirs.
        "was_asked_to_support": [
            {
                "asked_at": row.asked_at,
                "withdrawn_at": row.withdrawn_at,
                "declined_at": row.declined_at,
            }
            for row in person.support_requests.all()
        ],
    }


def _notes(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What was asked for at her practice tasks, by whom; and what she asked others for herself."""

    def of(row: TaskNote) -> dict[str, Any]:
        return {
            "text": row.text,
            "written_at": row.written_at,
            "answered_at": row.answered_at,
            "erased_at": row.erased_at,
        }

    notes = TaskNote.objects.filter(enrolment__person=person).select_related("enrolment", "written_by")
    return {
        "was_asked_for_more": [
            {
                "registration": row.enrolment.registration,
                "item": row.item,
                "who": row.written_by.full_name if row.written_by else None,
                **of(row),
            }
            for row in notes
        ],
        # Not of whom: what others hand in is theirs.
        "asked_for_more": [of(row) for row in person.task_notes.all()],
    }


def _shown(person: Person) -> dict[str, list[dict[str, Any]]]:
    """What follows from the statements: completions, confirmations and evidence, each with its statement."""
    completions = list(Completion.objects.of_learners([person.pseudonym]).select_related("version__module"))
    confirmations = list(
        Confirmation.objects.filter(learner=person.pseudonym).select_related("version__module")
    )
    evidence = list(
        Evidence.objects.of_learners([person.pseudonym]).select_related("version__module", "competency")
    )
    titles = titles_of(row.version_id for row in [*completions, *confirmations, *evidence] if row.version_id)

    def of(row: Completion | Confirmation | Evidence) -> dict[str, Any]:
        version: ModuleVersion | None = row.version
        if version is None:  # a sign-off
            return {"module": None, "statement": row.statement}
        return {
            "module": version.module.iri,
            "version": version.number,
            "title": titles.get(version.pk, ("", ""))[0],
            "statement": row.statement,
        }

    confirmers = Person.objects.names(row.confirmed_by for row in confirmations)
    return {
        "completions": [{**of(row), "completed_at": row.completed_at} for row in completions],
        "confirmations": [
            {
                **of(row),
                "item": row.item,
                "confirmed_at": row.confirmed_at,
                "confirmed_by": confirmers.get(row.confirmed_by),
            }
            for row in confirmations
        ],
        "evidence": [
            {
                **of(row),
                "competency": row.competency.code,
                "level": row.level,
                "earned_by": row.earned_by,
                "shown_at": row.shown_at,
            }
            for row in evidence
        ],
        "sign_offs": [
            {
                "competency": row.competency.code,
                "level": row.level,
                "rests_on": row.basis,
                "attended": row.attended,
                "seen_on": row.seen_on,
                "signed_by": row.signed_by.full_name if row.signed_by else None,
                "signed_at": row.signed_at,
                "taken_back_by": row.taken_back_by.full_name if row.taken_back_by else None,
                "taken_back_at": row.taken_back_at,
                "statement": row.statement,
            }
            for row in person.sign_offs.select_related("competency", "signed_by", "taken_back_by")
        ],
        "self_assessments": [
            {"competency": row.competency.code, "level": row.level, "said_at": row.said_at}
            for row in person.self_assessments.select_related("competency")
        ],
    }


def _refreshers(person: Person) -> dict[str, Any]:
    """The setting, and what she skipped; what she answered is among the statements."""
    chosen = own_choices(person)
    return {
        **chosen,
        "skipped": [
            {
                "registration": row.enrolment.registration,
                "module": row.enrolment.module.iri,
                "title": row.enrolment.edition.title,
                "round": row.number,
                "skipped_at": row.skipped_at,
            }
            for row in chosen["skipped"]
        ],
    }


def _disclosure(row: Disclosure) -> dict[str, Any]:
    return {
        "who": row.viewer.full_name if row.viewer else None,
        "what": row.what,
        "at": row.at,
        "people_in_the_file": row.rows,
    }
