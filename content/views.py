"""*Min side*: the next thing to do, and what I was in the middle of."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from organisations.models import Employment

from .journey import list_context
from .models import ModulePage


@login_required
def home(request: HttpRequest) -> HttpResponse:
    language = (get_language() or "da")[:2]
    pages = ModulePage.objects.live().filter(locale__language_code=language).order_by("code")
    context = list_context(request, pages)
    rows = context["rows"]
    employments = (
        Employment.objects.current()
        .filter(person=request.user.person)
        .select_related("unit", "profession")
        .order_by("starts_on")
        if request.user.person
        else []
    )
    return render(
        request,
        "content/home.html",
        {
            "person": request.user.person,
            "employments": employments,
            "going": [row for row in rows if row["state"] == "open"],
            "new": [row for row in rows if row["state"] == "new" and row["is_mine"]],
            "done": [row for row in rows if row["state"] == "done"],
        },
    )
