"""What people chose, kind by kind."""

import pytest

from courses.domain.chosen import groups_of
from tests.factories.insight import CASE, OUTCOMES

CHOICE = {"id": "q", "kind": "single_choice", "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}


def as_rows(groups):
    return [
        (group.heading, group.people, [(row.text, row.is_right, row.people) for row in group.choices])
        for group in groups
    ]


def test_of_one_right_answer_each_option_is_counted():
    found = groups_of(CHOICE, {"correct": ["a"]}, {"a": 15, "b": 5})
    assert as_rows(found) == [("", 20, [("A", True, 15), ("B", False, 5)])]


def test_of_several_right_answers_whoever_ticked_an_option_is_counted():
    block = {**CHOICE, "kind": "multiple_choice"}
    found = groups_of(block, {"correct": ["a", "b"]}, {"a[,]b": 10, "a": 5, "b[,]a": 5})
    assert as_rows(found) == [("", 20, [("A", True, 20), ("B", True, 15)])]


def test_of_true_or_false_both_are_named():
    block = {"id": "q", "kind": "true_false", "options": [{"id": "true"}, {"id": "false"}]}
    found = groups_of(block, {"correct": ["false"]}, {"true": 5, "false": 15})
    assert [(row.is_right, row.people) for row in found[0].choices] == [(False, 5), (True, 15)]


def test_of_a_stand_on_a_scale_nothing_is_right():
    block = {"id": "q", "kind": "likert", "scale": "agreement"}
    found = groups_of(block, {}, {"1": 5, "5": 10})
    assert [(row.is_right, row.people) for row in found[0].choices] == [
        (None, 5),
        (None, None),
        (None, None),
        (None, None),
        (None, 10),
    ]


def test_of_an_order_it_is_counted_who_put_each_where_it_belongs():
    block = {
        "id": "q",
        "kind": "ordering",
        "entries": [{"id": "b", "text": "B"}, {"id": "c", "text": "C"}, {"id": "a", "text": "A"}],
    }
    found = groups_of(block, {"correct": ["a", "b", "c"]}, {"a[,]b[,]c": 10, "a[,]c[,]b": 5})
    assert [(row.text, row.people) for row in found[0].choices] == [("A", 15), ("B", 10), ("C", 10)]


def test_of_what_belongs_together_each_thing_shows_what_it_was_put_with():
    block = {
        "id": "q",
        "kind": "matching",
        "sources": [{"id": "s", "text": "S"}],
        "targets": [{"id": "t1", "text": "T1"}, {"id": "t2", "text": "T2"}],
    }
    found = groups_of(block, {"correct": {"s": "t2"}}, {"s[.]t1": 5, "s[.]t2": 15})
    assert as_rows(found) == [("S", 20, [("T1", False, 5), ("T2", True, 15)])]


def test_of_a_case_the_ways_that_were_taken_are_counted_where_they_part():
    found = groups_of(CASE, OUTCOMES, {"n1[.]a[,]n2[.]c": 10, "n1[.]a[,]n2[.]d": 5, "n1[.]b": 5})
    assert as_rows(found) == [
        ("Kl. 20", 20, [("A", None, 15), ("B", False, 5)]),
        ("Kl. 21", 15, [("C", True, 10), ("D", False, 5)]),
    ]


def test_a_place_of_a_case_where_few_came_says_nothing_of_its_choices():
    found = groups_of(CASE, OUTCOMES, {"n1[.]a[,]n2[.]c": 6, "n1[.]b": 14})
    assert as_rows(found)[1] == ("Kl. 21", None, [("C", True, None), ("D", False, None)])


def test_few_who_took_a_way_cannot_be_found_from_where_they_came():
    """Seventeen of twenty went on: neither there nor further on is it told that three didn't."""
    found = groups_of(CASE, OUTCOMES, {"n1[.]a[,]n2[.]c": 17, "n1[.]b": 3})
    assert as_rows(found) == [
        ("Kl. 20", 20, [("A", None, 15), ("B", False, None)]),
        ("Kl. 21", 15, [("C", True, 15), ("D", False, None)]),
    ]


@pytest.mark.parametrize("kind", ["short_answer", "reflection", "practice_task", "video"])
def test_what_is_written_or_watched_has_no_options(kind):
    assert groups_of({"id": "q", "kind": kind}, {}, {"ord": 20}) is None
