"""A person's own profile: what is asked, what was shown, what showed it; and which mails she gets."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from competencies.domain.self_assessments import said_by
from competencies.models import Framework
from competencies.standing import DomainStanding, standings
from organisations.rules import person_of

from ..figures.profile import Bar, profile_figure
from ..forms.mails import MailsForm
from ..rules import mails_to
from ..tables.next_steps import next_steps
from ..tables.sources import open_domains
from .domain_said import OPENED
from .download import viewer_of


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    if person is None:
        return render(request, "reports/no_person.html", {"title": _("My profile")})
    standing = standings([person])[person.pk]
    bars = [bar_of(domain) for domain in standing.domains if domain.required]
    context = {
        "mails": MailsForm(person=person, kinds=mails_to(request.user)),
        "back_office_account": (
            reverse("wagtailadmin_account") if request.user.has_perm("wagtailadmin.access_admin") else ""
        ),
        "has_address": person.users.filter(is_active=True, email__isnull=False).exists(),
        "standing": standing,
        "domains": open_domains(standing, said=said_by(person), steps=next_steps(person, standing)),
        "bars": bars,
        "figure": json.loads(profile_figure(bars).to_json()) if bars else None,
        "opened": request.GET.get(OPENED, ""),
        "framework": Framework.objects.in_use().first(),
    }
    return render(request, "reports/profile.html", context)


@login_required
@require_POST
def choose_mails(request: HttpRequest) -> HttpResponse:
    """Which mails she gets, of those that may come to her."""
    form = MailsForm(request.POST, person=viewer_of(request), kinds=mails_to(request.user))
    if form.is_valid():
        form.write()
        messages.success(request, _("Saved."))
    return redirect(f"{reverse('reports:profile')}#mails")


def bar_of(domain: DomainStanding) -> Bar:
    count = _("%(done)s of %(total)s") % {"done": domain.reached, "total": domain.required}
    return Bar(domain.domain.name, count, domain.reached, domain.required)
