"""The record store through gunicorn with two workers, on PostgreSQL, from a second process.

The bars come from measurements of two open stores on a machine of this class: ADL_LRS took 23 statements
a second from one client and 38 from eight; Ralph's server with a back end that stores nothing 348 and 626.
"""

import json
import os
import random
import statistics
import sys
import time
import uuid
from urllib.parse import urlencode

import psycopg

from tests.bench.server import Request, dumps, load, manage, postgres_database, resident, serving
from xapi.keys import RELATED_ACTIVITY, digest

BASE = "https://lindra.example/id"
VERBS = [
    f"http://adlnet.gov/expapi/verbs/{name}" for name in ("answered", "passed", "progressed", "completed")
]
LEARNERS = 10_000
SIZES = (10_000, 1_000_000)
#: How long each client goes on; how many learners are rebuilt; over how many statements memory is watched.
SECONDS = float(os.environ.get("BENCH_SECONDS") or 6)
REBUILT = int(os.environ.get("BENCH_LEARNERS") or 10_000)
MANY = int(os.environ.get("BENCH_STATEMENTS") or 100_000)


def statement(number: int, learners: int = LEARNERS) -> dict:
    """As the platform writes them: an answer, with its module and its registration."""
    learner, module = number % learners, number % 12
    return {
        "id": str(uuid.uuid4()),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": BASE, "name": str(uuid.UUID(int=learner + 1))},
        },
        "verb": {"id": VERBS[number // learners % 4], "display": {"en": "answered", "da": "besvarede"}},
        "object": {
            "objectType": "Activity",
            "id": f"{BASE}/items/{module}-{number % 7}",
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "interactionType": "choice",
                "name": {"da": "Hvad gør du først, når fru Holm ikke vil spise?"},
                "choices": [{"id": str(n), "description": {"da": f"Svar {n}"}} for n in range(4)],
            },
        },
        "result": {"success": number % 3 > 0, "response": str(number % 4), "score": {"scaled": 0.5}},
        "context": {
            "registration": str(uuid.UUID(int=learner * 100 + module + 1)),
            "contextActivities": {"parent": [{"objectType": "Activity", "id": f"{BASE}/modules/{module}"}]},
            "revision": "1.1",
            "language": "da",
        },
        "timestamp": "2026-11-22T12:00:00.000Z",
    }


def say(what: str, found, bar: str, ratio: float) -> None:
    print(f"{what}: {found}; {bar}: {ratio:.2f} times", flush=True)


