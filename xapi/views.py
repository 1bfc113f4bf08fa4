"""The record store over HTTP: what is answered to whom (xAPI, part Communication)."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.http import http_date

from . import multipart, parameters, presentation, strict_json
from .activities import canonical_definitions
from .attachments import Payload
from .domain.payloads import came_along
from .domain.recording import record_ids
from .enums import Scope
from .formats import V1, V2, StatementInvalid
from .http import (
    Refused,
    body_of,
    consistent,
    given_of,
    not_known,
    open_resource,
    raw_body,
    require,
)
from .models import Client, Statement, StatementId
from .sequence import Settled


@open_resource
def about(request: HttpRequest) -> HttpResponse:
    """Which versions are spoken here. Anyone may ask."""
    if request.method not in {"GET", "HEAD"}:
        raise not_known(request, ["GET"])
    return JsonResponse({"version": [V1, V2], "extensions": {}})


def get_statements(request: HttpRequest, client: Client, version: str, settled: Settled) -> HttpResponseBase:
    written_by = _writer(client)
    given = given_of(request)
    if set(given) == {"more"}:
        return _answer_page(request, parameters.next_page(given["more"]), written_by, version, settled)
    parameters.check(given)
    one = parameters.single(given)
    if one is None:
        return _answer_page(request, parameters.page(given), written_by, version, settled)
    statement_id, voided = one
    taken = StatementId.objects.filter(uuid=statement_id).first()
    found = Statement.objects.filter(seq=taken.seq) if taken else Statement.objects.none()
    if written_by is not None:
        found = found.written_by(written_by)
    statement = (found.voided() if voided else found.standing()).first()
    if statement is None:
        raise Refused(
            404, f"No {'voided ' if voided else ''}statement with the id {statement_id} is here for you."
        )
    response = _answer(request, given, [statement.raw])
    response.headers["Last-Modified"] = http_date(statement.stored.timestamp())
    return response


def post_statements(request: HttpRequest, client: Client, version: str, settled: Settled) -> HttpResponse:
    require(client, Scope.WRITE)
    for name in given_of(request):
        raise StatementInvalid("is not a parameter of POST", name)
    body, payloads = _sent(request)
    ids = record_ids(body, client=client, version=version, payloads=payloads)
    return JsonResponse(ids, safe=False)


def put_statement(request: HttpRequest, client: Client, version: str, settled: Settled) -> HttpResponse:
    require(client, Scope.WRITE)
    given = given_of(request)
    for name in set(given) - {"statementId"}:
        raise StatementInvalid("is not a parameter of PUT", name)
    if "statementId" not in given:
        raise StatementInvalid("is missing", "statementId")
    asked, _voided = parameters.single(given) or (None, False)
    body, payloads = _sent(request)
    if not isinstance(body, dict):
        raise StatementInvalid("the body of a PUT is one statement")
    named = body.get("id", given["statementId"])
    if not isinstance(named, str) or named.lower() != str(asked):
        raise StatementInvalid("is another id than the parameter statementId", "id")
    record_ids({**body, "id": str(asked)}, client=client, version=version, payloads=payloads)
    return HttpResponse(status=204)


statements = consistent(GET=get_statements, POST=post_statements, PUT=put_statement)


def _writer(client: Client) -> Client | None:
    """Whose statements the client may read: its own only, or everybody's (None)."""
    require(client, Scope.READ, Scope.READ_MINE)
    return None if client.may(Scope.READ) else client


def _sent(request: HttpRequest) -> tuple[Any, dict[str, Payload]]:
    """The statements that were sent, and the data that came along with them."""
    if request.content_type != "multipart/mixed":
        return body_of(request), {}
    boundary = (request.content_params or {}).get("boundary", "")
    text, payloads = multipart.parse(raw_body(request), boundary)
    return strict_json.parse(text), payloads


# --- Answers ------------------------------------------------------------------------------------------


def _answer_page(
    request: HttpRequest, page: parameters.Page, written_by: Client | None, version: str, settled: Settled
) -> HttpResponseBase:
    raws, token = page.of(version=version, horizon=settled.number, written_by=written_by)
    return _answer(request, page.asked, raws, f"{request.path}?more={token}" if token else "")


def _answer(
    request: HttpRequest, asked: Mapping[str, str], raws: list[str], more: str | None = None
) -> HttpResponseBase:
    """Statements in the form that was asked for, as a page where `more` is given, with their data or not."""
    form = asked.get("format", presentation.EXACT)
    shown = raws
    if form != presentation.EXACT:
        languages = presentation.languages_of(request.headers.get("Accept-Language", ""))
        known = presentation.activities_of(raws) if form == presentation.CANONICAL else ()
        definitions = canonical_definitions(known)
        shown = [presentation.shown(raw, form, languages, definitions) for raw in raws]
    text = shown[0] if more is None else f'{{"statements":[{",".join(shown)}],"more":"{more}"}}'
    if asked.get("attachments") != "true":
        return HttpResponse(text, content_type="application/json")
    boundary = uuid.uuid4().hex
    return StreamingHttpResponse(
        multipart.written(text, came_along(raws), boundary=boundary),
        content_type=f"multipart/mixed; boundary={boundary}",
    )
