"""Statements out of the store and into it: `xapi_export` and `xapi_import`."""

import base64
import datetime as dt
import hashlib
import io
import itertools
import json
import os
import random
import signal
import time
import tracemalloc
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from tests.factories.courses import complete, publish
from tests.factories.organisations import PersonFactory
from tests.factories.xapi import (
    ClientFactory,
    a_multipart,
    a_part,
    a_statement,
    a_voiding,
    an_attachment,
    credentials,
)
from tests.xapi import test_signatures as signing
from tests.xapi.instance import Instance
from xapi import vocabulary
from xapi.attachments import Payload
from xapi.domain import exporting, importing
from xapi.domain.clients import revoke_client
from xapi.domain.erasure import erase_learner
from xapi.domain.importing import begin, take_in
from xapi.domain.recording import record, record_batch
from xapi.models import (
    Attachment,
    ImportRun,
    PendingLearner,
    Referral,
    Statement,
    StatementAttachment,
    StatementId,
    StatementKey,
)
from xapi.projection import project_pending, rebuild, stages

pytestmark = pytest.mark.django_db

SIGNE = uuid.UUID("0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d")


def exported(*arguments):
    out = io.StringIO()
    call_command("xapi_export", *arguments, stdout=out)
    return out.getvalue()


def taken_in(path, *arguments):
    """What the command says, and what of that is trouble."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("xapi_import", str(path), *arguments, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error}\n")
    return out.getvalue(), err.getvalue()


def empty_the_store():
    for model in (
        *(Statement, Referral, StatementId, StatementKey, PendingLearner),
        *(StatementAttachment, Attachment),
    ):
        models.QuerySet(model).delete()


@pytest.fixture
def system():
    return ClientFactory(name="Plan2Learn", key="plan")


@pytest.fixture
def file(tmp_path):
    def file(*lines):
        path = tmp_path / "statements.jsonl"
        path.write_bytes(b"".join(line.encode() + b"\n" if isinstance(line, str) else line for line in lines))
        return path

    return file


def lines_of(*statements):
    return [json.dumps(statement) for statement in statements]


# --- Out ----------------------------------------------------------------------------------------------


def test_every_statement_is_a_line_exactly_as_it_is_stored(system):
    record(a_statement(SIGNE, result={"response": "æøå\n\u2028"}))
    theirs = record(a_statement(), client=system)
    record(a_voiding(theirs.uuid), client=system)
    lines = exported().split("\n")
    assert lines == [*Statement.objects.order_by("seq").values_list("raw", flat=True), ""]


def test_since_and_until_are_about_when_it_was_stored(noon, monkeypatch):
    ids = []
    for day in (1, 2, 3):
        noon(dt.date(2026, 11, day))
        ids.append(str(record(a_statement()).uuid))
    found = [
        json.loads(line)["id"] for line in exported("--since", "2026-11-02", "--until", "2026-11-03").split()
    ]
    assert found == [ids[1]]


def test_many_chunks_are_one_export(monkeypatch):
    monkeypatch.setattr("xapi.domain.exporting.CHUNK", 3)
    record_batch([a_statement() for _ in range(10)])
    ids = [json.loads(line)["id"] for line in exported().split()]
    assert ids == [str(one) for one in Statement.objects.order_by("seq").values_list("uuid", flat=True)]


def test_a_file_is_there_only_when_it_is_whole_and_is_for_nobody_else(tmp_path, monkeypatch):
    record(a_statement())
    path = tmp_path / "out.jsonl"
    exported("--output", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text().splitlines()) == 1
    whole = path.read_text()
    monkeypatch.setattr(
        "xapi.management.commands.xapi_export.stored_lines", lambda **_: iter(["{}", 1 / 1, None])
    )
    with pytest.raises(AttributeError):
        exported("--output", str(path))
    assert path.read_text() == whole


def test_nobody_is_named_in_an_export():
    person = PersonFactory(given_name="Signe", family_name="Kjær")
    complete(person, publish())
    text = exported()
    assert (str(person.pseudonym) in text, "Signe" in text, "Kjær" in text) == (True, False, False)


# --- In -----------------------------------------------------------------------------------------------


def test_the_good_lines_are_stored_and_the_bad_ones_told_with_their_number(system, file):
    good = [a_statement(SIGNE, id=str(uuid.UUID(int=n))) for n in range(1, 6)]
    wrong = {**a_statement(SIGNE), "verb": {"id": "answered"}}
    conflict = {**good[0], "object": {"id": "https://a.example/other"}}
    mine = record(a_statement())
    path = file(
        *lines_of(*good[:2]),
        '{"actor": ',
        "",
        *lines_of(wrong, good[2], conflict),
        b'{"a": "\xff"}\n',
        '{"id": 1, "id": 2}',
        "[]",
        *lines_of(a_voiding(mine.uuid), good[3]),
        json.dumps(good[4]).encode(),
    )
    out, err = taken_in(path, "--client", "plan")
    assert out == "5 stored, 0 here already, 7 refused\n"
    told = path.with_name("statements.jsonl.refused").read_text()
    assert [line.split(": ")[0] for line in told.splitlines()] == [
        f"line {number}" for number in (3, 5, 7, 8, 9, 10, 11)
    ]
    assert err.startswith(told)
    assert "line 5: verb.id: is not an IRI" in told
    assert sorted(Statement.objects.written_by(system).values_list("uuid", flat=True)) == [
        uuid.UUID(one["id"]) for one in good
    ]
    assert PendingLearner.objects.filter(learner=SIGNE).exists()


def test_what_is_here_already_is_not_stored_twice(system, file):
    path = file(*lines_of(*(a_statement(id=str(uuid.uuid4())) for _ in range(3))))
    taken_in(path, "--client", "plan")
    assert taken_in(path, "--client", "plan") == ("0 stored, 3 here already, 0 refused\n", "")
    twice = file(*path.read_text().splitlines(), *path.read_text().splitlines())
    assert taken_in(twice, "--client", "plan") == ("0 stored, 6 here already, 0 refused\n", "")
    assert Statement.objects.count() == 3


def test_an_authority_in_the_file_is_not_believed(system, file):
    path = file(*lines_of(a_statement(SIGNE, authority=vocabulary.platform_authority())))
    taken_in(path, "--client", "plan")
    stored = Statement.objects.get()
    assert (stored.client, stored.data["authority"]["account"]["name"]) == (system, "client:plan")


def test_statements_of_both_versions_are_taken_as_what_they_are(system, file):
    old = {
        **a_statement(context={"contextActivities": {"parent": {"id": "https://a.example/1"}}}),
        "version": "1.0.3",
    }
    new = a_statement(
        context={"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@a.example"}}]}
    )
    out, err = taken_in(file(*lines_of(old, new, old, {**new, "version": "1.0.3"})), "--client", "plan")
    assert out == "3 stored, 0 here already, 1 refused\n"
    assert "line 4: " in err


@pytest.mark.parametrize("key", ["nobody", "revoked"])
def test_only_a_client_that_may_write_today_vouches(system, file, key):
    revoke_client(ClientFactory(key="revoked"))
    out, err = taken_in(file(*lines_of(a_statement())), "--client", key)
    assert (out, err) == ("", f"There is no active client with the key {key}.\n")
    assert taken_in(system.key + "/no/such/file", "--client", "plan")[1].endswith(
        "No such file or directory\n"
    )


def test_a_line_without_an_end_does_not_fill_the_memory(system, file, monkeypatch):
    monkeypatch.setattr(importing, "LONGEST_LINE", 2000)
    long = json.dumps(a_statement(result={"response": "x" * 10_000}))
    out, err = taken_in(file(long, *lines_of(a_statement()), long), "--client", "plan")
    assert out == "1 stored, 0 here already, 2 refused\n"
    assert [line for line in err.splitlines() if line.startswith("line")] == [
        "line 1: the line is longer than 2000 bytes",
        "line 3: the line is longer than 2000 bytes",
    ]


def test_a_batch_with_many_bad_lines_loses_none_of_the_good(system, file):
    chance = random.Random(1)
    said = [a_statement(id=str(uuid.UUID(int=n + 1))) for n in range(300)]
    bad = set(chance.sample(range(300), 60))
    out, _err = taken_in(
        file(*lines_of(*({**one, "verb": {}} if n in bad else one for n, one in enumerate(said)))),
        "--client",
        "plan",
    )
    assert out == "240 stored, 0 here already, 60 refused\n"
    assert list(Statement.objects.order_by("seq").values_list("uuid", flat=True)) == [
        uuid.UUID(one["id"]) for n, one in enumerate(said) if n not in bad
    ]


# --- Going on -----------------------------------------------------------------------------------------


class Killed(BaseException):
    """What a killed process sees: nothing."""


def test_a_killed_import_goes_on_where_it_stopped_and_doubles_nothing_that_has_no_id(
    system, file, monkeypatch
):
    monkeypatch.setattr(importing, "BATCH", 10)
    without_id = [a_statement() for _ in range(35)]
    path = file(*lines_of(*without_id[:12]), "{", *lines_of(*without_id[12:]))

    with path.open("rb") as lines:
        run = begin(lines, client=system)
        for state in take_in(run, lines, report=lambda *_: None):
            if state.line == 20:
                break
    out, err = taken_in(path, "--client", "plan")
    assert (out, err) == (
        "",
        "An import of this file stopped after line 20. Say --resume to go on, or --anew to begin again.\n",
    )
    assert taken_in(path, "--client", "plan", "--resume")[0] == "35 stored, 0 here already, 1 refused\n"
    assert Statement.objects.count() == 35
    assert taken_in(path, "--client", "plan", "--resume")[0] == "35 stored, 0 here already, 1 refused\n"
    assert Statement.objects.count() == 35


def test_an_import_can_begin_anew(system, file):
    path = file(*lines_of(a_statement(id=str(uuid.uuid4()))))
    with path.open("rb") as lines:
        begin(lines, client=system)
    assert taken_in(path, "--client", "plan", "--anew") == ("1 stored, 0 here already, 0 refused\n", "")


def test_of_two_who_take_in_the_same_file_one_stops(system, file, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    path = file(*lines_of(*(a_statement() for _ in range(6))))
    with path.open("rb") as mine, path.open("rb") as theirs:
        first = take_in(begin(mine, client=system), mine, report=lambda *_: None)
        second = take_in(begin(theirs, client=system, resume=True), theirs, report=lambda *_: None)
        next(first)
        with pytest.raises(importing.TakenOver):
            next(second)
        assert len(list(first)) == 2
    assert Statement.objects.count() == 6


def test_memory_stays_flat(system, tmp_path):
    """The people come back, as they do; how few of those who don't are remembered, test_validation says."""
    people = [uuid.uuid4() for _ in range(500)]

    def peak(count):
        path = tmp_path / f"{count}.jsonl"
        with path.open("w") as out:
            for person in itertools.islice(itertools.cycle(people), count):
                out.write(json.dumps(a_statement(person, id=str(uuid.uuid4()))) + "\n")
        tracemalloc.start()
        taken_in(path, "--client", "plan")
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    connection.queries_log.clear()
    peak(600)
    assert peak(6000) < 1.3 * peak(1500)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_at_any_time_ends_whole(tmp_path):
    """A process of its own on a database of its own, killed three times."""
    here = Instance(tmp_path / "store.sqlite3")
    here.manage("create_xapi_client", "Plan", "--key", "plan", "--secret", "s" * 20)
    path = tmp_path / "s.jsonl"
    path.write_text("".join(json.dumps(a_statement()) + "\n" for _ in range(6000)))
    command = ["xapi_import", str(path), "--client", "plan", "--resume"]
    for stop_after in (1, 1500, 3500):
        process = here.start(*command)
        end = time.monotonic() + 60
        while here.count() < stop_after and process.poll() is None:
            assert time.monotonic() < end
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert here.count() < 6000
    here.manage(*command)
    assert here.count() == 6000


