"""One person of a leader's team, opened down to completions and confirmations, and what to do here."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certification.domain.key_persons import KEY_PERSON_PROFESSIONS, appoint, end_appointment
from competencies.models import Framework
from competencies.rules import people_to_sign_off
from competencies.standing import standings
from courses.domain import practice
from courses.domain.assignments import assignments_in, titled, what_came_of
from courses.rules import people_to_assign_to
from organisations.days import today
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind, Role
from organisations.forms import show_refusal
from organisations.models import Employment, OrgUnit, Person, RoleGrant
from organisations.rules import leads_units, may_appoint, person_of

from ..forms.key_persons import AppointForm, EndAppointmentForm
from ..rules import people_to_confirm_for
from ..tables.sources import open_domains
from ..tables.team import employments_in, people_of
from .assignments import withdrawable
from .domain_said import OPENED
from .download import viewer_of
from .team import led_unit, trail


@dataclass
class Appointment:
    """A standing or coming appointment that the leader may end. `key` names it in the form."""

    grant: RoleGrant
    key: str
    form: EndAppointmentForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def team_person(request: HttpRequest, unit: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    led = led_unit(request, unit)
    member = get_object_or_404(people_of(led), public_id=person)
    work = employments_in(led, [member])[member.pk]
    places = _places(request, work)
    appointments = [_appointment(grant) for grant in _grants(member, places)]
    appoint_form = AppointForm(units=places, initial={"unit": _her_own(work, led).public_id})
    status = 200
    if request.method == "POST":
        if "appoint" in request.POST:
            appoint_form = AppointForm(request.POST, units=places)
            done = _appoint(request, member, appoint_form)
        else:
            appointment = _named(appointments, request.POST.get("end", ""))
            appointment.form = EndAppointmentForm(request.POST, appointment=appointment.key)
            done = _end(request, appointment)
        if done:
            return redirect("reports:team_person", unit=led.public_id, person=member.public_id)
        status = 422
    note_disclosure([member], viewer=viewer_of(request), what=DisclosureKind.PERSON_PAGE)
    standing = standings([member])[member.pk]
    assigned = titled(what_came_of(assignments_in(led).of_people([member])))
    context = {
        "unit": led,
        "trail": trail(request, led),
        "person": member,
        "employments": work,
        "standing": standing,
        "domains": open_domains(standing),
        "opened": request.GET.get(OPENED, ""),
        "waiting": practice.number_awaiting(people_to_confirm_for(request.user).filter(pk=member.pk)),
        "assigned": assigned,
        "withdrawable": withdrawable(request, [row.assignment for row in assigned]),
        "may_assign": people_to_assign_to(request.user).filter(pk=member.pk).exists(),
        "today": today(),
        "may_sign_off": people_to_sign_off(request.user).filter(pk=member.pk).exists(),
        "framework": Framework.objects.in_use().first(),
        "appointments": appointments,
        "appoint_form": appoint_form if places else None,
        "can_be_key_person": any(row.profession.code in KEY_PERSON_PROFESSIONS for row in work),
        "educations": member.key_person_educations.all(),
    }
    return render(request, "reports/team_person.html", context, status=status)


def _places(request: HttpRequest, work: list[Employment]) -> QuerySet[OrgUnit]:
    """Where the leader may appoint the person: led units that she works in or under."""
    above = OrgUnit.objects.above([row.unit_id for row in work])
    return leads_units(request.user).filter(pk__in=above.values("pk"))


def _her_own(work: list[Employment], led: OrgUnit) -> OrgUnit:
    """Which unit stands chosen: the led one, unless she works elsewhere as one who can be a key person."""
    own = [row.unit for row in work if row.profession.code in KEY_PERSON_PROFESSIONS]
    return own[0] if own and led not in own else led


def _grants(person: Person, places: QuerySet[OrgUnit]) -> QuerySet[RoleGrant]:
    """Appointments in these units that haven't ended, coming ones too."""
    standing = Q(ends_on__isnull=True) | Q(ends_on__gt=today())
    grants = RoleGrant.objects.with_role(Role.KEY_PERSON).in_units(places).filter(standing, person=person)
    return grants.select_related("unit", "granted_by", "person")


def _appointment(grant: RoleGrant) -> Appointment:
    key = f"{grant.unit.public_id}.{grant.starts_on:%Y-%m-%d}" if grant.unit else ""
    return Appointment(grant, key, EndAppointmentForm(appointment=key))


def _named(appointments: list[Appointment], key: str) -> Appointment:
    for appointment in appointments:
        if appointment.key == key:
            return appointment
    raise Http404


def _appoint(request: HttpRequest, person: Person, form: AppointForm) -> bool:
    """Appoint, or say in the form why not; nothing that was typed is lost."""
    if not form.is_valid():
        return False
    filled = form.cleaned_data
    if not may_appoint(request.user, filled["unit"]):
        raise Http404
    try:
        grant = appoint(
            person,
            unit=filled["unit"],
            starts_on=filled["starts_on"],
            by=person_of(request.user),
            educated_on=filled["educated_on"],
            **({"education_kind": filled["education_kind"]} if filled["education_kind"] else {}),
        )
    except ValidationError as refused:
        show_refusal(form, refused)
        return False
    said = _("%(person)s is appointed key person of %(unit)s.")
    messages.success(request, said % {"person": person, "unit": grant.unit})
    return True


def _end(request: HttpRequest, appointment: Appointment) -> bool:
    form = appointment.form
    if not form.is_valid():
        return False
    try:
        end_appointment(
            appointment.grant,
            on=form.cleaned_data["on"],
            by=person_of(request.user),
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as refused:
        show_refusal(form, refused)
        return False
    messages.success(request, _("The appointment ends. What was registered until then is kept."))
    return True
