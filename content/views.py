"""*Min side*: the next thing to do, and what I was in the middle of."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from certification.models import Certificate
from courses.domain.error_reports import recent_answers
from courses.domain.support import asked_of
from organisations.days import today
from organisations.models import Employment
from organisations.rules import person_of

from .journey import asked_rows, list_context, path_rows
from .models import ModulePage


@login_required
def home(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    language = (get_language() or "da")[:2]
    pages = ModulePage.objects.live().filter(locale__language_code=language).order_by("code")
    context = list_context(request, pages)
    rows = context["rows"]
    asked = asked_rows(person, pages)

    def is_for_me(row: dict[str, Any]) -> bool:
        """For her profession, and not asked of her above; without a profession, every module may be."""
        is_asked = row["page"].translation_key in {wanted.assignment.module.key for wanted, _page in asked}
        return (row["is_mine"] or not context["has_profession"]) and not is_asked

    employments = (
        Employment.objects.current()
        .filter(person=person)
        .select_related("unit", "profession")
        .order_by("starts_on")
        if person
        else []
    )
    return render(
        request,
        "content/home.html",
        {
            "person": person,
            "employments": employments,
            "today": today(),
            "paths": path_rows(person, pages),
            "support_asked": asked_of(person) if person else [],
            "replies": recent_answers(person) if person else [],
            "assigned": asked,
            "certificates": Certificate.objects.filter(person=person) if person else [],
            "going": [row for row in rows if row["state"] == "open"],
            "new": [row for row in rows if row["state"] == "new" and is_for_me(row)],
            "done": [row for row in rows if row["state"] == "done"],
        },
    )
