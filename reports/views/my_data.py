"""What a person does with her own data: takes it along, and erases her own words."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses.domain import free_text, task_notes
from courses.domain.error_reports import erase_report, own_reports
from courses.models import FreeText, TaskNote
from organisations.days import today

from ..tables.my_data import my_data_json
from .download import as_attachment, viewer_of


@login_required
@require_safe
def download(request: HttpRequest) -> StreamingHttpResponse:
    """Everything about the one who is logged in, and about nobody else."""
    response = StreamingHttpResponse(my_data_json(viewer_of(request)), content_type="application/json")
    as_attachment(response, f"mine-data-{today().isoformat()}.json")
    return response


@login_required
@require_POST
def erase_text(request: HttpRequest, text: uuid.UUID) -> HttpResponse:
    """Erase what she wrote. Twice is once; somebody else's is 404."""
    row = get_object_or_404(FreeText, public_id=text, enrolment__person=viewer_of(request))
    if row.erased_at is None:
        free_text.erase(row)
    messages.success(request, _("Your words are erased. That you wrote, and on which day, is kept."))
    return redirect("reports:my_record")


@login_required
@require_POST
def erase_note(request: HttpRequest, note: uuid.UUID) -> HttpResponse:
    """Erase a note that she wrote, or one on a task of hers that is confirmed. Twice is once; else 404."""
    me = viewer_of(request)
    hers = Q(written_by=me) | Q(pk__in=task_notes.erasable_by_learner(me).values("pk"))
    row = get_object_or_404(TaskNote.objects.filter(hers), public_id=note)
    task_notes.erase(row)
    messages.success(request, _("The words are erased. That more was asked for, and on which day, is kept."))
    return redirect("reports:my_record")


@login_required
@require_POST
def erase_error_report(request: HttpRequest, report: uuid.UUID) -> HttpResponse:
    """Erase what she reported. Twice is once; somebody else's is 404."""
    row = get_object_or_404(own_reports(viewer_of(request)), public_id=report)
    if row.erased_at is None:
        erase_report(row)
    messages.success(
        request,
        _("Your words are erased. That an error was reported at that step, and its answer, are kept."),
    )
    return redirect("reports:my_record")
