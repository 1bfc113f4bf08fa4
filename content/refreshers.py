"""Refreshers on the learner's pages: the line on *Min side*, the questions, how it went, and on or off.

Everything here is the viewer's own: a refresher of somebody else isn't there. The questions are shown
and answered as in the player, by the same rows and templates.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.domain import enrolment, refreshers
from courses.domain.answers import UnknownItem
from courses.domain.progress import Progress
from courses.domain.refreshers import Refresher, RefresherClosed
from courses.grading import InvalidResponse
from courses.models import Attempt, RefresherAnswer
from courses.refreshing import MINUTES, QUESTIONS
from organisations.models import Person
from organisations.rules import person_of

from .addresses import live_pages
from .journey import Journey
from .player import is_htmx, token_of
from .responses import Unanswered, read_response
from .rows import Asked, Row, block_row


@dataclass
class RefresherJourney(Journey):
    """A question that came back. The module is finished; the question may be answered all the same."""

    @property
    def is_completed(self) -> bool:
        return False


def due_refresher(person: Person | None) -> Refresher | None:
    """The one that *Min side* speaks of: it has waited longest, and its module is still offered."""
    due = refreshers.due_refreshers(person) if person else []
    pages = live_pages({refresher.enrolment.module.key for refresher in due})
    return next((refresher for refresher in due if refresher.enrolment.module.key in pages), None)


# --- The pages ------------------------------------------------------------------------------------------


@login_required
@require_safe
def take(request: HttpRequest, registration: uuid.UUID, number: int) -> HttpResponse:
    refresher = _own(request, registration, number)
    if not _is_open(refresher):
        return _closed(request, refresher)
    return render(request, "content/refresher.html", _context(refresher))


@login_required
def answer(request: HttpRequest, registration: uuid.UUID, number: int, item: str) -> HttpResponse:
    """Grade and record one answer. What can't be an answer says why, and nothing is recorded."""
    refresher = _own(request, registration, number)
    if request.method != "POST":
        return redirect("content:refresher", registration, number)
    if item not in refresher.questions or _page_of(refresher) is None:
        raise Http404
    error = ""
    try:
        response = read_response(refresher.edition.items[item], request.POST)
        if not refreshers.answer(refresher, item=item, response=response, token=token_of(request)):
            error = _("Your answer is saved. It shows here in a moment.")
    except Unanswered as missing:
        error = str(missing)
    except InvalidResponse:
        error = _("That answer isn't one of the options. Choose one of those shown.")
    except RefresherClosed:
        error = _(
            "This refresher is over, so the answer isn't kept. What you have completed stays completed."
        )
    except UnknownItem as stranger:
        raise Http404 from stranger
    if not error and not is_htmx(request):
        return redirect(f"{reverse('content:refresher', args=[registration, number])}#item-{item}")
    context = _context(_own(request, registration, number), Asked(item=item, error=error, sent=request.POST))
    if not is_htmx(request):
        return render(request, "content/refresher.html", context, status=422)
    row = next(row for row in context["rows"] if row["block"]["id"] == item)
    # Not 422: htmx swaps what was answered, whatever came of it.
    shown = {**context, "row": row, "journey": row["journey"], "is_fresh": True}
    answered = render(request, "content/parts/item.html", shown)
    patch_vary_headers(answered, ["HX-Request"])
    return answered


@login_required
@require_safe
def end(request: HttpRequest, registration: uuid.UUID, number: int) -> HttpResponse:
    """How it went, for herself, and the way back to the step that explains."""
    refresher = _own(request, registration, number)
    page = _page_of(refresher)
    if page is None or not refresher.answers:
        if page is not None and refresher.is_open:
            messages.info(request, _("Answer one of the questions first. Then you can see how it went."))
        return redirect("content:refresher", registration, number)
    taken = enrolment.latest_enrolment(refresher.enrolment.person, key=refresher.enrolment.module.key)
    steps = taken.edition if taken else refresher.edition
    return render(
        request,
        "content/refresher_end.html",
        {
            "refresher": refresher,
            "rows": [
                {
                    "text": refresher.edition.items[item]["text"],
                    "is_right": item in refresher.right,
                    "is_answered": item in refresher.answers,
                    "step": steps.step_of(item) if item in steps.items else None,
                }
                for item in refresher.questions
            ],
            "page_url": page.get_url(request),
        },
    )


