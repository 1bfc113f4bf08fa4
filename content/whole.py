"""The whole module on one page, with nothing recorded: as an editor previews it, and as a learner prints it.

On paper stands what its steps say and ask, without an answer. Of a case or a conversation it is the
beginning: the rest is met by choosing. What a learner has written stays on the screen: paper lies about.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from courses.enums import WALKED, WORDS_OF_SCALE, Scale

from .glossary.links import explain_in
from .journey import Journey, archived_of, journey_of, other_language
from .player import needs_person
from .rows import Row, attach_guides, template_of


def preview(request: HttpRequest, page: Any) -> HttpResponse:
    """What the editor sees: every step, as a learner would meet it, with nothing recorded."""
    language = page.locale.language_code
    steps = [
        {
            **step,
            "rows": [
                {"block": block, "template": template_of(block)}
                for block in explain_in(step["blocks"], language=language)
            ],
        }
        for step in page.compiled.content["steps"]
    ]
    return render(request, "content/module_preview.html", {"page": page, "steps": steps})


def printed(request: HttpRequest, page: Any) -> HttpResponse:
    """Every step of the edition that the learner began. Who hasn't begun it is sent where it begins."""
    journey = journey_of(request, page)
    if journey.person is None:
        return needs_person(request, page)
    if journey.enrolment is None:
        messages.info(request, _("Begin the module first. It starts at step 1."))
        return redirect(page.get_url(request))
    if other := other_language(journey, page):
        return redirect(f"{other}udskriv/")
    context = {
        "page": page,
        "edition": journey.edition,
        "archived": archived_of(page, journey.edition),
        "steps": _steps(journey),
        "is_printed": True,
    }
    return render(request, "content/printed.html", context)


def _steps(journey: Journey) -> list[dict[str, Any]]:
    steps = [{**step, "rows": [_row(block) for block in step["blocks"]]} for step in journey.edition.steps]
    attach_guides(journey.person, [row for step in steps for row in step["rows"]])
    return steps


def _row(block: dict[str, Any]) -> Row:
    row: Row = {"block": block, "template": template_of(block)}
    if block["kind"] in WALKED:
        row["begins"] = block["nodes"][0]
    if "scale" in block:
        row["points"] = WORDS_OF_SCALE[Scale(block["scale"])]
    return row
