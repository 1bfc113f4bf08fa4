"""Signed statements (xAPI, Data 2.6): an attachment that is a JSON Web Signature of the statement.

What is signed must say the same as the statement that it came with. Where the signature brings its
certificates (`x5c`, RFC 7515), the first one's key must have made it, and each must be issued by the
next. Whom to trust is the reader's question: the store knows no authorities.
"""

import base64
import binascii
import itertools
import re
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from . import formats, strict_json
from .attachments import Payloads
from .comparison import words
from .formats import StatementInvalid
from .validation import validate

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
_CONTENT_TYPE = "application/octet-stream"
_ALGORITHMS: dict[str, hashes.HashAlgorithm] = {
    "RS256": hashes.SHA256(),
    "RS384": hashes.SHA384(),
    "RS512": hashes.SHA512(),
}
#: The smallest key that these algorithms may be used with (RFC 7518, 3.3), and as many certificates as
#: any real chain has.
_KEY_BITS, _CHAIN = 2048, 10


def check_signatures(statement: dict[str, Any], payloads: Payloads, *, version: str) -> None:
    """Raise StatementInvalid unless each signature of this valid statement holds."""
    for at, attachment in enumerate(statement.get("attachments", ())):
        if attachment["usageType"] == SIGNATURE:
            try:
                _check(statement, attachment, payloads, version)
            except StatementInvalid as error:
                error.inside(at)
                error.inside("attachments")
                raise


def _check(statement: dict[str, Any], attachment: dict[str, Any], payloads: Payloads, version: str) -> None:
    if attachment["contentType"] != _CONTENT_TYPE:
        raise StatementInvalid(f"must be {_CONTENT_TYPE} for a signature", "contentType")
    sha2 = attachment["sha2"].lower()
    if sha2 not in payloads:
        raise StatementInvalid("a signature's data must come along")
    payload = payloads[sha2]
    if payload is None:  # erased: there is nothing left to check
        return
    encoded = payload.data.split(b".")
    if len(encoded) != 3:
        raise StatementInvalid("the signature is not a JSON Web Signature in its compact form (RFC 7515)")
    header, signed, signature = map(_decoded, encoded)
    _check_made_by(_header(header), b".".join(encoded[:2]), signature)
    _check_equal(statement, attachment, _statement(signed, payloads, version))


def _decoded(part: bytes) -> bytes:
    if not re.fullmatch(rb"[A-Za-z0-9_-]+", part):
        raise StatementInvalid("the signature is not a JSON Web Signature in its compact form (RFC 7515)")
    try:
        return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except binascii.Error as error:
        raise StatementInvalid("a part of the signature is not base64url") from error


# --- What was signed ------------------------------------------------------------------------------------


def _statement(signed: bytes, payloads: Payloads, version: str) -> dict[str, Any]:
    try:
        return validate(strict_json.parse(signed), version=version, payloads=payloads)
    except StatementInvalid as error:
        raise StatementInvalid(f"what was signed is not a statement: {error}") from error


def _check_equal(statement: dict[str, Any], attachment: dict[str, Any], signed: dict[str, Any]) -> None:
    """The signature itself was added after the signing, and what the store sets may be missing."""
    others = [each for each in statement["attachments"] if each is not attachment]
    before = {name: value for name, value in statement.items() if name != "attachments"}
    if others:
        before["attachments"] = others
    same = words(before) == words(signed)
    for name, same_value in (("id", _same_id), ("timestamp", _same_instant)):
        if name in statement and name in signed:
            same = same and same_value(statement[name], signed[name])
    if not same:
        raise StatementInvalid("what was signed says something else than the statement")


def _same_id(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def _same_instant(one: str, other: str) -> bool:
    return formats.instant(one) == formats.instant(other)


# --- Who signed -----------------------------------------------------------------------------------------


def _header(encoded: bytes) -> dict[str, Any]:
    try:
        header = strict_json.parse(encoded)
    except StatementInvalid as error:
        raise StatementInvalid(f"the signature's header can't be read: {error}") from error
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str):
        raise StatementInvalid("the signature's header doesn't say with which algorithm it was made")
    if header["alg"] not in _ALGORITHMS:
        raise StatementInvalid(f"the signature's algorithm must be one of {', '.join(_ALGORITHMS)}")
    if "crit" in header:
        raise StatementInvalid("the signature's header asks for an extension that isn't known here (crit)")
    return header


def _check_made_by(header: dict[str, Any], signing_input: bytes, signature: bytes) -> None:
    """Check the signature against the certificates that it brings, if it brings any."""
    if "x5c" not in header:
        return
    chain = _certificates(header["x5c"])
    key = chain[0].public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _KEY_BITS:
        raise StatementInvalid(f"the signature's certificate needs an RSA key of {_KEY_BITS} bits or more")
    try:
        key.verify(signature, signing_input, padding.PKCS1v15(), _ALGORITHMS[header["alg"]])
    except InvalidSignature as error:
        raise StatementInvalid("the signature was not made with its certificate's key") from error
    for issued, issuer in itertools.pairwise(chain):
        try:
            issued.verify_directly_issued_by(issuer)
        except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError) as error:
            raise StatementInvalid(
                "the signature's certificates don't follow from each other (x5c)"
            ) from error


def _certificates(given: Any) -> list[x509.Certificate]:
    if not isinstance(given, list) or not 0 < len(given) <= _CHAIN:
        raise StatementInvalid(f"x5c must be a list of 1 to {_CHAIN} certificates")
    try:
        certificates = [
            x509.load_der_x509_certificate(base64.b64decode(each, validate=True)) for each in given
        ]
        for each in certificates:
            each.public_key()
    except (TypeError, ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise StatementInvalid("x5c holds something that is not an X.509 certificate") from error
    return certificates
