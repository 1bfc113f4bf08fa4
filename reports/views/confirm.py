"""Practice tasks that wait for a leader or a key person."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain import practice
from courses.models import Confirmation
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.models import Person
from organisations.rules import may_confirm, person_of

from ..forms.confirm import ConfirmForm
from ..rules import confirms, people_to_confirm_for
from ..tables.team import waiting_table
from .download import attachment, download_links, viewer_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _confirm(request)
    return _page(request, ConfirmForm())


@login_required
@require_safe
def waiting_download(request: HttpRequest, kind: str) -> HttpResponse:
    """Whose tasks wait, since when. Not what they wrote."""
    if not confirms(request.user):
        raise Http404
    awaiting = practice.awaiting(people_to_confirm_for(request.user))
    response = attachment(request, waiting_table(awaiting), kind)
    people = [row.person for row in awaiting]
    note_disclosure(people, viewer=viewer_of(request), what=DisclosureKind.WAITING_FILE)
    return response


def _page(request: HttpRequest, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
    """The task that a mail's link names (`opgave`) stands first. The link itself confirms nothing."""
    named = request.GET.get("opgave", "")
    awaiting = practice.awaiting(people_to_confirm_for(request.user))
    awaiting.sort(key=lambda row: str(row.submission.statement) != named)
    context = {
        "form": form,
        "awaiting": awaiting,
        "is_gone": bool(named) and all(str(row.submission.statement) != named for row in awaiting),
        "confirms": confirms(request.user),
        "downloads": download_links("reports:waiting_download"),
    }
    return render(request, "reports/confirm.html", context, status=status)


def _confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the tasks that the form names by their statements: the one whose button it was, or the chosen.

    All are looked at before any is confirmed: one that isn't there is 404, and nothing is confirmed.
    A second time says so and changes nothing.
    """
    me = person_of(request.user)
    if me is None:
        raise Http404
    only = request.POST.getlist("only")
    form = ConfirmForm({"task": only} if only else request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    people = list(people_to_confirm_for(request.user))
    waiting = {row.submission.statement: row for row in practice.awaiting(people)}
    chosen = dict.fromkeys(_uuid(task) for task in form.cleaned_data["task"])
    rows = [waiting[statement] for statement in chosen if statement in waiting]
    gone = [statement for statement in chosen if statement not in waiting]
    allowed = all(may_confirm(request.user, person) for person in {row.person for row in rows})
    if not allowed or not all(_was_confirmed(statement, people) for statement in gone):
        raise Http404
    for row in rows:
        practice.confirm(row.submission, by=me)
    _say(request, rows, gone)
    return redirect("reports:confirm")


def _say(request: HttpRequest, rows: list[practice.Awaiting], gone: list[uuid.UUID]) -> None:
    """What was confirmed now, and that something had been before."""
    for row in rows:
        said = _("Confirmed: %(person)s has done the practice task in “%(module)s”.")
        messages.success(request, said % {"person": row.person, "module": row.module_title})
    if not rows and len(gone) == 1:
        messages.info(request, _("The task was already confirmed. Nothing has changed."))
    elif not rows:
        messages.info(request, _("All of them were already confirmed. Nothing has changed."))
    elif gone:
        said = ngettext(
            "One of the tasks was already confirmed.",
            "%(number)s of the tasks were already confirmed.",
            len(gone),
        )
        messages.info(request, said % {"number": len(gone)})


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
