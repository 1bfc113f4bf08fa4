"""JSON as it is written down (RFC 8259), and nothing that Python reads besides."""

import json
import math
from collections import Counter
from typing import Any, NoReturn

import orjson

from .formats import StatementInvalid

#: A statement needs about ten levels; what extensions add is theirs to keep flat.
DEPTH = 64
_NESTING = frozenset({dict, list})
#: More parts are written again in one go: for a million of them it takes seconds to ask for memory each time.
_MANY = 1000
#: So many digits a number has at least that doesn't fit into 64 bits.
_LONG, _AS_ZEROS = b"0" * 19, bytes.maketrans(b"123456789", b"0" * 9)


def parse(body: bytes) -> Any:
    """The value in `body`, which is UTF-8. Raises StatementInvalid.

    A property twice in one object, NaN, Infinity, numbers beyond a double and nesting deeper than
    `DEPTH` are refused. The size is the caller's to limit.
    """
    try:
        value = orjson.loads(body)
        parts = value if type(value) is list and len(value) <= _MANY else [value]
        texts = [orjson.dumps(part) for part in parts]
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _parse_at_length(body)  # which says why
    if _may_lack_something(body, texts):
        return _parse_at_length(body)
    # What opens less often isn't nested deeper, and a statement hardly ever opens as often.
    if any(text.count(b"{") + text.count(b"[") >= DEPTH for text in texts):
        _check_depth(value)
    return value


def _may_lack_something(body: bytes, texts: list[bytes]) -> bool:
    """Whether the quick parser may have dropped a property, or digits of a number.

    A property that stands twice leaves its colon behind: written again, the value has fewer of them than
    the body. Only an escaped colon could make up for that.
    """
    return (
        body.count(b":") != sum(text.count(b":") for text in texts)
        or b"\\u003a" in body
        or b"\\u003A" in body
        or _LONG in body.translate(_AS_ZEROS)
    )


def _parse_at_length(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StatementInvalid(f"the body is not UTF-8: byte {error.start} can't be read") from error
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError as error:
        problem = f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise StatementInvalid(problem) from error
    except RecursionError as error:
        raise _too_deep() from error
    _check_depth(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(name for name, _value in pairs)
        twice = next(name for name in times if times[name] > 1)
        raise StatementInvalid("stands twice in the same object", twice[:100])
    return found


def _no_constant(name: str) -> NoReturn:
    raise StatementInvalid(f"the body is not JSON: {name} is no JSON value")


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise StatementInvalid(f"the number {digits[:50]} is too large")
    return number


def _int(digits: str) -> int:
    if len(digits) > 300:
        raise StatementInvalid(f"the number {digits[:50]}… is too large")
    return int(digits)


def _check_depth(value: Any) -> None:
    # The parser makes no other kinds; asking for these very two is several times faster here.
    level = [value] if type(value) in _NESTING else []
    for _depth in range(DEPTH):
        level = [
            item
            for outer in level
            for item in (outer.values() if type(outer) is dict else outer)
            if type(item) in _NESTING
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> StatementInvalid:
    return StatementInvalid(f"the body is nested more than {DEPTH} levels deep")
