"""Statements that go on to another record store."""

import base64
import datetime as dt
import hashlib
import json
import os
import random
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests.factories.xapi import ClientFactory, a_statement, a_voiding, an_attachment
from tests.xapi.instance import Instance
from xapi import multipart
from xapi.attachments import Payload
from xapi.domain import forwarding as domain
from xapi.domain.forwarding import checked_endpoint, forward, forward_all, save_forwarding, with_backlog
from xapi.domain.recording import record, record_batch
from xapi.models import Forwarding, Statement

pytestmark = pytest.mark.django_db


class Store:
    """Another record store, that takes or refuses as it is told. Not of ours: it only notes what comes."""

    def __init__(self):
        self.taken = []
        self.requests = 0
        self.refuses = set()
        self.answer = None
        self.headers = {}
        self.seen = []
        self.brought = []

    def reply(self, headers, body):
        """Status, headers and body of the answer."""
        self.requests += 1
        self.seen.append((dict(headers), body))
        if self.answer:
            return self.answer
        ids = [one["id"] for one in body]
        if self.refuses & set(ids):
            return 400, {}, b'{"error": "not like this"}'
        self.taken += [one for one in ids if one not in self.taken]
        return 200, {}, json.dumps(ids).encode()


@pytest.fixture
def store():
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind, _, boundary = self.headers["Content-Type"].partition("; boundary=")
            payloads = {}
            if kind == "multipart/mixed":
                body, payloads = multipart.parse(body, boundary)
            store.brought.append({sha2: payload.data for sha2, payload in payloads.items()})
            body = json.loads(body)
            status, headers, answer = store.reply(self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    store.url = f"http://127.0.0.1:{server.server_port}/xapi"
    yield store
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def going(store, settings):
    settings.FORWARDING_SECRETS = {"MIDT": "sæcret"}
    return save_forwarding(
        Forwarding(name="Region Midt", endpoint=store.url, key="lindra", secret_name="MIDT")
    )


def said(count):
    return [str(row.uuid) for row in record_batch([a_statement() for _ in range(count)])]


def state(going):
    return with_backlog(Forwarding.objects.filter(pk=going.pk)).get()


# --- Sending ------------------------------------------------------------------------------------------


def test_everything_is_sent_once_in_order(store, going, monkeypatch):
    monkeypatch.setattr(domain, "BATCH", 7)
    ids = said(20)
    assert (forward_all(), forward_all()) == (20, 0)
    later = said(3)
    assert forward_all() == 3
    assert store.taken == ids + later
    now = state(going)
    assert (now.sent, now.waiting, now.refused, now.failures, now.claim) == (23, 0, 0, 0, None)
    assert now.cursor == Statement.objects.order_by("-seq").first().seq


def test_what_the_other_store_sets_itself_does_not_go_along(store, going):
    system = ClientFactory()
    first = record(a_statement(timestamp="2026-01-02T03:04:05.678+01:00"), client=system)
    record(a_voiding(first.uuid), client=system)
    forward_all()
    [(headers, body)] = store.seen
    assert [sorted(one) for one in body] == [["actor", "id", "object", "timestamp", "verb"]] * 2
    assert (body[0]["timestamp"], body[1]["object"]["id"]) == (
        "2026-01-02T03:04:05.678+01:00",
        str(first.uuid),
    )
    assert headers["Authorization"] == "Basic bGluZHJhOnPDpmNyZXQ="
    assert headers["X-Experience-API-Version"] == "2.0.0"


def test_an_old_statement_is_sent_in_its_own_version_and_place(store, going):
    ids = [
        str(record(a_statement(), version=version).uuid) for version in ("2.0.0", "1.0.3", "1.0.3", "2.0.0")
    ]
    forward_all()
    assert store.taken == ids
    assert [headers["X-Experience-API-Version"] for headers, _body in store.seen] == [
        "2.0.0",
        "1.0.3",
        "2.0.0",
    ]


# --- Attachments --------------------------------------------------------------------------------------


def with_data(*given, **properties):
    """The id of a stored statement that this data came along with."""
    statement = a_statement(attachments=[an_attachment(data) for data in given], **properties)
    payloads = {sum_of(data): Payload("text/plain", data) for data in given}
    return str(record(statement, payloads=payloads).uuid)


def sum_of(data):
    return hashlib.sha256(data).hexdigest()


def test_what_came_along_goes_along_once_a_request(store, going):
    ids = [*said(2), with_data(b"a", b"\r\n--b"), with_data(b"a"), *said(1)]
    assert forward_all() == 5
    assert store.taken == ids
    assert store.brought == [{sum_of(data): data for data in (b"a", b"\r\n--b")}]


def test_a_request_without_data_is_plain_json(store, going):
    linked = {**an_attachment(b"a"), "fileUrl": "https://a.example/file"}
    record(a_statement(attachments=[linked]))
    assert forward_all() == 1
    assert store.seen[0][0]["Content-Type"] == "application/json"


def test_much_data_is_sent_in_several_requests_and_what_is_too_large_alone(store, going, monkeypatch):
    monkeypatch.setattr(domain, "LARGEST", 10_000)
    large = [bytes([n]) * 4000 for n in range(5)]
    ids = [*(with_data(data) for data in large), with_data(b"x" * 50_000), *said(2)]
    assert forward_all() == 8
    assert store.taken == ids
    assert [sorted(map(len, each.values())) for each in store.brought] == [
        [4000, 4000],
        [4000, 4000],
        [4000],
        [50_000],
        [],
    ]


def test_sizes_take_as_many_queries_for_thirty_statements_as_for_one(
    store, going, django_assert_max_num_queries
):
    counts = []
    for count in (1, 30):
        for n in range(count):
            with_data(b"%d" % n)
        with django_assert_max_num_queries(60) as queries:
            assert forward(going) == count
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_with_data_that_is_refused_leaves_the_others_theirs(store, going):
    ids = [with_data(b"%d" % n) for n in range(4)]
    store.refuses = {ids[1]}
    assert forward_all() == 3
    assert store.taken == [ids[0], ids[2], ids[3]]
    store.refuses = set()
    call_command("xapi_forward", "--refused")
    assert store.brought[-1] == {sum_of(b"1"): b"1"}


# --- What is refused ----------------------------------------------------------------------------------


def test_what_is_refused_is_told_and_holds_up_nothing(store, going):
    ids = said(50)
    store.refuses = {ids[3], ids[4], ids[40]}
    assert forward_all() == 47
    assert store.taken == [one for one in ids if one not in store.refuses]
    assert [(str(row.statement), row.status, row.reason) for row in going.refusals.all()] == [
        (one, 400, '{"error": "not like this"}') for one in (ids[3], ids[4], ids[40])
    ]
    assert (state(going).waiting, state(going).failures) == (0, 0)
    assert store.requests < 40


def test_what_was_refused_can_be_sent_again(store, going, capsys):
    ids = said(3)
    store.refuses = {ids[0], ids[2]}
    forward_all()
    store.refuses = {ids[0]}
    call_command("xapi_forward", "--refused")
    assert capsys.readouterr().out == "Region Midt: 1 taken, 1 refused again\n"
    assert store.taken == [ids[1], ids[2]]
    assert (state(going).sent, state(going).refused) == (2, 1)


def test_a_store_that_refuses_everything_is_given_time(store, going, monkeypatch):
    monkeypatch.setattr(domain, "BATCH", 2)
    ids = said(4)
    store.refuses = set(ids)
    assert forward_all() == 0
    now = state(going)
    assert (now.refused, now.waiting, now.failures, now.last_error) == (
        2,
        2,
        1,
        '400: {"error": "not like this"}',
    )
    assert forward_all() == 0
    assert state(going).refused == 2


# --- What goes wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, {}, b"oh"), "500: oh"),
        ((401, {}, b"who?"), "401: who?"),
        ((403, {}, b""), "403: "),
        ((404, {}, b"<h1>where?</h1>"), "404: <h1>where?</h1>"),
        ((302, {"Location": "https://elsewhere.example/"}, b""), "302: "),
        ((204, {}, b""), "204: "),
        ((503, {}, b"\0\xff" + b"x" * 5000), "503: �" + "x" * 249),
    ],
)
def test_a_failure_is_said_and_tried_again_later_and_later(store, going, answer, error):
    ids = said(3)
    store.answer = answer
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False) as clock:
        pauses = []
        for _ in range(12):
            assert forward_all() == 0
            now = state(going)
            pauses.append((now.next_attempt_at - timezone.now()).total_seconds())
            assert (now.last_error, now.refused, now.cursor) == (error, 0, 0)
            before = store.requests
            clock.shift(pauses[-1] - 1)
            assert (forward_all(), store.requests) == (0, before)
            clock.shift(1)
        assert pauses == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
        store.answer = None
        assert forward_all() == 3
    assert store.taken == ids
    assert (state(going).failures, state(going).last_error) == (0, "")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120),
        ("0", 1),
        ("99999999999", 3600),
        ("-5", 10),
        ("soon", 10),
        ("Sun, 22 Nov 2026 11:02:00 GMT", 120),
        ("Sun, 22 Nov 2020 11:02:00 GMT", 1),
    ],
)
def test_a_store_that_says_when_is_asked_then(store, going, asked, seconds):
    said(1)
    store.answer = (429, {"Retry-After": asked}, b"")
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        forward_all()
        assert state(going).next_attempt_at == timezone.now() + dt.timedelta(seconds=seconds)