# --- Out and in ---------------------------------------------------------------------------------------


def test_a_store_that_moves_stays_as_it_is_and_derives_the_same(system, tmp_path):
    """Out, into an empty store, as it is: the same statements, the same columns, the same derived rows."""
    edition = publish()
    for _ in range(2):
        complete(PersonFactory(), edition)
    theirs = [record(a_statement(SIGNE), client=system, version=version) for version in ("1.0.3", "2.0.0")]
    record(a_voiding(theirs[0].uuid), client=system)
    record(a_statement(object={"objectType": "Agent", "mbox": "mailto:a@a.example"}))
    project_pending()
    columns = [field.attname for field in Statement._meta.fields if field.attname != "seq"]

    def everything():
        people = sorted(set(Statement.objects.exclude(learner=None).values_list("learner", flat=True)))
        return (
            list(Statement.objects.order_by("seq").values_list(*columns)),
            sorted(StatementKey.objects.values_list("key", flat=True)),
            sorted(Referral.objects.values_list("verb", "actor")),
            [stage.rows(person) for stage in stages() for person in people],
        )

    before = everything()
    path = tmp_path / "out.jsonl"
    exported("--output", str(path))
    text = exported()
    empty_the_store()
    rebuild()
    assert everything() != before
    assert taken_in(path, "--as-is")[1] == ""
    rebuild()
    assert everything() == before
    assert exported() == text
    assert taken_in(path, "--as-is", "--anew")[0].startswith("0 stored, ")
    said = io.StringIO()
    call_command("rebuild", "--check", stdout=said)
    assert said.getvalue() == ""


