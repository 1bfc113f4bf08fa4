import pytest

from xapi.formats import StatementInvalid
from xapi.strict_json import DEPTH, parse


def test_json_is_read():
    assert parse('{"a": [1, 2.5, true, null, "æ"]}'.encode()) == {"a": [1, 2.5, True, None, "æ"]}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is not JSON: Expecting value at line 1, column 1"),
        (
            b'{"a": 1,}',
            "the body is not JSON: Expecting property name enclosed in double quotes at line 1, column 9",
        ),
        (b"[NaN]", "the body is not JSON: NaN is no JSON value"),
        (b"[-Infinity]", "the body is not JSON: -Infinity is no JSON value"),
        (b"[1e999]", "the number 1e999 is too large"),
        (b"[" + b"9" * 5000 + b"]", f"the number {'9' * 50}… is too large"),
        (b'"\xff"', "the body is not UTF-8: byte 1 can't be read"),
        (b"[" * 100_000, f"the body is nested more than {DEPTH} levels deep"),
        (b"[" * 65 + b"]" * 65, f"the body is nested more than {DEPTH} levels deep"),
    ],
)
def test_what_is_no_json_is_refused_with_a_reason(body, message):
    with pytest.raises(StatementInvalid) as refused:
        parse(body)
    assert refused.value.message == message


def test_nesting_up_to_the_limit_is_read():
    assert parse(b"[" * DEPTH + b"]" * DEPTH) is not None


def test_a_property_that_stands_twice_is_refused_by_name():
    with pytest.raises(StatementInvalid) as refused:
        parse(b'{"verb": 1, "actor": 2, "verb": 3}')
    assert (refused.value.path, refused.value.message) == ("verb", "stands twice in the same object")


def test_the_last_of_very_many_properties_is_found_when_it_stands_twice():
    body = ",".join(f'"a{number}":1' for number in range(300_000))
    with pytest.raises(StatementInvalid) as refused:
        parse(f'{{{body},"a299999":2}}'.encode())
    assert (refused.value.path, refused.value.message) == ("a299999", "stands twice in the same object")
