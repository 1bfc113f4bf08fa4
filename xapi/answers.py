"""Answers to GET that say which version they are (xAPI, Communication 2.2 and 3.1)."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from .etags import Condition, etag_of


def tagged(
    request: HttpRequest,
    content: bytes,
    content_type: str = "application/json",
    *,
    etag: str | None = None,
    modified: dt.datetime | None = None,
) -> HttpResponse:
    """This content with its ETag; 304 without it for somebody who has this version already."""
    etag = etag_of(content) if etag is None else etag
    known = Condition.read(None, request.headers.get("If-None-Match"))
    response = HttpResponse(content, content_type=content_type) if known.allows(etag) else _unchanged()
    response.headers["ETag"] = f'"{etag}"'
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    return response


def _unchanged() -> HttpResponse:
    response = HttpResponse(status=304)
    del response.headers["Content-Type"]
    return response
