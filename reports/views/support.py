"""A colleague's support of a practice task: asked for by the learner, given by whom she asks."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.domain import support as supporting
from courses.enums import ItemKind
from courses.models import Confirmation, FreeText, SupportRequest
from organisations.forms import show_refusal
from organisations.rules import colleagues_of

from ..forms.sharing import AskColleagueForm
from ..tasks import tell_colleague
from .download import viewer_of
from .way_back import again, back_to, trail_to


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest) -> HttpResponse:
    """What colleagues ask the viewer to support: who, which module and task. Not what they wrote."""
    asked = supporting.asked_of(viewer_of(request))
    if request.method == "POST":
        _answer(request, {str(row.public_id): row for row in asked})
        return redirect("reports:support")
    rows = [
        {
            "asked": row,
            "person": row.enrolment.person,
            "edition": row.enrolment.edition,
            "task": row.enrolment.edition.items.get(row.item, {}).get("text", ""),
        }
        for row in asked
    ]
    return render(request, "reports/support.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_colleague(request: HttpRequest, text: uuid.UUID) -> HttpResponse:
    """Her own practice task: whom she has asked, who has supported it, and one more to ask."""
    me = viewer_of(request)
    own = FreeText.objects.filter(kind=ItemKind.PRACTICE_TASK, enrolment__person=me)
    row = get_object_or_404(
        own.select_related("enrolment__edition__version", "enrolment__person"), public_id=text
    )
    enrolment = row.enrolment
    task = (enrolment.pk, row.item)
    asked = list(
        SupportRequest.objects.standing()
        .filter(enrolment=enrolment, item=row.item)
        .select_related("colleague")
    )
    people = (
        colleagues_of(me)
        .filter(users__is_active=True)
        .exclude(pk__in=[one.colleague_id for one in asked])
        .distinct()
    )
    form = AskColleagueForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST" and _ask(request, row, form):
        return again(request, "reports:ask_colleague", text=row.public_id)
    context = {
        "row": row,
        "edition": enrolment.edition,
        "task": enrolment.edition.items.get(row.item, {}).get("text", ""),
        "asked": asked,
        "supports": supporting.supports_of([enrolment.pk]).get(task, []),
        "declines": supporting.declines_of([enrolment.pk]).get(task, []),
        "is_confirmed": Confirmation.objects.filter(enrolment=enrolment, item=row.item).exists(),
        "has_colleagues": people.exists(),
        "form": form,
        "back_to": back_to(request),
        "trail": trail_to(request, module=enrolment.edition.title),
    }
    return render(request, "reports/ask_colleague.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw_asking(request: HttpRequest, asked: uuid.UUID) -> HttpResponse:
    """She asks her colleague no longer. Twice is once; somebody else's is 404."""
    own = SupportRequest.objects.filter(enrolment__person=viewer_of(request)).select_related("colleague")
    row = get_object_or_404(own, public_id=asked)
    supporting.withdraw(row)
    said = _("%(person)s is no longer asked.")
    messages.success(request, said % {"person": row.colleague})
    text = get_object_or_404(FreeText, enrolment=row.enrolment_id, item=row.item)
    return again(request, "reports:ask_colleague", text=text.public_id)


def _answer(request: HttpRequest, asked: dict[str, SupportRequest]) -> None:
    """Support (`asked`) or decline (`declined`) one of what the viewer is asked. Anything else is 404."""
    declined = asked.get(request.POST.get("declined", ""))
    row = declined or asked.get(request.POST.get("asked", ""))
    if row is None:
        raise Http404
    if declined:
        supporting.decline(row)
        said = _("You have said no to %(person)s, who sees that and nothing more.")
    else:
        supporting.support(row)
        said = _("You have supported that %(person)s has done the task. It shows where it is confirmed.")
    messages.success(request, said % {"person": row.enrolment.person})


def _ask(request: HttpRequest, row: FreeText, form: AskColleagueForm) -> bool:
    if not form.is_valid():
        return False
    colleague = form.cleaned_data["colleague"]
    try:
        made = supporting.ask(row, colleague=colleague)
    except ValidationError as refused:
        show_refusal(form, refused)
        return False
    tell_colleague.enqueue(made.pk)
    messages.success(request, _("%(person)s is asked.") % {"person": colleague})
    return True
