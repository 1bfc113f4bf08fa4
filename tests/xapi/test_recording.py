import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.db import connection

from tests.factories.xapi import ACTIVITY, ClientFactory, a_statement, a_voiding
from xapi import vocabulary
from xapi.domain.recording import StatementConflict, VoidingRefused, record, record_batch
from xapi.finding import Wanted, find
from xapi.models import PendingLearner, Statement, StatementId, StatementKey
from xapi.querysets import AppendOnlyError
from xapi.validation import V1, StatementInvalid

pytestmark = pytest.mark.django_db

SIGNE = uuid.UUID("0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d")
BENT = uuid.UUID("fd5a3b5c-5b0e-4e39-8f3c-6f0f6f3c8e11")
ID = uuid.UUID("5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c90")
NOON = dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)


def counts():
    return Statement.objects.count(), StatementId.objects.count(), PendingLearner.objects.count()


def pending():
    return set(PendingLearner.objects.values_list("learner", flat=True))


@time_machine.travel("2026-11-22 12:00+01:00", tick=False)
def test_the_platforms_statement_is_kept_with_what_the_store_sets():
    registration = uuid.uuid4()
    context = {"registration": str(registration).upper(), "revision": "1.1"}
    row = record(a_statement(SIGNE, context=context, id=str(ID).upper()))
    assert list(row.data.items()) == list(
        {
            **a_statement(SIGNE, context=context, id=str(ID)),
            "stored": "2026-11-22T11:00:00.000000Z",
            "timestamp": "2026-11-22T11:00:00.000000Z",
            "authority": vocabulary.platform_authority(),
            "version": "2.0.0",
        }.items()
    )
    row.refresh_from_db()
    assert (row.uuid, row.stored, row.timestamp) == (ID, NOON, NOON)
    assert (row.verb, row.activity, row.learner) == (vocabulary.ANSWERED, ACTIVITY, SIGNE)
    assert (row.registration, row.voids, row.client) == (registration, None, None)
    assert row.actor == f"account:https://lindra.example/id|{SIGNE}"
    assert pending() == {SIGNE}


@time_machine.travel("2026-11-22 12:00+01:00", tick=False)
def test_a_statement_that_says_when_keeps_its_words_and_its_instant():
    row = record(a_statement(timestamp="2026-11-20T09:30:00.12+01:00"))
    assert row.data["timestamp"] == "2026-11-20T09:30:00.12+01:00"
    assert row.timestamp == dt.datetime(2026, 11, 20, 8, 30, 0, 120000, tzinfo=dt.UTC)
    assert row.stored == NOON


def test_a_clients_statement_carries_the_clients_authority_whatever_it_said():
    client = ClientFactory(name="Plan2Learn", key="p2l")
    row = record(a_statement(authority=vocabulary.platform_authority()), client=client)
    assert row.client == client
    assert row.data["authority"] == {
        "objectType": "Agent",
        "name": "Plan2Learn",
        "account": {"homePage": "https://lindra.example/id", "name": "client:p2l"},
    }


def test_the_first_version_marks_a_statement_without_a_version():
    assert record(a_statement(), version=V1).data["version"] == "1.0.0"


def test_text_is_kept_as_it_was_written():
    statement = a_statement(result={"response": 'ærlig "talt" \0 \u2028 😀'})
    row = record(statement)
    row.refresh_from_db()
    assert row.data["result"] == {"response": 'ærlig "talt" \0 \u2028 😀'}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (a_statement(result={"response": "\ud83d"}), "holds half of a surrogate pair, which is no character"),
        (
            a_statement(result={"extensions": {"https://a.example/x": float("nan")}}),
            "holds a value that JSON can't say, or is nested too deeply",
        ),
    ],
    ids=["surrogate", "nan"],
)
def test_what_json_cannot_say_is_refused(statement, message):
    with pytest.raises(StatementInvalid) as refused:
        record(statement)
    assert (refused.value.message, counts()) == (message, (0, 0, 0))


def test_someone_elses_statement_marks_nobody():
    row = record(a_statement(actor={"mbox": "mailto:a@b.example"}))
    assert (row.learner, row.actor, pending()) == (None, "mbox:mailto:a@b.example", set())


# --- Once --------------------------------------------------------------------------------------------


def test_an_equal_resend_gives_the_stored_statement_and_marks_nobody():
    first = record(a_statement(SIGNE, id=str(ID)))
    PendingLearner.objects.all().delete()
    again = record(a_statement(SIGNE, id=str(ID)))
    assert (again.seq, again.raw) == (first.seq, first.raw)
    assert counts() == (1, 1, 0)


