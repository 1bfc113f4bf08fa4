"""What the answers say, in the back office: for educators, of the modules that they may edit. Counts only."""

import json
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.domain.assignments import titles_of_modules
from courses.domain.insight import Insight, began_by_module, insight
from courses.models import ModuleVersion
from courses.rules import modules_to_edit, writes_modules

from ..figures.profile import Bar, profile_figure
from ..tables.answers import (
    TABLES,
    how_counted,
    people_in_words,
    question_rows,
    right_in_words,
)
from .download import attachment, download_links

#: Characters of a question in a chart: as many as stand on a line on a phone.
ON_A_LINE = 24


@require_safe
def answers_index(request: HttpRequest) -> HttpResponse:
    """The modules that the user may edit, each with how many have begun it."""
    if not writes_modules(request.user):
        raise PermissionDenied
    modules = list(modules_to_edit(request.user).filter(versions__isnull=False).distinct())
    titles = titles_of_modules(module.pk for module in modules)
    began = began_by_module(module.pk for module in modules)
    rows = [
        (
            f"{module.code} {titles[module.pk]}",
            reverse("answers:module", args=[module.key]),
            people_in_words(began.get(module.pk)),
        )
        for module in modules
        if module.pk in titles
    ]
    title = _("What the answers say")
    return render(request, "reports/answers_index.html", {**_header(title), "rows": rows})


@require_safe
def answers_of_module(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A version of a module, the newest unless another is asked for."""
    version, found = _found(request, key)
    chosen = {"version": str(version.number)}
    context = {
        **_header(found.edition.title, inside=True),
        "version": version,
        "versions": list(version.module.versions.order_by("-number").values_list("number", flat=True)),
        "found": found,
        "began": people_in_words(found.began),
        "completed": people_in_words(found.completed),
        "rows": question_rows(found),
        "steps": [(step, people_in_words(step.people)) for step in found.steps],
        "how_counted": how_counted(),
        "questions_figure": _figure(_question_bars(found)),
        "steps_figure": _figure(_step_bars(found)),
        "downloads": [
            (table(found).sheet, download_links("answers:download", key, word, chosen=chosen))
            for word, table in TABLES.items()
        ],
    }
    return render(request, "reports/answers_of_module.html", context)


@require_safe
def answers_download(request: HttpRequest, key: uuid.UUID, word: str, kind: str) -> HttpResponse:
    """One of the page's tables as a file."""
    if word not in TABLES:
        raise Http404
    _version, found = _found(request, key)
    return attachment(request, TABLES[word](found), kind)


def _found(request: HttpRequest, key: uuid.UUID) -> tuple[ModuleVersion, Insight]:
    """404 for a module that the user may not edit, and for a version that there isn't."""
    module = get_object_or_404(modules_to_edit(request.user), key=key)
    versions = ModuleVersion.objects.filter(module=module).select_related("module").order_by("-number")
    asked = request.GET.get("version", "")
    if asked:
        versions = versions.filter(number=int(asked) if asked.isdecimal() and len(asked) < 6 else 0)
    version = versions.first()
    found = insight(version, language=(get_language() or "da")[:2]) if version else None
    if version is None or found is None:
        raise Http404
    return version, found


def _header(title: str, *, inside: bool = False) -> dict[str, Any]:
    """What Wagtail's page furniture asks for."""
    above = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    if inside:
        above.append({"url": reverse("answers:index"), "label": _("What the answers say")})
    return {
        "header_title": title,
        "page_title": title,
        "header_icon": "view",
        "breadcrumbs_items": [*above, {"url": "", "label": title}],
    }


def _question_bars(found: Insight) -> list[Bar]:
    return [
        Bar(_on_a_line(f"{number}. {question.text}"), right_in_words(question), question.percent or 0, 100)
        for number, question in enumerate(found.questions, start=1)
        if question.people and question.is_graded
    ]


def _step_bars(found: Insight) -> list[Bar]:
    return [
        Bar(_on_a_line(f"{step.number}. {step.title}"), people_in_words(step.people), step.percent or 0, 100)
        for step in found.steps
    ]


def _on_a_line(words: str) -> str:
    return Truncator(words).chars(ON_A_LINE)


def _figure(bars: list[Bar]) -> Any:
    return json.loads(profile_figure(bars).to_json()) if bars else None
