"""Statements together with the data of their attachments: multipart/mixed (xAPI, Communication 1.5.2).

The first part is the JSON, each further part is one attachment's data. RFC 2046 says how parts stand
in a body: between lines of two dashes and the boundary, headers first, then a blank line.
"""

import re
from collections.abc import Iterable, Iterator

from . import formats
from .attachments import Payload, has_sum
from .formats import StatementInvalid

HASH_HEADER = "X-Experience-API-Hash"
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)")
#: As much as web servers read of a request's headers.
_HEAD = 8190
_DEFAULT_TYPE = "application/octet-stream"


def parse(body: bytes, boundary: str) -> tuple[bytes, dict[str, Payload]]:
    """The JSON text of the first part, and the data of the others by their sums. Raises StatementInvalid."""
    if not _BOUNDARY.fullmatch(boundary):
        raise StatementInvalid("multipart/mixed needs a boundary of 1 to 70 characters (RFC 2046)")
    text: bytes | None = None
    payloads: dict[str, Payload] = {}
    for number, (headers, data) in enumerate(_parts(body, boundary)):
        try:
            if number == 0:
                kind = headers.get("content-type", "").partition(";")[0].strip().lower()
                if kind != "application/json":
                    raise StatementInvalid(  # noqa: TRY301  (it gets its part's number below)
                        "must be application/json in the first part", "Content-Type"
                    )
                text = data
            else:
                sha2, payload = _payload(headers, data)
                payloads[sha2] = payload
        except StatementInvalid as error:
            error.inside(number)
            error.inside("part")
            raise
    if text is None:
        raise StatementInvalid("the body has no part")
    return text, payloads


def written(text: str, payloads: Iterable[tuple[str, Payload]], *, boundary: str) -> Iterator[bytes]:
    """A body, piece by piece: the JSON first, and then each payload beside its sum."""
    yield f"--{boundary}\r\nContent-Type: application/json\r\n\r\n{text}\r\n".encode()
    for sha2, (content_type, data) in payloads:
        yield (
            f"--{boundary}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\n"
            f"{HASH_HEADER}: {sha2}\r\n\r\n"
        ).encode()
        yield data
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _payload(headers: dict[str, str], data: bytes) -> tuple[str, Payload]:
    if headers.get("content-transfer-encoding", "").lower() != "binary":
        raise StatementInvalid("must be binary", "Content-Transfer-Encoding")
    sha2 = headers.get(HASH_HEADER.lower(), "").lower()
    if not has_sum(data, sha2):
        raise StatementInvalid("is not the SHA-2 sum of this part's data", HASH_HEADER)
    content_type = headers.get("content-type", _DEFAULT_TYPE)
    try:
        formats.media_type(content_type)
    except StatementInvalid as error:
        error.inside("Content-Type")
        raise
    return sha2, Payload(content_type, data)


def _parts(body: bytes, boundary: str) -> Iterator[tuple[dict[str, str], bytes]]:
    line = re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r\n|\Z)")
    begins: int | None = None
    for found in line.finditer(body):
        if begins is not None:
            yield _part(body[begins : found.start()])
        if found[1]:
            return
        begins = found.end()
    raise StatementInvalid("the body doesn't end with its boundary and two dashes (multipart/mixed)")


def _part(part: bytes) -> tuple[dict[str, str], bytes]:
    head, blank, data = part.partition(b"\r\n\r\n")
    if not blank:
        raise StatementInvalid("a part of the body has no blank line after its headers")
    if len(head) > _HEAD:
        raise StatementInvalid(f"a part of the body has headers of more than {_HEAD} bytes")
    headers: dict[str, str] = {}
    lines = re.sub(r"\r\n[ \t]+", " ", head.decode("latin-1")).split("\r\n")
    for line in filter(None, lines):
        found = _HEADER.fullmatch(line)
        if found is None or found[1].lower() in headers:
            raise StatementInvalid("a part of the body has a header that can't be read, or one twice")
        headers[found[1].lower()] = found[2].strip(" \t")
    return headers, data
