"""Values that have a form: IRIs, UUIDs, language tags, timestamps, durations (xAPI, Data 2.2 and 4).

Two limits are the store's own: what goes into an index takes at most 1,000 bytes, and a time lies in
the years 1 to 9999.
"""

import datetime as dt
import functools
import math
import re
from collections.abc import Callable
from typing import Any

V1 = "1.0.3"
V2 = "2.0.0"
IDENTIFIER_BYTES = 1000

Check = Callable[[Any], object]


class StatementInvalid(Exception):
    """What is wrong, and where: `path` is like `result.score.scaled`, `index` the place in a batch."""

    def __init__(self, message: str, path: str = "", index: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.index = index

    def __str__(self) -> str:
        place = "" if self.index is None else f"statement {self.index}: "
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"

    def inside(self, name: str | int) -> None:
        """Say that the path so far lies within this property, or at this place in a list."""
        step = f"[{name}]" if isinstance(name, int) else name
        dot = "." if self.path and not self.path.startswith("[") else ""
        self.path = f"{step}{dot}{self.path}"


def unlike(value: Any, wanted: str) -> StatementInvalid:
    """The error for a value of another type than the wanted one."""
    return StatementInvalid("must not be null" if value is None else f"must be {wanted}")


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise unlike(value, "a string")
    return value


def boolean(value: Any) -> None:
    if not isinstance(value, bool):
        raise unlike(value, "true or false")


def number(value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise unlike(value, "a number")


def length(value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise unlike(value, "a whole number of bytes")


def one_of(*words: str) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, str) or value not in words:
            raise unlike(value, " or ".join(f'"{word}"' for word in words))

    return check


def identifier(value: Any) -> str:
    """A string that goes into an index."""
    text = string(value)
    # A character takes at most four bytes.
    long = len(text) > IDENTIFIER_BYTES // 4 and len(text.encode(errors="replace")) > IDENTIFIER_BYTES
    if long or "\0" in text:
        raise StatementInvalid(f"must be at most {IDENTIFIER_BYTES} bytes, without a null character")
    return text


def pattern(expression: str, wanted: str) -> Check:
    compiled = re.compile(expression)

    def check(value: Any) -> None:
        if not compiled.fullmatch(identifier(value)):
            raise StatementInvalid(f"is not {wanted}")

    return check


# No blanks, controls or surrogates, none of <>"{}|\^`, and a % only before two hexadecimal digits.
_IRI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[^\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff<>\"{}|\\^`%]|%[0-9A-Fa-f]{2})+"
)
_WEB_WITHOUT_HOST = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)


_MEDIA_TYPE = pattern(
    r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+([ \t]*;[\t -~]*)?", "a media type like text/plain"
)


def media_type(value: Any) -> None:
    """With its parameters, on one line of ASCII: it is answered as a header."""
    _MEDIA_TYPE(value)


def iri(value: Any) -> None:
    if not _is_iri(identifier(value)):
        raise StatementInvalid("is not an IRI")


# The same few come back in every statement.
@functools.lru_cache(maxsize=2048)
def _is_iri(text: str) -> bool:
    return _IRI.fullmatch(text) is not None and not _WEB_WITHOUT_HOST.match(text)


_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def uuid(value: Any) -> None:
    if not _UUID.fullmatch(string(value)):
        raise StatementInvalid("is not a UUID in its usual form (8-4-4-4-12 hexadecimal digits)")


_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})"  # the language
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"  # script, region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"  # extensions, private use
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z0-9]{2,12}|art-lojban|cel-gaulish|zh-min(?:-nan)?",
    re.IGNORECASE | re.ASCII,
)


def language_tag(value: Any) -> None:
    """RFC 5646, well-formed; whether the subtags are registered isn't asked."""
    text = string(value)
    # The long ones, which nobody uses, aren't worth keeping.
    if not (_is_language(text) if len(text) < 40 else _LANGUAGE.fullmatch(text)):
        raise StatementInvalid("is not a language tag (RFC 5646)")


@functools.lru_cache(maxsize=512)
def _is_language(text: str) -> bool:
    return _LANGUAGE.fullmatch(text) is not None


_AMOUNT = r"[0-9]+(?:[.,][0-9]+)?"
# Only the last amount may have a fraction.
_DURATION = re.compile(
    r"(?!.*[.,][0-9]+[A-Z].)P(?:{n}W|(?=[0-9]|T)(?:{n}Y)?(?:{n}M)?(?:{n}D)?"
    r"(?:T(?=[0-9])(?:{n}H)?(?:{n}M)?(?:{n}S)?)?)".replace("{n}", _AMOUNT)
)


def duration(value: Any) -> None:
    if not _DURATION.fullmatch(string(value)):
        raise StatementInvalid("is not a duration like PT4H35M59.14S (ISO 8601)")


_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?P<between>[Tt ])"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-5][0-9])?)?"
)


def timestamp(value: Any, *, version: str = V2) -> dt.datetime:
    """The instant in UTC, to the microsecond.

    In 1.0.3 the zone may be left out, and then it is UTC. In 2.0 a blank may stand between date and
    time (RFC 3339, 5.6). Seconds may be left out in both: ISO 8601 allows it, and the conformance
    suite for 2.0 has wanted it.
    """
    found = _parts_of(string(value))
    zone = found["zone"]
    if version == V1 and found["between"] == " ":
        raise StatementInvalid("needs a T between date and time")
    if version != V1 and (zone is None or len(zone) not in {1, 6}):
        raise StatementInvalid("needs a time zone such as Z or +01:00")
    return instant(value)


def instant(value: str) -> dt.datetime:
    """The same for a timestamp of either version, where its form was checked or doesn't matter."""
    # Asked for once to check and once more to store. A fraction may be as long as somebody likes.
    return _known_instant(value) if len(value) < 40 else _instant(value)


def _instant(value: str) -> dt.datetime:
    found = _parts_of(value)
    zone = found["zone"]
    if zone and zone.strip("0:") == "-":
        raise StatementInvalid("has the offset -00:00, which says that no time zone is known")
    offset = dt.timedelta()
    if zone and zone not in "Zz":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    microsecond = int((found["fraction"] or "")[:6].ljust(6, "0"))
    try:
        local = dt.datetime(
            int(found["year"]),
            int(found["month"]),
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"] or 0),
            microsecond,
            dt.timezone(offset),
        )
        return local.astimezone(dt.UTC)
    except (OverflowError, ValueError) as error:
        raise StatementInvalid("is not a time that exists") from error


_known_instant = functools.lru_cache(maxsize=2048)(_instant)


def _parts_of(value: str) -> re.Match[str]:
    found = _TIMESTAMP.fullmatch(value)
    if not found:
        raise StatementInvalid("is not a timestamp like 2026-11-22T12:00:00.000Z (ISO 8601, RFC 3339)")
    return found
