"""A table on its way to somebody's computer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from organisations.models import Person
from organisations.rules import person_of

from ..exports import KINDS
from ..tables.table import Table


def attachment(request: HttpRequest, table: Table, kind: str) -> HttpResponse:
    """The table as a file of this kind. 404 for a kind that there isn't."""
    if kind not in KINDS:
        raise Http404
    content_type, write = KINDS[kind]
    me = person_of(request.user)
    content = write(table, by=me.full_name if me else str(request.user), at=timezone.now())
    return as_attachment(HttpResponse(content, content_type=content_type), table.file_name(kind))


def as_attachment(response: Any, file_name: str) -> Any:
    """A file to keep, that no cache on the way keeps too."""
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def download_links(name: str, *args: Any, chosen: QueryDict | dict[str, str] | None = None) -> list:
    """The ways to the files of a table: (kind, address) of each, with what was chosen on the page."""
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in (chosen or {}).items() if value})
    ending = f"?{query.urlencode()}" if query else ""
    return [(kind, reverse(name, args=[*args, kind]) + ending) for kind in KINDS]


def viewer_of(request: HttpRequest) -> Person:
    """Whom a download of people's data is noted by. 404 for a log-in that is nobody's."""
    me = person_of(request.user)
    if me is None:
        raise Http404
    return me