def test_as_is_takes_only_what_an_export_of_this_platform_holds(system, file):
    mine = json.loads(record(a_statement()).raw)
    empty_the_store()
    other = {"account": {"homePage": "https://other.example", "name": "client:plan"}}
    gone = {"account": {**mine["authority"]["account"], "name": "client:gone"}}
    without = {name: value for name, value in mine.items() if name != "stored"}
    path = file(
        *lines_of({**mine, "authority": other}, {**mine, "authority": gone}, without, a_statement(), mine)
    )
    out, err = taken_in(path, "--as-is")
    assert out == "1 stored, 0 here already, 4 refused\n"
    assert err.splitlines()[:4] == [
        "line 1: authority: is neither this platform nor a client of it",
        "line 2: authority: there is no client with the key gone here",
        "line 3: stored: is missing: this is no line of an export",
        "line 4: authority: is neither this platform nor a client of it",
    ]
    assert ImportRun.objects.get().client is None


# --- Attachments --------------------------------------------------------------------------------------

DATA = bytes(range(256)) * 40


def with_data(*given, client=None, **properties):
    """A stored statement that this data came along with."""
    statement = a_statement(attachments=[an_attachment(data) for data in given], **properties)
    payloads = {
        hashlib.sha256(data).hexdigest(): Payload("text/plain; charset=utf-8", data) for data in given
    }
    return record(statement, client=client, payloads=payloads)


