"""Entity tags: how a client says which version of a document it has read (xAPI, Communication 3.1)."""

import hashlib
import re
from dataclasses import dataclass

_ANY = "*"
_TAGS = re.compile(r'(W/)?"([^"]*)"')


def etag_of(content: bytes) -> str:
    """The SHA-1 sum of the content: xAPI 1.0.3 demands this one."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Condition:
    """What must be stored, if anything, for a request to be carried out. None stands for a missing header.

    `explicit` is whether something that is stored may be replaced only by a request with one of the headers,
    `demanded` whether one of them must be there even though nothing is stored.
    """

    match: frozenset[str] | None = None
    none_match: frozenset[str] | None = None
    explicit: bool = False
    demanded: bool = False

    @classmethod
    def read(
        cls, match: str | None, none_match: str | None, *, explicit: bool = False, demanded: bool = False
    ) -> "Condition":
        """From the headers If-Match and If-None-Match. What isn't an entity tag matches nothing."""
        return cls(
            None if match is None else _tags(match, weak=False),
            None if none_match is None else _tags(none_match, weak=True),
            explicit,
            demanded,
        )

    @property
    def is_given(self) -> bool:
        return self.match is not None or self.none_match is not None

    def allows(self, etag: str | None) -> bool:
        """Whether the headers agree with what is stored: its tag, or None where nothing is."""
        if self.match is not None and (etag is None or not self.match & {etag, _ANY}):
            return False
        return self.none_match is None or etag is None or not self.none_match & {etag, _ANY}


def _tags(header: str, *, weak: bool) -> frozenset[str]:
    """The tags that a header names. If-Match compares strongly: a weak tag then is none."""
    if header.strip() == _ANY:
        return frozenset({_ANY})
    return frozenset(tag for prefix, tag in _TAGS.findall(header) if weak or not prefix) - {_ANY}
