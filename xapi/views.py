"""The record store over HTTP (xAPI, part Communication). Machines read the answers, so it is all English."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from . import parameters, sequence, strict_json
from .domain.clients import authenticate, note_use
from .domain.recording import StatementConflict, VoidingRefused, record, record_batch
from .enums import Scope
from .formats import V1, V2, StatementInvalid
from .models import Client, Statement, StatementId
from .querysets import StatementQuerySet

VERSION_HEADER = "X-Experience-API-Version"
CONSISTENT_HEADER = "X-Experience-API-Consistent-Through"
MAX_BODY = 10 * 1024 * 1024

View = Callable[[HttpRequest, Client, str], HttpResponse]


class Refused(Exception):
    """The request is answered with this status and this sentence."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def resource(**methods: View) -> Callable[[HttpRequest], HttpResponse]:
    """A view for a client of the store: version, credentials and errors are the same for all of them."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        version = _mounted(request)
        try:
            version = _version(request)
            method = _method(request, methods)
            response = method(request, _client(request), version)
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
        response.headers[VERSION_HEADER] = version
        response.headers[CONSISTENT_HEADER] = sequence.consistent_through().isoformat().replace("+00:00", "Z")
        return response

    return view


@csrf_exempt
def about(request: HttpRequest) -> HttpResponse:
    """Which versions are spoken here. Anyone may ask."""
    if request.method not in {"GET", "HEAD"}:
        response = JsonResponse({"error": f"{request.method} isn't known here."}, status=405)
        response.headers["Allow"] = "GET"
    else:
        response = JsonResponse({"version": [V1, V2], "extensions": {}})
    response.headers[VERSION_HEADER] = _mounted(request)
    return response


def get_statements(request: HttpRequest, client: Client, version: str) -> HttpResponse:
    readable = _readable(client)
    given = _given(request)
    if set(given) == {"more"}:
        return _answer_page(request, parameters.next_page(given["more"]), readable, version)
    parameters.check(given)
    one = parameters.single(given)
    if one is None:
        return _answer_page(request, parameters.page(given), readable, version)
    statement_id, voided = one
    taken = StatementId.objects.filter(uuid=statement_id).first()
    found = readable.filter(seq=taken.seq) if taken else readable.none()
    statement = (found.voided() if voided else found.standing()).first()
    if statement is None:
        raise Refused(
            404, f"No {'voided ' if voided else ''}statement with the id {statement_id} is here for you."
        )
    modified = http_date(statement.stored.timestamp())
    return HttpResponse(statement.raw, content_type="application/json", headers={"Last-Modified": modified})


def post_statements(request: HttpRequest, client: Client, version: str) -> HttpResponse:
    _may(client, Scope.WRITE)
    for name in _given(request):
        raise StatementInvalid("is not a parameter of POST", name)
    body = _body(request)
    if isinstance(body, list):
        stored = record_batch(body, client=client, version=version)
    else:
        stored = [record(body, client=client, version=version)]
    return JsonResponse([str(statement.uuid) for statement in stored], safe=False)


def put_statement(request: HttpRequest, client: Client, version: str) -> HttpResponse:
    _may(client, Scope.WRITE)
    given = _given(request)
    for name in set(given) - {"statementId"}:
        raise StatementInvalid("is not a parameter of PUT", name)
    if "statementId" not in given:
        raise StatementInvalid("is missing", "statementId")
    asked, _voided = parameters.single(given) or (None, False)
    body = _body(request)
    if not isinstance(body, dict):
        raise StatementInvalid("the body of a PUT is one statement")
    named = body.get("id", given["statementId"])
    if not isinstance(named, str) or named.lower() != str(asked):
        raise StatementInvalid("is another id than the parameter statementId", "id")
    record({**body, "id": str(asked)}, client=client, version=version)
    return HttpResponse(status=204)


statements = resource(GET=get_statements, POST=post_statements, PUT=put_statement)


# --- Checks -------------------------------------------------------------------------------------------


def _mounted(request: HttpRequest) -> str:
    """The version of the address: /xapi/1.0.3/ speaks 1.0.3 only."""
    return V1 if f"/{V1}/" in request.path_info else V2


def _version(request: HttpRequest) -> str:
    asked = request.headers.get(VERSION_HEADER, "").strip()
    if re.fullmatch(r"1\.0(\.[0-9]+)?", asked):
        return V1
    if re.fullmatch(r"2\.0(\.[0-9]+)?", asked) and _mounted(request) == V2:
        return V2
    spoken = "1.0.x" if _mounted(request) == V1 else "2.0.x or 1.0.x"
    raise Refused(400, f"The header {VERSION_HEADER} must say {spoken} here.")


def _method(request: HttpRequest, methods: dict[str, View]) -> View:
    method = methods.get("GET" if request.method == "HEAD" else request.method or "")
    if method is None:
        raise Refused(405, f"{request.method} isn't known here.", Allow=", ".join(sorted(methods)))
    return method


def _client(request: HttpRequest) -> Client:
    kind, _space, credentials = request.headers.get("Authorization", "").partition(" ")
    try:
        key, _colon, secret = base64.b64decode(credentials.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        key = secret = ""
    usable = kind.lower() == "basic" and key and "\0" not in key
    client = authenticate(key, secret) if usable else None
    if client is None:
        challenge = {"WWW_Authenticate": 'Basic realm="xapi"'}
        raise Refused(
            401, "A key and a secret that are valid here are needed (Basic authentication).", **challenge
        )
    note_use(client)
    return client


def _may(client: Client, *scopes: Scope) -> None:
    if not client.may(*scopes):
        raise Refused(403, f"This needs the scope {' or '.join(scopes)}.")


def _readable(client: Client) -> StatementQuerySet:
    _may(client, Scope.READ, Scope.READ_MINE)
    readable = Statement.objects.all()
    return readable if client.may(Scope.READ) else readable.written_by(client)


def _given(request: HttpRequest) -> dict[str, str]:
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise StatementInvalid("is given more than once", name)
    return request.GET.dict()


def _body(request: HttpRequest) -> Any:
    kind = request.content_type or ""
    if kind == "multipart/mixed":
        raise StatementInvalid(
            "attachments that come along (multipart/mixed) aren't supported in this version"
        )
    if kind != "application/json":
        raise StatementInvalid(f'the Content-Type must be application/json, not "{kind}"')
    largest = getattr(settings, "XAPI_MAX_BODY", MAX_BODY)
    # Not `request.body`: its limit is the one for forms.
    body = request.read(largest + 1) if _length(request) <= largest else None
    if body is None or len(body) > largest:
        raise Refused(413, f"The body is larger than {largest} bytes. Send fewer statements at a time.")
    return strict_json.parse(body)


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


# --- Answers ------------------------------------------------------------------------------------------


def _answer_page(
    request: HttpRequest, page: parameters.Page, readable: StatementQuerySet, version: str
) -> HttpResponse:
    raws, token = page.of(readable.standing().settled(), version=version)
    more = f'"{request.path}?more={token}"' if token else '""'
    body = f'{{"statements":[{",".join(raws)}],"more":{more}}}'
    return HttpResponse(body, content_type="application/json")


def _words(invalid: StatementInvalid) -> dict[str, object]:
    words: dict[str, object] = {"error": invalid.message, "path": invalid.path}
    if invalid.index is not None:
        words["statement"] = invalid.index
    return words