def data_line(came=None, /, **properties):
    given = {} if came is None else {"contentType": "text/plain", "data": base64.b64encode(came).decode()}
    sha2 = hashlib.sha256(came or b"").hexdigest()
    return json.dumps({"attachment": {"sha2": sha2, **given, **properties}})


def kept():
    return (
        [(row.sha2, row.content_type, bytes(row.data)) for row in Attachment.objects.order_by("sha2")],
        sorted(StatementAttachment.objects.values_list("statement", "attachment")),
    )


def fetched(client, headers):
    """What GET answers with attachments, but for the line between the parts."""
    answer = client.get("/xapi/statements", {"attachments": "true"}, headers=headers)
    boundary = answer["Content-Type"].partition("boundary=")[2].encode()
    return answer.getvalue().replace(boundary, b"")


def test_attachments_move_along_byte_for_byte(client, system, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "PIECE", 1000)
    monkeypatch.setattr(exporting, "CHUNK", 2)
    monkeypatch.setattr(importing, "BATCH", 4)
    headers = credentials(system)
    with_data(DATA, b"", client=system)
    with_data(DATA, id=str(uuid.uuid4()))
    linked = {**an_attachment(DATA), "fileUrl": "https://a.example/file"}
    record(a_statement(attachments=[linked]), client=system)
    inner = {"objectType": "SubStatement", **a_statement(attachments=[an_attachment(b"within")])}
    within = {hashlib.sha256(b"within").hexdigest(): Payload("text/csv", b"within")}
    record(a_statement(object=inner), payloads=within)
    with_data(DATA, b"within", client=system)
    before, answered, raws = kept(), fetched(client, headers), exported()
    path = tmp_path / "out.jsonl"
    exported("--output", str(path))
    empty_the_store()
    assert taken_in(path, "--as-is") == ("5 stored, 0 here already, 0 refused\n", "")
    assert (kept(), fetched(client, headers), exported()) == (before, answered, raws)
    assert len(raws) < 2 * len(base64.b64encode(DATA))


