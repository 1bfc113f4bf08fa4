"""Reflections that are shared: where the learner shares and takes back, and where others read."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.domain import sharing
from courses.domain.assignments import titles_of_modules
from courses.enums import Audience, ItemKind
from courses.models import FreeText, Sharing
from courses.rules import reads_shared, reads_unnamed, shared_with
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.forms import show_refusal
from organisations.rules import is_key_person, is_leader

from ..forms.sharing import ShareForm, in_words
from .download import viewer_of
from .way_back import again, back_to, trail_to

SHARED_A_PAGE = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share_text(request: HttpRequest, text: uuid.UUID) -> HttpResponse:
    """Her own reflection: who may read it now, and who else may."""
    own = FreeText.objects.filter(kind=ItemKind.REFLECTION, enrolment__person=viewer_of(request))
    row = get_object_or_404(own.standing().select_related("enrolment__edition__version"), public_id=text)
    choices = {choice.key: choice for choice in sharing.choices_for(viewer_of(request))}
    standing = [(one, _key(one)) for one in row.sharings.standing().with_text()]
    taken = {key for _one, key in standing}
    form = ShareForm(choices=[choice for key, choice in choices.items() if key not in taken])
    if request.method == "POST":
        # All of them: a second click shares what is shared.
        form = ShareForm(request.POST, choices=choices.values())
        if _share(request, row, form):
            return again(request, "reports:share_text", text=row.public_id)
    edition = row.enrolment.edition
    context = {
        "row": row,
        "edition": edition,
        "question": edition.items.get(row.item, {}).get("text", ""),
        "standing": [
            {"sharing": one, "said": in_words(choices[key]) if key in choices else ""}
            for one, key in standing
        ],
        "form": form,
        "back_to": back_to(request),
        "trail": trail_to(request, module=edition.title),
    }
    return render(request, "reports/share.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take_back(request: HttpRequest, shared: uuid.UUID) -> HttpResponse:
    """Take it back. Twice is once; somebody else's is 404."""
    own = Sharing.objects.filter(text__enrolment__person=viewer_of(request)).select_related("text")
    row = get_object_or_404(own, public_id=shared)
    sharing.take_back(row)
    messages.success(request, _("It is taken back. Nobody there can read it any more."))
    if row.text.erased_at:
        return redirect("reports:my_record")
    return again(request, "reports:share_text", text=row.text.public_id)


@login_required
@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """What is shared with the viewer by name, now. Each whose words are shown is told who has looked."""
    named = is_leader(request.user) or is_key_person(request.user)
    if not named and reads_unnamed(request.user):
        return redirect("reports:shared_unnamed")
    page = _page(request, shared_with(request.user).with_text() if named else Sharing.objects.none())
    rows = [
        {
            "sharing": row,
            "person": row.text.enrolment.person,
            "edition": row.text.enrolment.edition,
            "question": row.text.enrolment.edition.items.get(row.text.item, {}).get("text", ""),
        }
        for row in page
    ]
    if rows:
        people = [row["person"] for row in rows]
        note_disclosure(people, viewer=viewer_of(request), what=DisclosureKind.SHARED_TEXT)
    context = {
        "page": page,
        "rows": rows,
        "reads": reads_shared(request.user),
        "reads_unnamed": reads_unnamed(request.user),
    }
    return render(request, "reports/shared.html", context)


@login_required
@require_safe
def shared_unnamed(request: HttpRequest) -> HttpResponse:
    """Words, question and module: no name, place, profession or day, and in no order of time."""
    if not reads_unnamed(request.user):
        raise Http404
    standing = Sharing.objects.standing().filter(audience=Audience.UNNAMED)
    page = _page(
        request, standing.with_text().order_by("text__enrolment__module__code", "text__item", "public_id")
    )
    modules = {row.text.enrolment.module_id for row in page}
    titles = titles_of_modules(modules)
    rows = [
        {
            "module": titles.get(row.text.enrolment.module_id, ""),
            "question": row.text.enrolment.edition.items.get(row.text.item, {}).get("text", ""),
            "text": row.text.text,
            "language": row.text.enrolment.edition.language,
        }
        for row in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "reads_named": is_leader(request.user) or is_key_person(request.user),
    }
    return render(request, "reports/shared_unnamed.html", context)


def _page(request: HttpRequest, rows: QuerySet[Sharing]) -> Page:
    return Paginator(rows, SHARED_A_PAGE).get_page(request.GET.get("side"))


def _key(one: Sharing) -> str:
    """The key of the choice that was made (`sharing.Choice.key`)."""
    return f"{one.audience}.{one.unit.public_id}" if one.unit else one.audience


def _share(request: HttpRequest, row: FreeText, form: ShareForm) -> bool:
    """Share it, or say in the form why not; nothing that was typed is lost."""
    if not form.is_valid():
        return False
    try:
        sharing.share(row, with_whom=form.chosen, comment=form.cleaned_data["comment"])
    except ValidationError as refused:
        show_refusal(form, refused)
        return False
    messages.success(request, _("It is shared. You can take it back at any time."))
    return True
