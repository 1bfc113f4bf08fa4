"""What comes back in statement after statement need not be checked each time."""

import hashlib
from typing import Any

import orjson

from .formats import Check


class Known:
    """A check that remembers what it has found valid: the same verbs, objects and people come back often.

    What is remembered is a digest of the value's text in JSON, so that nothing of anybody stays. What JSON
    can't say is checked each time.
    """

    def __init__(self, check: Check, *, most: int = 1000) -> None:
        self.check, self.most = check, most
        self.digests: set[bytes] = set()

    def __call__(self, value: Any) -> None:
        try:
            digest = hashlib.blake2b(orjson.dumps(value), digest_size=16).digest()
        except orjson.JSONEncodeError:
            self.check(value)
            return
        if digest in self.digests:
            return
        self.check(value)
        if len(self.digests) >= self.most:
            self.digests.clear()
        self.digests.add(digest)