SAID = a_statement(
    SIGNE,
    id=str(ID),
    timestamp="2026-11-22T12:00:00.123Z",
    context={
        "registration": str(SIGNE),
        "team": {
            "objectType": "Group",
            "member": [{"mbox": "mailto:a@b.example"}, {"mbox": "mailto:c@b.example"}],
        },
        "contextActivities": {"parent": [{"id": ACTIVITY}]},
    },
    result={"score": {"raw": 1}, "duration": "PT60S"},
)


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": "2026-11-22T13:00:00.1234+01:00"},
        {"stored": "2020-01-01T00:00:00Z", "version": "1.0.3", "authority": {"mbox": "mailto:x@b.example"}},
        {"verb": {"id": vocabulary.ANSWERED, "display": {"en": "said"}}},
        {"object": {"objectType": "Activity", "id": ACTIVITY, "definition": {"name": {"da": "Nyt navn"}}}},
        {"result": {"duration": "PT60S", "score": {"raw": 1.0}}},
        {"id": str(ID).upper()},
        {
            "context": {
                "contextActivities": {"parent": {"id": ACTIVITY, "definition": {"type": vocabulary.MODULE}}},
                "team": {
                    "objectType": "Group",
                    "member": [{"mbox": "mailto:c@B.example"}, {"mbox": "mailto:a@b.example"}],
                },
                "registration": str(SIGNE).upper(),
            }
        },
    ],
    ids=["timestamp", "set by the store", "display", "definition", "number", "case of the id", "context"],
)
def test_a_resend_is_equal_when_only_what_may_change_has_changed(change):
    first = record(SAID)
    assert record({**SAID, **change}).seq == first.seq
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": "2026-11-22T12:00:00.125Z"},
        {"verb": {"id": vocabulary.PASSED}},
        {"object": {"objectType": "Activity", "id": f"{ACTIVITY}/2"}},
        {"result": {"score": {"raw": 1}, "duration": "PT1M"}},
        {"result": {"score": {"raw": 2}, "duration": "PT60S"}},
        {"actor": vocabulary.actor_of(BENT)},
    ],
    ids=["timestamp", "verb", "object", "duration", "number", "actor"],
)
def test_a_statement_that_says_something_else_under_the_same_id_is_refused(change):
    first = record(SAID)
    raw = first.raw
    with pytest.raises(StatementConflict):
        record({**SAID, **change})
    assert list(Statement.objects.values_list("raw", flat=True)) == [raw]


def test_a_resend_without_a_time_is_equal_because_the_store_sets_it():
    with time_machine.travel("2026-11-22 12:00+01:00", tick=False):
        first = record(a_statement(SIGNE, id=str(ID)))
    with time_machine.travel("2026-11-23 12:00+01:00", tick=False):
        assert record(a_statement(SIGNE, id=str(ID))).seq == first.seq
        assert record(a_statement(SIGNE, id=str(ID), timestamp=first.data["timestamp"])).seq == first.seq


# --- Batches ------------------------------------------------------------------------------------------


def test_a_batch_is_stored_in_its_order_and_marks_every_learner():
    ids = [str(uuid.uuid4()) for _ in range(5)]
    rows = record_batch(
        [a_statement(learner, id=id_) for learner, id_ in zip([SIGNE, BENT] * 3, ids, strict=False)]
    )
    assert [str(row.uuid) for row in rows] == ids
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)
    assert pending() == {SIGNE, BENT}


def test_an_empty_batch_stores_nothing():
    assert record_batch([]) == []


def test_a_batch_with_one_bad_statement_stores_none_and_says_which():
    with pytest.raises(StatementInvalid) as refused:
        record_batch([a_statement(), a_statement(result={"score": {"scaled": 2}})])
    error = refused.value
    assert (error.index, error.path, error.message) == (1, "result.score.scaled", "must be from -1 to 1")
    assert str(error) == "statement 1: result.score.scaled: must be from -1 to 1"
    assert counts() == (0, 0, 0)


def test_an_id_that_stands_twice_in_a_batch_is_refused_even_when_both_are_equal():
    with pytest.raises(StatementInvalid) as refused:
        record_batch([a_statement(SIGNE, id=str(ID)), a_statement(SIGNE, id=str(ID).upper())])
    assert (refused.value.index, refused.value.path) == (1, "id")
    assert counts() == (0, 0, 0)


def test_a_batch_with_one_conflict_stores_none():
    record(a_statement(SIGNE, id=str(ID)))
    with pytest.raises(StatementConflict) as refused:
        record_batch([a_statement(BENT), a_statement(BENT, id=str(ID))])
    assert refused.value.statement_id == ID
    assert counts() == (1, 1, 1)


def test_a_batch_stores_what_is_new_and_finds_what_is_old():
    old = record(a_statement(SIGNE, id=str(ID)))
    rows = record_batch([a_statement(BENT), a_statement(SIGNE, id=str(ID)), a_statement(BENT)])
    assert rows[1].seq == old.seq
    assert counts() == (3, 3, 2)


@pytest.mark.parametrize("size", [1, 30])
def test_a_batch_asks_the_same_number_of_questions_whatever_its_size(django_assert_num_queries, size):
    record(a_statement())
    batch = [a_statement() for _ in range(size)]
    # The savepoint and its release, the numbers, the statements. On SQLite the statements are five
    # questions: the ids claimed, the ids read, who refers to them, the rows, the marks.
    with django_assert_num_queries(8 if connection.vendor == "sqlite" else 4):
        record_batch(batch)


