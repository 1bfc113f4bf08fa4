import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


# --- The quick way and the long one read the same ------------------------------------------------------

NAMES = st.text(alphabet=st.sampled_from('ab:"\\{}[]æ\u2028😀 '), max_size=4)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False, allow_infinity=False)
    | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=25,
)
SPELLINGS = st.builds(
    dict,
    ensure_ascii=st.booleans(),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]),
)


@given(VALUES, SPELLINGS)
@settings(max_examples=200, deadline=None)
def test_every_value_is_read_as_it_was_written(value, spelling):
    read = parse(json.dumps(value, **spelling).encode())
    assert (read, repr(read)) == (value, repr(value))


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), SPELLINGS, st.randoms())
@settings(max_examples=200, deadline=None)
def test_a_property_that_stands_twice_is_found_wherever_and_however_it_is_written(value, spelling, chance):
    name = chance.choice(sorted(value))
    again = json.dumps({name: value[name]}, **spelling)[1:]
    body = json.dumps(value, **spelling)[:-1] + "," + again
    for around in (f"{body}", f"[1,{body}]", f'[{{"deep":[{body}]}}]'):
        with pytest.raises(StatementInvalid, match="stands twice in the same object"):
            parse(around.encode())


@pytest.mark.parametrize("escape", ["\\u003a", "\\u003A"])
def test_an_escaped_colon_hides_no_property_that_stands_twice(escape):
    with pytest.raises(StatementInvalid, match="stands twice in the same object"):
        parse(f'{{"a": 1, "a": "{escape}"}}'.encode())


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**40])
def test_a_whole_number_of_any_length_keeps_its_digits(number):
    assert parse(f'{{"a": {number}}}'.encode()) == {"a": number}


def test_brackets_in_texts_hide_no_nesting():
    for opening in ('["]",', '{"}":'):
        with pytest.raises(StatementInvalid, match="nested more than"):
            parse((opening * 70 + "1" + ("]" if opening[0] == "[" else "}") * 70).encode())


@pytest.mark.parametrize("many", [2, 1000, 1001, 3000])
def test_what_is_wrong_with_the_last_of_many_parts_is_found(many):
    def body(last):
        return b"[" + b'{"a":1},' * (many - 1) + last + b"]"

    assert parse(body(b'{"a":[2]}')) == [*[{"a": 1}] * (many - 1), {"a": [2]}]
    with pytest.raises(StatementInvalid, match="stands twice"):
        parse(body(b'{"a":1,"a":2}'))
    with pytest.raises(StatementInvalid, match="nested more than"):
        parse(body(b"[" * DEPTH + b"]" * DEPTH))
    assert parse(body(b'{"a":%d}' % 10**40))[-1] == {"a": 10**40}
