"""Where key persons are missing or unknown, on a day: the country, and an area opened to its people."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.coverage import Coverage, CoverageRow, TargetCoverage, coverage, national_coverage
from certification.enums import CoverageStatus
from certification.rules import coverage_areas, may_see_coverage
from organisations.days import holds_on, today
from organisations.enums import AreaKind, UnitKind
from organisations.models import Area, AreaMembership
from organisations.rules import person_of

from ..figures.coverage_map import MapRow, coverage_map
from ..forms.coverage import CoverageForm
from ..tables.coverage import summary, units_in_words
from .download import download_links


@login_required
def coverage_index(request: HttpRequest) -> HttpResponse:
    """The country's municipalities on a day, as a map and a table. Counts only."""
    if not may_see_coverage(request.user):
        raise Http404
    form, on = asked(request)
    chosen = request.GET.get("omraade", "")
    if chosen and coverage_areas(request.user).filter(code=chosen).exists():
        return redirect(_address(chosen, day=request.GET.get("dag", "")))
    found = national_coverage(on)
    filtered = status_asked(request)
    rows = rows_asked(request, found, filtered)
    shown = rows if filtered else _unfolded(rows)
    return render(
        request,
        "reports/coverage_index.html",
        {
            "form": form,
            "on": on,
            "summary": summary(_of_the_country(found)),
            "without_target": found.statuses[CoverageStatus.NO_TARGET],
            "total": len(found.rows),
            "legend": [(each, found.statuses[each], _filter_address(on, each)) for each in CoverageStatus],
            "at_risk": found.statuses[CoverageStatus.AT_RISK],
            "figure": _map(found),
            "rows": rows,
            "shown": shown,
            "folded": [pair for pair in rows if pair not in shown],
            "filtered": filtered,
            "all_url": _filter_address(on, ""),
            "downloads": download_links(
                "reports:coverage_download", chosen={"dag": on.isoformat(), "status": filtered or ""}
            ),
        },
    )


@login_required
def coverage_area(request: HttpRequest, code: str) -> HttpResponse:
    """An area on a day, each row opening to its key persons. Never a learning record."""
    area = get_object_or_404(coverage_areas(request.user), code=code)
    form, on = asked(request, area=area)
    found = coverage(area, on=on)
    groups = found.by_target()
    day = {"dag": on.isoformat()}
    return render(
        request,
        "reports/coverage_area.html",
        {
            "form": form,
            "on": on,
            "area": area,
            "exists": Area.objects.existing(on=on).filter(pk=area.pk).exists(),
            "groups": [
                (group, summary(group), _anchor(group.target), units_in_words(2, group.unit_kind))
                for group in groups
            ],
            "gaps": [
                (row, _missing(row), _anchor(row.target))
                for row in found.rows
                if row.status == CoverageStatus.GAP
            ],
            "unknown": found.statuses[CoverageStatus.UNKNOWN],
            "undecided": any(group.undecided for group in groups),
            "has_target": any(group.target for group in groups),
            "past_targets": found.past_targets,
            "disputed": _disputed_memberships(area),
            "downloads": download_links("reports:coverage_area_download", area.code, chosen=day),
            "key_person_downloads": (
                download_links("reports:coverage_key_persons_download", area.code, chosen=day)
                if person_of(request.user) and any(row.key_persons for row in found.rows)
                else []
            ),
            "trail": [(_("Coverage"), f"{reverse('reports:coverage')}?{urlencode(day)}")],
        },
    )


def asked(request: HttpRequest, *, area: Area | None = None) -> tuple[CoverageForm, dt.date]:
    """The form as it was sent, and the day it asks for: today where none was given or it is wrong."""
    data = {"dag": request.GET.get("dag", ""), "omraade": area.code if area else ""}
    day = _day(data["dag"]) or today()
    areas = coverage_areas(request.user)
    choices = list(Area.objects.existing(on=day).filter(pk__in=areas.values("pk")))
    if area is not None and area not in choices:
        choices.append(area)
    form = CoverageForm({**data, "dag": data["dag"] or day.isoformat()}, areas=choices)
    return form, (form.cleaned_data.get("dag") if form.is_valid() else None) or today()


def status_asked(request: HttpRequest) -> CoverageStatus | None:
    """The one status that the country's table is narrowed to, if it is."""
    status = request.GET.get("status", "")
    return CoverageStatus(status) if status in CoverageStatus.values else None


def rows_asked(
    request: HttpRequest, found: Coverage, status: CoverageStatus | None
) -> list[tuple[CoverageRow, str]]:
    """The rows of the country's table, each with its way on: of this status, or all."""
    return [(row, link) for row, link in _with_links(request, found) if status in {None, row.status}]


def _unfolded(rows: list[tuple[CoverageRow, str]]) -> list[tuple[CoverageRow, str]]:
    """Those with a target and the user's own region; all, where none of them would be left."""
    has_own = any(not link for _row, link in rows)
    shown = [
        (row, link) for row, link in rows if row.status != CoverageStatus.NO_TARGET or (has_own and link)
    ]
    return shown or rows


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _address(code: str, *, day: str) -> str:
    query = f"?{urlencode({'dag': day})}" if day else ""
    return reverse("reports:coverage_area", args=[code]) + query


def _filter_address(on: dt.date, status: str) -> str:
    query = {"dag": on.isoformat()} | ({"status": status} if status else {})
    return f"{reverse('reports:coverage')}?{urlencode(query)}#kommuner"


def _of_the_country(found: Coverage) -> TargetCoverage:
    return TargetCoverage(target=None, unit_kind=UnitKind.MUNICIPALITY, rows=found.rows)


def _map(found: Coverage) -> dict[str, Any]:
    rows = [
        MapRow(code=row.unit.municipality_code, status=row.status.value, lines=_hover(row))
        for row in found.rows
    ]
    return coverage_map(rows, frame_title=_("Bornholm (moved)"))


def _hover(row: CoverageRow) -> tuple[str, ...]:
    counts = ngettext("%(number)s appointed", "%(number)s appointed", row.appointed) % {
        "number": row.appointed
    }
    if row.need is not None:
        needed = ngettext("%(number)s needed", "%(number)s needed", row.need) % {"number": row.need}
        counts = f"{counts}, {needed}"
    return (row.unit.name, row.wording, counts)


def _missing(row: CoverageRow) -> str:
    gap = row.gap or 0
    return ngettext("%(number)s missing", "%(number)s missing", gap) % {"number": gap}


def _with_links(request: HttpRequest, found: Coverage) -> list[tuple[CoverageRow, str]]:
    """Each municipality, with the way to its key persons where the user may open its region: those first."""
    open_regions = coverage_areas(request.user).filter(kind=AreaKind.REGION)
    codes = dict(
        AreaMembership.objects.filter(holds_on(found.on), area__in=open_regions).values_list(
            "unit", "area__code"
        )
    )
    day = found.on.isoformat()
    rows = [
        (row, f"{_address(codes[row.unit.pk], day=day)}#{_anchor(row.target)}-{row.unit.public_id}")
        if row.unit.pk in codes
        else (row, "")
        for row in found.rows
    ]
    return sorted(rows, key=lambda pair: not pair[1])


def _anchor(target: Any) -> str:
    """What the address of a row begins with on the page of an area."""
    return f"maal-{target.pk}" if target else "uden-maal"


def _disputed_memberships(area: Area) -> list[AreaMembership]:
    """Where the sources disagree on who belongs to the area, past members too: said, never settled."""
    return list(area.memberships.exclude(note="").select_related("unit").order_by("unit__name", "starts_on"))
