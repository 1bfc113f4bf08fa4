"""A leader asks people of a unit to take a module, sees what came of it, and takes it back."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.domain.archiving import archived_modules
from courses.domain.assignments import (
    Asked,
    assign,
    assignments_in,
    titled,
    titles_of_modules,
    what_came_of,
    withdraw,
)
from courses.models import Assignment, Edition, Module
from courses.rules import people_to_assign_to, units_to_withdraw_in
from organisations.days import today
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.forms import show_refusal
from organisations.models import OrgUnit, Person
from organisations.rules import person_of

from ..forms.assignments import AssignForm
from ..tables.team import assigned_table, employments_in, people_of
from .download import attachment, download_links, viewer_of
from .team import PEOPLE_A_PAGE, asked_for, led_unit, trail

ASSIGNMENTS_A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign_module(request: HttpRequest, unit: uuid.UUID) -> HttpResponse:
    """The unit's people, of whom some or all are asked; the team's own filter narrows them.

    The filter and the pages (`show`) lie in the same form: nothing that was chosen or written is lost.
    """
    led = led_unit(request, unit)
    may_be = people_to_assign_to(request.user).filter(pk__in=people_of(led).values("pk"))
    asked = asked_for(request, led)
    me = person_of(request.user)
    others = [person for person in asked.people if person != me]
    is_sent = request.method == "POST" and "show" not in request.POST
    page = Paginator(others, PEOPLE_A_PAGE).get_page(request.POST.get("show", request.GET.get("side")))
    named = request.POST.getlist("people") if request.method == "POST" else request.GET.getlist("til")
    form = AssignForm(
        request.POST if is_sent else None,
        modules=_modules(),
        people=may_be,
        shown=_in_words(led, [*_chosen_elsewhere(may_be, named, page), *page]),
        initial={
            "people": named,
            **{name: request.POST.get(name) for name in ("module", "wanted_by", "note")},
        },
    )
    if is_sent and _assign(request, led, form):
        return redirect("reports:team_unit", unit=led.public_id)
    context = {
        "unit": led,
        "trail": trail(request, led),
        "choice": asked.form,
        "is_filtered": asked.is_filtered,
        "form": form,
        "page": page,
    }
    return render(request, "reports/assign.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def assigned_modules(request: HttpRequest, unit: uuid.UUID) -> HttpResponse:
    """Everything that the unit's people are asked to take, open first: whether and when it was completed."""
    led = led_unit(request, unit)
    page = Paginator(what_came_of(assignments_in(led)), ASSIGNMENTS_A_PAGE).get_page(request.GET.get("side"))
    context = {
        "unit": led,
        "trail": trail(request, led),
        "page": page,
        "rows": titled(page),
        "today": today(),
        "withdrawable": withdrawable(request, page),
        "downloads": download_links("reports:assigned_download", led.public_id),
    }
    return render(request, "reports/assigned.html", context)


@login_required
@require_safe
def assigned_download(request: HttpRequest, unit: uuid.UUID, kind: str) -> HttpResponse:
    """The whole list, all pages of it. Everyone in it can see that it was downloaded."""
    led = led_unit(request, unit)
    rows = titled(what_came_of(assignments_in(led)))
    response = attachment(request, assigned_table(led, rows), kind)
    people = [row.assignment.person for row in rows]
    note_disclosure(people, viewer=viewer_of(request), what=DisclosureKind.TEAM_FILE)
    return response


@login_required
@require_POST
def withdraw_assignment(request: HttpRequest, unit: uuid.UUID, assignment: uuid.UUID) -> HttpResponse:
    """Whoever leads the unit that asked takes it back; a second time it isn't there any more."""
    led = led_unit(request, unit)
    asked = assignments_in(led).filter(unit__in=units_to_withdraw_in(request.user))
    row = get_object_or_404(asked.select_related("person"), public_id=assignment)
    withdraw(row, by=person_of(request.user))
    said = _("%(person)s is no longer asked to take the module.")
    messages.success(request, said % {"person": row.person})
    if "person" in request.POST:
        return redirect("reports:team_person", unit=led.public_id, person=row.person.public_id)
    return redirect("reports:assigned_modules", unit=led.public_id)


def withdrawable(request: HttpRequest, rows: Iterable[Assignment]) -> set[int]:
    """Those of the units that asked in which the user may take it back."""
    units = {row.unit_id for row in rows}
    return set(units_to_withdraw_in(request.user).filter(pk__in=units).values_list("pk", flat=True))


def _modules() -> list[tuple[str, str]]:
    """What can be assigned: modules that were published and aren't archived, by their codes."""
    published = Module.objects.filter(versions__editions__in=Edition.objects.all()).distinct()
    modules = list(published.exclude(pk__in=archived_modules()))
    titles = titles_of_modules(module.pk for module in modules)
    return [(str(module.key), titles[module.pk]) for module in modules]


def _chosen_elsewhere(people: QuerySet[Person], named: Iterable[str], page: Page) -> list[Person]:
    """Of these people those who are chosen and not on the page: they stay in sight, and chosen."""
    missing = {key for key in map(_uuid, named) if key} - {person.public_id for person in page}
    return list(people.filter(public_id__in=missing)) if missing else []


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _in_words(unit: OrgUnit, people: list[Person]) -> list[tuple[Person, str]]:
    """Each with name and what she works there as."""
    work = employments_in(unit, people)
    return [
        (
            person,
            ", ".join(dict.fromkeys([person.full_name, *(row.profession.name for row in work[person.pk])])),
        )
        for person in people
    ]


def _assign(request: HttpRequest, unit: OrgUnit, form: AssignForm) -> bool:
    """Assign, or say in the form why not; nothing that was typed is lost."""
    if not form.is_valid():
        return False
    filled = form.cleaned_data
    module = Module.objects.filter(key=filled["module"]).first()
    if module is None:
        raise Http404
    try:
        asked = assign(
            module,
            to=filled["people"],
            unit=unit,
            by=person_of(request.user),
            wanted_by=filled["wanted_by"],
            note=filled["note"],
        )
    except ValidationError as refused:
        show_refusal(form, refused)
        return False
    _say(request, asked, dict(_modules())[filled["module"]])
    return True


def _say(request: HttpRequest, asked: Asked, title: str) -> None:
    """Who is asked now, and who was passed over."""
    if len(asked.assigned) == 1:
        said = _("“%(module)s” is assigned to %(person)s.")
        messages.success(request, said % {"module": title, "person": asked.assigned[0].person})
    elif asked.assigned:
        said = _("“%(module)s” is assigned to %(n)s people.")
        messages.success(request, said % {"module": title, "n": len(asked.assigned)})
    for people, why in (
        (asked.asked_before, _("Asked before, so nothing has changed for: %(people)s.")),
        (asked.completed, _("Not asked, because they have completed the module: %(people)s.")),
    ):
        if people:
            messages.info(request, why % {"people": ", ".join(person.full_name for person in people)})
