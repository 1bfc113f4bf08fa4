"""When questions come back, and which of them."""

import datetime as dt
import uuid

import pytest

from courses.refreshing import LAST_DAY, QUESTIONS, ROUNDS, choose, days_of, round_on

DONE = dt.date(2026, 11, 22)
SEED = uuid.UUID(int=7)
ITEMS = [f"s{number}_q" for number in range(8)]


@pytest.mark.parametrize(
    ("days", "number"),
    [(0, None), (2, None), (3, 1), (20, 1), (21, 2), (89, 2), (90, 3), (179, 3), (180, None), (900, None)],
)
def test_a_round_is_on_until_the_next_one_comes(days, number):
    assert round_on(DONE + dt.timedelta(days=days), completed_on=DONE) == number


def test_the_gaps_grow_from_days_to_weeks_to_months():
    begins = [days_of(number, completed_on=DONE)[0] for number in (1, 2, 3)]
    assert [(day - DONE).days for day in begins] == list(ROUNDS)
    gaps = [later - earlier for earlier, later in zip((0, *ROUNDS), (*ROUNDS, LAST_DAY), strict=True)]
    assert gaps == sorted(gaps)


def chosen(number=1, *, items=ITEMS, seed=SEED, missed=(), earlier=()):
    return choose(items, seed=seed, number=number, missed=frozenset(missed), earlier=list(earlier))


def test_the_same_round_asks_the_same_questions_in_the_same_order():
    assert chosen() == chosen()
    assert chosen() == chosen(items=ITEMS[::-1])


def test_people_and_rounds_are_asked_different_questions():
    others = [chosen(seed=uuid.UUID(int=seed)) for seed in range(20)]
    assert len({tuple(items) for items in others}) > 10
    assert chosen(1) != chosen(2)


def test_what_was_wrong_in_the_module_comes_first():
    assert set(chosen(missed=ITEMS[:2])) > set(ITEMS[:2])
    assert set(chosen(missed=ITEMS[4:7])) == set(ITEMS[4:7])


def test_what_was_right_in_a_round_gives_way_to_what_has_not_been_asked():
    first = chosen(missed=ITEMS[:3])
    second = chosen(2, missed=ITEMS[:3], earlier=[dict.fromkeys(first, True)])
    assert set(first).isdisjoint(second)


def test_what_was_wrong_in_a_round_comes_again_until_it_is_right():
    first = chosen()
    wrong = {first[0]: False, first[1]: True, first[2]: True}
    assert chosen(2, earlier=[wrong])[0] == first[0]
    assert first[0] not in chosen(3, earlier=[wrong, {first[0]: True}])


def test_a_module_with_fewer_questions_asks_those_that_it_has():
    assert sorted(chosen(items=ITEMS[:2])) == ITEMS[:2]
    assert chosen(items=[]) == []
    assert len(chosen()) == QUESTIONS
