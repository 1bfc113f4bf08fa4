"""A person says how far she is with the competencies of a domain. Only she sees it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competencies.domain.self_assessments import assess, erase_assessments, said_by
from competencies.models import Domain, Framework

from ..forms.competencies import SelfAssessmentForm
from .domain_said import say_with_a_way, where_it_stands
from .download import viewer_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def self_assessment(request: HttpRequest, code: str) -> HttpResponse:
    person = viewer_of(request)
    domain = get_object_or_404(
        Domain.objects.filter(framework__in=Framework.objects.in_use()[:1])
        .select_related("framework")
        .prefetch_related("competencies__level_texts"),
        code=code,
    )
    competencies, said = list(domain.competencies.all()), said_by(person)
    form, status = SelfAssessmentForm(competencies=competencies, said=said), 200
    if request.method == "POST":
        form, status = SelfAssessmentForm(request.POST, competencies=competencies, said=said), 422
        if form.is_valid():
            if not form.levels:
                messages.info(request, _("You chose nothing, so nothing was saved."))
                return redirect(request.path)
            assess(person, form.levels)
            say_with_a_way(request, _("Saved. Only you can see it."), domain)
            return redirect(where_it_stands(reverse("reports:profile"), domain))
    context = {"domain": domain, "form": form, "framework": domain.framework}
    return render(request, "reports/self_assessment.html", context, status=status)


@login_required
@require_POST
def erase_self_assessments(request: HttpRequest) -> HttpResponse:
    """Erase all of it. Twice is once."""
    erase_assessments(viewer_of(request))
    messages.success(request, _("What you have said about your competencies is erased."))
    return redirect("reports:my_record")
