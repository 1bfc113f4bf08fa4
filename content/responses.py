"""What a browser sends as an answer, read as the one response that `courses` grades."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.domain.watching import Watching
from courses.enums import ItemKind
from courses.walking import AND, OF


class Unanswered(ValueError):
    """The form was sent before it was filled in; the words say what is missing."""


def read_response(block: dict[str, Any], sent: QueryDict) -> str:
    """The response to the block. Raises Unanswered; whether it is a right one is asked in `courses`."""
    return READERS.get(block["kind"], _one)(block, sent)


def read_way(sent: QueryDict) -> list[str]:
    """The choices made in a case so far, and the one that was made now. Raises Unanswered."""
    chosen = sent.get("response", "")
    if not chosen:
        raise Unanswered(_("Choose an answer first."))
    return [*filter(None, sent.get("way", "").split(",")), chosen]


def read_watching(sent: QueryDict) -> Watching:
    """What a player says happened. Raises ValueError for what isn't numbers."""
    pairs = [part.split(OF, 1) for part in sent.get("segments", "")[:10_000].split(AND) if OF in part]
    return Watching(
        verb=sent.get("verb", ""),
        session=uuid.UUID(sent.get("session", "")),
        token=uuid.UUID(sent.get("token", "")),
        length=float(sent.get("length", "")),
        time=float(sent.get("time", "")),
        time_from=float(sent.get("from") or 0),
        segments=[(float(start), float(end)) for start, end in pairs],
    )


def place_of(entry: str, sent: QueryDict) -> str:
    """The place that an entry was given in a form, as it was sent."""
    return sent.get(f"place-{entry}", "")


def match_of(source: str, sent: QueryDict) -> str:
    """What a source was put together with in a form, as it was sent."""
    return sent.get(f"match-{source}", "")


def _one(_block: dict[str, Any], sent: QueryDict) -> str:
    response = sent.get("response", "")
    if not response:
        raise Unanswered(_("Choose an answer first."))
    return response


def _several(_block: dict[str, Any], sent: QueryDict) -> str:
    chosen = sent.getlist("response")
    if not chosen:
        raise Unanswered(_("Choose at least one answer first."))
    return AND.join(chosen)


def _order(block: dict[str, Any], sent: QueryDict) -> str:
    entries = [entry["id"] for entry in block["entries"]]
    given = {entry: place_of(entry, sent) for entry in entries}
    if not set(given.values()) <= {str(place) for place in range(1, len(entries) + 1)}:
        raise Unanswered(_("Give each a place first."))
    if len(set(given.values())) != len(entries):
        raise Unanswered(_("Two have the same place. Give each a place of its own."))
    return AND.join(sorted(entries, key=lambda entry: int(given[entry])))


def _pairs(block: dict[str, Any], sent: QueryDict) -> str:
    pairs = {source["id"]: match_of(source["id"], sent) for source in block["sources"]}
    if not all(pairs.values()):
        raise Unanswered(_("Choose something for each first."))
    return AND.join(f"{source}{OF}{target}" for source, target in pairs.items())


READERS: dict[str, Callable[[dict[str, Any], QueryDict], str]] = {
    ItemKind.MULTIPLE_CHOICE: _several,
    ItemKind.ORDERING: _order,
    ItemKind.MATCHING: _pairs,
}
