"""Numbers about people that may be shown outside their own line."""

import pytest

from organisations.small_groups import may_be_split, shown, whole_groups


@pytest.mark.parametrize(
    ("people", "seen"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (100, 100)]
)
def test_a_number_below_five_is_not_shown_and_others_are_rounded(people, seen):
    assert shown(people) == seen


@pytest.mark.parametrize(("people", "counted"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10)])
def test_only_whole_groups_are_counted(people, counted):
    assert whole_groups(people) == counted


def test_shares_are_shown_of_two_groups_at_least():
    assert (may_be_split(9), may_be_split(10)) == (False, True)


def test_the_size_of_a_group_is_a_setting(settings):
    settings.SMALLEST_GROUP = 10
    assert (shown(9), shown(14), shown(15), may_be_split(19)) == (None, 10, 20, False)


def test_no_number_below_five_can_be_found_by_subtracting_from_the_sum():
    """Whatever the split of two options in whole groups: several splits look the same."""
    for people in range(10, 60, 5):
        for few in range(1, 5):
            looks = (shown(people - few), shown(few))
            alike = [other for other in range(people + 1) if (shown(people - other), shown(other)) == looks]
            assert len(alike) > 1
