"""The learner's way through a module: the landing, a step, an answer, the end.

Every address works as a plain form; htmx makes it smooth by swapping one block. `page` is the
ModulePage whose address is used; what is shown is the edition that the learner began.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from courses.domain import answers, enrolment, error_reports, free_text, watching
from courses.domain.refreshers import next_refresher
from courses.enums import PLAYED, WALKED, ItemKind, StepState
from courses.grading import InvalidResponse
from courses.models import Completion

from .domain.publishing import earlier_versions, newer_original, newest_edition
from .glossary.links import explain_in
from .journey import Journey, archived_of, journey_of, other_language, own_journey, person_of
from .responses import Unanswered, read_response, read_watching, read_way
from .rows import Asked, attach_guides, attach_texts, block_row

# --- The landing ----------------------------------------------------------------------------------------


def landing(request: HttpRequest, page: Any) -> HttpResponse:
    journey = journey_of(request, page)
    if other := other_language(journey, page):
        return redirect(other)
    return render(
        request,
        "content/module_page.html",
        {
            "page": page,
            "journey": journey,
            "edition": journey.edition,
            "steps": (steps := _step_rows(journey)),
            "minutes_left": _minutes(step for step in steps if not step["state"].is_done),
            "straight_on": _straight_on(journey),
            "archived": archived_of(page, journey.edition),
            "is_renewed": _is_renewed(journey, page),
            "earlier": earlier_versions(journey.edition),
            "original": newer_original(journey.edition),
        },
    )


def _is_renewed(journey: Journey, page: Any) -> bool:
    """Whether she completed an older version than the one that opens now."""
    if not journey.is_completed:
        return False
    newest = newest_edition(page)
    return newest is not None and newest.version.number > journey.edition.version.number


# --- Taking it ------------------------------------------------------------------------------------------


def begin(request: HttpRequest, page: Any) -> HttpResponse:
    """Begin, go on, or (when completed) take it again: what was shown stays shown."""
    if request.method != "POST":
        return redirect(page.get_url(request))
    person = person_of(request)
    if person is None:
        return needs_person(request, page)
    edition = newest_edition(page)
    if edition is None:
        raise Http404
    try:
        going = enrolment.begin(person, edition=edition)
    except enrolment.ModuleArchived:
        messages.info(request, _("The module can't be begun any more. This page says why."))
        return redirect(page.get_url(request))
    return redirect(_step_url(request, page, min(going.position, len(going.edition.steps))))


def step(request: HttpRequest, page: Any, number: int) -> HttpResponse:
    person = person_of(request)
    if person is None:
        return needs_person(request, page)
    journey = journey_of(request, page)
    if journey.enrolment is None:
        messages.info(request, _("Begin the module first. It starts at step 1."))
        return redirect(page.get_url(request))
    if not 1 <= number <= len(journey.edition.steps):
        raise Http404
    if other := other_language(journey, page):
        return redirect(f"{other}trin/{number}/")
    enrolment.open_step(journey.enrolment, step=number)
    asked = Asked(item=request.GET.get("sag", ""), back_to=request.GET.get("fra", ""))
    return render(request, "content/step.html", _step_context(request, page, journey, number, asked))


def leave_step(request: HttpRequest, page: Any, number: int) -> HttpResponse:
    if request.method != "POST":
        return redirect(_step_url(request, page, number))
    journey = own_journey(request, page)
    if journey is None:
        return needs_person(request, page)
    if not 1 <= number <= len(journey.edition.steps):
        raise Http404
    enrolment.leave_step(journey.enrolment, step=number)
    if number < len(journey.edition.steps):
        return redirect(_step_url(request, page, number + 1))
    return redirect(f"{page.get_url(request)}afslut/")


def answer(request: HttpRequest, page: Any, item: str) -> HttpResponse:
    """Grade one answer, or record one choice in a case. What can't be an answer says why.

    A GET is the way back in a case (`fra`): nothing is recorded until she chooses again.
    """
    journey = own_journey(request, page)
    if journey is None:
        return needs_person(request, page)
    number = _step_number(journey, item)
    if request.method != "POST":
        return _look_back(request, page, journey, number, item)
    block = journey.edition.items.get(item, {})
    error = ""
    if journey.is_completed:
        error = _("You have finished this module. Take it again if you want to answer once more.")
    else:
        try:
            if not _take_answer(request, journey, block):
                error = _("Your answer is saved. It shows here in a moment.")
        except Unanswered as missing:
            error = str(missing)
        except InvalidResponse:
            error = _("That answer isn't one of the options. Choose one of those shown.")
        except answers.UnknownItem as stranger:
            raise Http404 from stranger
    asked = Asked(item=item, error=error, sent=request.POST)
    return _after_item(request, page, journey, number, asked)


def _take_answer(request: HttpRequest, journey: Journey, block: dict[str, Any]) -> bool:
    """Whether what she sees of her answer is current already."""
    going = journey.enrolment
    if going is None or not block:
        raise answers.UnknownItem
    if block["kind"] in WALKED:
        way = read_way(request.POST)
        return answers.choose(going, item=block["id"], way=way, token=token_of(request))
    response = read_response(block, request.POST)
    return answers.answer(going, item=block["id"], response=response, token=token_of(request))


def _look_back(request: HttpRequest, page: Any, journey: Journey, number: int, item: str) -> HttpResponse:
    asked = Asked(item=item, back_to=request.GET.get("fra", ""))
    if asked.back_to and is_htmx(request):
        return _after_item(request, page, journey, number, asked)
    return redirect(f"{_step_url(request, page, number)}#item-{item}")


def watch(request: HttpRequest, page: Any, item: str) -> HttpResponse:
    """What the browser's player says was played. It asks for no page."""
    journey = own_journey(request, page) if request.method == "POST" else None
    if journey is None or journey.is_completed:
        return HttpResponse(status=409)
    try:
        watching.watch(journey.enrolment, item=item, what=read_watching(request.POST))
    except (InvalidResponse, ValueError):
        return HttpResponse(status=422)
    except answers.UnknownItem as stranger:
        raise Http404 from stranger
    return HttpResponse(status=204)


