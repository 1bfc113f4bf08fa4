"""What a statement is found by besides its own columns (xAPI, Communication 2.1.3: the filters of GET).

A key is a digest of a kind and a value: as wide for an IRI of a thousand characters as for one of ten.
"""

import functools
import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from .vocabulary import ifi_of

#: `agent`: the statement's object, or a member of the group that is its actor or object.
AGENT = "agent"
#: `related_agents`: whoever else the statement names. Its authority is its client's, and isn't a key.
RELATED_AGENT = "related agent"
#: `related_activities`: the context's activities, and what a SubStatement says.
RELATED_ACTIVITY = "related activity"


# The same modules and teachers come back in every statement.
@functools.lru_cache(maxsize=2048)
def digest(kind: str, value: str) -> UUID:
    text = f"{kind}\0{value}".encode(errors="surrogatepass")
    return UUID(bytes=hashlib.blake2b(text, digest_size=16).digest())


def keys_of(statement: dict[str, Any]) -> set[UUID]:
    """The keys of a valid statement. What a column of its row says needs none."""
    actor, thing = statement["actor"], statement["object"]
    agents = set(_members(actor))
    others: set[str] = set()
    activities: set[str] = set()
    match thing.get("objectType"):
        case "Agent" | "Group":
            agents.update(_agents(thing))
        case "SubStatement":
            _add_related(thing, others, activities)
            others.update(_agents(thing["actor"]))
            if thing["object"].get("objectType") in {"Agent", "Group"}:
                others.update(_agents(thing["object"]))
            elif thing["object"].get("objectType", "Activity") == "Activity":
                activities.add(thing["object"]["id"])
    _add_related(statement, others, activities)
    own = {ifi_of(actor), ""}
    agents -= own
    return (
        {digest(AGENT, each) for each in agents}
        | {digest(RELATED_AGENT, each) for each in others - agents - own}
        | {digest(RELATED_ACTIVITY, each) for each in activities}
    )


def _add_related(part: dict[str, Any], agents: set[str], activities: set[str]) -> None:
    """What the context of a statement or SubStatement names."""
    context = part.get("context")
    if context is None:
        return
    for name in ("instructor", "team"):
        if name in context:
            agents.update(_agents(context[name]))
    for name, kind in (("contextAgents", "agent"), ("contextGroups", "group")):
        for each in context.get(name, ()):
            agents.update(_agents(each[kind]))
    for listed in context.get("contextActivities", {}).values():
        activities.update(each["id"] for each in listed)


def _agents(agent: dict[str, Any]) -> Iterator[str]:
    yield ifi_of(agent)
    yield from _members(agent)


def _members(group: dict[str, Any]) -> Iterator[str]:
    return (ifi_of(member) for member in group.get("member", ()))
