"""How well a question tells those who know the rest of a module from those who don't."""

import math
from dataclasses import dataclass

from organisations.small_groups import smallest_group

#: People who answered every question of the version: with fewer, chance decides the number. A correlation
#: of 0.30 differs from none at all by more than chance (5 %) only from 44 people on.
ENOUGH_PEOPLE = 45
#: Other questions: with one alone the rest of the module is no measure of anything.
ENOUGH_OTHERS = 2


@dataclass(frozen=True)
class Sums:
    """Over people: how many, and how many of them had the question right.

    `sum_of_others` is the sum of how many of the other questions each had right (of `most_others` at most),
    `squares` the sum of the squares of that, and `products` its sum over those who had the question right.
    """

    people: int
    right: int
    most_others: int
    sum_of_others: int
    squares: int
    products: int


def separation(sums: Sums) -> float | None:
    """The corrected point-biserial correlation, from -1 to 1; None where there is too little data.

    It is the correlation between the question (right or wrong at the first attempt) and the number of the
    version's *other* graded questions that were right at the first attempt; *corrected* says that the
    question itself isn't among them (S. Henrysson, "Correction of item-total correlations in item
    analysis", Psychometrika 28, 1963, 211-218). Only people who have answered all of them count.

    Too little data: fewer than `ENOUGH_PEOPLE`, fewer than `ENOUGH_OTHERS`, nearly everybody right or nearly
    everybody wrong, or everybody with as many right of the others.
    """
    wrong = sums.people - sums.right
    if (
        sums.people < ENOUGH_PEOPLE
        or sums.most_others < ENOUGH_OTHERS
        or min(sums.right, wrong) < smallest_group()
    ):
        return None
    spread = sums.people * sums.squares - sums.sum_of_others**2
    if spread == 0:
        return None
    together = sums.people * sums.products - sums.right * sums.sum_of_others
    return round(together / math.sqrt(spread * sums.right * wrong), 2)
