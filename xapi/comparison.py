"""When two statements say the same (xAPI, Data 2.3.1: immutability, its exceptions, comparison).

Left out are what the store sets, the display of a verb and the definition of an activity. The order
of a group's members, the case of a UUID and of a mail domain, and the writing of a number or a time
make no difference; everything else does, a duration's spelling too. The statement's own timestamp is
compared apart, because the store sets it where the sender didn't.
"""

import hashlib
import json
from typing import Any

from . import formats

_SET_BY_THE_STORE = frozenset({"id", "stored", "timestamp", "authority", "version"})


def fingerprint(statement: dict[str, Any]) -> bytes:
    """16 bytes that are equal for two valid statements when they say the same."""
    kept = {name: value for name, value in statement.items() if name not in _SET_BY_THE_STORE}
    text = json.dumps(_numbers(_statement(kept)), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _statement(part: dict[str, Any]) -> dict[str, Any]:
    """A statement or a SubStatement."""
    part = {
        **part,
        "actor": _agent(part["actor"]),
        "verb": part["verb"]["id"],
        "object": _object(part["object"]),
    }
    if "timestamp" in part:
        instant = formats.timestamp(part["timestamp"], version=formats.V1)
        part["timestamp"] = instant.isoformat(timespec="milliseconds")
    if "context" in part:
        part["context"] = _context(part["context"])
    return part


def _object(thing: dict[str, Any]) -> dict[str, Any]:
    match thing.get("objectType", "Activity"):
        case "SubStatement":
            return _statement(thing)
        case "Agent" | "Group":
            return _agent(thing)
        case "StatementRef":
            return {**thing, "id": thing["id"].lower()}
        case _:
            return {"id": thing["id"]}


def _agent(agent: dict[str, Any]) -> dict[str, Any]:
    agent = dict(agent)
    if "mbox" in agent:
        local, at, domain = agent["mbox"].rpartition("@")
        agent["mbox"] = local + at + domain.lower()
    if "member" in agent:
        agent["member"] = sorted(
            map(_agent, agent["member"]), key=lambda each: json.dumps(each, sort_keys=True)
        )
    return agent


def _context(context: dict[str, Any]) -> dict[str, Any]:
    context = dict(context)
    if "registration" in context:
        context["registration"] = context["registration"].lower()
    if "statement" in context:
        context["statement"] = _object(context["statement"])
    for name in ("instructor", "team"):
        if name in context:
            context[name] = _agent(context[name])
    for name, kind in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            context[name] = [{**each, kind: _agent(each[kind])} for each in context[name]]
    if "contextActivities" in context:
        context["contextActivities"] = {
            name: [each["id"] for each in activities]
            for name, activities in context["contextActivities"].items()
        }
    return context


def _numbers(value: Any) -> Any:
    """1.0 is 1, however deep it lies."""
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
