"""What every resource of the store shares: version, credentials, errors (xAPI, part Communication).

Machines read the answers, so it is all English. In 1.0.3 any request may come wrapped into a POST of a
form (the alternate request syntax): it is unwrapped first, and then it is a request like any other.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from . import sequence, strict_json
from .domain.clients import authenticate, authenticate_and_settle, note_use, seconds_to_wait
from .domain.recording import StatementConflict, VoidingRefused
from .enums import Scope
from .formats import V1, V2, StatementInvalid
from .models import Client
from .sequence import Settled

VERSION_HEADER = "X-Experience-API-Version"
CONSISTENT_HEADER = "X-Experience-API-Consistent-Through"
MAX_BODY = 10 * 1024 * 1024
#: Of a body beyond the limit, this much is read and thrown away, in pieces of this size.
_DRAINED, _PIECE = 256 * 1024 * 1024, 64 * 1024

#: The form parameters of the alternate request syntax that stand for headers, in small letters.
_HEADERS = frozenset(
    {"authorization", VERSION_HEADER.lower(), "content-type", "content-length", "if-match", "if-none-match"}
    | {"accept", "accept-encoding", "accept-language"}
)
_WRAPPED = ("GET", "PUT", "POST", "DELETE")
#: More parameters than any resource has, together with the headers.
_FIELDS = 100

View = Callable[[HttpRequest, Client, str], HttpResponseBase]
SettledView = Callable[[HttpRequest, Client, str, Settled], HttpResponseBase]
AnyView = TypeVar("AnyView", View, SettledView)


class Refused(Exception):
    """The request is answered with this status and this sentence."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def resource(**methods: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view for a client of the store: version, credentials and errors are the same for all of them."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        version = version_of(request)
        method = _method(request, methods)
        return method(request, client_of(request), version)

    return open_resource(answer)


def consistent(**methods: SettledView) -> Callable[[HttpRequest], HttpResponseBase]:
    """The same for a view that is told how far may be read.

    Every answer says up to when that is, as is asked of statements (2.1.3).
    """

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponseBase:
        settled: Settled | None = None

        def authenticate_once(key: str, secret: str) -> Client | None:
            nonlocal settled
            client, settled = authenticate_and_settle(key, secret)
            return client

        def answer(request: HttpRequest) -> HttpResponseBase:
            version = version_of(request)
            method = _method(request, methods)
            client = _let_in(request, authenticate_once)
            return method(request, client, version, settled or sequence.settled())

        response = open_resource(answer)(request)
        say_consistent(response, settled.through if settled else sequence.consistent_through())
        return response

    return view


def say_consistent(response: HttpResponseBase, through: datetime) -> None:
    response.headers[CONSISTENT_HEADER] = through.isoformat().replace("+00:00", "Z")


