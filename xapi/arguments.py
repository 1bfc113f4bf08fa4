"""Parameters that mean the same to several resources: an agent, an activity, the id of a document."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from . import formats, strict_json, validation
from .formats import StatementInvalid


def checked(given: Mapping[str, str], name: str, check: formats.Check) -> Any:
    """What `check` makes of this parameter, whose name is in the error."""
    if name not in given:
        raise StatementInvalid("is missing", name)
    try:
        return check(given[name])
    except StatementInvalid as error:
        error.inside(name)
        raise


def agent(text: str) -> dict[str, Any]:
    """An Agent with its one identifier, in JSON; a Group is none (Communication 2.4, 2.6)."""
    value = strict_json.parse(text.encode(errors="replace"))
    validation.agent(value)
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise StatementInvalid("holds half of a surrogate pair, which is no character") from error
    return value


def iri(text: str) -> str:
    formats.iri(text)
    return text


def uuid(text: str) -> UUID:
    formats.uuid(text)
    return UUID(text)


def name(text: str) -> str:
    """The id of a document: any string but the empty one."""
    if not formats.identifier(text):
        raise StatementInvalid("must not be empty")
    return text
