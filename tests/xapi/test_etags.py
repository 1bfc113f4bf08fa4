import pytest

from xapi.etags import Condition, etag_of

TAG, OTHER = "a" * 40, "b" * 40


def test_an_etag_is_the_sha_1_sum_of_the_content_in_lower_case():
    assert etag_of(b"abc") == "a9993e364706816aba3e25717850c26c9cd0d89d"


@pytest.mark.parametrize(
    ("match", "none_match", "when_stored", "when_nothing_is_stored"),
    [
        (None, None, True, True),
        (f'"{TAG}"', None, True, False),
        (f'"{OTHER}", "{TAG}"', None, True, False),
        (f'"{OTHER}"', None, False, False),
        (f'W/"{TAG}"', None, False, False),
        ("*", None, True, False),
        ('"*"', None, False, False),
        (TAG, None, False, False),
        ("", None, False, False),
        (None, "*", False, True),
        (None, f'"{TAG}"', False, True),
        (None, f'W/"{TAG}"', False, True),
        (None, f'"{OTHER}"', True, True),
        (None, '"*"', True, True),
        (None, "", True, True),
        (f'"{TAG}"', "*", False, False),
        ("*", f'"{OTHER}"', True, False),
    ],
)
def test_a_condition_is_held_against_what_is_stored(match, none_match, when_stored, when_nothing_is_stored):
    condition = Condition.read(match, none_match)
    assert (condition.allows(TAG), condition.allows(None)) == (when_stored, when_nothing_is_stored)
    assert condition.is_given is (match is not None or none_match is not None)