def straight(database: str, *, batch: int, seconds: float) -> float:
    """The limit: the same rows into tables with the same indexes, by COPY, with a commit for each batch.

    Nothing is checked, and all that a row holds was made before the clock starts.
    """
    tables = {
        "xapi_statementid": "uuid, seq",
        "xapi_statement": "seq, uuid, raw, stored, timestamp, verb, activity, actor, learner, registration,"
        " client_id",
        "xapi_statementkey": "key, statement",
    }
    batches = [[_rows(n * batch + number) for number in range(batch)] for n in range(int(seconds * 100))]
    with psycopg.connect(database, autocommit=True) as connection:
        for table in tables:
            connection.execute(f"DROP TABLE IF EXISTS peer_{table}")
            connection.execute(
                f"CREATE TABLE peer_{table} (LIKE {table} INCLUDING INDEXES INCLUDING IDENTITY)"
            )
        start = time.perf_counter()
        for rows in batches:
            with connection.transaction(), connection.cursor() as cursor:
                for table, columns in tables.items():
                    with cursor.copy(f"COPY peer_{table} ({columns}) FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row[table])
        rate = batch * len(batches) / (time.perf_counter() - start)
        for table in tables:
            connection.execute(f"DROP TABLE peer_{table}")
    return rate


def _rows(number: int) -> dict[str, list]:
    """What is stored of one statement, by table."""
    said = statement(number)
    actor = said["actor"]["account"]["name"]
    module = said["context"]["contextActivities"]["parent"][0]["id"]
    return {
        "xapi_statementid": [said["id"], number],
        "xapi_statement": [
            *(number, said["id"], json.dumps(said), "now", said["timestamp"], said["verb"]["id"]),
            *(said["object"]["id"], f"account:{BASE}|{actor}", actor, said["context"]["registration"], 1),
        ],
        "xapi_statementkey": [digest(RELATED_ACTIVITY, module), number],
    }


def posting(database: str, port: int) -> None:
    for clients, adl, ralph in ((1, 23, 348), (8, 38, 626)):
        found = load(
            port,
            lambda client, turn: [("POST", "/xapi/statements", dumps(statement(client * 10**6 + turn)))],
            clients=clients,
            seconds=SECONDS,
        )
        say(f"POST one, {clients} clients", found, f"ADL_LRS {adl}", found.rate / adl)
        print(f"  and Ralph storing nothing, {ralph}: {found.rate / ralph:.2f} times")
    # In turns, for a machine that others use too is now quicker and now slower.
    shares: dict[int, list[float]] = {1: [], 8: []}
    for turn in range(3):
        limit = straight(database, batch=100, seconds=SECONDS / 3)
        for clients, found_shares in shares.items():
            found = load(
                port,
                lambda client, round_: [("POST", "/xapi/statements", _hundred(client, round_))],
                clients=clients,
                seconds=SECONDS,
                prepared=int(SECONDS * 40 / clients),
            )
            rate = found.rate * 100
            found_shares.append(rate / limit)
            say(
                f"POST 100, {clients} clients, turn {turn + 1}",
                f"{rate:.0f} statements a second ({found})",
                f"the limit {limit:.0f}",
                rate / limit,
            )
    for clients, found_shares in shares.items():
        print(f"POST 100, {clients} clients: {statistics.median(found_shares):.2f} of the limit")


def _hundred(client: int, turn: int) -> bytes:
    return dumps([statement(client * 10**6 + turn * 100 + number) for number in range(100)])


# --- Reading ----------------------------------------------------------------------------------------------

_FILL = """
    WITH numbered AS (
        SELECT n AS seq, gen_random_uuid() AS uuid, n %% %(learners)s + 1 AS learner, n %% 12 AS module,
            n / %(learners)s %% 4 AS verb
        FROM generate_series(%(first)s::int, %(last)s::int) AS n
    ), named AS (
        SELECT *, lpad(to_hex(learner), 32, '0')::uuid AS pseudonym,
            lpad(to_hex(learner * 100 + module + 1), 32, '0')::uuid AS registration
        FROM numbered
    ), ids AS (INSERT INTO xapi_statementid SELECT uuid, seq FROM named)
    , keys AS (
        INSERT INTO xapi_statementkey (key, statement)
        SELECT (%(keys)s::uuid[])[module + 1], seq FROM named
    )
    INSERT INTO xapi_statement
        (seq, uuid, raw, stored, timestamp, verb, activity, actor, learner, registration, client_id)
    SELECT seq, uuid, replace(%(raw)s, 'ID', uuid::text), now(), now(), (%(verbs)s::text[])[verb + 1],
        %(base)s || '/items/' || module || '-' || seq %% 7, 'account:' || %(base)s || '|' || pseudonym,
        pseudonym, registration, (SELECT id FROM xapi_client)
    FROM named ORDER BY seq
"""


def fill(database: str, first: int, last: int, *, learners: int = LEARNERS) -> None:
    """Statements as the platform writes them, put straight into the tables."""
    with psycopg.connect(database, autocommit=True) as connection:
        for start in range(first, last + 1, 50_000):
            connection.execute(
                _FILL,
                {
                    "first": start,
                    "last": min(start + 49_999, last),
                    "learners": learners,
                    "raw": json.dumps({**statement(1), "id": "ID"}),
                    "verbs": VERBS,
                    "base": BASE,
                    "keys": [digest(RELATED_ACTIVITY, f"{BASE}/modules/{module}") for module in range(12)],
                },
            )
        connection.execute("SELECT setval('xapi_statement_seq_seq', %s)", [last])
        connection.execute("VACUUM ANALYZE")


#: What is voided isn't answered.
_STANDS = "NOT EXISTS (SELECT 1 FROM xapi_statement v WHERE v.voids = s.uuid)"


def questions() -> dict[str, tuple[dict[str, str], str]]:
    """By name: the parameters of the GET, and what asks PostgreSQL the same."""
    learner = uuid.UUID(int=random.randrange(1, LEARNERS))
    module = random.randrange(12)
    agent = {"account": {"homePage": BASE, "name": str(learner)}}
    registration = uuid.UUID(int=learner.int * 100 + module + 1)
    item, whole = f"{BASE}/items/{module}-{random.randrange(7)}", f"{BASE}/modules/{module}"
    key = digest(RELATED_ACTIVITY, whole)
    return {
        "agent and verb": (
            {"agent": json.dumps(agent), "verb": VERBS[0]},
            f"WHERE s.actor = 'account:{BASE}|{learner}' AND s.verb = '{VERBS[0]}' AND {_STANDS}",
        ),
        "registration": (
            {"registration": str(registration)},
            f"WHERE s.registration = '{registration}' AND {_STANDS}",
        ),
        "activity": ({"activity": item}, f"WHERE s.activity = '{item}' AND {_STANDS}"),
        "related activity": (
            {"activity": whole, "related_activities": "true"},
            f"JOIN xapi_statementkey k ON k.statement = s.seq WHERE k.key = '{key}' AND {_STANDS}",
        ),
        "the latest, unfiltered": ({}, f"WHERE {_STANDS}"),
    }


def bare(database: str) -> float:
    """What an answer costs before anything is asked: gunicorn, for fifty kilobytes that lie ready."""
    with serving(database, silent=True, application="tests.bench.bare:application") as port:
        found = load(
            port, lambda client, turn: [("GET", "/?kilobytes=50", None)], clients=1, seconds=SECONDS / 2
        )
    return found.p50


def reading(database: str, port: int) -> None:
    times: dict[int, dict[str, float]] = {}
    filled = 0
    for size in SIZES:
        fill(database, filled + 1, size)
        filled = size
        times[size] = {}
        http = bare(database)
        print(f"GET of 50 kB that lie ready, by the same server: p50 {http * 1000:.1f} ms")
        for name in questions():
            found = load(
                port,
                lambda client, turn, name=name: [
                    (
                        "GET",
                        f"/xapi/statements?{urlencode({**questions()[name][0], 'limit': '50'})}",
                        None,
                    )
                ],
                clients=1,
                seconds=SECONDS / 2,
            )
            times[size][name] = found.p50
            with psycopg.connect(database) as connection:
                runs = []
                for _run in range(200):
                    asked = f"SELECT s.raw FROM xapi_statement s {questions()[name][1]}"  # noqa: S608  (our own)
                    text = f"{asked} ORDER BY s.seq DESC LIMIT 50"
                    start = time.perf_counter()
                    connection.execute(text.encode()).fetchall()
                    runs.append(time.perf_counter() - start)
            straight = statistics.median(runs)
            say(
                f"GET by {name}, {size:,} stored",
                found,
                f"asked directly {straight * 1000:.2f} ms",
                found.p50 / straight,
            )
            print(f"  and both, the question and the bare answer: {found.p50 / (straight + http):.2f} times")
    small, large = (times[size] for size in SIZES)
    for name in small:
        print(f"GET by {name}: {SIZES[1]:,} takes {large[name] / small[name]:.2f} times {SIZES[0]:,}")


# --- Documents, a crowd, memory, rebuilding -----------------------------------------------------------------


def documents(database: str, port: int) -> None:
    agent = json.dumps({"account": {"homePage": BASE, "name": str(uuid.UUID(int=1))}})

    def pair(client: int, turn: int) -> list[Request]:
        path = "/xapi/activities/state?" + urlencode(
            {"activityId": f"{BASE}/modules/1", "agent": agent, "stateId": str(uuid.uuid4())}
        )
        return [("PUT", path, b'{"step": 3}'), ("GET", path, None)]

    for clients in (1, 8):
        found = load(port, pair, clients=clients, seconds=SECONDS)
        say(f"state PUT and GET, {clients} clients", found, "ADL_LRS 50", found.rate / 50)


def crowd(database: str, port: int) -> None:
    """Sixteen clients post the same ids about the same actors, in batches that overlap."""
    said = [statement(number, learners=5) for number in range(2000)]

    def overlapping(client: int, turn: int) -> list[Request]:
        chosen = random.Random(client * 1000 + turn).sample(said, 50)
        return [("POST", "/xapi/statements", dumps(chosen))]

    found = load(port, overlapping, clients=16, seconds=SECONDS)
    with psycopg.connect(database) as asked:
        [(stored, different)] = asked.execute(
            "SELECT count(*), count(DISTINCT uuid) FROM xapi_statement WHERE uuid = ANY(%s::uuid[])",
            [[each["id"] for each in said]],
        )
    print(f"16 clients, overlapping batches of 50: {found}; {stored} rows for {different} ids")


def memory(database: str, port: int) -> None:
    """What the web processes hold after a tenth of the statements, and after all of them."""
    batch, clients = 500, 2
    rounds = MANY // batch // clients
    held = []
    for share in (rounds // 10, rounds - rounds // 10):
        load(
            port,
            lambda client, turn: [
                ("POST", "/xapi/statements", dumps([statement(turn * batch + n) for n in range(batch)]))
            ],
            clients=clients,
            seconds=float("inf"),
            rounds=share,
        )
        held.append(resident(port))
    print(
        f"memory of the web processes after {MANY // 10:,} and {MANY:,} statements: {held[0]:.0f} and"
        f" {held[1]:.0f} MB, {held[1] / held[0]:.2f} times"
    )


def rebuilding(database: str, port: int) -> None:
    rates = {}
    filled = 0
    for learners in (REBUILT // 10, REBUILT):
        fill(database, filled + 1, learners * 30, learners=learners)
        filled = learners * 30
        start = time.perf_counter()
        manage("rebuild", database=database)
        rates[learners] = learners / (time.perf_counter() - start)
        print(f"rebuilding {learners:,} learners with {filled:,} statements: {rates[learners]:.0f} a second")
    few, many = rates.values()
    print(f"a learner among {REBUILT:,} takes {few / many:.2f} times one among {REBUILT // 10:,}")


SECTIONS = {each.__name__: each for each in (posting, documents, crowd, reading, memory, rebuilding)}


def main() -> None:
    for name in sys.argv[1:] or SECTIONS:
        with postgres_database("lindra_bench_store") as database, serving(database, silent=True) as port:
            SECTIONS[name](database, port)


if __name__ == "__main__":
    main()
