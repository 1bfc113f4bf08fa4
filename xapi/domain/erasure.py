"""What this room does when a person is erased. Her statements stay, and name nobody."""

import uuid
from collections.abc import Iterator

from xapi.keys import AGENT, digest
from xapi.models import Statement, StatementKey
from xapi.pending import mark_learners
from xapi.vocabulary import actor_of, ifi_of

from .documents import erase_documents_of
from .payloads import let_go

#: Statements whose data is let go of at a time.
CHUNK = 1000


def erase_learner(pseudonym: uuid.UUID) -> None:
    """Remove what systems keep about her, and have what is derived recomputed without her.

    The data that came along with statements about her goes: a file or a signature may name her, and
    nobody can tell by looking at bytes. What also came along with somebody else's statement stays there.
    """
    for statements in _about(pseudonym):
        let_go(statements)
    erase_documents_of(pseudonym)
    mark_learners([pseudonym])


def _about(pseudonym: uuid.UUID) -> Iterator[list[uuid.UUID]]:
    """The statements that she is the actor or the object of. One that names her beside others isn't."""
    identifier = ifi_of(actor_of(pseudonym))
    named = StatementKey.objects.filter(key=digest(AGENT, identifier)).values("statement")
    for asked in (Statement.objects.of_learner(pseudonym), Statement.objects.filter(seq__in=named)):
        last = 0
        while rows := list(asked.filter(seq__gt=last).order_by("seq")[:CHUNK]):
            yield [row.uuid for row in rows if row.learner == pseudonym or _is_object(row, identifier)]
            last = rows[-1].seq


def _is_object(statement: Statement, identifier: str) -> bool:
    thing = statement.data["object"]
    return thing.get("objectType") == "Agent" and ifi_of(thing) == identifier
