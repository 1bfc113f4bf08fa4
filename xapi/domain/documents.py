"""Keeping documents: put, merge and delete, without losing what somebody else wrote in between.

Every write is conditional on the version that was read. When another writer came first, the question is
asked again of what that one left. Nobody waits for a lock, and nobody's version disappears unseen.
"""

import base64
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils import timezone

from xapi import strict_json
from xapi.asking import ask
from xapi.etags import Condition, etag_of
from xapi.formats import StatementInvalid
from xapi.models import Document, DocumentContext

JSON = "application/json"


class PreconditionFailed(Exception):
    """If-Match or If-None-Match speaks of another version than the one that is stored."""

    def __init__(self, etag: str | None) -> None:
        stored = "Nothing is stored here" if etag is None else f'What is stored here has the ETag "{etag}"'
        super().__init__(f"{stored}: the header If-Match or If-None-Match asks for something else.")


class DocumentTooLarge(Exception):
    """The merged document would be larger than what may be stored."""

    def __init__(self, largest: int) -> None:
        super().__init__(f"The merged document would be larger than {largest} bytes.")


class UnseenDocument(Exception):
    """Something is stored here, and the request doesn't say that it knows it."""

    def __init__(self, etag: str) -> None:
        super().__init__(
            "A document is stored here already. Get it, check its current state, and send "
            f'the header If-Match with its ETag, which is "{etag}" now, to replace it.'
        )


def put(
    context: DocumentContext, name: str, *, content: bytes, content_type: str, condition: Condition
) -> None:
    """Store this content under this name, in place of any other.

    Raises StatementInvalid when it says that it is JSON and isn't, or when a header is missing that is
    demanded; PreconditionFailed; UnseenDocument.
    """
    if _is_json(content_type):
        strict_json.parse(content)
    document = _document(context, name, content, content_type)
    if condition.is_given or condition.explicit or condition.demanded:
        _write(context, name, condition, lambda _stored: document, with_content=False)
        return
    while not (_replace(document) or _insert(document)):
        pass  # somebody stored it between the two


def merge(
    context: DocumentContext,
    name: str,
    *,
    content: bytes,
    content_type: str,
    condition: Condition,
    largest: int | None = None,
) -> None:
    """Set these properties in the stored JSON object, or store this one where there is none.

    Raises StatementInvalid unless both are JSON objects, PreconditionFailed, or DocumentTooLarge when more
    than `largest` bytes would come out.
    """
    if not _is_json(content_type):
        raise StatementInvalid(f'can only be merged as {JSON}, not as "{content_type}"', "Content-Type")
    given = _object_in(content)

    def merged(stored: Document | None) -> Document:
        if stored is None:
            return _document(context, name, content, content_type)
        if not _is_json(stored.content_type):
            raise StatementInvalid(
                f'the stored document is "{stored.content_type}", and only {JSON} can be merged'
            )
        both = json.dumps({**_object_in(bytes(stored.content)), **given}, separators=(",", ":")).encode()
        if largest is not None and len(both) > largest:
            raise DocumentTooLarge(largest)
        return _document(context, name, both, stored.content_type)

    _write(context, name, condition, merged, with_content=True)


def delete(context: DocumentContext, name: str, *, condition: Condition) -> None:
    """Remove the document of this name, if there is one. Raises PreconditionFailed."""
    found = Document.objects.filter(address=context.address(name))
    if not condition.is_given:
        found.delete()
        return
    while True:
        etag = found.values_list("etag", flat=True).first()
        _check(condition, etag)
        if etag is None or found.filter(etag=etag).delete()[0]:
            return


def delete_all(context: DocumentContext) -> None:
    """Remove every document in this context, in any registration unless it names one."""
    Document.objects.within(context.digest, context.registration).delete()


# --- The rights of the person a document is about -----------------------------------------------------


def documents_of(pseudonym: uuid.UUID) -> list[dict[str, Any]]:
    """What clients keep about this learner, to take along: text as it is, anything else in Base64."""
    found = Document.objects.of_learner(pseudonym).order_by("updated", "address")
    return [
        {
            "kind": document.kind,
            "activity": document.activity,
            "registration": document.registration,
            "name": document.name,
            "updated": document.updated,
            "content_type": document.content_type,
            **_readable(bytes(document.content)),
        }
        for document in found
    ]


def erase_documents_of(pseudonym: uuid.UUID) -> int:
    """Remove what clients keep about this learner; how many documents that were."""
    return Document.objects.of_learner(pseudonym).delete()[0]


# --- Writing ------------------------------------------------------------------------------------------


def _write(
    context: DocumentContext,
    name: str,
    condition: Condition,
    make: Callable[[Document | None], Document],
    *,
    with_content: bool,
) -> None:
    """Store what `make` makes of the stored document, again until nobody came in between."""
    found = Document.objects.filter(address=context.address(name))
    fields = ["etag", "content_type", "content"] if with_content else ["etag"]
    while True:
        stored = found.only("address", *fields).first()
        _check(condition, stored.etag if stored else None)
        document = make(stored)
        if _insert(document) if stored is None else _replace(document, stored.etag):
            return


_FIELDS = Document._meta.concrete_fields
# One question where Django would ask three, to be safe from the error that a taken address is.
_INSERT = f"""
    INSERT INTO xapi_document ({", ".join(field.attname for field in _FIELDS)})
    VALUES ({", ".join("%s" for _field in _FIELDS)}) ON CONFLICT (address) DO NOTHING RETURNING 1
"""  # noqa: S608  (constants only)


def _insert(document: Document) -> bool:
    """Whether nothing was stored at this address."""
    values = [field.get_db_prep_save(getattr(document, field.attname), connection) for field in _FIELDS]
    return bool(ask(_INSERT, values))


def _replace(document: Document, etag: str | None = None) -> bool:
    """Whether something was stored at this address, with this tag if one is given."""
    found = Document.objects.filter(address=document.address)
    if etag is not None:
        found = found.filter(etag=etag)
    written = found.update(
        content=document.content,
        content_type=document.content_type,
        etag=document.etag,
        updated=document.updated,
    )
    return written == 1


def _check(condition: Condition, etag: str | None) -> None:
    if not condition.allows(etag):
        raise PreconditionFailed(etag)
    if condition.is_given:
        return
    if condition.explicit and etag is not None:
        raise UnseenDocument(etag)
    if condition.demanded:
        raise StatementInvalid("is missing, and so is If-None-Match: one of the two must be sent", "If-Match")


def _document(context: DocumentContext, name: str, content: bytes, content_type: str) -> Document:
    return Document(
        address=context.address(name),
        context=context.digest,
        kind=context.kind,
        activity=context.activity,
        agent=context.agent,
        learner=context.learner,
        registration=context.registration,
        name=name,
        content_type=content_type,
        content=content,
        etag=etag_of(content),
        updated=timezone.now(),
    )


# --- Content ------------------------------------------------------------------------------------------


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == JSON


def _object_in(content: bytes) -> dict[str, Any]:
    value = strict_json.parse(content)
    if not isinstance(value, dict):
        raise StatementInvalid("only a JSON object can be merged")
    return value


def _readable(content: bytes) -> dict[str, str]:
    try:
        return {"content": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}
