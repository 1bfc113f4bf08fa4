import hashlib
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes

import pytest
from django.db import connection

from tests.factories.xapi import ClientFactory, a_multipart, a_part, a_statement, an_attachment, credentials
from xapi.attachments import Payload
from xapi.domain.recording import record, record_batch
from xapi.enums import Scope
from xapi.models import Attachment, Statement, StatementAttachment

pytestmark = pytest.mark.django_db

URL = "/xapi/statements"
ID = "5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c90"
DATA = b"\x00\xff two lines\r\n--and dashes\r\n"
OTHER = b"other"
KIND = "multipart/mixed; boundary=kant"
USAGE = "https://lindra.example/id/usage/file"


def said(*attachments, **properties):
    return a_statement(attachments=list(attachments), **properties)


def parts(response):
    """Each part of an answer: its headers, and its bytes as they are."""
    assert response.status_code == 200
    kind = response["Content-Type"]
    boundary = kind.partition("boundary=")[2].encode()
    pieces = response.getvalue().split(b"--" + boundary)
    assert (pieces[0], pieces[-1]) == (b"", b"--\r\n")
    found = []
    for piece in pieces[1:-1]:
        head, _blank, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        found.append((dict(message_from_bytes(head + b"\r\n\r\n").items()), data.removesuffix(b"\r\n")))
    return found


# --- Sending ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_data_comes_along_with_its_statement_and_is_kept_byte_for_byte(post, system, version):
    body = a_multipart(said(an_attachment(DATA), id=ID), a_part(DATA))
    assert post(body, kind=KIND, headers=credentials(system, version)).json() == [ID]
    kept = Attachment.objects.get()
    assert (kept.sha2, kept.content_type, bytes(kept.data)) == (
        hashlib.sha256(DATA).hexdigest(),
        "text/plain",
        DATA,
    )
    assert str(StatementAttachment.objects.get(attachment=kept).statement) == ID


def test_a_put_brings_data_as_a_post_does(client, system):
    body = a_multipart(said(an_attachment(DATA)), a_part(DATA))
    response = client.put(f"{URL}?statementId={ID}", body, KIND, headers=credentials(system))
    assert response.status_code == 204
    assert bytes(Attachment.objects.get().data) == DATA


def test_the_attachment_of_a_substatement_comes_along_too(post):
    inner = {"objectType": "SubStatement", **said(an_attachment(DATA))}
    assert post(a_multipart(a_statement(object=inner), a_part(DATA)), kind=KIND).status_code == 200
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("name", ["sha224", "sha256", "sha384", "sha512"])
def test_each_of_the_four_sums_is_checked_in_capitals_too(post, name):
    sha2 = hashlib.new(name, DATA).hexdigest()
    statement = said(an_attachment(DATA, sha2=sha2.upper()))
    body = a_multipart(statement, a_part(DATA, X_Experience_API_Hash=sha2))
    assert post(body, kind=KIND).status_code == 200
    assert Attachment.objects.get().sha2 == sha2


def test_multipart_needs_no_attachment_and_an_attachment_with_a_file_url_needs_no_data(post):
    linked = said(an_attachment(DATA, fileUrl="https://a.example/file"))
    assert post(a_multipart(a_statement()), kind=KIND).status_code == 200
    assert post(a_multipart(linked), kind=KIND).status_code == 200
    assert post(linked).status_code == 200
    assert Attachment.objects.count() == 0


def test_the_same_data_is_kept_once_for_all_statements(post):
    batch = [said(an_attachment(DATA), an_attachment(DATA, contentType="text/csv")) for _ in range(2)]
    assert post(a_multipart(batch, a_part(DATA)), kind=KIND).status_code == 200
    assert post(a_multipart(said(an_attachment(DATA)), a_part(DATA)), kind=KIND).status_code == 200
    assert (Attachment.objects.count(), StatementAttachment.objects.count()) == (1, 3)


def test_an_equal_resend_with_its_data_changes_nothing(post):
    body = a_multipart(said(an_attachment(DATA), actor={"mbox": "mailto:a@b.example"}, id=ID), a_part(DATA))
    assert [post(body, kind=KIND).json() for _ in range(2)] == [[ID], [ID]]
    assert (Statement.objects.count(), StatementAttachment.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "kind", ['multipart/mixed; boundary="kant"', "Multipart/Mixed;charset=utf-8; boundary=kant"]
)
def test_the_boundary_is_read_as_http_writes_it(post, kind):
    assert post(a_multipart(said(an_attachment(DATA)), a_part(DATA)), kind=kind).status_code == 200