def test_signed_statements_move_and_their_signatures_are_checked(post, system, tmp_path):
    said = signing.statement()
    signature = signing.signed(said)
    body = a_multipart(signing.with_signature(said, signature), a_part(signature))
    assert post(body, kind="multipart/mixed; boundary=kant").status_code == 200
    before, path = kept(), tmp_path / "out.jsonl"
    exported("--output", str(path))
    text = path.read_text()
    empty_the_store()
    other = signing.signed({**said, "verb": {"id": "https://a.example/other"}})
    sums = [hashlib.sha256(each).hexdigest() for each in (signature, other)]
    path.write_text(
        text.replace(base64.b64encode(signature).decode(), base64.b64encode(other).decode()).replace(*sums)
    )
    assert "what was signed says something else" in taken_in(path, "--as-is")[1]
    path.write_text(text)
    assert taken_in(path, "--as-is", "--anew") == ("1 stored, 0 here already, 0 refused\n", "")
    assert kept() == before


def test_a_client_s_file_brings_data_too_and_opens_nobody_elses(system, file):
    with_data(b"secret")
    linked = {**an_attachment(b"secret"), "fileUrl": "https://a.example/file"}
    statements = [a_statement(attachments=[an_attachment(DATA)], id=str(uuid.uuid4())) for _ in range(2)]
    path = file(
        data_line(DATA),
        *lines_of(statements[0]),
        data_line(sha2=hashlib.sha256(DATA).hexdigest()),
        *lines_of(statements[1]),
        data_line(sha2=hashlib.sha256(b"secret").hexdigest()),
        *lines_of(a_statement(attachments=[linked]), a_statement(attachments=[linked])),
        data_line(sha2=hashlib.sha256(b"gone").hexdigest(), erased=True),
        *lines_of(a_statement(attachments=[an_attachment(b"gone")])),
    )
    out, err = taken_in(path, "--client", "plan")
    assert out == "3 stored, 0 here already, 2 refused\n"
    assert err.splitlines()[:2] == [
        f"line 6: no earlier line brought the data with the sum {hashlib.sha256(b'secret').hexdigest()}",
        "line 9: data that was erased can only be said of one's own export (--as-is)",
    ]
    assert [
        str(uuid_) for uuid_ in StatementAttachment.objects.order_by("id").values_list("statement", flat=True)
    ][1:] == [one["id"] for one in statements]


BAD_DATA = {
    "not base64": (data_line(data="%%%", contentType="text/plain"), "attachment.data: is not base64"),
    "no base64 at all": (data_line(data=7, contentType="text/plain"), "attachment.data: is not base64"),
    "no type": (data_line(data="eA=="), "attachment.contentType: "),
    "a type that breaks a header": (data_line(b"x", contentType="a/b\r\nX: y"), "attachment.contentType: "),
    "no sum": (data_line(b"x", sha2="x"), "attachment.sha2: must be a SHA-2 sum in small letters"),
    "no object": ('{"attachment": []}', "attachment: must be an object with sha2"),
    "something besides": ('{"attachment": {}, "id": 1}', "attachment: must be an object with sha2"),
    "cut off": ('{"attachment":{"sha2":"ab', "the body is not JSON"),
    "too much": (data_line(b"x" * 5000), "more than 4000 bytes came along with one statement"),
}


