"""A leader's units, and the people of one: who needs what. Nothing outside the leader's line."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.coverage import leaving
from certification.domain.reporting import report_unit
from certification.models import UnitReport
from competencies.models import Domain, Framework
from courses.domain import practice
from courses.domain.assignments import assignments_in, titled, what_came_of
from organisations.days import today
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.models import OrgUnit, Person, Profession
from organisations.rules import leads_units, may_appoint, may_appoint_deputy, person_of

from ..forms.team import TeamForm
from ..rules import people_to_confirm_for
from ..tables.team import (
    key_persons_of,
    key_persons_table,
    people_of,
    team_rows,
    team_table,
    with_a_gap,
    work_in,
)
from .download import attachment, download_links, viewer_of

PEOPLE_A_PAGE = 50
#: How many of the open assignments stand on the team's page, those first that are wanted first.
ASSIGNMENTS_SHOWN = 10


@dataclass
class Asked:
    """Which of the unit's people were asked for, by name; everyone where the question is wrong."""

    form: TeamForm
    framework: Framework | None
    domains: list[Domain]
    people: list[Person]

    @property
    def is_filtered(self) -> bool:
        return bool(self.form.profession or self.form.lacks)


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
    asked = asked_for(request, led)
    page = Paginator(asked.people, PEOPLE_A_PAGE).get_page(request.GET.get("side"))
    everyone = people_of(led)
    key_persons = key_persons_of(led)
    leaves = leaving(key_persons, on=today())
    assignments = what_came_of(assignments_in(led))
    context = {
        "unit": led,
        "form": asked.form,
        "is_filtered": asked.is_filtered,
        "total": everyone.count(),
        "page": page,
        "domains": asked.domains,
        "rows": team_rows(led, page),
        "downloads": download_links(
            "reports:team_download",
            led.public_id,
            chosen=asked.form.cleaned_data if asked.is_filtered else {},
        ),
        "key_persons": [(grant, leaves.get(grant.pk)) for grant in key_persons],
        "key_person_downloads": download_links("reports:team_key_persons_download", led.public_id),
        "report": UnitReport.objects.filter(unit=led).made_by(today()).select_related("reported_by").first(),
        "may_report": may_appoint(request.user, led),
        "may_appoint_deputy": may_appoint_deputy(request.user, led),
        "waiting": practice.number_awaiting(everyone.filter(pk__in=people_to_confirm_for(request.user))),
        "assigned": titled(assignments.filter(completed_at__isnull=True)[:ASSIGNMENTS_SHOWN]),
        "number_of_assigned": assignments.count(),
        "number_of_completed": assignments.filter(completed_at__isnull=False).count(),
        "today": today(),
        "trail": trail(request),
        "framework": asked.framework,
    }
    return render(request, "reports/team.html", context)


@login_required
@require_safe
def team_download(request: HttpRequest, unit: uuid.UUID, kind: str) -> HttpResponse:
    """The whole table, all pages of it. Everyone in it can see that it was downloaded."""
    led = led_unit(request, unit)
    asked = asked_for(request, led)
    if asked.form.errors:
        raise Http404
    rows = team_rows(led, asked.people)
    table = team_table(
        led, rows, framework=asked.framework, domains=asked.domains, chosen=asked.form.in_words
    )
    response = attachment(request, table, kind)
    note_disclosure(asked.people, viewer=viewer_of(request), what=DisclosureKind.TEAM_FILE)
    return response


@login_required
@require_safe
def team_key_persons_download(request: HttpRequest, unit: uuid.UUID, kind: str) -> HttpResponse:
    led = led_unit(request, unit)
    grants = key_persons_of(led)
    response = attachment(request, key_persons_table(led, grants), kind)
    people = [grant.person for grant in grants]
    note_disclosure(people, viewer=viewer_of(request), what=DisclosureKind.KEY_PERSONS_FILE)
    return response


@login_required
@require_POST
def report_key_persons(request: HttpRequest, unit: uuid.UUID) -> HttpResponse:
    """The leader reports that the list of the unit's key persons is right, as of today."""
    led = led_unit(request, unit)
    if not may_appoint(request.user, led):
        raise Http404
    try:
        report_unit(led, by=person_of(request.user))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = _("It is reported that the list of key persons in %(unit)s is right as of today.")
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


def asked_for(request: HttpRequest, unit: OrgUnit) -> Asked:
    """The choice that the request holds, and the people that it leaves."""
    chosen = request.POST if request.method == "POST" else request.GET
    framework = Framework.objects.in_use().first()
    domains = list(framework.domains.all()) if framework else []
    professions = Profession.objects.filter(pk__in=work_in(unit).values("profession"))
    form = TeamForm(
        {"faggruppe": chosen.get("faggruppe", ""), "mangler": chosen.get("mangler", "")},
        professions=sorted(professions, key=lambda profession: profession.name),
        domains=domains,
    )
    form.full_clean()
    if form.errors:
        form.cleaned_data = {}
    people = list(people_of(unit, profession=form.profession))
    if form.lacks:
        people = with_a_gap(people, domain=form.domain)
    return Asked(form, framework, domains, people)
