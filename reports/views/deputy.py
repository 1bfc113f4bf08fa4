"""Who stands in for a leader who is away: for some days, in one unit and what lies under it."""

import datetime as dt
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisations.days import holds_on, today
from organisations.domain.deputies import appoint_deputy, end_deputy
from organisations.enums import LEADING_ROLES, Role
from organisations.forms import show_refusal
from organisations.models import OrgUnit, Person, RoleGrant
from organisations.rules import may_appoint_deputy, person_of

from ..forms.deputy import DeputyForm
from .team import led_unit, trail

ONE_DAY = dt.timedelta(days=1)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest, unit: uuid.UUID) -> HttpResponse:
    """The unit's deputies, now and to come; a leader appoints one or ends one here."""
    led = led_unit(request, unit)
    if not may_appoint_deputy(request.user, led):
        raise Http404
    standing = (
        RoleGrant.objects.with_role(Role.DEPUTY)
        .in_units([led])
        .exclude(ends_on__lte=today())
        .select_related("person")
    )
    form = DeputyForm(people=_candidates(request, led))
    if request.method == "POST":
        if "end" in request.POST:
            return _end(request, led, _named(standing, request.POST["end"]))
        form = DeputyForm(request.POST, people=_candidates(request, led))
        if _appoint(request, led, form):
            return redirect("reports:deputies", unit=led.public_id)
    context = {
        "unit": led,
        "standing": [(grant, key_of(grant), grant.ends_on and grant.ends_on - ONE_DAY) for grant in standing],
        "form": form,
        "trail": trail(request, led),
    }
    return render(request, "reports/deputies.html", context, status=422 if form.errors else 200)


def _candidates(request: HttpRequest, unit: OrgUnit) -> QuerySet[Person]:
    """Who works in the unit or under it, and who leads above it or directly beside it; not oneself."""
    above = OrgUnit.objects.above(unit)
    beside = OrgUnit.objects.filter(
        holds_on(today(), "parent_links__"), parent_links__parent__in=above.exclude(pk=unit.pk)
    )
    leading = RoleGrant.objects.active().with_role(*LEADING_ROLES)
    leaders = leading.filter(Q(unit__in=above) | Q(unit__in=beside))
    working = Person.objects.employed_in(OrgUnit.objects.under(unit))
    people: QuerySet[Person] = Person.objects.filter(
        Q(pk__in=working.values("pk")) | Q(pk__in=leaders.values("person"))
    )
    me = person_of(request.user)
    return people.exclude(pk=me.pk) if me else people


def _appoint(request: HttpRequest, unit: OrgUnit, form: DeputyForm) -> bool:
    if not form.is_valid():
        return False
    person = form.cleaned_data["person"]
    try:
        appoint_deputy(
            person,
            unit=unit,
            starts_on=form.cleaned_data["starts_on"],
            last_day=form.cleaned_data["last_day"],
            by=person_of(request.user),
        )
    except ValidationError as refused:
        show_refusal(form, refused)
        return False
    said = _("%(person)s sees the team in %(unit)s from %(first)s up to and including %(last)s.")
    messages.success(
        request,
        said
        % {
            "person": person,
            "unit": unit,
            "first": date_format(form.cleaned_data["starts_on"]),
            "last": date_format(form.cleaned_data["last_day"]),
        },
    )
    return True


def _end(request: HttpRequest, unit: OrgUnit, grant: RoleGrant) -> HttpResponse:
    try:
        day = end_deputy(grant, by=person_of(request.user))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = _("%(person)s is no longer deputy from %(day)s.")
        messages.success(request, said % {"person": grant.person, "day": date_format(day)})
    return redirect("reports:deputies", unit=unit.public_id)


def key_of(grant: RoleGrant) -> str:
    """What names a deputy's grant in the form: who, from when."""
    return f"{grant.person.public_id}.{grant.starts_on:%Y-%m-%d}"


def _named(standing: QuerySet[RoleGrant], key: str) -> RoleGrant:
    for grant in standing:
        if key_of(grant) == key:
            return grant
    raise Http404
