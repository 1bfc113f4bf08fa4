"""The document resources: state, agent profile, activity profile (xAPI, Communication 2.2, 2.3, 2.6, 2.7)."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import arguments, formats
from .answers import tagged
from .domain import documents
from .enums import DocumentKind, Scope
from .etags import Condition
from .formats import V1, V2, StatementInvalid
from .http import Refused, given_of, require, resource
from .models import Client, Document, DocumentContext

MAX_DOCUMENT = 10 * 1024 * 1024
LONGEST_TYPE = 255


class Asked(NamedTuple):
    """What a request asks for: the document of this name, or, without a name, all in the context."""

    context: DocumentContext
    name: str | None
    since: datetime | None


class _Resource(NamedTuple):
    """What tells the three resources apart: what a document is about, and who may come."""

    scope: Scope
    about: frozenset[str]
    optional: frozenset[str]
    name: str


_RESOURCES = {
    DocumentKind.STATE: _Resource(
        Scope.STATE, frozenset({"activityId", "agent"}), frozenset({"registration"}), "stateId"
    ),
    DocumentKind.AGENT_PROFILE: _Resource(Scope.PROFILE, frozenset({"agent"}), frozenset(), "profileId"),
    DocumentKind.ACTIVITY_PROFILE: _Resource(
        Scope.PROFILE, frozenset({"activityId"}), frozenset(), "profileId"
    ),
}


def get_documents(request: HttpRequest, client: Client, version: str, *, kind: DocumentKind) -> HttpResponse:
    asked = _asked(request, client, version, kind)
    if asked.name is None:
        return _answer_names(request, asked)
    document = Document.objects.filter(address=asked.context.address(asked.name)).first()
    if document is None:
        raise Refused(404, f"No document with the name {asked.name} is stored here.")
    return tagged(
        request, bytes(document.content), document.content_type, etag=document.etag, modified=document.updated
    )


def put_document(request: HttpRequest, client: Client, version: str, *, kind: DocumentKind) -> HttpResponse:
    asked = _asked(request, client, version, kind)
    # Only the state of 1.0.3 may be replaced by somebody who doesn't say that she has read it, and only
    # its profiles demand a header of somebody who puts a new one (Communication 3.1).
    is_state = kind == DocumentKind.STATE
    explicit, demanded = version == V2 or not is_state, version == V1 and not is_state
    try:
        documents.put(
            asked.context,
            _named(asked, kind),
            content=_content_of(request),
            content_type=_type_of(request),
            condition=_condition_of(request, explicit=explicit, demanded=demanded),
        )
    except documents.PreconditionFailed as failed:
        raise Refused(412, str(failed)) from failed
    except documents.UnseenDocument as unseen:
        # Both versions demand that this one is told in plain text.
        return HttpResponse(str(unseen), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def post_document(request: HttpRequest, client: Client, version: str, *, kind: DocumentKind) -> HttpResponse:
    asked = _asked(request, client, version, kind)
    try:
        documents.merge(
            asked.context,
            _named(asked, kind),
            content=_content_of(request),
            content_type=_type_of(request),
            condition=_condition_of(request),
            largest=_largest(),
        )
    except documents.PreconditionFailed as failed:
        raise Refused(412, str(failed)) from failed
    except documents.DocumentTooLarge as too_large:
        raise Refused(413, str(too_large)) from too_large
    return HttpResponse(status=204)


def delete_documents(
    request: HttpRequest, client: Client, version: str, *, kind: DocumentKind
) -> HttpResponse:
    asked = _asked(request, client, version, kind)
    condition = _condition_of(request)
    if asked.name is not None or kind != DocumentKind.STATE:
        try:
            documents.delete(asked.context, _named(asked, kind), condition=condition)
        except documents.PreconditionFailed as failed:
            raise Refused(412, str(failed)) from failed
    elif condition.is_given:
        raise StatementInvalid("is missing: If-Match and If-None-Match speak of one document", "stateId")
    else:
        documents.delete_all(asked.context)
    return HttpResponse(status=204)


_METHODS = {"GET": get_documents, "PUT": put_document, "POST": post_document, "DELETE": delete_documents}
state, agent_profile, activity_profile = (
    resource(**{method: partial(view, kind=kind) for method, view in _METHODS.items()})
    for kind in (DocumentKind.STATE, DocumentKind.AGENT_PROFILE, DocumentKind.ACTIVITY_PROFILE)
)


# --- Checks -------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, client: Client, version: str, kind: DocumentKind) -> Asked:
    """What is asked for, by a client that may ask for it. Refuses every parameter that isn't known here."""
    differing = _RESOURCES[kind]
    require(client, differing.scope)
    given = given_of(request)
    known = differing.about | differing.optional | {differing.name}
    if request.method in {"GET", "HEAD"}:
        known |= {"since"}
    for name in given:
        if name not in known:
            raise StatementInvalid(f"is not a parameter of {request.method} here", name)
    return Asked(
        DocumentContext.of(
            kind,
            activity=_given(given, "activityId", arguments.iri, differing) or "",
            agent=_given(given, "agent", arguments.agent, differing),
            registration=_given(given, "registration", arguments.uuid, differing),
        ),
        _given(given, differing.name, arguments.name, differing),
        _given(given, "since", partial(formats.timestamp, version=version), differing),
    )


def _given(given: Mapping[str, str], name: str, check: formats.Check, differing: _Resource) -> Any:
    if name in given or name in differing.about:
        return arguments.checked(given, name, check)
    return None


def _named(asked: Asked, kind: DocumentKind) -> str:
    if asked.name is None:
        raise StatementInvalid("is missing", _RESOURCES[kind].name)
    return asked.name


def _condition_of(request: HttpRequest, **rules: bool) -> Condition:
    headers = request.headers
    return Condition.read(headers.get("If-Match"), headers.get("If-None-Match"), **rules)


_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+ *(;[\x20-\x7e]*)?", re.ASCII)


def _type_of(request: HttpRequest) -> str:
    given = request.headers.get("Content-Type", "").strip() or "application/octet-stream"
    if len(given) > LONGEST_TYPE or not _MEDIA_TYPE.fullmatch(given):
        raise StatementInvalid("is not a media type like application/json", "Content-Type")
    return given


def _content_of(request: HttpRequest) -> bytes:
    # Not `request.body`: its limit is the one for forms.
    content = request.read(_largest() + 1)
    if len(content) > _largest():
        raise Refused(413, f"A document may be at most {_largest()} bytes.")
    return content


def _largest() -> int:
    return getattr(settings, "XAPI_MAX_DOCUMENT", MAX_DOCUMENT)


# --- Answers ------------------------------------------------------------------------------------------


def _answer_names(request: HttpRequest, asked: Asked) -> HttpResponse:
    found = Document.objects.within(asked.context.digest, asked.context.registration)
    if asked.since is not None:
        found = found.updated_after(asked.since)
    rows = found.order_by("updated", "address").values_list("name", "updated")
    # A name can stand in several registrations.
    names = list(dict.fromkeys(name for name, _updated in rows))
    modified = max((updated for _name, updated in rows), default=None)
    return tagged(request, json.dumps(names).encode(), modified=modified)
