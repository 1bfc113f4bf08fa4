"""The learner's way through a module: the landing, a step, an answer, the end.

Every address works as a plain form; htmx makes it smooth by swapping one block. `page` is the
ModulePage whose address is used; what is shown is the edition that the learner began.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from courses.domain import answers, enrolment, error_reports, free_text
from courses.grading import InvalidResponse
from courses.models import Completion, Confirmation, FreeText

from .domain.publishing import newest_edition
from .journey import Journey, journey_of, other_language, own_journey, person_of

# --- The landing ----------------------------------------------------------------------------------------


def landing(request: HttpRequest, page: Any) -> HttpResponse:
    journey = journey_of(request, page)
    if other := other_language(journey, page):
        return redirect(other)
    return render(
        request,
        "content/module_page.html",
        {"page": page, "journey": journey, "edition": journey.edition, "steps": _step_rows(journey)},
    )


def preview(request: HttpRequest, page: Any) -> HttpResponse:
    """What the editor sees: every step, as a learner would meet it, with nothing recorded."""
    content = {**page.compiled.content, "summary": page.summary, "minutes": page.minutes}
    return render(request, "content/module_preview.html", {"page": page, "content": content})


# --- Taking it ------------------------------------------------------------------------------------------


def begin(request: HttpRequest, page: Any) -> HttpResponse:
    """Begin, go on, or (when completed) take it again: what was shown stays shown."""
    if request.method != "POST":
        return redirect(page.get_url(request))
    person = person_of(request)
    if person is None:
        return _needs_person(request, page)
    edition = newest_edition(page)
    if edition is None:
        raise Http404
    going = enrolment.begin(person, edition=edition)
    return redirect(_step_url(request, page, min(going.position, len(going.edition.steps))))


def step(request: HttpRequest, page: Any, number: int) -> HttpResponse:
    person = person_of(request)
    if person is None:
        return _needs_person(request, page)
    journey = journey_of(request, page)
    if journey.enrolment is None:
        messages.info(request, _("Begin the module first. It starts at step 1."))
        return redirect(page.get_url(request))
    if not 1 <= number <= len(journey.edition.steps):
        raise Http404
    if other := other_language(journey, page):
        return redirect(f"{other}trin/{number}/")
    enrolment.open_step(journey.enrolment, step=number)
    return render(request, "content/step.html", _step_context(request, page, journey, number))


def leave_step(request: HttpRequest, page: Any, number: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(_step_url(request, page, number))
    journey = own_journey(request, page)
    if journey is None:
        return _needs_person(request, page)
    if not 1 <= number <= len(journey.edition.steps):
        raise Http404
    enrolment.leave_step(journey.enrolment, step=number)
    if number < len(journey.edition.steps):
        return redirect(_step_url(request, page, number + 1))
    return redirect(f"{page.get_url(request)}afslut/")


def answer(request: HttpRequest, page: Any, item: str) -> HttpResponse:
    """Grade one answer. A question that isn't in the edition, or an option that isn't there, says so."""
    if request.method != "POST":
        return redirect(page.get_url(request))
    journey = own_journey(request, page)
    if journey is None:
        return _needs_person(request, page)
    number = _step_number(journey, item)
    response = request.POST.get("response", "")
    error = ""
    if journey.is_completed:
        error = _("You have finished this module. Take it again if you want to answer once more.")
    elif not response:
        error = _("Choose an answer first.")
    else:
        try:
            is_current = answers.answer(
                journey.enrolment, item=item, response=response, token=_token(request)
            )
            if not is_current:
                error = _("Your answer is saved. It shows here in a moment.")
        except InvalidResponse:
            error = _("That answer isn't one of the options. Choose one of those shown.")
    return _after_item(request, page, journey, number, item, error=error, entered=response)


def write(request: HttpRequest, page: Any, item: str) -> HttpResponse:
    """Keep what she wrote. When it is refused, the words come back with the reason: nothing is lost."""
    if request.method != "POST":
        return redirect(page.get_url(request))
    journey = own_journey(request, page)
    if journey is None:
        return _needs_person(request, page)
    number = _step_number(journey, item)
    text = request.POST.get("text", "")
    error = ""
    try:
        free_text.write(journey.enrolment, item=item, text=text)
    except ValidationError as refused:
        error = " ".join(refused.messages)
    except answers.UnknownItem as stranger:
        raise Http404 from stranger
    return _after_item(request, page, journey, number, item, error=error, entered=text)


def report_error(request: HttpRequest, page: Any, number: int) -> HttpResponse:
    """Report an error at a step. When it is refused, the words come back with the reason."""
    if request.method != "POST":
        return redirect(_step_url(request, page, number))
    journey = own_journey(request, page)
    if journey is None:
        return _needs_person(request, page)
    if not 1 <= number <= len(journey.edition.steps):
        raise Http404
    text, item = request.POST.get("text", ""), request.POST.get("item", "")
    try:
        error_reports.report_error(journey.edition, step=number, text=text, by=journey.person, item=item)
    except ValidationError as refused:
        context = _step_context(request, page, journey, number)
        context["report"] = {"error": " ".join(refused.messages), "text": text, "item": item}
        return render(request, "content/step.html", context, status=422)
    messages.success(request, _("Thank you. Your report is with the educators. The answer comes on My page."))
    return redirect(_step_url(request, page, number))


def finish(request: HttpRequest, page: Any) -> HttpResponse:
    """The end of the module: finish it (POST), or see what came of it."""
    journey = own_journey(request, page)
    if journey is None:
        return _needs_person(request, page)
    outcome = None
    if request.method == "POST":
        outcome = enrolment.finish(journey.enrolment)
        if outcome.completed:
            return redirect(f"{page.get_url(request)}afslut/")
    elif request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    completion = Completion.objects.filter(enrolment=journey.enrolment).first()
    return render(
        request,
        "content/finish.html",
        {
            "page": page,
            "journey": journey,
            "edition": journey.edition,
            "outcome": outcome,
            "completion": completion,
            "open_questions": _question_rows(journey),
            "texts": _text_rows(journey),
        },
        status=200 if outcome is None else 422,
    )


# --- What the pages are given ---------------------------------------------------------------------------


def _step_context(
    request: HttpRequest, page: Any, journey: Journey, number: int, **refused: str
) -> dict[str, Any]:
    blocks = [
        _block_row(journey, block, error=refused.get("error", ""), entered=refused.get("entered", ""))
        if block["id"] == refused.get("item")
        else _block_row(journey, block)
        for block in journey.edition.steps[number - 1]["blocks"]
    ]
    _attach_texts(journey, blocks)
    return {
        "page": page,
        "page_url": page.get_url(request),
        "journey": journey,
        "edition": journey.edition,
        "step": journey.edition.steps[number - 1],
        "number": number,
        "count": len(journey.edition.steps),
        "is_last": number == len(journey.edition.steps),
        "blocks": blocks,
        "step_items": [row["block"] for row in blocks if row["block"].get("item")],
        "steps": _step_rows(journey),
    }


def _block_row(
    journey: Journey, block: dict[str, Any], *, error: str = "", entered: str = ""
) -> dict[str, Any]:
    """A block with what its template needs: the last attempt and its feedback, or what was refused."""
    row: dict[str, Any] = {"block": block, "error": error, "entered": entered, "token": uuid.uuid4()}
    attempt = journey.progress.last.get(block["id"]) if journey.progress else None
    if attempt is not None and journey.enrolment is not None:
        row["attempt"] = attempt
        row["grade"] = answers.grade_of(journey.enrolment, item=block["id"], response=attempt.response)
        row["source"] = journey.edition.grading[block["id"]].get("source")
    return row


def _attach_texts(journey: Journey, rows: list[dict[str, Any]]) -> None:
    """What she wrote at reflections and practice tasks, and who confirmed. Two queries."""
    if not any(row["block"]["kind"] in {"reflection", "practice_task"} for row in rows):
        return
    texts = {row.item: row for row in FreeText.objects.standing().filter(enrolment=journey.enrolment)}
    confirmed = {row.item: row for row in Confirmation.objects.filter(enrolment=journey.enrolment)}
    for row in rows:
        row["written"] = texts.get(row["block"]["id"])
        row["confirmation"] = confirmed.get(row["block"]["id"])


def _step_rows(journey: Journey) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "title": step["title"],
            "minutes": step["minutes"],
            "is_done": bool(journey.progress and journey.progress.is_step_done(number)),
        }
        for number, step in enumerate(journey.edition.steps, start=1)
    ]


def _question_rows(journey: Journey) -> list[dict[str, Any]]:
    """The questions that are still to be answered rightly, with the step where they are."""
    progress = journey.progress
    if progress is None:
        return []
    return [
        {
            "text": journey.edition.items[item]["text"],
            "step": journey.edition.step_of(item),
            "item": item,
            "is_answered": item in progress.last,
        }
        for item in progress.missing
    ]


def _text_rows(journey: Journey) -> list[dict[str, Any]]:
    """The practice tasks and reflections of the module, handed in or not."""
    rows = [
        {"block": block, "step": journey.edition.step_of(item)}
        for item, block in journey.edition.items.items()
        if block["kind"] in {"reflection", "practice_task"}
    ]
    _attach_texts(journey, rows)
    return rows


def _step_number(journey: Journey, item: str) -> int:
    try:
        return journey.edition.step_of(item)
    except KeyError as stranger:
        raise Http404 from stranger


def _token(request: HttpRequest) -> uuid.UUID:
    """The form's token: a double click sends it twice. Anything else gets a new one."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


