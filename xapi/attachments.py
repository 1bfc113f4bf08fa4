"""Data that comes along with statements (xAPI, Data 2.4.11): what it is, and which statement names it."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .formats import StatementInvalid

_ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


class Payload(NamedTuple):
    """The data of one attachment, as it came along. It is kept under its SHA-2 sum in small letters."""

    content_type: str
    data: bytes


#: Data by its sum. None stands for data that was here and has been erased (`domain.payloads`).
Payloads = Mapping[str, Payload | None]


def has_sum(data: bytes, sha2: str) -> bool:
    """Whether this is the data's SHA-2 sum; the sum's length says which of the four."""
    algorithm = _ALGORITHMS.get(len(sha2))
    return algorithm is not None and hashlib.new(algorithm, data).hexdigest() == sha2.lower()


def attachments_of(statement: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each attachment that the statement or its SubStatement names, and where it stands."""
    for part, path in ((statement, ""), (statement["object"], "object.")):
        for at, attachment in enumerate(part.get("attachments", ())):
            yield f"{path}attachments[{at}]", attachment


def check_came_along(statement: Mapping[str, Any], payloads: Payloads) -> None:
    """Raise StatementInvalid for an attachment with neither its data nor a `fileUrl`."""
    for path, attachment in attachments_of(statement):
        # That `length` is the data's isn't asked: the public conformance suite sends a picture as
        # hexadecimal digits beside the length of its bytes (XAPI-00127), and wants that accepted. The
        # sum decides.
        if attachment["sha2"].lower() not in payloads and "fileUrl" not in attachment:
            problem = "the attachment's data must come along, or it needs a fileUrl"
            raise StatementInvalid(problem, f"{path}.fileUrl")
