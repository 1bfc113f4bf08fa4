import base64
import copy
import datetime as dt
import hashlib
import json
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.factories.xapi import a_multipart, a_part, a_statement, an_attachment
from xapi.models import Attachment, Statement

pytestmark = pytest.mark.django_db

ID = "5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c90"
SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
ALGORITHMS = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@cache
def key(bits=2048, name=""):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def certificate(subject_key, issuer_key=None, subject="Signe", issuer="Signe"):
    """In base64 of DER, as `x5c` has it."""
    name, by = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, each)]) for each in (subject, issuer))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by)
        .public_key(subject_key.public_key())
        .serial_number(1)
        .not_valid_before(NOON)
        .not_valid_after(NOON + dt.timedelta(days=1))
        .sign(issuer_key or subject_key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def encoded(data):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def signed(payload, algorithm="RS256", with_key=None, **header):
    start = encoded({"alg": algorithm, **header}) + b"." + encoded(payload)
    made = (with_key or key()).sign(start, padding.PKCS1v15(), ALGORITHMS.get(algorithm, hashes.SHA256()))
    return start + b"." + encoded(made)


def statement():
    return a_statement(id=ID, timestamp="2026-11-22T12:00:00Z", result={"duration": "PT1.12S"})


def with_signature(said, signature, **properties):
    attachment = an_attachment(
        signature, usageType=SIGNATURE, **{"contentType": "application/octet-stream", **properties}
    )
    return {**said, "attachments": [*said.get("attachments", ()), attachment]}


@pytest.fixture
def send(post):
    def send(said, signature, *parts, **properties):
        body = a_multipart(with_signature(said, signature, **properties), a_part(signature), *parts)
        return post(body, kind="multipart/mixed; boundary=kant")

    return send


def assert_refused(response, error):
    assert response.status_code == 400, response.content
    assert response.json() == {"error": error, "path": "attachments[0]"}
    assert (Statement.objects.count(), Attachment.objects.count()) == (0, 0)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("certified", [False, True])
def test_a_signature_over_the_same_statement_is_accepted(send, algorithm, certified):
    said = statement()
    header = {"x5c": [certificate(key())]} if certified else {}
    assert send(said, signed(said, algorithm, **header)).status_code == 200
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": ID.upper()},
        {"timestamp": None},
        {"timestamp": "2026-11-22T13:00:00.000+01:00"},
        {"result": {"duration": "PT1.129S"}},
        {"authority": {"mbox": "mailto:a@b.example"}},
    ],
)
def test_what_was_signed_may_differ_where_the_specification_says_that_it_does_not_matter(send, change):
    said = statement()
    before = {name: value for name, value in {**said, **change}.items() if value is not None}
    assert send(said, signed(before)).status_code == 200


def test_other_attachments_are_part_of_what_was_signed(send):
    said = {**statement(), "attachments": [an_attachment(b"x")]}
    assert send(said, signed(said), a_part(b"x")).status_code == 200
    without = {**statement(), "id": "5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c91"}
    response = send({**without, "attachments": said["attachments"]}, signed(without), a_part(b"x"))
    assert (response.status_code, response.json()["path"]) == (400, "attachments[1]")


@pytest.mark.parametrize(
    "change",
    [
        {"id": "5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c91"},
        {"timestamp": "2026-11-22T12:00:01Z"},
        {"result": {"duration": "PT1.13S"}},
        {"result": {"duration": "PT1.12S", "success": True}},
        {"actor": {"mbox": "mailto:a@b.example"}},
    ],
)
def test_a_signature_over_another_statement_is_refused(send, change):
    said = statement()
    assert_refused(
        send(said, signed({**said, **change})), "what was signed says something else than the statement"
    )


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        (b"{'id': 1}", "what was signed is not a statement: the body is not JSON"),
        ([], "what was signed is not a statement: must be an object"),
        ({"id": ID}, "what was signed is not a statement: actor: is missing"),
    ],
)
def test_what_was_signed_must_be_a_statement(send, payload, error):
    response = send(statement(), signed(payload))
    assert response.status_code == 400
    assert response.json()["error"].startswith(error)


@pytest.mark.parametrize("algorithm", ["HS256", "none", "ES256", "PS256", "rs256"])
def test_any_other_algorithm_is_refused(send, algorithm):
    said = statement()
    assert_refused(
        send(said, signed(said, algorithm)), "the signature's algorithm must be one of RS256, RS384, RS512"
    )