# --- Answering --------------------------------------------------------------------------------------------


def _after_item(
    request: HttpRequest, page: Any, journey: Journey, number: int, item: str, *, error: str, entered: str
) -> HttpResponse:
    """Back to the step with the feedback in view: a redirect, the block alone for htmx, or the error."""
    if not error and not _is_htmx(request):
        return redirect(f"{_step_url(request, page, number)}#item-{item}")
    journey = journey_of(request, page)
    context = _step_context(request, page, journey, number, item=item, error=error, entered=entered)
    if not _is_htmx(request):
        return render(request, "content/step.html", context, status=422)
    row = next(row for row in context["blocks"] if row["block"]["id"] == item)
    # Not 422: htmx swaps what was answered, whatever came of it.
    response = render(request, "content/parts/item.html", {**context, "row": row, "is_fresh": True})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _is_htmx(request: HttpRequest) -> bool:
    """Whether one block is asked for, and not a page (django-htmx's mark on the request)."""
    return bool(getattr(request, "htmx", False))


def _step_url(request: HttpRequest, page: Any, number: int) -> str:
    return f"{page.get_url(request)}trin/{number}/"


def _needs_person(request: HttpRequest, page: Any) -> HttpResponse:
    """No log-in, a log-in that belongs to nobody, or nothing begun: say so, and go where it helps."""
    if not request.user.is_authenticated:
        back = request.get_full_path() if request.method == "GET" else page.get_url(request)
        return redirect_to_login(back)
    if request.user.person is None:
        messages.warning(
            request,
            _(
                "Your log-in isn't connected to a person yet, so nothing can be recorded. "
                "Ask your administrator to connect it."
            ),
        )
    else:
        messages.info(request, _("Begin the module first. It starts at step 1."))
    return redirect(page.get_url(request))
