"""A colleague supports that a practice task was done: shown to who confirms it, and counted nowhere.

Or she declines: shown to nobody but the learner who asked.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Person
from organisations.rules import colleagues_of
from xapi import projection, vocabulary

from ..enums import ItemKind
from ..models import Confirmation, FreeText, ItemSubmission, Support, SupportRequest
from .statements import say_once

#: An item of an enrolment, by the enrolment's key.
Task = tuple[int, str]


@dataclass(frozen=True)
class Supported:
    """Who supported it, and when. `name` is empty once she is no longer registered."""

    name: str
    at: dt.datetime


def ask(text: FreeText, *, colleague: Person, at: dt.datetime | None = None) -> SupportRequest:
    """Ask a colleague to support the task that was handed in with this text. Asked before, nothing changes.

    Raises ValidationError: not a practice task, confirmed already, or somebody who doesn't work in a unit
    with her today.
    """
    enrolment = text.enrolment
    if text.kind != ItemKind.PRACTICE_TASK:
        raise ValidationError(_("Only a practice task can be supported."), code="kind")
    if Confirmation.objects.filter(enrolment=enrolment, item=text.item).exists():
        raise ValidationError(
            _("The task has been confirmed, so nobody needs to support it."), code="confirmed"
        )
    if not colleagues_of(enrolment.person).filter(pk=colleague.pk).exists():
        raise ValidationError(
            _("Choose a colleague who works in the same unit as you today."), code="no_colleague"
        )
    request, _made = SupportRequest.objects.get_or_create(
        enrolment=enrolment,
        item=text.item,
        colleague=colleague,
        withdrawn_at=None,
        declined_at=None,
        defaults={"asked_at": at or timezone.now()},
    )
    return request


def withdraw(request: SupportRequest) -> None:
    """She is no longer asked. Twice is once; what she supported before stays."""
    SupportRequest.objects.standing().filter(pk=request.pk).update(withdrawn_at=timezone.now())
    request.refresh_from_db()


def decline(request: SupportRequest) -> None:
    """The colleague says no, and gives no reason. Nothing is recorded of it but this, which the learner sees.

    Raises ValueError like `support`.
    """
    _check_asked(request)
    SupportRequest.objects.standing().filter(pk=request.pk).update(declined_at=timezone.now())
    request.refresh_from_db()


def asked_of(person: Person) -> list[SupportRequest]:
    """What the person is asked to support now, each with the edition and who asks. One query.

    Only by those who work in a unit with her today, while the task waits, and once.
    """
    task = {"enrolment": OuterRef("enrolment"), "item": OuterRef("item")}
    waiting = SupportRequest.objects.standing().filter(
        Exists(ItemSubmission.objects.filter(**task)),
        ~Exists(Confirmation.objects.filter(**task)),
        ~Exists(Support.objects.filter(**task, supported_by=person.pseudonym)),
        colleague=person,
        enrolment__person__in=colleagues_of(person),
    )
    return list(
        waiting.select_related("enrolment__edition__version__module", "enrolment__person").defer(
            "enrolment__edition__grading"
        )
    )


def support(request: SupportRequest, *, at: dt.datetime | None = None) -> None:
    """The colleague who is asked supports the task. The actor of the statement is the learner.

    A second time changes nothing. Raises ValueError when it isn't among what is `asked_of` her: withdrawn
    or confirmed meanwhile, or no longer colleagues.
    """
    _check_asked(request)
    colleague, enrolment = request.colleague, request.enrolment
    say_once(
        enrolment,
        "supported",
        request.item,
        str(colleague.pseudonym),
        verb=vocabulary.SUPPORTED,
        at=at,
        item=request.item,
        instructor=colleague,
    )
    projection.attempt(enrolment.person.pseudonym)


def _check_asked(request: SupportRequest) -> None:
    if all(row.pk != request.pk for row in asked_of(request.colleague)):
        raise ValueError("She isn't asked to support this task.")


def supports_of(enrolments: Iterable[int]) -> dict[Task, list[Supported]]:
    """Who supported which task of these enrolments, first first. Two queries."""
    rows = list(Support.objects.filter(enrolment__in=list(enrolments)))
    names: dict[object, str] = {}
    if rows:
        people = Person.objects.by_pseudonym(*{row.supported_by for row in rows})
        names = {person.pseudonym: person.full_name for person in people}
    found: dict[Task, list[Supported]] = {}
    for row in rows:
        said = Supported(names.get(row.supported_by, ""), row.supported_at)
        found.setdefault((row.enrolment_id, row.item), []).append(said)
    return found


def declines_of(enrolments: Iterable[int]) -> dict[Task, list[SupportRequest]]:
    """Who said no to supporting which task of these enrolments, each once. One query.

    Nobody who is asked again, or has supported it since. For the learner alone.
    """
    again = SupportRequest.objects.standing().filter(
        enrolment=OuterRef("enrolment"), item=OuterRef("item"), colleague=OuterRef("colleague")
    )
    supported = Support.objects.filter(
        enrolment=OuterRef("enrolment"),
        item=OuterRef("item"),
        supported_by=OuterRef("colleague__pseudonym"),
    )
    rows = (
        SupportRequest.objects.declined()
        .filter(~Exists(again), ~Exists(supported), enrolment__in=list(enrolments))
        .select_related("colleague")
        .order_by("declined_at", "id")
    )
    newest = {(row.enrolment_id, row.item, row.colleague_id): row for row in rows}
    found: dict[Task, list[SupportRequest]] = {}
    for row in newest.values():
        found.setdefault((row.enrolment_id, row.item), []).append(row)
    return found