def write(request: HttpRequest, page: Any, item: str) -> HttpResponse:
    """Keep what she wrote. When it is refused, the words come back with the reason: nothing is lost."""
    if request.method != "POST":
        return redirect(page.get_url(request))
    journey = own_journey(request, page)
    if journey is None:
        return needs_person(request, page)
    number = _step_number(journey, item)
    text = request.POST.get("text", "")
    error = ""
    try:
        free_text.write(journey.enrolment, item=item, text=text)
    except ValidationError as refused:
        error = " ".join(refused.messages)
    except answers.UnknownItem as stranger:
        raise Http404 from stranger
    return _after_item(request, page, journey, number, Asked(item=item, error=error, sent=request.POST))


def report_error(request: HttpRequest, page: Any, number: int) -> HttpResponse:
    """Report an error at a step. When it is refused, the words come back with the reason."""
    if request.method != "POST":
        return redirect(_step_url(request, page, number))
    journey = own_journey(request, page)
    if journey is None:
        return needs_person(request, page)
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
        return needs_person(request, page)
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
            "refresher": next_refresher(journey.enrolment) if completion else None,
            "open_questions": _question_rows(journey),
            **_in_place(journey),
            "texts": _text_rows(journey),
        },
        status=200 if outcome is None else 422,
    )


# --- What the pages are given ---------------------------------------------------------------------------


