"""Practice tasks that wait for a leader or a key person."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.domain import practice
from courses.models import Confirmation
from organisations.models import Person
from organisations.rules import is_key_person, is_leader, may_confirm, person_of

from ..rules import people_to_confirm_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _confirm(request)
    people = people_to_confirm_for(request.user)
    context = {
        "awaiting": practice.awaiting(people),
        "confirms": is_leader(request.user) or is_key_person(request.user),
    }
    return render(request, "reports/confirm.html", context)


def _confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the task that the form names by its statement; a second time says so and changes nothing."""
    me = person_of(request.user)
    statement = _uuid(request.POST.get("task", ""))
    people = list(people_to_confirm_for(request.user))
    waiting = {row.submission.statement: row for row in practice.awaiting(people)}
    row = waiting.get(statement)
    if me is None:
        raise Http404
    if row is not None and may_confirm(request.user, row.person):
        practice.confirm(row.submission, by=me)
        said = _("Confirmed: %(person)s has done the practice task in “%(module)s”.")
        messages.success(request, said % {"person": row.person, "module": row.module_title})
    elif _was_confirmed(statement, people):
        messages.info(request, _("The task was already confirmed. Nothing has changed."))
    else:
        raise Http404
    return redirect("reports:confirm")


def _was_confirmed(statement: uuid.UUID, people: list[Person]) -> bool:
    """Whether the task that was handed in with this statement is one of theirs, and confirmed."""
    confirmed = Confirmation.objects.filter(learner__in=[person.pseudonym for person in people])
    return confirmed.filter(
        enrolment__submissions__statement=statement, enrolment__submissions__item=F("item")
    ).exists()


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
