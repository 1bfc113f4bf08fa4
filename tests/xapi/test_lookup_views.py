"""What is told of an agent and of an activity, and to whom (xAPI, Communication 2.4 and 2.5)."""

import json
import uuid

import pytest
from django.db import connection

from tests.factories.xapi import ClientFactory, a_statement, credentials
from xapi.activities import LOOKED_THROUGH, PUT_TOGETHER, canonical_definitions
from xapi.domain.recording import record, record_batch
from xapi.enums import Scope
from xapi.etags import etag_of
from xapi.vocabulary import COMPLETED, actor_of

pytestmark = pytest.mark.django_db

ACTIVITY = "https://a.example/activities/1"
KAREN = {"mbox": "mailto:karen@a.example"}
ANNE = {"account": {"homePage": "https://a.example", "name": "anne"}}


@pytest.fixture
def system():
    return ClientFactory()


@pytest.fixture
def ask(client, system):
    def ask(resource, *, version="2.0.0", by=None, headers=None, method="get", **asked):
        mount = "/xapi/1.0.3/" if version == "1.0.3" else "/xapi/"
        asked = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()
        }
        how = getattr(client, method)
        return how(
            f"{mount}{resource}", asked, headers={**credentials(by or system, version), **(headers or {})}
        )

    return ask


def about(iri=ACTIVITY, definition=None, **properties):
    thing = {"objectType": "Activity", "id": iri}
    if definition is not None:
        thing["definition"] = definition
    return a_statement(**{"object": thing, **properties})