def _step_context(
    request: HttpRequest, page: Any, journey: Journey, number: int, asked: Asked | None = None
) -> dict[str, Any]:
    step = journey.edition.steps[number - 1]
    steps = _step_rows(journey)
    explained = explain_in(step["blocks"], language=journey.edition.language)
    blocks = [block_row(journey, block, asked or Asked()) for block in explained]
    page_url = page.get_url(request)
    for row in blocks:
        row["answer_url"] = f"{page_url}svar/{row['block']['id']}/"
        row["address"] = f"{page_url}trin/{number}/#item-{row['block']['id']}"
    attach_texts(journey, blocks)
    attach_guides(journey.person, blocks)
    return {
        "page": page,
        "page_url": page_url,
        "journey": journey,
        "edition": journey.edition,
        "step": step,
        "number": number,
        "count": len(journey.edition.steps),
        "minutes_left": step["minutes"] + _minutes(steps[number:]),
        "is_last": number == len(journey.edition.steps),
        "straight_on": _straight_on(journey),
        "has_recording": any(row["block"]["kind"] in PLAYED for row in blocks),
        "blocks": blocks,
        "step_items": [row["block"] for row in blocks if row["block"].get("item")],
    }


def _straight_on(journey: Journey) -> int | None:
    """The step of the practice task, for whoever solved the opening cases at the first attempt."""
    if journey.progress is None or journey.is_completed:
        return None
    return journey.progress.straight_on


def _step_rows(journey: Journey) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "title": step["title"],
            "minutes": step["minutes"],
            "state": journey.progress.state_of(number) if journey.progress else StepState.AHEAD,
            "may_skip": bool(journey.progress and journey.progress.may_skip(number)),
        }
        for number, step in enumerate(journey.edition.steps, start=1)
    ]


def _minutes(steps: Iterable[dict[str, Any]]) -> int:
    """The minutes of these steps, without those that she may leave."""
    return sum(step["minutes"] for step in steps if not step["may_skip"])


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


def _in_place(journey: Journey) -> dict[str, int]:
    """How many of the questions that are asked for are answered rightly."""
    if journey.progress is None:
        return {}
    asked = len(journey.progress.required)
    return {"asked": asked, "in_place": asked - len(journey.progress.missing)}


def _text_rows(journey: Journey) -> list[dict[str, Any]]:
    """The module's practice tasks and reflections, written or not yet."""
    rows = [
        {"block": block, "step": journey.edition.step_of(item)}
        for item, block in journey.edition.items.items()
        if block["kind"] in {ItemKind.PRACTICE_TASK, ItemKind.REFLECTION}
    ]
    attach_texts(journey, rows)
    return rows


def _step_number(journey: Journey, item: str) -> int:
    try:
        return journey.edition.step_of(item)
    except KeyError as stranger:
        raise Http404 from stranger


def token_of(request: HttpRequest) -> uuid.UUID:
    """The form's token: a double click sends it twice. Anything else gets a new one."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


# --- Answering --------------------------------------------------------------------------------------------


def _after_item(request: HttpRequest, page: Any, journey: Journey, number: int, asked: Asked) -> HttpResponse:
    """Back to the step with the feedback in view: a redirect, the block alone for htmx, or the error."""
    if not asked.error and not is_htmx(request):
        return redirect(f"{_step_url(request, page, number)}#item-{asked.item}")
    journey = journey_of(request, page)
    context = _step_context(request, page, journey, number, asked)
    if not is_htmx(request):
        return render(request, "content/step.html", context, status=422)
    row = next(row for row in context["blocks"] if row["block"]["id"] == asked.item)
    # Not 422: htmx swaps what was answered, whatever came of it.
    response = render(request, "content/parts/item.html", {**context, "row": row, "is_fresh": True})
    patch_vary_headers(response, ["HX-Request"])
    return response


def is_htmx(request: HttpRequest) -> bool:
    """Whether one block is asked for, and not a page (django-htmx's mark on the request)."""
    return bool(getattr(request, "htmx", False))


def _step_url(request: HttpRequest, page: Any, number: int) -> str:
    return f"{page.get_url(request)}trin/{number}/"


def needs_person(request: HttpRequest, page: Any) -> HttpResponse:
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
