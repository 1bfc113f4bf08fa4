"""JSON as it is written down (RFC 8259), and nothing that Python reads besides."""

import json
import math
from collections import Counter
from typing import Any, NoReturn

from .formats import StatementInvalid

#: A statement needs about ten levels; what extensions add is theirs to keep flat.
DEPTH = 64
_NESTING = frozenset({dict, list})


def parse(body: bytes) -> Any:
    """The value in `body`, which is UTF-8. Raises StatementInvalid.

    A property twice in one object, NaN, Infinity, numbers beyond a double and nesting deeper than
    `DEPTH` are refused. The size is the caller's to limit.
    """
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