def open_resource(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view for anyone: what is refused is said in JSON, and the answer says its version."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            request = unwrapped(request)
            response = answer(request)
        except Refused as refused:
            response = JsonResponse(
                {"error": refused.message}, status=refused.status, headers=refused.headers
            )
        except StatementInvalid as invalid:
            response = JsonResponse(_words(invalid), status=400)
        except StatementConflict as conflict:
            response = JsonResponse({"error": str(conflict), "path": "id"}, status=409)
        except VoidingRefused as refused:
            response = JsonResponse({"error": str(refused), "path": "object.id"}, status=403)
        except SuspiciousOperation as suspicious:  # more parameters in the address than Django reads
            response = JsonResponse({"error": str(suspicious), "path": ""}, status=400)
        response.headers[VERSION_HEADER] = _spoken(request)
        return response

    return view


# --- Checks -------------------------------------------------------------------------------------------


def mounted(request: HttpRequest) -> str:
    """The version of the address: /xapi/1.0.3/ speaks 1.0.3 only."""
    return V1 if f"/{V1}/" in request.path_info else V2


def version_of(request: HttpRequest) -> str:
    version = _asked(request)
    if version is not None:
        return version
    spoken = "1.0.x" if mounted(request) == V1 else "2.0.x or 1.0.x"
    raise Refused(400, f"The header {VERSION_HEADER} must say {spoken} here.")


def _asked(request: HttpRequest) -> str | None:
    """The version that the header asks for, if it can be had here."""
    asked = request.headers.get(VERSION_HEADER, "").strip()
    if re.fullmatch(r"1\.0(\.[0-9]+)?", asked):
        return V1
    if re.fullmatch(r"2\.0(\.[0-9]+)?", asked) and mounted(request) == V2:
        return V2
    return None


def _spoken(request: HttpRequest) -> str:
    return _asked(request) or mounted(request)


def _method(request: HttpRequest, methods: Mapping[str, AnyView]) -> AnyView:
    method = methods.get("GET" if request.method == "HEAD" else request.method or "")
    if method is None:
        raise not_known(request, methods)
    return method


def not_known(request: HttpRequest, methods: Iterable[str]) -> Refused:
    return Refused(405, f"{request.method} isn't known here.", Allow=", ".join(sorted(methods)))


def client_of(request: HttpRequest) -> Client:
    return _let_in(request, authenticate)


def _let_in(request: HttpRequest, ask: Callable[[str, str], Client | None]) -> Client:
    """The client that asks, within its limit."""
    key, secret = _credentials(request)
    client = ask(key, secret) if key else None
    if client is None:
        challenge = {"WWW_Authenticate": 'Basic realm="xapi"'}
        raise Refused(
            401, "A key and a secret that are valid here are needed (Basic authentication).", **challenge
        )
    note_use(client)
    if wait := seconds_to_wait(client):
        limit = client.requests_a_minute
        raise Refused(429, f"More than {limit} requests this minute. Wait {wait} s.", Retry_After=str(wait))
    return client


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Key and secret, both empty where there are none that could be valid."""
    kind, _space, credentials = request.headers.get("Authorization", "").partition(" ")
    try:
        key, _colon, secret = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (key, secret) if kind.lower() == "basic" and "\0" not in key else ("", "")


def require(client: Client, *scopes: Scope) -> None:
    if not client.may(*scopes):
        raise Refused(403, f"This needs the scope {' or '.join(scopes)}.")


def given_of(request: HttpRequest) -> dict[str, str]:
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise StatementInvalid("is given more than once", name)
    return request.GET.dict()


def body_of(request: HttpRequest) -> Any:
    """The JSON that was sent."""
    kind = request.content_type or ""
    if kind != "application/json":
        raise StatementInvalid(f'the Content-Type must be application/json, not "{kind}"')
    return strict_json.parse(raw_body(request))


def raw_body(request: HttpRequest) -> bytes:
    """What was sent, if it isn't too much."""
    largest = getattr(settings, "XAPI_MAX_BODY", MAX_BODY)
    if _length(request) > largest:
        _drain(request)
        raise Refused(413, f"The body is larger than {largest} bytes. Send fewer statements at a time.")
    # Not `request.body`: its limit is the one for forms.
    return request.read(largest)


def _drain(request: HttpRequest) -> None:
    """Let what is too large run out: who is still sending doesn't read why it was refused."""
    drained = 0
    while drained < _DRAINED and (piece := request.read(_PIECE)):
        drained += len(piece)


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


def _words(invalid: StatementInvalid) -> dict[str, object]:
    words: dict[str, object] = {"error": invalid.message, "path": invalid.path}
    if invalid.index is not None:
        words["statement"] = invalid.index
    return words


# --- Alternate request syntax ---------------------------------------------------------------------------


def unwrapped(request: HttpRequest) -> HttpRequest:
    """The request that this POST with `?method=` stands for (1.0.3, Communication 1.3), or itself."""
    if "method" not in request.GET:
        return request
    if request.method != "POST":
        raise StatementInvalid("belongs to a POST (alternate request syntax)", "method")
    for name in request.GET:
        if name != "method":
            problem = "must go into the form: in the alternate request syntax method stands alone"
            raise StatementInvalid(problem, name)
    methods = request.GET.getlist("method")
    if len(methods) != 1 or methods[0] not in _WRAPPED:
        raise StatementInvalid(f"must be one of {', '.join(_WRAPPED)}, and stand once", "method")
    if _asked(request) == V2:
        raise _no_alternate()
    inner = _inner(request, methods[0], _form(request))
    if _asked(inner) == V2:
        raise _no_alternate()
    return inner


def _no_alternate() -> StatementInvalid:
    return StatementInvalid("the alternate request syntax belongs to 1.0.3, and 2.0 has it no more", "method")


def _form(request: HttpRequest) -> dict[str, str]:
    kind = request.content_type or ""
    if not kind and not _length(request):
        return {}
    if kind != "application/x-www-form-urlencoded":
        problem = "the Content-Type of the alternate request syntax must be application/x-www-form-urlencoded"
        raise StatementInvalid(f'{problem}, not "{kind}"')
    try:
        fields = parse_qsl(
            raw_body(request).decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_FIELDS,
        )
    except ValueError as error:
        raise StatementInvalid("the body is not a form of names and values, encoded as UTF-8") from error
    form: dict[str, str] = {}
    for name, value in fields:
        known = name.lower() if name.lower() in _HEADERS else name
        if known in form:
            raise StatementInvalid("is given more than once", name[:100])
        form[known] = value
    return form


def _inner(request: HttpRequest, method: str, form: dict[str, str]) -> HttpRequest:
    """A request of its own, whose headers are those of the form where it has them."""
    content = b""
    if method in {"PUT", "POST"}:
        if "content" not in form:
            raise StatementInvalid("is missing", "content")
        content = form.pop("content").encode()
    headers = {name: form.pop(name) for name in _HEADERS & set(form)}
    # 1.0.3 names no default; its conformance suite leaves the type of a statement out.
    kind = headers.pop("content-type", "application/json")
    headers.pop("content-length", "")
    return WSGIRequest(
        {
            **request.META,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
            "REQUEST_METHOD": method,
            "QUERY_STRING": urlencode(form),
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": BytesIO(content),
        }
    )