# --- For good ------------------------------------------------------------------------------------------


def test_a_stored_statement_cannot_be_changed_or_deleted():
    row = record(a_statement())
    raw = row.raw
    row.raw = "{}"
    for attempt in (
        row.save,
        row.delete,
        lambda: Statement.objects.update(raw="{}"),
        lambda: Statement.objects.all().delete(),
        lambda: Statement.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert list(Statement.objects.values_list("raw", flat=True)) == [raw]


def test_a_voided_statement_no_longer_stands_and_its_learner_is_marked():
    first, second = record(a_statement(SIGNE)), record(a_statement(BENT))
    PendingLearner.objects.all().delete()
    voiding = record(a_voiding(first.uuid))
    assert list(Statement.objects.standing().order_by("seq")) == [second, voiding]
    assert list(Statement.objects.voided()) == [first]
    assert pending() == {SIGNE}


def test_a_voiding_that_arrives_first_counts_all_the_same():
    record(a_voiding(ID))
    row = record(a_statement(SIGNE, id=str(ID)))
    assert list(Statement.objects.voided()) == [row]


def test_a_voiding_statement_cannot_be_voided():
    first = record(a_statement(SIGNE))
    voiding = record(a_voiding(first.uuid))
    record(a_voiding(voiding.uuid))
    assert list(Statement.objects.voided()) == [first]


def test_a_client_voids_only_what_it_wrote_itself():
    one, other = ClientFactory(), ClientFactory()
    ours, theirs = record(a_statement(SIGNE)), record(a_statement(BENT), client=one)
    for row in (ours, theirs):
        with pytest.raises(VoidingRefused):
            record_batch([a_statement(), a_voiding(row.uuid)], client=other)
    assert Statement.objects.count() == 2
    record(a_voiding(theirs.uuid), client=one)
    assert list(Statement.objects.voided()) == [theirs]


def test_a_client_cannot_void_in_advance_what_somebody_else_will_write():
    record(a_voiding(ID), client=ClientFactory())
    record(a_statement(SIGNE, id=str(ID)))
    assert list(Statement.objects.voided()) == []


# --- Asking -------------------------------------------------------------------------------------------


def test_the_order_is_of_what_happened_not_of_what_arrived():
    times = [
        "2026-11-03T12:00:00Z",
        "2026-11-01T12:00:00Z",
        "2026-11-02T13:00:00+01:00",
        "2026-11-02T12:00:00Z",
    ]
    ids = [f"{n}0000000-0000-4000-8000-000000000000" for n in (1, 2, 4, 3)]
    record_batch([a_statement(SIGNE, id=id_, timestamp=time) for id_, time in zip(ids, times, strict=True)])
    found = Statement.objects.of_learner(SIGNE).in_order()
    assert [str(row.uuid)[0] for row in found] == ["2", "3", "4", "1"]


def test_statements_are_found_by_learner():
    wanted = record(a_statement(SIGNE))
    record(a_statement(BENT))
    assert list(Statement.objects.of_learner(SIGNE)) == [wanted]


def test_an_agent_is_found_as_actor_as_object_and_as_a_member():
    agent = {"mbox": "mailto:a@b.example"}
    rows = record_batch(
        [
            a_statement(actor=agent),
            a_statement(object={"objectType": "Agent", **agent}),
            a_statement(actor={"objectType": "Group", "member": [agent, {"mbox": "mailto:c@b.example"}]}),
            a_statement(),
        ]
    )
    found = find(Wanted(agent="mbox:mailto:a@b.example"), limit=10, ascending=True, horizon=None)
    assert [seq for seq, _raw in found] == [row.seq for row in rows[:3]]
    assert StatementKey.objects.count() == 3


@pytest.mark.parametrize(
    ("prefixes", "trusted"),
    [
        ([], []),
        (["https://a.example/modules/"], ["https://a.example/modules/1", "https://a.example/modules/2"]),
        (["https://a.example/modules/1"], ["https://a.example/modules/1"]),
        (["https://a.example/modules"], []),
        (["https://A.example/modules/"], []),
        (
            ["https://a.example/modules/2", "https://a.example/other#"],
            ["https://a.example/modules/2", "https://a.example/other#1"],
        ),
    ],
)
def test_a_client_is_trusted_for_what_its_prefixes_cover(prefixes, trusted):
    client = ClientFactory(trusted_prefixes=prefixes)
    ClientFactory(trusted_prefixes=["https://a.example/"])
    activities = ["https://a.example/modules/1", "https://a.example/modules/2", "https://a.example/other#1"]
    own = record(a_statement(activity="https://a.example/modules/1"))
    record_batch([a_statement(activity=activity) for activity in activities], client=client)
    found = Statement.objects.trusted().order_by("seq")
    assert found[0] == own
    assert [json.loads(row.raw)["object"]["id"] for row in found[1:]] == trusted
