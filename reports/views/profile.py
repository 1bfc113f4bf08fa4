"""A person's own profile: what is asked, what was shown, and what showed it."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from competencies.models import Framework
from competencies.standing import DomainStanding, standings
from organisations.rules import person_of

from ..figures.profile import Bar, profile_figure
from ..tables.sources import open_domains


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    if person is None:
        return render(request, "reports/no_person.html", {"title": _("My profile")})
    standing = standings([person])[person.pk]
    bars = [bar_of(domain) for domain in standing.domains if domain.required]
    context = {
        "standing": standing,
        "domains": open_domains(standing),
        "bars": bars,
        "figure": json.loads(profile_figure(bars).to_json()) if bars else None,
        "framework": Framework.objects.in_use().first(),
    }
    return render(request, "reports/profile.html", context)


def bar_of(domain: DomainStanding) -> Bar:
    count = _("%(done)s of %(total)s") % {"done": domain.reached, "total": domain.required}
    return Bar(domain.domain.name, count, domain.reached, domain.required)