def test_what_stands_before_the_first_and_after_the_last_boundary_is_passed_over(post):
    body = b"before\r\n" + a_multipart(said(an_attachment(DATA)), a_part(DATA)) + b"after"
    assert post(body, kind=KIND).status_code == 200


GOOD = a_multipart(said(an_attachment(DATA)), a_part(DATA))
WRONG = {
    "no boundary": (GOOD, "multipart/mixed", "", "multipart/mixed needs a boundary of 1 to 70 characters"),
    "another boundary": (GOOD, "multipart/mixed; boundary=x", "", "the body doesn't end with its boundary"),
    "a long boundary": (
        GOOD,
        f"multipart/mixed; boundary={'x' * 71}",
        "",
        "multipart/mixed needs a boundary",
    ),
    "not closed": (GOOD.removesuffix(b"--\r\n"), KIND, "", "the body doesn't end with its boundary"),
    "nothing": (b" ", KIND, "", "the body doesn't end with its boundary"),
    "no part": (b"--kant--", KIND, "", "the body has no part"),
    "no blank line": (
        b"--kant\r\nContent-Type: application/json\r\n--kant--",
        KIND,
        "",
        "a part of the body has",
    ),
    "a header that is none": (
        b"--kant\r\nx\r\n\r\n{}\r\n--kant--",
        KIND,
        "",
        "a part of the body has a header",
    ),
    "a long header": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA, X=" a " * 3000)),
        KIND,
        "",
        "a part of the body has headers of more than 8190 bytes",
    ),
    "a header twice": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA, content_type="text/csv")),
        KIND,
        "",
        "a part of the body has a header that can't be read, or one twice",
    ),
    "first part is no JSON": (
        b"--kant\r\nContent-Type: text/plain\r\n\r\n{}\r\n--kant--",
        KIND,
        "part[0].Content-Type",
        "must be application/json in the first part",
    ),
    "first part is broken": (
        b"--kant\r\nContent-Type: application/json\r\n\r\n{\r\n--kant--",
        KIND,
        "",
        "the body is not JSON",
    ),
    "another encoding": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA, Content_Transfer_Encoding="base64")),
        KIND,
        "part[1].Content-Transfer-Encoding",
        "must be binary",
    ),
    "no encoding": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA, Content_Transfer_Encoding=None)),
        KIND,
        "part[1].Content-Transfer-Encoding",
        "must be binary",
    ),
    "no hash": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA, X_Experience_API_Hash=None)),
        KIND,
        "part[1].X-Experience-API-Hash",
        "is not the SHA-2 sum of this part's data",
    ),
    "a wrong hash": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA, X_Experience_API_Hash="0" * 64)),
        KIND,
        "part[1].X-Experience-API-Hash",
        "is not the SHA-2 sum of this part's data",
    ),
    "altered data": (
        GOOD.replace(b"two lines", b"two limes"),
        KIND,
        "part[1].X-Experience-API-Hash",
        "is not the SHA-2 sum of this part's data",
    ),
    "a type that can't be kept": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA, Content_Type="text/\0")),
        KIND,
        "part[1].Content-Type",
        "must be at most 1000 bytes, without a null character",
    ),
    "too much": (
        a_multipart(said(an_attachment(DATA)), a_part(DATA), a_part(OTHER)),
        KIND,
        "",
        f"no statement has an attachment with the sum {hashlib.sha256(OTHER).hexdigest()}",
    ),
    "too little": (
        a_multipart(said(an_attachment(DATA), an_attachment(OTHER)), a_part(DATA)),
        KIND,
        "attachments[1].fileUrl",
        "the attachment's data must come along, or it needs a fileUrl",
    ),
    "JSON alone": (
        a_multipart(said(an_attachment(DATA))),
        KIND,
        "attachments[0].fileUrl",
        "the attachment's data must come along, or it needs a fileUrl",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_multipart_body_with_something_wrong_is_refused_and_nothing_is_stored(post, wrong):
    body, kind, path, error = WRONG[wrong]
    response = post(body, kind=kind)
    assert (response.status_code, response.json()["path"]) == (400, path)
    assert response.json()["error"].startswith(error)
    assert (Statement.objects.count(), Attachment.objects.count()) == (0, 0)


def test_multipart_form_data_is_refused(post):
    response = post(GOOD, kind="multipart/form-data; boundary=kant")
    assert (response.status_code, response.json()["error"]) == (
        400,
        'the Content-Type must be application/json, not "multipart/form-data"',
    )


def test_a_batch_with_one_bad_statement_stores_no_attachment_either(post):
    response = post(
        a_multipart([said(an_attachment(DATA)), said(an_attachment(OTHER))], a_part(DATA)), kind=KIND
    )
    assert (response.status_code, response.json()["statement"]) == (400, 1)
    assert (Statement.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_media_type_that_would_break_a_header_is_refused(post):
    response = post(said(an_attachment(DATA, fileUrl="https://a.example", contentType="text/plain\r\n;a=b")))
    assert (response.status_code, response.json()["path"]) == (400, "attachments[0].contentType")


# --- Fetching -----------------------------------------------------------------------------------------


@pytest.fixture
def kept(system):
    """A statement of the client's with two attachments, one of them linked besides."""
    statement = said(
        an_attachment(DATA, contentType="image/png"),
        an_attachment(OTHER, fileUrl="https://a.example/file"),
        id=ID,
    )
    payloads = {
        attachment["sha2"]: Payload("text/plain", data)
        for attachment, data in zip(statement["attachments"], (DATA, OTHER), strict=True)
    }
    return record(statement, client=system, payloads=payloads)


@pytest.mark.parametrize("asked", [{"statementId": ID}, {}])
def test_attachments_true_answers_the_json_and_then_each_attachment_once(get, kept, asked):
    first, *rest = parts(get(attachments="true", **asked))
    assert first[0] == {"Content-Type": "application/json"}
    assert first[1].decode() == (kept.raw if asked else f'{{"statements":[{kept.raw}],"more":""}}')
    expected = [
        (
            {
                "Content-Type": kind,
                "Content-Transfer-Encoding": "binary",
                "X-Experience-API-Hash": hashlib.sha256(data).hexdigest(),
            },
            data,
        )
        for kind, data in (("image/png", DATA), ("text/plain", OTHER))
    ]
    assert sorted(rest, key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("asked", [{}, {"attachments": "false"}])
def test_without_attachments_true_the_answer_is_json_alone(get, kept, asked):
    response = get(statementId=ID, **asked)
    assert (response["Content-Type"], response.content.decode()) == ("application/json", kept.raw)


def test_attachments_true_is_multipart_even_where_there_is_none(get):
    assert parts(get(attachments="true")) == [
        ({"Content-Type": "application/json"}, b'{"statements":[],"more":""}')
    ]


def test_naming_a_sum_opens_nobody_elses_data(client, kept):
    thief = ClientFactory(scopes=[Scope.WRITE, Scope.READ_MINE])
    linked = said(an_attachment(DATA, fileUrl="https://a.example/file"))
    headers = credentials(thief)
    assert client.post(URL, linked, "application/json", headers=headers).status_code == 200
    answer = parts(client.get(URL, {"attachments": "true"}, headers=headers))
    assert len(answer) == 1
    assert DATA not in answer[0][1]


def test_the_next_page_also_brings_its_attachments(client, get, system):
    for data in (DATA, OTHER):
        statement = said(an_attachment(data))
        record(statement, payloads={statement["attachments"][0]["sha2"]: Payload("text/plain", data)})
    first = parts(get(attachments="true", limit="1"))
    more = first[0][1].decode().rpartition('"more":"')[2].removesuffix('"}')
    second = parts(client.get(more, headers=credentials(system)))
    assert [first[1][1], second[1][1]] == [OTHER, DATA]


@pytest.mark.parametrize("size", [1, 3])
def test_attachments_take_one_more_query_however_many_there_are(get, django_assert_num_queries, size):
    for number in range(size):
        data = str(number).encode()
        statement = said(an_attachment(data))
        record(statement, payloads={statement["attachments"][0]["sha2"]: Payload("text/plain", data)})
    get()  # notes the use
    # The client (and, on PostgreSQL, how far it may read), the page, the attachments.
    with django_assert_num_queries(3):
        assert len(parts(get(attachments="true"))) == size + 1


# --- Beside each other ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_writers_who_bring_the_same_data_in_another_order_wait_for_each_other_and_no_more():
    things = [str(number).encode() for number in range(20)]
    payloads = {hashlib.sha256(data).hexdigest(): Payload("text/plain", data) for data in things}
    barrier = threading.Barrier(6)

    def write(number):
        order = things if number % 2 else things[::-1]
        try:
            barrier.wait()
            record_batch(
                [said(an_attachment(data), id=str(uuid.uuid4())) for data in order], payloads=payloads
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert (Attachment.objects.count(), StatementAttachment.objects.count()) == (20, 120)
