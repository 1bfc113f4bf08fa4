"""Films and recordings: what was played of them, recorded by ADL's video profile.

https://w3id.org/xapi/video: the seconds that were played are `played-segments`, written as
`0[.]12.5[,]40[.]61`; how far is `progress`, the part of the whole that was played at all.
"""

import math
import uuid
from dataclasses import dataclass

from xapi import projection, vocabulary

from ..enums import PLAYED
from ..models import Enrolment
from ..walking import AND, OF, InvalidResponse
from .answers import UnknownItem
from .statements import say_once

VERBS = {
    "initialized": vocabulary.INITIALIZED,
    "played": vocabulary.PLAYED,
    "paused": vocabulary.PAUSED,
    "seeked": vocabulary.SEEKED,
    "completed": vocabulary.COMPLETED,
    "terminated": vocabulary.TERMINATED,
}
#: Seconds. Nobody is to watch longer than this in a step of five minutes.
LONGEST = 7200
#: So many pieces are told apart; whoever jumps about more has seen what she has seen.
MOST_SEGMENTS = 200
#: The part that must have been played for a recording to be completed.
ENOUGH = 0.95


@dataclass(frozen=True)
class Watching:
    """What a player says happened: seconds into the recording, and what has been played so far.

    `session` is one opening of the page, `token` this very event: said twice, it is recorded once.
    """

    verb: str
    session: uuid.UUID
    token: uuid.UUID
    length: float
    time: float
    segments: list[tuple[float, float]]
    time_from: float | None = None


def watch(enrolment: Enrolment, *, item: str, what: Watching) -> None:
    """Record what was played. Raises UnknownItem, or InvalidResponse for what can't have happened."""
    block = enrolment.edition.items.get(item)
    if block is None or block["kind"] not in PLAYED:
        raise UnknownItem(item)
    _check(what)
    progress = round(_played(what.segments) / what.length, 3)
    if what.verb == "completed" and progress < ENOUGH:
        raise InvalidResponse(what.verb)
    name = vocabulary.VIDEO_EXTENSION
    said: dict[str, float | str] = {f"{name}time": what.time}
    if what.verb == "seeked":
        said = {f"{name}time-from": what.time_from or 0, f"{name}time-to": what.time}
    if what.verb in {"paused", "completed", "terminated"}:
        said[f"{name}progress"] = min(progress, 1.0)
        said[f"{name}played-segments"] = AND.join(f"{start:g}{OF}{end:g}" for start, end in what.segments)
    result: dict[str, object] = {} if what.verb == "initialized" else {"extensions": said}
    if what.verb == "completed":
        result["completion"] = True
    if say_once(
        enrolment,
        "watched",
        item,
        str(what.token),
        verb=VERBS[what.verb],
        item=item,
        result=result,
        session={
            f"{name}session-id": str(what.session),
            f"{name}length": what.length,
            f"{name}completion-threshold": ENOUGH,
        },
    ):
        projection.attempt(enrolment.person.pseudonym)


def _check(what: Watching) -> None:
    numbers = [
        what.length,
        what.time,
        what.time_from or 0,
        *(edge for pair in what.segments for edge in pair),
    ]
    within = all(math.isfinite(number) and 0 <= number <= LONGEST for number in numbers)
    in_order = all(start <= end <= what.length + 1 for start, end in what.segments)
    if what.verb not in VERBS or not within or not what.length or not in_order:
        raise InvalidResponse(what.verb[:100])
    if len(what.segments) > MOST_SEGMENTS:
        raise InvalidResponse("segments")


def _played(segments: list[tuple[float, float]]) -> float:
    """The seconds that were played at all: what was played twice counts once."""
    total, reached = 0.0, 0.0
    for start, end in sorted(segments):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total
