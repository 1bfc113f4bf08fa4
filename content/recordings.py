"""Films, recordings and captions as a browser's player asks for them: a piece at a time.

Some browsers play nothing that can't be had in pieces (HTTP ranges, RFC 9110, 14).
"""

import re
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model

from .file_types import MEDIA_TYPES, extension_of

PIECE = 64 * 1024
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@require_safe
def recording(request: HttpRequest, pk: int, name: str) -> HttpResponse | StreamingHttpResponse:
    """The file, or the range of it that is asked for. Only what is played, and open to everybody."""
    document = get_object_or_404(get_document_model(), pk=pk)
    kind = MEDIA_TYPES.get(extension_of(document.filename))
    if kind is None or document.filename != name or document.collection.get_view_restrictions():
        raise Http404
    try:
        size = document.file.size
    except FileNotFoundError as gone:
        raise Http404 from gone
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    start, end = _edges(asked, size) if asked else (0, size - 1)
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(
        _pieces(document, start, end),
        status=206 if asked else 200,
        content_type=kind,
        headers={"Accept-Ranges": "bytes", "Content-Length": str(end - start + 1)},
    )
    if asked:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


def _edges(asked: re.Match[str], size: int) -> tuple[int, int]:
    """The first and the last byte; `-500` means the last 500."""
    first, last = asked.groups()
    if first:
        return int(first), min(int(last or size), size - 1)
    return (max(0, size - int(last)), size - 1) if last else (1, 0)


def _pieces(document: Any, start: int, end: int) -> Iterator[bytes]:
    """Opened when it is asked for: whoever only asks for the head leaves no file open."""
    with document.file.storage.open(document.file.name, "rb") as opened:
        opened.seek(start)
        left = end - start + 1
        while left > 0 and (piece := opened.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
