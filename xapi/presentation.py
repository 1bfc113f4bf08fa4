"""How a stored statement is shown to who asks: `exact`, `ids` or `canonical` (xAPI, Communication 2.1.3)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.translation.trans_real import parse_accept_lang_header

EXACT, IDS, CANONICAL = "exact", "ids", "canonical"
_IDENTIFYING = ("mbox", "mbox_sha1sum", "openid", "account")
_DEFINED_WORDS = ("name", "description")
_DEFINED_LISTS = ("choices", "scale", "source", "target", "steps")

#: Languages and how much each is wanted, the most wanted first.
Languages = Sequence[tuple[str, float]]
_NOTHING: Mapping[str, dict[str, Any]] = MappingProxyType({})
Step = Callable[[dict[str, Any]], dict[str, Any]]


def languages_of(header: str) -> Languages:
    """What an Accept-Language header asks for; nothing when it can't be read."""
    return parse_accept_lang_header(header)


def shown(
    raw: str, form: str, languages: Languages, definitions: Mapping[str, dict[str, Any]] = _NOTHING
) -> str:
    """The text of a stored statement in one of the three forms; `exact` is the text itself.

    `definitions` are the canonical ones by activity; where there is none, the statement's own stands.
    """
    if form == EXACT:
        return raw
    statement = json.loads(raw)
    if form == IDS:
        changed = _statement(statement, agent=_identified, verb=_bare, activity=_bare)
    else:
        changed = _statement(
            statement,
            agent=lambda agent: agent,
            verb=lambda verb: _in_one_language(verb, languages, ("display",)),
            activity=lambda activity: _described(activity, languages, definitions),
        )
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":"))


def activities_of(raws: Iterable[str]) -> set[str]:
    """The activities that these statements name."""
    named: set[str] = set()

    def note(activity: dict[str, Any]) -> dict[str, Any]:
        named.add(activity["id"])
        return activity

    for raw in raws:
        _statement(json.loads(raw), agent=lambda agent: agent, verb=lambda verb: verb, activity=note)
    return named


def _statement(part: dict[str, Any], *, agent: Step, verb: Step, activity: Step) -> dict[str, Any]:
    """A statement or a SubStatement with each agent, verb and activity in it changed by its step."""
    part = {**part, "actor": agent(part["actor"]), "verb": verb(part["verb"])}
    if "authority" in part:
        part["authority"] = agent(part["authority"])
    thing = part["object"]
    match thing.get("objectType", "Activity"):
        case "Activity":
            part["object"] = activity(thing)
        case "Agent" | "Group":
            part["object"] = agent(thing)
        case "SubStatement":
            part["object"] = _statement(thing, agent=agent, verb=verb, activity=activity)
    if "context" in part:
        part["context"] = _context(part["context"], agent, activity)
    return part


def _context(context: dict[str, Any], agent: Step, activity: Step) -> dict[str, Any]:
    context = dict(context)
    for name in ("instructor", "team"):
        if name in context:
            context[name] = agent(context[name])
    for name, kind in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            context[name] = [{**each, kind: agent(each[kind])} for each in context[name]]
    if "contextActivities" in context:
        context["contextActivities"] = {
            name: [activity(each) for each in activities]
            for name, activities in context["contextActivities"].items()
        }
    return context


# --- ids ------------------------------------------------------------------------------------------------


def _bare(thing: dict[str, Any]) -> dict[str, Any]:
    return {"id": thing["id"]}


def _identified(agent: dict[str, Any]) -> dict[str, Any]:
    """What identifies an agent or a group; its members where nothing else does."""
    kept = {name: agent[name] for name in ("objectType", *_IDENTIFYING) if name in agent}
    if "member" in agent and not any(name in agent for name in _IDENTIFYING):
        kept["member"] = [_identified(each) for each in agent["member"]]
    return kept


# --- canonical ------------------------------------------------------------------------------------------


def _described(
    activity: dict[str, Any], languages: Languages, definitions: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """The activity with its definition in one language."""
    definition = definitions.get(activity["id"]) or activity.get("definition")
    if definition is None:
        return activity
    definition = _in_one_language(definition, languages, _DEFINED_WORDS)
    for name in _DEFINED_LISTS:
        if name in definition:
            definition[name] = [
                _in_one_language(each, languages, _DEFINED_WORDS) for each in definition[name]
            ]
    return {**activity, "definition": definition}


def _in_one_language(thing: dict[str, Any], languages: Languages, names: tuple[str, ...]) -> dict[str, Any]:
    """The same with each of these language maps cut down to the entry that is wanted most."""
    thing = dict(thing)
    for name in names:
        if thing.get(name):
            tag = _wanted(list(thing[name]), languages)
            thing[name] = {tag: thing[name][tag]}
    return thing


def _wanted(tags: list[str], languages: Languages) -> str:
    """The tag that fits best; where none does the first, if possible not one that is refused by q=0."""
    refused = {language for language, quality in languages if not quality}
    usable = [tag for tag in tags if tag.lower() not in refused] or tags
    for language, quality in languages:
        fitting = _fitting(usable, language) if quality else None
        if fitting:
            return fitting
    return usable[0]


def _fitting(tags: list[str], language: str) -> str | None:
    """The very tag, else a narrower one (en-GB for en), else a wider one (en for en-GB)."""
    if language == "*":
        return tags[0]
    for fits in (
        lambda tag: tag == language,
        lambda tag: tag.startswith(f"{language}-"),
        lambda tag: language.startswith(f"{tag}-"),
    ):
        for tag in tags:
            if fits(tag.lower()):
                return tag
    return None
