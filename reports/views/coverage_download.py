"""Coverage as files: the numbers of the pages, and the key persons behind them."""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from certification.coverage import Coverage, coverage, national_coverage
from certification.rules import coverage_areas, may_see_coverage
from organisations.domain.disclosures import note_disclosure
from organisations.enums import DisclosureKind
from organisations.models import Area

from ..tables.coverage import area_table, country_table, key_persons_table
from .coverage import asked, rows_asked, status_asked
from .download import attachment, viewer_of


@login_required
@require_safe
def country_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The municipalities on a day. Counts only."""
    if not may_see_coverage(request.user):
        raise Http404
    found = national_coverage(_day(request))
    status = status_asked(request)
    rows = [row for row, _link in rows_asked(request, found, status)]
    return attachment(request, country_table(found, rows, status=status), kind)


@login_required
@require_safe
def area_download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The tables of an area on a day. Counts only."""
    return attachment(request, area_table(_found(request, code)), kind)


@login_required
@require_safe
def key_persons_download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Names and contact points in an area that the user may open. Never a learning record."""
    found = _found(request, code)
    viewer = viewer_of(request)
    response = attachment(request, key_persons_table(found), kind)
    people = [one.person for row in found.rows for one in row.key_persons]
    note_disclosure(people, viewer=viewer, what=DisclosureKind.KEY_PERSONS_FILE)
    return response


def _found(request: HttpRequest, code: str) -> Coverage:
    area = get_object_or_404(coverage_areas(request.user), code=code)
    on = _day(request, area=area)
    if not Area.objects.existing(on=on).filter(pk=area.pk).exists():
        raise Http404
    return coverage(area, on=on)


def _day(request: HttpRequest, *, area: Area | None = None) -> dt.date:
    """The day that is asked for. A file says its day in its name: for a wrong one there is none."""
    form, on = asked(request, area=area)
    if form.errors:
        raise Http404
    return on
