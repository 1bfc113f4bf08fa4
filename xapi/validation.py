"""Whether a statement is one: the rules of xAPI 1.0.3 and 2.0 (part Data, sections 2.2 to 2.4 and 4).

Where the specification says SHOULD reject, this rejects.
"""

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from . import formats
from .attachments import Payloads, check_came_along
from .formats import V1, V2, Check, StatementInvalid
from .known import Known
from .vocabulary import VOIDED


def validate(
    statement: Any, *, version: str = V2, payloads: Payloads = MappingProxyType({})
) -> dict[str, Any]:
    """The statement with its context activities as lists; raises StatementInvalid.

    `payloads` is the data that came along, by its SHA-2 sum in small letters.
    """
    _RULES[version].statement(statement)
    check_came_along(statement, payloads)
    return _with_lists(statement)


# --- Objects and lists --------------------------------------------------------------------------------


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise formats.unlike(value, "an object")
    return value


def _properties(value: Any, checks: Mapping[str, Check], required: Collection[str] = ()) -> dict[str, Any]:
    """An object with these properties and no others."""
    if not _mapping(value).keys() <= checks.keys():
        name = next(name for name in value if name not in checks)
        raise StatementInvalid("is not a property that the specification knows here", str(name)[:100])
    name = ""
    try:
        for name, item in value.items():
            checks[name](item)
    except StatementInvalid as error:
        error.inside(name)
        raise
    for name in required:
        if name not in value:
            raise StatementInvalid("is missing", name)
    return value


def _list_of(check: Check, *, least: int = 0) -> Check:
    def check_list(value: Any) -> None:
        if not isinstance(value, list):
            raise formats.unlike(value, "a list")
        if len(value) < least:
            raise StatementInvalid(f"must have at least {least} item")
        at = 0
        try:
            for at, item in enumerate(value):  # noqa: B007  (said below)
                check(item)
        except StatementInvalid as error:
            error.inside(at)
            raise

    return check_list


def _language_map(value: Any) -> None:
    _mapping(value)
    tag = ""
    try:
        for tag, text in value.items():
            formats.language_tag(tag)
            formats.string(text)
    except StatementInvalid as error:
        error.inside(str(tag)[:100])
        raise


def _extensions(value: Any) -> None:
    for key in _mapping(value):
        try:
            formats.iri(key)
        except StatementInvalid as error:
            error.inside(str(key)[:100])
            raise


# --- Actors -------------------------------------------------------------------------------------------

_ACCOUNT: dict[str, Check] = {"homePage": formats.iri, "name": formats.identifier}


def _account(value: Any) -> None:
    _properties(value, _ACCOUNT, ["homePage", "name"])
    if len((value["homePage"] + value["name"]).encode(errors="replace")) > formats.IDENTIFIER_BYTES:
        raise StatementInvalid(f"homePage and name must be at most {formats.IDENTIFIER_BYTES} bytes together")


_IFIS: dict[str, Check] = {
    "mbox": formats.pattern(
        r"mailto:[^\s@<>\x00-\x20]+@[^\s@<>\x00-\x20.]+(\.[^\s@<>\x00-\x20.]+)*",
        "an address like mailto:a@b.example",
    ),
    "mbox_sha1sum": formats.pattern(r"[0-9A-Fa-f]{40}", "a SHA-1 sum of 40 hexadecimal digits"),
    "openid": formats.iri,
    "account": _account,
}
_AGENT: dict[str, Check] = {"objectType": formats.one_of("Agent"), "name": formats.string, **_IFIS}


def agent(value: Any) -> None:
    _properties(value, _AGENT)
    if len(_IFIS.keys() & value.keys()) != 1:
        raise StatementInvalid(f"an Agent needs exactly one of {', '.join(_IFIS)}")


_GROUP: dict[str, Check] = {
    "objectType": formats.one_of("Group"),
    "name": formats.string,
    "member": _list_of(agent),
    **_IFIS,
}


def _group(value: Any) -> None:
    _properties(value, _GROUP, ["objectType"])
    identifiers = len(_IFIS.keys() & value.keys())
    if identifiers > 1:
        raise StatementInvalid(f"a Group has at most one of {', '.join(_IFIS)}")
    if not identifiers and not value.get("member"):
        raise StatementInvalid("a Group without an identifier needs members", "member")


