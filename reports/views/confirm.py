"""Practice tasks that wait for a leader or a key person: confirmed, or sent back with a line."""

import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.domain import practice, task_notes
from courses.models import Confirmation, TaskNote
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.models import OrgUnit, Person
from organisations.rules import leads_units, may_confirm, person_of

from ..forms.confirm import ConfirmForm
from ..rules import confirms, people_to_confirm_for
from ..tables.team import people_of, waiting_table
from ..tasks import tell_learner
from .download import attachment, download_links, viewer_of


@dataclass(frozen=True)
class Refused:
    """A line that was not sent, at which task, and why: nothing that was typed is lost."""

    task: uuid.UUID
    text: str
    error: str


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
    tasks = practice.awaiting(_people(request, _unit(request)))
    awaiting = [row for row in tasks if not row.is_sent_back]
    response = attachment(request, waiting_table(awaiting), kind)
    people = [row.person for row in awaiting]
    note_disclosure(people, viewer=viewer_of(request), what=DisclosureKind.WAITING_FILE)
    return response


@login_required
@require_POST
def ask_for_more(request: HttpRequest, task: uuid.UUID) -> HttpResponse:
    """Send the task back with a line to the learner. Twice is once; one that isn't hers to confirm is 404."""
    me = viewer_of(request)
    people = list(people_to_confirm_for(request.user))
    row = next((one for one in practice.awaiting(people) if one.submission.statement == task), None)
    if row is None and _was_confirmed(task, people):
        messages.info(request, _("The task was already confirmed. Nothing has changed."))
        return redirect("reports:confirm")
    if row is None or not may_confirm(request.user, row.person):
        raise Http404
    text = request.POST.get("text", "")
    try:
        note, made = task_notes.ask_for_more(row.submission, text=text, by=me)
    except ValidationError as wrong:
        refused = Refused(task, text, " ".join(wrong.messages))
        return _page(request, ConfirmForm(), refused=refused, status=422)
    if made:
        tell_learner.enqueue(note.pk)
    said = _("It is sent. %(person)s reads your line on My page, and the task stands under “Sent back”.")
    messages.success(request, said % {"person": row.person})
    return redirect("reports:confirm")


@login_required
@require_POST
def take_note_back(request: HttpRequest, note: uuid.UUID) -> HttpResponse:
    """Take a line of her own back: its words are gone. Twice is once; somebody else's is 404."""
    row = get_object_or_404(TaskNote, public_id=note, written_by=viewer_of(request))
    task_notes.erase(row)
    messages.success(request, _("Your line is taken back, and its words are gone."))
    return redirect("reports:confirm")


def _unit(request: HttpRequest) -> OrgUnit | None:
    """The unit whose tasks alone are asked for (`enhed`), if the user leads it today."""
    try:
        named = uuid.UUID(request.GET.get("enhed", ""))
    except ValueError:
        return None
    unit: OrgUnit | None = leads_units(request.user).filter(public_id=named).first()
    return unit


def _people(request: HttpRequest, unit: OrgUnit | None) -> QuerySet[Person]:
    """Whose tasks wait for the user: of the unit, where one is asked for."""
    people = people_to_confirm_for(request.user)
    return people if unit is None else people.filter(pk__in=people_of(unit).values("pk"))


def _page(
    request: HttpRequest, form: ConfirmForm, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    """The task that a mail's link names (`opgave`) stands first. The link itself confirms nothing.

    What is sent back stands by itself, folded: it waits for the learner.
    """
    me = person_of(request.user)
    named = request.GET.get("opgave", "")
    unit = _unit(request)
    tasks = practice.awaiting(_people(request, unit))
    tasks.sort(key=lambda row: str(row.submission.statement) != named)
    awaiting = [row for row in tasks if not row.is_sent_back]
    sent_back = [row for row in tasks if row.is_sent_back]
    asked = {row.submission.statement for row in sent_back for note in row.notes if _is_open_by(note, me)}
    context = {
        "form": form,
        "refused": refused,
        "awaiting": awaiting,
        "sent_back": sent_back,
        "shows_sent_back": any(
            str(row.submission.statement) == named or (refused and refused.task == row.submission.statement)
            for row in sent_back
        ),
        "asked_by_me": asked,
        "me": me,
        "longest": task_notes.LONGEST,
        "is_gone": bool(named) and all(str(row.submission.statement) != named for row in tasks),
        "confirms": confirms(request.user),
        "unit": unit,
        "total": practice.number_awaiting(people_to_confirm_for(request.user)) if unit else len(awaiting),
        "downloads": download_links(
            "reports:waiting_download", chosen={"enhed": str(unit.public_id)} if unit else None
        ),
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
    unit = _unit(request)
    query = f"?{urlencode({'enhed': unit.public_id})}" if unit else ""
    return redirect(reverse("reports:confirm") + query)


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


def _is_open_by(note: TaskNote, person: Person | None) -> bool:
    return note.is_open and person is not None and note.written_by_id == person.pk


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