@login_required
@require_POST
def skip(request: HttpRequest, registration: uuid.UUID, number: int) -> HttpResponse:
    refresher = _own(request, registration, number)
    try:
        refreshers.skip(refresher)
    except RefresherClosed:
        return _closed(request, refresher)
    if refresher.next_on:
        day = date_format(refresher.next_on, "DATE_FORMAT")
        messages.success(request, _("Skipped. The next one of this module comes on %(day)s.") % {"day": day})
    else:
        messages.success(request, _("Skipped. It was the last one of this module."))
    return redirect("home")


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """What refreshers are, and whether they come."""
    person = person_of(request.user)
    if person is None:
        raise Http404
    if request.method == "POST":
        refreshers.turn(person, on=request.POST.get("on") == "1")
        messages.success(request, _("Saved."))
        return redirect("content:refreshers")
    context = {"is_on": refreshers.is_on(person), "questions": QUESTIONS}
    return render(request, "content/refreshers.html", context)


# --- What the pages are given -----------------------------------------------------------------------------


def _own(request: HttpRequest, registration: uuid.UUID, number: int) -> Refresher:
    """The viewer's own refresher; anybody else's isn't there."""
    person = person_of(request.user)
    found = refreshers.refresher_of(person, registration=registration, number=number) if person else None
    if found is None:
        raise Http404
    return found


def _closed(request: HttpRequest, refresher: Refresher) -> HttpResponse:
    """It has yet to come, or is over: say so, and go where it helps."""
    if _page_of(refresher) is None or refresher.is_superseded:
        said = _("The module has been renewed or is no longer offered, so this refresher is over.")
    elif refresher.is_skipped:
        said = _("You have skipped this refresher.")
    else:
        said = _("This refresher isn't due. The one that is stands on My page.")
    messages.info(request, said)
    return redirect("home")


def _is_open(refresher: Refresher) -> bool:
    return refresher.is_open and _page_of(refresher) is not None


def _context(refresher: Refresher, asked: Asked | None = None) -> dict[str, Any]:
    return {
        "refresher": refresher,
        "rows": [_row(refresher, item, asked or Asked()) for item in refresher.questions],
        "minutes": MINUTES,
    }


def _row(refresher: Refresher, item: str, asked: Asked) -> Row:
    """The question with the newest answer, in the edition in which it was answered."""
    given = refresher.answers.get(item, [])
    is_older = bool(given) and given[-1].edition_id != refresher.edition.pk
    edition = given[-1].edition if is_older else refresher.edition
    going = refresher.enrolment
    progress = Progress(going, last={item: _as_attempt(given[-1])} if given else {})
    journey = RefresherJourney(going.person, edition, going, progress)
    row = block_row(journey, edition.items[item], asked)
    row["journey"] = journey
    row["lang"] = edition.language
    row["answer_url"] = reverse("content:refresher_answer", args=[going.registration, refresher.number, item])
    return row


def _as_attempt(answer: RefresherAnswer) -> Attempt:
    """The answer as the player's templates read one. It is never saved: it is no attempt at the module."""
    return Attempt(
        enrolment_id=answer.enrolment_id,
        item=answer.item,
        ordinal=answer.ordinal,
        response=answer.response,
        success=answer.success,
        answered_at=answer.answered_at,
    )


def _page_of(refresher: Refresher) -> Any:
    """The page where the module is offered, or None where it is offered no more."""
    key = refresher.enrolment.module.key
    return live_pages({key}).get(key)
