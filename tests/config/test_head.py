"""HEAD is answered as GET is, but for the body."""

import io

import pytest
from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.middleware import HeadWithoutBody


@pytest.mark.parametrize(
    "answer",
    [
        lambda _request: HttpResponse(b"Hej", headers={"Content-Length": "3"}),
        lambda _request: StreamingHttpResponse([b"He", b"j"], headers={"Content-Length": "3"}),
        lambda _request: FileResponse(io.BytesIO(b"Hej"), filename="hej.txt"),
    ],
)
def test_head_says_how_long_it_is_and_sends_nothing(answer):
    middleware = HeadWithoutBody(answer)
    head, get = (middleware(getattr(RequestFactory(), method)("/")) for method in ("head", "get"))
    assert (b"".join(head), b"".join(get)) == (b"", b"Hej")
    assert (head.headers["Content-Length"], head.status_code) == ("3", 200)


def test_it_stands_outside_of_all_that_answers():
    place = settings.MIDDLEWARE.index
    assert place("config.middleware.HeadWithoutBody") < place("config.middleware.RecordStore")
