"""When a module's questions come back, and which of them. Nothing here touches the database.

What is recalled again after a while is kept far longer than what is learned in one go: so found a review
of 317 experiments (Cepeda, Pashler, Vul, Wixted & Rohrer: Distributed practice in verbal recall tasks,
Psychological Bulletin 132, 2006). The gap that serves best grows with the time that something is to be
kept: for a year it is about 5 to 10 % of it, three to five weeks (Cepeda, Vul, Rohrer, Wixted & Pashler:
Spacing effects in learning, Psychological Science 19, 2008). Questions with feedback that came back at
intervals helped medical students to keep clinical knowledge, in a randomised trial (Kerfoot, DeWolf,
Masser, Church & Federman: Spaced education improves the retention of clinical knowledge by medical
students, Medical Education 41, 2007). No study says which days are best here; those of `ROUNDS` are our
choice: soon after, about three weeks on, and once more when much would have faded.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from .enums import GRADED, WALKED

#: Days after the completion on which each round falls due: a few days, weeks and months.
ROUNDS = (3, 21, 90)
#: The day on which the last round is over: a round waits until the next one comes, this one as long again.
LAST_DAY = 180
#: How many questions come back in a round.
QUESTIONS = 3
#: About how long that takes.
MINUTES = 1
#: What is answered in seconds. A case or a conversation takes longer, and has to be walked through.
KINDS = GRADED - WALKED


def days_of(number: int, *, completed_on: dt.date) -> tuple[dt.date, dt.date]:
    """The first day of a round (from 1), and the day on which it is over: half open."""
    ends = [*ROUNDS[1:], LAST_DAY]
    return (
        completed_on + dt.timedelta(days=ROUNDS[number - 1]),
        completed_on + dt.timedelta(days=ends[number - 1]),
    )


def round_on(day: dt.date, *, completed_on: dt.date) -> int | None:
    """The round (from 1) that is on that day, if any."""
    for number in range(1, len(ROUNDS) + 1):
        begins, ends = days_of(number, completed_on=completed_on)
        if begins <= day < ends:
            return number
    return None


def choose(
    items: Iterable[str],
    *,
    seed: uuid.UUID,
    number: int,
    missed: frozenset[str],
    earlier: Sequence[dict[str, bool]],
) -> list[str]:
    """The items of a round: what she had wrong comes first, then what hasn't come back yet.

    `missed` are the items that she once had wrong in the module, `earlier` the earlier rounds, each with
    the items asked and whether the first answer was right. The last word on an item counts: what was
    right in a round comes last. The same seed and number give the same items, in the same order.
    """

    def place(item: str) -> tuple[int, uuid.UUID]:
        lately = next((asked[item] for asked in reversed(earlier) if item in asked), None)
        is_wrong = item in missed if lately is None else not lately
        rank = 0 if is_wrong else 1 if lately is None else 2
        return rank, uuid.uuid5(seed, f"refresher/{number}/{item}")

    return sorted(items, key=place)[:QUESTIONS]