def test_nobody_at_home_is_a_failure_without_the_address_in_it(going):
    said(1)
    Forwarding.objects.update(endpoint="http://127.0.0.1:9/secret-path/")
    assert forward_all() == 0
    assert state(going).last_error == "No answer: ConnectionError."


def test_without_its_secret_nothing_is_sent(store, going, settings):
    said(1)
    settings.FORWARDING_SECRETS = {"OTHER": "x"}
    assert forward_all() == 0
    assert (store.requests, state(going).last_error) == (
        0,
        "The environment has no FORWARDING_SECRET_MIDT.",
    )


def test_the_secret_is_in_no_row_and_no_log(store, going, caplog):
    said(2)
    store.answer = (500, {}, b"no")
    forward_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM xapi_forwarding")
        assert "sæcret" not in str(cursor.fetchall())
    assert "sæcret" not in caplog.text


def test_an_address_that_was_made_unsafe_behind_the_form_is_not_sent_to(going):
    said(1)
    Forwarding.objects.update(endpoint="http://lrs.example/xapi/")
    assert forward_all() == 0
    assert state(going).last_error == "http://lrs.example/xapi/ isn't encrypted (https)."


@pytest.mark.parametrize(
    ("endpoint", "checked"),
    [
        ("https://lrs.example/xapi", "https://lrs.example/xapi/"),
        ("http://localhost:8000/xapi/", "http://localhost:8000/xapi/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("http://localhost.evil.example/", None),
        ("http://127.0.0.1.evil.example/", None),
        ("https://user@lrs.example/", None),
        ("https://lrs.example/#x", None),
        ("https:///xapi", None),
        ("gopher://lrs.example/", None),
    ],
)
def test_only_encrypted_addresses_and_this_machine_are_sent_to(endpoint, checked):
    if checked:
        assert checked_endpoint(endpoint) == checked
    else:
        with pytest.raises(ValueError, match=r"web address|encrypted|holds"):
            checked_endpoint(endpoint)


# --- Backlog ------------------------------------------------------------------------------------------


def test_the_backlog_says_how_much_waits_and_since_when(store, going, monkeypatch, capsys):
    monkeypatch.setattr(domain, "COUNTED", 3)
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        said(1)
    said(2)
    now = state(going)
    assert (now.waiting, now.waiting_since.isoformat()) == (3, "2026-11-22T11:00:00+00:00")
    said(2)
    assert state(going).waiting == 4
    call_command("xapi_forward", "--status")
    assert capsys.readouterr().out.startswith("Region Midt: waits: > 3, since ")
    forward_all()
    call_command("xapi_forward", "--status")
    assert capsys.readouterr().out == "Region Midt: nothing waits; 5 sent, 0 refused\n"


def test_one_that_is_stopped_sends_nothing(store, going):
    said(1)
    Forwarding.objects.update(is_active=False)
    assert (forward_all(), store.requests) == (0, 0)


def test_a_changed_forwarding_is_tried_at_once_and_keeps_its_place(store, going):
    said(2)
    forward_all()
    store.answer = (401, {}, b"")
    said(1)
    forward_all()
    old = Forwarding.objects.get()
    Forwarding.objects.update(cursor=old.cursor, sent=7)
    store.answer = None
    save_forwarding(old)
    assert forward_all() == 1
    assert state(going).sent == 8


# --- Several workers ----------------------------------------------------------------------------------


def test_a_claim_that_another_holds_is_left_alone_until_it_runs_out(store, going):
    said(1)
    later = timezone.now() + dt.timedelta(seconds=30)
    Forwarding.objects.update(claim=uuid.uuid4(), claimed_until=later)
    assert (forward(going), store.requests) == (None, 0)
    with time_machine.travel(later, tick=False):
        assert forward(going) == 1


def test_whoever_has_lost_the_claim_moves_nothing(store, going, monkeypatch):
    ids = said(3)
    reply = store.reply

    def slow(headers, body):
        Forwarding.objects.update(claim=uuid.uuid4())
        return reply(headers, body)

    monkeypatch.setattr(domain, "_post", lambda *_: (slow({}, [{"id": one} for one in ids])[0], ""))
    assert forward(going) is None
    assert (state(going).cursor, state(going).sent) == (0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_four_workers_and_a_writer_keep_the_order(store, going, monkeypatch):
    monkeypatch.setattr(domain, "BATCH", 5)
    writing = threading.Event()

    def worker():
        try:
            while not writing.is_set() or state(going).waiting:
                forward_all(seconds=0.2)
        finally:
            connection.close()

    def writer():
        try:
            for _ in range(30):
                said(random.randint(1, 6))
        finally:
            writing.set()
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(worker) for _ in range(4)] + [pool.submit(writer)]:
            done.result(60)
    assert store.taken == [
        str(one) for one in Statement.objects.order_by("seq").values_list("uuid", flat=True)
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_the_cursor_never_passes_a_number_that_is_not_committed_yet(store, going):
    begun, finish = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                row = record(a_statement())
                begun.set()
                assert finish.wait(10)
            return str(row.uuid)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(slow)
        assert begun.wait(10)
        [quick] = said(1)
        assert forward_all() == 0
        finish.set()
        slow_id = late.result()
    assert forward_all() == 2
    assert store.taken == [slow_id, quick]


# --- Against a second Lindra --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_second_lindra_gets_everything_in_order_though_both_are_killed_in_the_middle(tmp_path):
    there = Instance(tmp_path / "there.sqlite3")
    there.manage("create_xapi_client", "Lindra", "--key", "lindra", "--secret", "s" * 30)
    here = Instance(tmp_path / "here.sqlite3", FORWARDING_SECRET_THERE="s" * 30)
    here.manage("create_xapi_client", "Plan", "--key", "plan", "--secret", "p" * 30)
    statements = [a_statement(id=str(uuid.uuid4())) for _ in range(2500)]
    statements[1000] = a_voiding(uuid.UUID(statements[10]["id"]), id=statements[1000]["id"])
    data = random.Random(1).randbytes(200_000)
    for number in (5, 1200, 2499):
        statements[number]["attachments"] = [an_attachment(data), an_attachment(b"%d" % number)]
    path = tmp_path / "s.jsonl"
    with path.open("w") as out:
        for one in statements:
            for attachment in one.get("attachments", ()):
                came = data if attachment["length"] == len(data) else b"%d" % statements.index(one)
                given = {"contentType": "text/plain", "data": base64.b64encode(came).decode()}
                out.write(json.dumps({"attachment": {"sha2": attachment["sha2"], **given}}) + "\n")
            out.write(json.dumps(one) + "\n")
    here.manage("xapi_import", str(path), "--client", "plan")
    here.manage(
        "shell",
        "-v0",
        "-c",
        "from xapi.domain.forwarding import save_forwarding; from xapi.models import Forwarding; "
        f"save_forwarding(Forwarding(name='There', endpoint='{there.endpoint}', key='lindra', "
        "secret_name='THERE'))",
    )

    def wait_for(count):
        end = time.monotonic() + 90
        while there.count() < count:
            assert time.monotonic() < end
            time.sleep(0.01)

    def kill(process):
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    server, sender = there.serve(), here.start("xapi_forward", "--follow")
    try:
        wait_for(200)
        kill(sender)
        assert there.count() < 2500
        # The claim of the killed one would be waited for: here it has run out.
        free = "UPDATE xapi_forwarding SET claimed_until = NULL, next_attempt_at = NULL"
        here.write(free)
        sender = here.start("xapi_forward", "--follow")
        wait_for(there.count() + 300)
        kill(server)
        time.sleep(0.5)
        server = there.serve()
        kill(sender)
        here.write(free)
        assert there.count() < 2500
        sender = here.start("xapi_forward", "--follow")
        wait_for(2500)
        time.sleep(0.3)
        sender.terminate()
        assert sender.wait(20) == 0
    finally:
        for process in (server, sender):
            if process.poll() is None:
                kill(process)
    in_order = "SELECT uuid FROM xapi_statement ORDER BY seq"
    assert there.rows(in_order) == here.rows(in_order)
    for query in (
        "SELECT sha2, data FROM xapi_attachment ORDER BY sha2",
        "SELECT statement, attachment_id FROM xapi_statementattachment ORDER BY 1, 2",
    ):
        assert there.rows(query) == here.rows(query) != []
    assert there.count() == 2500
    assert here.manage("xapi_forward", "--status").endswith("nothing waits; 2500 sent, 0 refused\n")