BROKEN = "the signature is not a JSON Web Signature in its compact form (RFC 7515)"


@pytest.mark.parametrize(
    ("signature", "error"),
    [
        (b"", BROKEN),
        (b"a.b", BROKEN),
        (b"a.b.c.d", BROKEN),
        (b"..", BROKEN),
        (b"a=.b.c", BROKEN),
        (b"a.bb.cc", "a part of the signature is not base64url"),
        (encoded([]) + b".bb.cc", "the signature's header doesn't say with which algorithm it was made"),
        (
            encoded({"alg": ["RS256"]}) + b".bb.cc",
            "the signature's header doesn't say with which algorithm it was made",
        ),
        (
            encoded({"alg": "RS256", "crit": ["exp"]}) + b".bb.cc",
            "the signature's header asks for an extension that isn't known here (crit)",
        ),
    ],
)
def test_a_signature_that_is_none_is_refused(send, signature, error):
    assert_refused(send(statement(), signature), error)


def test_a_header_that_is_no_json_is_refused(send):
    response = send(statement(), b"bbbb.bb.cc")
    assert response.status_code == 400
    assert response.json()["error"].startswith("the signature's header can't be read: ")


def test_a_signature_is_an_octet_stream(send):
    said = statement()
    response = send(said, signed(said), contentType="text/plain")
    assert (response.status_code, response.json()) == (
        400,
        {"error": "must be application/octet-stream for a signature", "path": "attachments[0].contentType"},
    )


def test_a_signature_must_come_along_even_where_it_is_linked(post):
    said = statement()
    linked = with_signature(said, signed(said), fileUrl="https://a.example/signature")
    assert_refused(post(linked), "a signature's data must come along")


def test_a_signature_made_with_another_key_than_its_certificates_is_refused(send):
    said = statement()
    forged = signed(said, x5c=[certificate(key(name="other"))])
    assert_refused(send(said, forged), "the signature was not made with its certificate's key")


def test_an_altered_signature_is_refused_where_a_certificate_says_whose_it_is(send):
    said = statement()
    start, _dot, made = signed(said, x5c=[certificate(key())]).rpartition(b".")
    raw = bytearray(base64.urlsafe_b64decode(made + b"=="))
    raw[0] ^= 1
    assert_refused(
        send(said, start + b"." + encoded(bytes(raw))),
        "the signature was not made with its certificate's key",
    )


def test_each_certificate_must_be_issued_by_the_next(send):
    root, other = key(name="root"), key(name="other")
    own = certificate(key(), root, "Signe", "Root")
    good = [own, certificate(root, subject="Root", issuer="Root")]
    bad = [own, certificate(other, subject="Root", issuer="Root")]
    said = statement()
    assert_refused(
        send(said, signed(said, x5c=bad)), "the signature's certificates don't follow from each other (x5c)"
    )
    assert send(said, signed(said, x5c=good)).status_code == 200


@pytest.mark.parametrize(
    ("chain", "error"),
    [
        ([], "x5c must be a list of 1 to 10 certificates"),
        ("abc", "x5c must be a list of 1 to 10 certificates"),
        (["abcd"], "x5c holds something that is not an X.509 certificate"),
        (["%%%"], "x5c holds something that is not an X.509 certificate"),
        ([7], "x5c holds something that is not an X.509 certificate"),
    ],
)
def test_certificates_that_are_none_are_refused(send, chain, error):
    said = statement()
    assert_refused(send(said, signed(said, x5c=chain)), error)


@pytest.mark.parametrize("weak", ["short", "elliptic"])
def test_a_certificate_with_another_kind_of_key_is_refused(send, weak):
    other = key(1024) if weak == "short" else ec.generate_private_key(ec.SECP256R1())
    said = statement()
    assert_refused(
        send(said, signed(said, x5c=[certificate(other)])),
        "the signature's certificate needs an RSA key of 2048 bits or more",
    )


def test_a_signed_statement_is_sent_again_like_any_other(send):
    said = statement()
    signature = signed(said)
    assert [send(copy.deepcopy(said), signature).status_code for _ in range(2)] == [200, 200]
    assert hashlib.sha256(signature).hexdigest() == Attachment.objects.get().sha2
