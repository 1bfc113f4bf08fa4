"""A leader signs off that somebody of her team has a competency, or takes that back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from competencies.domain import sign_offs
from competencies.enums import Rank
from competencies.models import Competency, Framework, SignOff
from competencies.rules import people_to_sign_off, sign_offs_to_take_back
from competencies.standing import standings
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.forms import show_refusal
from organisations.models import Person

from ..forms.competencies import SignOffForm
from ..tables.sources import rests_on
from .domain_said import say_with_a_way, where_it_stands
from .download import viewer_of
from .team import led_unit, people_of, trail

#: What is said of each level that was confirmed.
CONFIRMED = {
    Rank.BASIC: gettext_lazy("You have confirmed that %(person)s is at the basic level in “%(competency)s”."),
    Rank.PRACTISING: gettext_lazy("You have confirmed that %(person)s is practising in “%(competency)s”."),
    Rank.RESOURCE: gettext_lazy(
        "You have confirmed that %(person)s is a resource person in “%(competency)s”."
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: HttpRequest, unit: uuid.UUID, person: uuid.UUID, code: str) -> HttpResponse:
    """One competency of one person. 404 for whoever doesn't lead her today, and for herself."""
    led = led_unit(request, unit)
    member = get_object_or_404(
        people_to_sign_off(request.user), pk__in=people_of(led).values("pk"), public_id=person
    )
    competency = get_object_or_404(
        Competency.objects.filter(domain__framework__in=Framework.objects.in_use()[:1])
        .select_related("domain__framework")
        .prefetch_related("level_texts"),
        code=code,
    )
    form, status = SignOffForm(competency=competency), 200
    her_page = reverse("reports:team_person", args=[led.public_id, member.public_id])
    if request.method == "POST":
        if "take_back" in request.POST:
            _take_back(request, member, request.POST["take_back"])
            return redirect(request.path)
        form, status = SignOffForm(request.POST, competency=competency), 422
        if _sign_off(request, member, competency, form):
            return redirect(where_it_stands(her_page, competency.domain))
    note_disclosure([member], viewer=viewer_of(request), what=DisclosureKind.PERSON_PAGE)
    domains = standings([member])[member.pk].domains
    context = {
        "form": form,
        "unit": led,
        "person": member,
        "competency": competency,
        "standing": next(
            row for domain in domains for row in domain.competencies if row.competency == competency
        ),
        "framework": competency.domain.framework,
        "signed": [
            (row, rests_on(row))
            for row in sign_offs_to_take_back(request.user)
            .filter(person=member)
            .of_any_version(competency)
            .select_related("signed_by")
        ],
        "trail": [*trail(request, led), (member.full_name, her_page)],
    }
    return render(request, "reports/sign_off.html", context, status=status)


def _sign_off(request: HttpRequest, person: Person, competency: Competency, form: SignOffForm) -> bool:
    """Sign off, or say in the form why not; nothing that was typed is lost."""
    if not form.is_valid():
        return False
    try:
        row = sign_offs.sign_off(person, competency=competency, by=viewer_of(request), **form.cleaned_data)
    except ValidationError as refused:
        show_refusal(form, refused)
        return False
    words = CONFIRMED[Rank(row.level)] % {"person": person, "competency": competency.title}
    say_with_a_way(request, words, competency.domain)
    return True


def _take_back(request: HttpRequest, person: Person, named: str) -> None:
    """Twice is once; one that isn't hers to take back is 404."""
    try:
        row = SignOff.objects.filter(person=person, public_id=uuid.UUID(named)).first()
    except ValueError:
        raise Http404 from None
    if row is None:
        raise Http404
    if row.taken_back_at is None:
        if not sign_offs_to_take_back(request.user).filter(pk=row.pk).exists():
            raise Http404
        sign_offs.take_back(row, by=viewer_of(request))
    messages.success(request, _("It is taken back, and shows nothing any more."))
