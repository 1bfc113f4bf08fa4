"""A leader's units, and the people of one: who needs what. Nothing outside the leader's line."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from certification.domain.reporting import report_unit
from certification.models import UnitReport
from competencies.models import Framework
from competencies.standing import standings
from courses.domain import practice
from organisations.days import today
from organisations.enums import Role
from organisations.models import Employment, OrgUnit, Person, RoleGrant
from organisations.rules import leads_units, may_appoint, may_appoint_deputy, person_of

from ..rules import people_to_confirm_for

PEOPLE_A_PAGE = 50


@login_required
def team(request: HttpRequest) -> HttpResponse:
    """The units that the user leads, and those under them; on to the unit where there is just one."""
    units = list(leads_units(request.user))
    if not units:
        raise Http404
    if len(units) == 1:
        return redirect("reports:team_unit", unit=units[0].public_id)
    return render(request, "reports/team_units.html", {"units": units})


@login_required
@require_http_methods(["GET", "HEAD"])
def team_unit(request: HttpRequest, unit: uuid.UUID) -> HttpResponse:
    """The people who work in the unit or under it today × the domains of the framework."""
    led = led_unit(request, unit)
    people = people_of(led)
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("side"))
    shown = list(page)
    standing = standings(shown)
    work = employments_in(led, shown)
    key_persons = RoleGrant.objects.active().with_role(Role.KEY_PERSON).in_units(OrgUnit.objects.under(led))
    context = {
        "unit": led,
        "page": page,
        "domains": next((row.domains for row in standing.values()), []),
        "rows": [
            {"person": person, "standing": standing[person.pk], "employments": work.get(person.pk, [])}
            for person in shown
        ],
        "key_persons": key_persons.select_related("person", "unit"),
        "report": UnitReport.objects.filter(unit=led).made_by(today()).select_related("reported_by").first(),
        "may_report": may_appoint(request.user, led),
        "may_appoint_deputy": may_appoint_deputy(request.user, led),
        "waiting": len(practice.awaiting(people.filter(pk__in=people_to_confirm_for(request.user)))),
        "trail": trail(request),
        "framework": Framework.objects.in_use().first(),
    }
    return render(request, "reports/team.html", context)


@login_required
@require_POST
def report_key_persons(request: HttpRequest, unit: uuid.UUID) -> HttpResponse:
    """The leader says that the list of the unit's key persons is right, as of today."""
    led = led_unit(request, unit)
    if not may_appoint(request.user, led):
        raise Http404
    try:
        report_unit(led, by=person_of(request.user))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = _("It is noted that the list of key persons in %(unit)s is right as of today.")
        messages.success(request, said % {"unit": led})
    return redirect("reports:team_unit", unit=led.public_id)


def led_unit(request: HttpRequest, unit: uuid.UUID) -> OrgUnit:
    """The unit, where the user leads it today; 404 for everybody else, whoever they are."""
    return get_object_or_404(leads_units(request.user), public_id=unit)


def trail(request: HttpRequest, *below: OrgUnit) -> list[tuple[str, str]]:
    """The way back: to all units, where there are several, and to the unit that the page is below."""
    several = leads_units(request.user).count() > 1
    units = [(unit.name, reverse("reports:team_unit", args=[unit.public_id])) for unit in below]
    return [(_("My team"), reverse("reports:team")), *units] if several else units


def people_of(unit: OrgUnit) -> QuerySet[Person]:
    """Who works in the unit or under it today, by name."""
    people: QuerySet[Person] = Person.objects.employed_in(OrgUnit.objects.under(unit))
    return people


def employments_in(unit: OrgUnit, people: list[Person]) -> dict[int, list[Employment]]:
    """Today's employments of these people in the unit or under it, by person; nothing of their other work."""
    rows = Employment.objects.current().in_units(OrgUnit.objects.under(unit))
    work: dict[int, list[Employment]] = {}
    for row in rows.filter(person__in=people).select_related("unit", "profession"):
        work.setdefault(row.person_id, []).append(row)
    return work
