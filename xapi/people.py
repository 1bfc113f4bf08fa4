"""What the store knows of an agent: the names that statements give it (xAPI, Communication 2.4)."""

import json
from typing import Any

from .querysets import StatementQuerySet
from .vocabulary import ifi_of

#: How many of an agent's statements are looked through for its names: the newest.
LOOKED_THROUGH = 50
_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")


def person(agent: dict[str, Any], *, readable: StatementQuerySet) -> dict[str, Any]:
    """The Person: the agent that was asked for, and the names that it has in these statements.

    Only its own identifier: that two of them belong to the same person is nobody's business here.
    """
    raws = readable.filter(actor=ifi_of(agent)).order_by("-seq").values_list("raw", flat=True)
    known = [agent, *(json.loads(raw)["actor"] for raw in raws[:LOOKED_THROUGH])]
    names = dict.fromkeys(each["name"] for each in known if "name" in each)
    found: dict[str, Any] = {"objectType": "Person"}
    if names:
        found["name"] = list(names)
    found.update({name: [agent[name]] for name in _IDENTIFIERS if name in agent})
    return found
