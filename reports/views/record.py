"""My data: everything that is recorded about the one who is logged in, on her own page only."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from certification.models import Certificate
from competencies.domain.self_assessments import said_by
from competencies.models import Framework, SelfAssessment
from courses.domain import practice
from courses.domain.assignments import titled, what_came_of
from courses.domain.error_reports import own_reports
from courses.domain.refreshers import own_choices
from courses.domain.support import declines_of, supports_of
from courses.domain.task_notes import notes_of
from courses.enums import ItemKind
from courses.models import FreeText, Sharing, TaskNote
from organisations.days import today
from organisations.models import Person
from organisations.rules import person_of
from xapi.models import Statement
from xapi.querysets import StatementQuerySet

from ..tables.record import in_plain_words

STATEMENTS_A_PAGE = 20
#: How many of those who have looked, the newest; the download has all.
LOOKS_SHOWN = 20


@login_required
def my_record(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    if person is None:
        return render(request, "reports/no_person.html", {"title": _("My data")})
    statements = Statement.objects.of_learner(person.pseudonym).order_by("-timestamp", "-uuid")
    chosen = request.GET.get("registrering", "")
    if chosen:
        statements = _chosen(statements, chosen)
    page = Paginator(statements, STATEMENTS_A_PAGE).get_page(request.GET.get("side"))
    shown = list(page)
    voided = set(
        Statement.objects.voided().filter(uuid__in=[row.uuid for row in shown]).values_list("uuid", flat=True)
    )
    context = {
        "person": person,
        "page": page,
        "is_chosen": bool(chosen),
        "rows": in_plain_words(shown, voided=voided),
        "texts": _texts_of(person),
        "asked_for_more": TaskNote.objects.with_words().filter(written_by=person),
        "assigned": titled(what_came_of(person.assignments.all())),
        "today": today(),
        "error_reports": own_reports(person),
        "refreshers": own_choices(person),
        "mails_off": person.mail_settings.filter(is_on=False),
        "self_assessments": _said_by(person),
        "employments": person.employments.select_related("unit", "profession"),
        "grants": person.grants.select_related("unit", "area"),
        "certificates": Certificate.objects.filter(person=person),
        "educations": person.key_person_educations.all(),
        "logins": person.users.all(),
        "looks": person.disclosures.select_related("viewer")[:LOOKS_SHOWN],
        "number_of_looks": person.disclosures.count(),
    }
    return render(request, "reports/my_record.html", context)


def _said_by(person: Person) -> list[SelfAssessment]:
    """What she says of her competencies in the framework in use, in its order."""
    framework = Framework.objects.in_use().first()
    said = [
        row
        for row in said_by(person).values()
        if framework and row.competency.domain.framework_id == framework.pk
    ]
    return sorted(said, key=lambda row: (row.competency.domain.order, row.competency.order))


def _chosen(statements: StatementQuerySet, named: str) -> StatementQuerySet:
    """The one among her own that a number on her profile opened down to."""
    try:
        found = statements.filter(uuid=uuid.UUID(named))
    except ValueError:
        raise Http404 from None
    if not found.exists():
        raise Http404
    return found


def _texts_of(person: Person) -> list[dict]:
    """Her free texts, newest first, each with the item that it was written at."""
    texts = FreeText.objects.filter(enrolment__person=person).select_related("enrolment__edition")
    rows = list(texts.defer("enrolment__edition__grading").order_by("-written_at", "-id"))
    shared = set(
        Sharing.objects.standing().filter(text__enrolment__person=person).values_list("text", flat=True)
    )
    enrolments = {row.enrolment_id for row in rows}
    supports, declines = supports_of(enrolments), declines_of(enrolments)
    notes = notes_of(enrolments)
    waiting = {(task.submission.enrolment_id, task.submission.item) for task in practice.awaiting([person])}
    return [
        {
            "row": row,
            "waits": (row.enrolment_id, row.item) in waiting,
            "may_share": row.kind == ItemKind.REFLECTION and row.erased_at is None,
            "is_shared": row.pk in shared,
            "supports": supports.get((row.enrolment_id, row.item), []),
            "notes": notes.get((row.enrolment_id, row.item), []),
            "declines": declines.get((row.enrolment_id, row.item), []),
            "edition": row.enrolment.edition,
            "item": row.enrolment.edition.items.get(row.item, {}).get("name", ""),
        }
        for row in rows
    ]