def actor(value: Any) -> None:
    """An Agent or a Group."""
    (_group if _mapping(value).get("objectType") == "Group" else agent)(value)


def _authority(value: Any) -> None:
    actor(value)
    if value.get("objectType") == "Group" and (
        any(name in value for name in _IFIS) or len(value.get("member", ())) != 2
    ):
        raise StatementInvalid("a Group as authority has two members and no identifier (OAuth)")


# --- Activities -----------------------------------------------------------------------------------------

#: Which lists of components an interaction type may have (Data 2.4.4.1).
_COMPONENTS: dict[str, frozenset[str]] = {
    "choice": frozenset({"choices"}),
    "sequencing": frozenset({"choices"}),
    "likert": frozenset({"scale"}),
    "matching": frozenset({"source", "target"}),
    "performance": frozenset({"steps"}),
    "true-false": frozenset(),
    "fill-in": frozenset(),
    "long-fill-in": frozenset(),
    "numeric": frozenset(),
    "other": frozenset(),
}
_ALL_COMPONENTS = frozenset[str]().union(*_COMPONENTS.values())


_COMPONENT: dict[str, Check] = {"id": formats.string, "description": _language_map}


def _component(value: Any) -> None:
    _properties(value, _COMPONENT, ["id"])


_component_list = _list_of(_component)


def _components(value: Any) -> None:
    _component_list(value)
    if len({item["id"] for item in value}) != len(value):
        raise StatementInvalid("has the same id twice")


_DEFINITION: dict[str, Check] = {
    "name": _language_map,
    "description": _language_map,
    "type": formats.iri,
    "moreInfo": formats.iri,
    "extensions": _extensions,
    "interactionType": formats.one_of(*_COMPONENTS),
    "correctResponsesPattern": _list_of(formats.string),
    **dict.fromkeys(sorted(_ALL_COMPONENTS), _components),
}


def _definition(value: Any) -> None:
    _properties(value, _DEFINITION)
    present = _ALL_COMPONENTS.intersection(value)
    kind = value.get("interactionType")
    if kind is None and (present or "correctResponsesPattern" in value):
        raise StatementInvalid("is missing", "interactionType")
    for name in sorted(present - _COMPONENTS.get(kind, frozenset())):
        raise StatementInvalid(f'does not belong to the interaction type "{kind}"', name)


_ACTIVITY: dict[str, Check] = {
    "objectType": formats.one_of("Activity"),
    "id": formats.iri,
    "definition": _definition,
}
_REFERENCE: dict[str, Check] = {"objectType": formats.one_of("StatementRef"), "id": formats.uuid}


def _activity(value: Any) -> None:
    _properties(value, _ACTIVITY, ["id"])


def _reference(value: Any) -> None:
    _properties(value, _REFERENCE, ["objectType", "id"])


_activity_list = _list_of(_activity)


def _activities(value: Any) -> None:
    """One activity or a list of them: both are accepted, the list is what is kept."""
    (_activity_list if isinstance(value, list) else _activity)(value)


_CONTEXT_ACTIVITIES: dict[str, Check] = dict.fromkeys(
    ("parent", "grouping", "category", "other"), _activities
)


# --- Results and attachments ------------------------------------------------------------------------------

_SCORE: dict[str, Check] = dict.fromkeys(("scaled", "raw", "min", "max"), formats.number)


def _score(value: Any) -> None:
    _properties(value, _SCORE)
    low, high = value.get("min", -math.inf), value.get("max", math.inf)
    if not -1 <= value.get("scaled", 0) <= 1:
        raise StatementInvalid("must be from -1 to 1", "scaled")
    if low >= high:
        raise StatementInvalid("must be less than max", "min")
    if "raw" in value and not low <= value["raw"] <= high:
        raise StatementInvalid("must be from min to max", "raw")


_RESULT: dict[str, Check] = {
    "score": _score,
    "success": formats.boolean,
    "completion": formats.boolean,
    "response": formats.string,
    "duration": formats.duration,
    "extensions": _extensions,
}
_ATTACHMENT: dict[str, Check] = {
    "usageType": formats.iri,
    "display": _language_map,
    "description": _language_map,
    "contentType": formats.media_type,
    "length": formats.length,
    "sha2": formats.pattern(
        r"[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}", "a SHA-2 sum"
    ),
    "fileUrl": formats.iri,
}


