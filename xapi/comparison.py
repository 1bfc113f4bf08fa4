"""When two statements say the same (xAPI, Data 2.3.1: immutability, its exceptions, comparison).

Left out are what the store sets, the display of a verb and the definition of an activity. The order
of a group's members, the case of a UUID and of a mail domain, and the writing of a number or a time
make no difference, nor what a duration has beyond hundredths of a second; everything else does, the
rest of a duration's spelling too. The statement's own timestamp is compared apart, because the store
sets it where the sender didn't.
"""

import datetime as dt
import json
import re
from typing import Any

from . import formats

_SET_BY_THE_STORE = frozenset({"id", "stored", "timestamp", "authority", "version"})
_SECONDS = re.compile(r"([0-9]+)[.,]([0-9]+)S")


def same(sent: dict[str, Any], stored: dict[str, Any]) -> bool:
    """Whether a valid statement that is sent says what the stored one says, its time to the millisecond."""
    if "timestamp" in sent:
        at, was = (formats.instant(each["timestamp"]) for each in (sent, stored))
        if abs(at - was) >= dt.timedelta(milliseconds=1):
            return False
    return words(sent) == words(stored)


def words(statement: dict[str, Any]) -> str:
    """One text for all statements that say the same."""
    kept = {name: value for name, value in statement.items() if name not in _SET_BY_THE_STORE}
    return json.dumps(_numbers(_statement(kept)), sort_keys=True)


def _statement(part: dict[str, Any]) -> dict[str, Any]:
    """A statement or a SubStatement."""
    part = {
        **part,
        "actor": _agent(part["actor"]),
        "verb": part["verb"]["id"],
        "object": _object(part["object"]),
    }
    if "timestamp" in part:
        instant = formats.instant(part["timestamp"])
        part["timestamp"] = instant.isoformat(timespec="milliseconds")
    if "duration" in part.get("result", {}):
        part["result"] = {**part["result"], "duration": _duration(part["result"]["duration"])}
    if "context" in part:
        part["context"] = _context(part["context"])
    return part


def _duration(text: str) -> str:
    """Cut, not rounded, to hundredths of a second (2.0, 4.2.7)."""
    return _SECONDS.sub(lambda found: f"{found[1]}.{found[2][:2]}".rstrip("0").rstrip(".") + "S", text)


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