# --- Agents -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_person_has_the_names_that_statements_gave_her_the_newest_first(ask, version):
    for name in ("Karen", "Karen Holm", "Karen"):
        record(a_statement(actor={**KAREN, "name": name}))
    record(a_statement(actor=KAREN))
    record(a_statement(actor={**ANNE, "name": "Anne"}))
    response = ask("agents", version=version, agent={**KAREN, "name": "K. Holm", "objectType": "Agent"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response.json() == {
        "objectType": "Person",
        "name": ["K. Holm", "Karen", "Karen Holm"],
        "mbox": ["mailto:karen@a.example"],
    }
    assert response["ETag"] == f'"{etag_of(response.content)}"'


@pytest.mark.parametrize(
    ("agent", "person"),
    [
        (KAREN, {"mbox": ["mailto:karen@a.example"]}),
        (ANNE, {"account": [ANNE["account"]]}),
        ({"openid": "https://a.example/anne"}, {"openid": ["https://a.example/anne"]}),
        ({"mbox_sha1sum": "a" * 40, "name": "Æ"}, {"mbox_sha1sum": ["a" * 40], "name": ["Æ"]}),
    ],
)
def test_a_person_nobody_knows_is_the_agent_that_was_asked_for(ask, agent, person):
    assert ask("agents", agent=agent).json() == {"objectType": "Person", **person}


def test_a_learner_of_ours_has_no_name_here(ask):
    pseudonym = uuid.uuid4()
    record(a_statement(pseudonym))
    assert ask("agents", agent=actor_of(pseudonym)).json() == {
        "objectType": "Person",
        "account": [actor_of(pseudonym)["account"]],
    }


def test_a_client_that_reads_its_own_statements_learns_no_name_from_others(ask):
    mine = ClientFactory(scopes=[Scope.READ_MINE])
    record(a_statement(actor={**KAREN, "name": "Karen"}), client=mine)
    record(a_statement(actor={**KAREN, "name": "Karen Holm"}), client=ClientFactory())
    assert ask("agents", by=mine, agent=KAREN).json()["name"] == ["Karen"]
    everything = ask("agents", by=ClientFactory(scopes=[Scope.READ]), agent=KAREN)
    assert everything.json()["name"] == ["Karen Holm", "Karen"]


# --- Activities ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_an_activity_comes_with_what_statements_said_of_it(ask, version):
    meeting = {"type": "http://adlnet.gov/expapi/activities/meeting", "name": {"en": "meeting"}}
    record(about(definition={**meeting, "extensions": {"https://a.example/x": 1}}))
    record(about(definition={"name": {"da": "møde"}, "extensions": {"https://a.example/y": None}}))
    record(about())
    record(about(iri=f"{ACTIVITY}0", definition={"name": {"en": "other"}}))
    response = ask("activities", version=version, activityId=ACTIVITY)
    assert response.json() == {
        "objectType": "Activity",
        "id": ACTIVITY,
        "definition": {
            **meeting,
            "name": {"en": "meeting", "da": "møde"},
            "extensions": {"https://a.example/x": 1, "https://a.example/y": None},
        },
    }
    assert response["ETag"] == f'"{etag_of(response.content)}"'


def test_an_activity_nobody_defined_is_its_id(ask):
    record(about())
    for iri in (ACTIVITY, "https://a.example/never-seen"):
        response = ask("activities", activityId=iri)
        assert (response.status_code, response.json()) == (200, {"objectType": "Activity", "id": iri})


def test_the_newest_word_counts_and_the_platforms_before_a_clients():
    record(about(definition={"name": {"en": "one"}, "moreInfo": "https://a.example/1"}))
    record(about(definition={"name": {"en": "two"}}))
    record(about(definition={"name": {"en": "cheat", "fr": "deux"}}), client=ClientFactory())
    assert canonical_definitions([ACTIVITY]) == {
        ACTIVITY: {"name": {"en": "two", "fr": "deux"}, "moreInfo": "https://a.example/1"}
    }


def test_the_parts_of_a_question_are_taken_from_one_definition():
    choices = {"interactionType": "choice", "choices": [{"id": "a"}], "correctResponsesPattern": ["a"]}
    record(about(definition={**choices, "name": {"en": "question"}}))
    record(about(definition={"interactionType": "true-false"}))
    assert canonical_definitions([ACTIVITY]) == {
        ACTIVITY: {"interactionType": "true-false", "name": {"en": "question"}}
    }


def test_a_definition_in_another_place_of_a_statement_is_not_the_activitys():
    other = {"id": f"{ACTIVITY}0", "definition": {"name": {"en": "course"}}}
    record(about(context={"contextActivities": {"parent": [other]}}))
    assert canonical_definitions([ACTIVITY]) == {}


def test_definitions_are_looked_for_in_the_newest_statements_only():
    record(about(definition={"name": {"en": "old"}}))
    record_batch([about() for _ in range(LOOKED_THROUGH - 1)])
    assert canonical_definitions([ACTIVITY]) == {ACTIVITY: {"name": {"en": "old"}}}
    record(about())
    assert canonical_definitions([ACTIVITY]) == {}


def test_only_so_many_definitions_are_put_together():
    record_batch([about(definition={"name": {f"x-{n}": "word"}}) for n in range(PUT_TOGETHER + 1)])
    (definition,) = canonical_definitions([ACTIVITY]).values()
    assert sorted(definition["name"]) == [f"x-{n}" for n in range(1, PUT_TOGETHER + 1)]


def test_no_activity_takes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert canonical_definitions([]) == {}


@pytest.mark.parametrize("size", [1, 3, 50])
def test_the_definitions_of_however_many_activities_take_one_query(django_assert_num_queries, size):
    iris = [f"{ACTIVITY}?q='{n}" for n in range(size)]
    record_batch([about(iri, {"name": {"en": iri}}) for iri in iris])
    with django_assert_num_queries(1):
        assert canonical_definitions(iris) == {iri: {"name": {"en": iri}} for iri in iris}


def test_the_definitions_are_found_by_the_index_on_activities():
    asked = []

    def remember(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        canonical_definitions([ACTIVITY])
    ((sql, params),) = asked
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # which it prefers for an empty table
        cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN '}{sql}", params)
        assert "statement_activity" in str(cursor.fetchall())


# --- Both ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "asked"), [("agents", {"agent": KAREN}), ("activities", {"activityId": ACTIVITY})]
)
def test_only_who_may_read_statements_is_told(ask, resource, asked):
    for scope in Scope:
        status = 200 if scope in {Scope.READ, Scope.READ_MINE, Scope.ALL} else 403
        assert ask(resource, by=ClientFactory(scopes=[scope]), **asked).status_code == status, scope


@pytest.mark.parametrize(
    ("resource", "asked"), [("agents", {"agent": KAREN}), ("activities", {"activityId": ACTIVITY})]
)
def test_head_tells_without_sending_and_other_methods_are_refused(ask, resource, asked):
    head = ask(resource, method="head", **asked)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", ask(resource, **asked)["ETag"])
    refused = ask(resource, method="delete")
    assert (refused.status_code, refused["Allow"]) == (405, "GET")


@pytest.mark.parametrize(
    ("resource", "asked", "path"),
    [
        ("agents", {}, "agent"),
        ("agents", {"agent": "signe"}, "agent"),
        ("agents", {"agent": True}, "agent"),
        ("agents", {"agent": {}}, "agent"),
        ("agents", {"agent": {"name": "Karen"}}, "agent"),
        ("agents", {"agent": {"objectType": "Group", **KAREN}}, "agent.objectType"),
        ("agents", {"agent": r'{"mbox":"mailto:\ud800@a.example"}'}, "agent"),
        ("agents", {"agent": KAREN, "activityId": ACTIVITY}, "activityId"),
        ("activities", {}, "activityId"),
        ("activities", {"activityId": "m02"}, "activityId"),
        ("activities", {"activityId": "true"}, "activityId"),
        ("activities", {"activityId": "https://a.example/\0"}, "activityId"),
        ("activities", {"activityId": ACTIVITY, "x": "1"}, "x"),
    ],
)
def test_a_parameter_that_is_wrong_gets_400_with_its_name(ask, resource, asked, path):
    response = ask(resource, **asked)
    assert (response.status_code, response.json()["path"]) == (400, path)


@pytest.mark.parametrize("size", [1, 3])
def test_a_person_takes_one_query_whatever_is_known_of_her(ask, django_assert_num_queries, size):
    for n in range(size):
        record(a_statement(verb=COMPLETED, actor={**KAREN, "name": f"Karen {n}"}))
    ask("agents", agent=KAREN)  # notes the use
    # The client, her statements.
    with django_assert_num_queries(2):
        assert len(ask("agents", agent=KAREN).json()["name"]) == size