@pytest.mark.parametrize("bad", BAD_DATA)
def test_bad_data_is_told_once_and_takes_its_statement_with_it_and_no_other(system, file, monkeypatch, bad):
    monkeypatch.setattr(importing, "MOST_DATA", 4000)
    line, problem = BAD_DATA[bad]
    linked = {**an_attachment(b"x"), "fileUrl": "https://a.example/file"}
    path = file(
        *lines_of(a_statement()),
        line,
        line,
        *lines_of(a_statement(attachments=[linked]), a_statement(attachments=[linked])),
    )
    out, err = taken_in(path, "--client", "plan")
    assert out == "2 stored, 0 here already, 2 refused\n"
    assert err.splitlines()[0].startswith(f"line 2: {problem}")
    assert err.splitlines()[1] == "line 4: the data in line 2 can't be taken"
    assert Attachment.objects.count() == 0


def test_data_with_another_sum_or_nobody_to_name_it_is_refused(system, file):
    said = a_statement(attachments=[an_attachment(DATA)])
    path = file(
        data_line(b"altered", sha2=hashlib.sha256(DATA).hexdigest()),
        *lines_of(said),
        data_line(b"stray"),
        *lines_of(a_statement(), said),
        data_line(DATA),
        "{broken",
        *lines_of(a_statement()),
        data_line(DATA),
    )
    out, err = taken_in(path, "--client", "plan")
    assert out == "1 stored, 0 here already, 5 refused\n"
    assert [line.partition(" ")[2].partition(":")[0] for line in err.splitlines()[:5]] == [*"24579"]
    assert Attachment.objects.count() == 0


def test_an_import_that_stops_between_data_and_its_statement_goes_on_before_the_data(
    system, file, monkeypatch
):
    monkeypatch.setattr(importing, "BATCH", 2)
    said = [a_statement(attachments=[an_attachment(str(n).encode())]) for n in range(5)]
    data = [data_line(str(n).encode()) for n in range(5)]
    path = file(*itertools.chain(*zip(data, lines_of(*said), strict=True)))
    path.write_bytes(path.read_bytes().replace(b'{"attachment', b'\n{"attachment'))
    with path.open("rb") as lines:
        run = begin(lines, client=system)
        next(state for state in take_in(run, lines, report=lambda *_: None) if state.line >= 3)
    assert taken_in(path, "--client", "plan", "--resume") == ("5 stored, 0 here already, 0 refused\n", "")
    assert (Statement.objects.count(), StatementAttachment.objects.count()) == (5, 5)


def test_a_file_from_before_data_came_along_is_taken_as_it_was(system, file):
    linked = {**an_attachment(DATA), "fileUrl": "https://a.example/file"}
    path = file(*lines_of(a_statement(attachments=[linked]), a_statement(attachments=[an_attachment(DATA)])))
    out, err = taken_in(path, "--client", "plan")
    assert out == "1 stored, 0 here already, 1 refused\n"
    assert "line 2: attachments[0].fileUrl: the attachment's data must come along" in err


def test_data_that_was_erased_stays_erased_when_a_store_moves(system, tmp_path):
    her = uuid.uuid4()
    row = record(
        a_statement(her, attachments=[an_attachment(DATA)]),
        client=system,
        payloads={hashlib.sha256(DATA).hexdigest(): Payload("text/plain", DATA)},
    )
    erase_learner(her)
    path = tmp_path / "out.jsonl"
    exported("--output", str(path))
    empty_the_store()
    assert taken_in(path, "--as-is") == ("1 stored, 0 here already, 0 refused\n", "")
    assert Statement.objects.get().raw == row.raw
    assert kept() == ([], [])


def test_memory_stays_flat_with_data(system, tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "ENOUGH_DATA", 100_000)

    def most_used(act):
        tracemalloc.start()
        act()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        connection.queries_log.clear()
        return used

    def peak(count):
        empty_the_store()
        for n in range(count):
            with_data(b"%03d" % n * 20_000, client=system)
        path = tmp_path / f"{count}.jsonl"
        out = most_used(lambda: exported("--output", str(path)))
        empty_the_store()
        return out + most_used(lambda: taken_in(path, "--as-is"))

    peak(5)
    assert peak(120) < 1.5 * peak(30)