def _attachment(value: Any) -> None:
    _properties(value, _ATTACHMENT, ["usageType", "display", "contentType", "length", "sha2"])


# --- Statements -------------------------------------------------------------------------------------------


_VERB: dict[str, Check] = {"id": formats.iri, "display": _language_map}


class _Rules:
    """The parts whose rules differ between the versions, and the statement that is made of them."""

    def __init__(self, version: str) -> None:
        self.context_properties: dict[str, Check] = {
            "registration": formats.uuid,
            "instructor": actor,
            "team": _group,
            "contextActivities": Known(lambda value: _properties(value, _CONTEXT_ACTIVITIES)),
            "revision": formats.string,
            "platform": formats.string,
            "language": formats.language_tag,
            "statement": _reference,
            "extensions": _extensions,
        }
        if version == V2:
            for kind, check in (("agent", agent), ("group", _group)):
                self.context_properties[f"context{kind.title()}s"] = _list_of(_relevant(kind, check))
        self.common: dict[str, Check] = {
            "actor": Known(actor, most=20_000),
            "verb": Known(lambda value: _properties(value, _VERB, ["id"])),
            "object": self.object,
            "result": Known(lambda value: _properties(value, _RESULT)),
            "context": lambda value: _properties(value, self.context_properties),
            "timestamp": lambda value: formats.timestamp(value, version=version),
            "attachments": _list_of(_attachment),
        }
        versions = r"1\.0(\.[0-9]+)?" if version == V1 else r"[12]\.0(\.[0-9]+)?"
        self.outer: dict[str, Check] = {
            **self.common,
            "id": formats.uuid,
            "stored": lambda value: formats.timestamp(value, version=version),
            "authority": _authority,
            "version": formats.pattern(versions, f"a version that a request in {version} may carry"),
        }
        self.inner: dict[str, Check] = {
            **self.common,
            "objectType": formats.one_of("SubStatement"),
            "object": self.inner_object,
        }

    def statement(self, value: Any) -> None:
        self._whole(value, self.outer)
        if value["verb"]["id"] == VOIDED and value["object"].get("objectType") != "StatementRef":
            raise StatementInvalid("a voiding statement's object must be a StatementRef", "object")

    def object(self, value: Any) -> None:
        if _mapping(value).get("objectType") == "SubStatement":
            self._whole(value, self.inner)
        else:
            self.inner_object(value)

    def inner_object(self, value: Any) -> None:
        kind = _mapping(value).get("objectType", "Activity")
        check = _OBJECTS.get(kind) if isinstance(kind, str) else None
        if check is None:
            raise StatementInvalid("is not a type of object that can stand here", "objectType")
        check(value)

    def _whole(self, value: Any, properties: Mapping[str, Check]) -> None:
        _properties(value, properties, ["actor", "verb", "object"])
        if value["object"].get("objectType", "Activity") != "Activity":
            for name in ("revision", "platform"):
                if name in value.get("context", ()):
                    raise StatementInvalid(
                        "is allowed only when the object is an Activity", f"context.{name}"
                    )


def _relevant(kind: str, check: Check) -> Check:
    """An entry of contextAgents or contextGroups (2.0)."""
    properties: dict[str, Check] = {
        "objectType": formats.one_of(f"context{kind.title()}"),
        kind: check,
        "relevantTypes": _list_of(formats.iri, least=1),
    }
    return lambda value: _properties(value, properties, ["objectType", kind])


def _with_lists(statement: dict[str, Any]) -> dict[str, Any]:
    """The same statement with each single context activity as a list of one (Data 2.4.6.2)."""
    if statement["object"].get("objectType") == "SubStatement":
        statement = {**statement, "object": _with_lists(statement["object"])}
    context = statement.get("context", {})
    activities = context.get("contextActivities", {})
    if not any(isinstance(value, dict) for value in activities.values()):
        return statement
    lists = {name: [value] if isinstance(value, dict) else value for name, value in activities.items()}
    return {**statement, "context": {**context, "contextActivities": lists}}


_OBJECTS: dict[str, Check] = {
    "Activity": Known(_activity),
    "Agent": agent,
    "Group": _group,
    "StatementRef": _reference,
}
_RULES = {version: _Rules(version) for version in (V1, V2)}
