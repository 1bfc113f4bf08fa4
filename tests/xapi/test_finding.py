"""What a GET of statements finds, against somebody who reads every statement (Communication 2.1.3)."""

import itertools
import json
import uuid

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.xapi import ClientFactory, a_statement, a_voiding
from xapi import vocabulary
from xapi.domain.recording import record, record_batch
from xapi.finding import Wanted, find
from xapi.models import Referral, Statement

pytestmark = pytest.mark.django_db

AGENTS = [{"mbox": f"mailto:{name}@b.example"} for name in "abc"]
VERBS = [f"http://a.example/{name}" for name in "pq"]
ACTIVITIES = [f"http://a.example/activity/{number}" for number in (1, 2)]
REGISTRATIONS = [str(uuid.UUID(int=number)) for number in (1, 2)]
IDS = [str(uuid.UUID(int=number + 1000)) for number in range(6)]


def ids(wanted: Wanted, *, ascending: bool = True, limit: int = 100, **options) -> list[str]:
    found = find(wanted, limit=limit, ascending=ascending, horizon=None, **options)
    return [json.loads(raw)["id"] for _seq, raw in found]


def refers(statement_id: str) -> dict:
    return {"objectType": "StatementRef", "id": statement_id}


# --- Whoever reads all of them ------------------------------------------------------------------------------


def named_by(part: dict) -> tuple[set[str], set[str], set[str], set[str]]:
    """The agents and the activities that a statement names: straight, and anywhere."""

    def agents(agent):
        return {vocabulary.ifi_of(each) for each in (agent, *agent.get("member", ()))} - {""}

    thing, context = part["object"], part.get("context", {})
    straight, activities = agents(part["actor"]), set()
    kind = thing.get("objectType", "Activity")
    if kind in {"Agent", "Group"}:
        straight |= agents(thing)
    if kind == "Activity":
        activities = {thing["id"]}
    anyone, any_activity = set(straight), set(activities)
    if kind == "SubStatement":
        _agents, inner, _activities, inner_activities = named_by(thing)
        anyone |= inner
        any_activity |= inner_activities
    for name in ("instructor", "team"):
        anyone |= agents(context[name]) if name in context else set()
    for name, role in (("contextAgents", "agent"), ("contextGroups", "group")):
        for each in context.get(name, ()):
            anyone |= agents(each[role])
    for listed in context.get("contextActivities", {}).values():
        any_activity |= {each["id"] for each in listed}
    if "authority" in part:
        anyone |= agents(part["authority"])
    return straight, anyone, activities, any_activity


def fits(data: dict, wanted: Wanted) -> bool:
    straight, anyone, activities, any_activity = named_by(data)
    return (
        (not wanted.agent or wanted.agent in (anyone if wanted.related_agents else straight))
        and (
            not wanted.activity
            or wanted.activity in (any_activity if wanted.related_activities else activities)
        )
        and (not wanted.verb or wanted.verb == data["verb"]["id"])
        and (
            not wanted.registration or data.get("context", {}).get("registration") == str(wanted.registration)
        )
    )


def read_all(wanted: Wanted) -> list[str]:
    stored = {row.data["id"]: row.data for row in Statement.objects.order_by("seq")}
    voided = {each["object"]["id"] for each in stored.values() if each["verb"]["id"] == vocabulary.VOIDED}

    def found(name: str) -> bool:
        met = []
        while name in stored and name not in met:
            met.append(name)
            if fits(stored[name], wanted):
                return True
            thing = stored[name]["object"]
            name = thing["id"] if thing.get("objectType") == "StatementRef" else ""
        return False

    return [
        name
        for name, data in stored.items()
        if found(name) and (name not in voided or data["verb"]["id"] == vocabulary.VOIDED)
    ]


# --- Statements of every kind -------------------------------------------------------------------------------

agent = st.sampled_from(AGENTS)
group = st.builds(
    lambda members: {"objectType": "Group", "member": members}, st.lists(agent, min_size=1, max_size=2)
)
activity = st.sampled_from(ACTIVITIES).map(lambda iri: {"objectType": "Activity", "id": iri})
context = st.fixed_dictionaries(
    {},
    optional={
        "registration": st.sampled_from(REGISTRATIONS),
        "instructor": agent,
        "team": group,
        "contextActivities": st.fixed_dictionaries({}, optional={"parent": st.lists(activity, max_size=2)}),
        "contextAgents": st.lists(
            agent.map(lambda each: {"objectType": "contextAgent", "agent": each}), max_size=1
        ),
    },
)


def parts(thing):
    return st.fixed_dictionaries(
        {
            "actor": st.one_of(agent, group),
            "verb": st.sampled_from(VERBS).map(lambda iri: {"id": iri}),
            "object": thing,
        },
        optional={"context": context},
    )


inner = st.one_of(activity, agent.map(lambda each: {"objectType": "Agent", **each}))
reference = st.sampled_from(IDS).map(refers)
statement = st.one_of(
    parts(inner),
    parts(reference),
    parts(parts(inner).map(lambda part: {"objectType": "SubStatement", **part})),
    st.sampled_from(IDS).map(a_voiding),
)


@st.composite
def histories(draw):
    """Batches of statements with ids of their own, each referring to whichever it likes."""
    statements = [{"id": name, **draw(statement)} for name in draw(st.permutations(IDS))]
    cut = draw(st.integers(0, len(statements)))
    return [batch for batch in (statements[:cut], statements[cut:]) if batch]


wanted = st.builds(
    Wanted,
    agent=st.sampled_from(["", *map(vocabulary.ifi_of, AGENTS)]),
    verb=st.sampled_from(["", *VERBS]),
    activity=st.sampled_from(["", *ACTIVITIES]),
    registration=st.sampled_from([None, *map(uuid.UUID, REGISTRATIONS)]),
    related_agents=st.booleans(),
    related_activities=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(history=histories(), questions=st.lists(wanted, min_size=6, max_size=6))
def test_every_filter_finds_what_reading_all_statements_finds(history, questions):
    with transaction.atomic():
        for batch in history:
            record_batch(batch)
        for question in questions:
            everything = read_all(question)
            assert ids(question) == everything
            assert ids(question, ascending=False, limit=2) == everything[::-1][:2]
        transaction.set_rollback(True)


# --- What the specification says in so many words -----------------------------------------------------------


def test_a_statement_is_found_by_the_one_to_which_it_refers_which_arrives_later():
    record(a_statement(id=IDS[0], verb=VERBS[1], object=refers(IDS[1])))
    assert ids(Wanted(verb=VERBS[0])) == []
    record(a_statement(id=IDS[1], verb=VERBS[0]))
    assert ids(Wanted(verb=VERBS[0])) == IDS[:2]


def test_all_conditions_are_asked_of_the_same_statement():
    record(a_statement(id=IDS[0], verb=VERBS[0], actor=AGENTS[0]))
    record(a_statement(id=IDS[1], verb=VERBS[1], actor=AGENTS[1], object=refers(IDS[0])))
    assert ids(Wanted(verb=VERBS[0], agent="mbox:mailto:b@b.example")) == []
    assert ids(Wanted(verb=VERBS[0], agent="mbox:mailto:a@b.example")) == IDS[:2]


def test_a_chain_is_followed_to_its_end_and_a_long_one_ends_somewhere():
    names = [str(uuid.UUID(int=number)) for number in range(1, 40)]
    for name, target in itertools.pairwise(names):
        record(a_statement(id=name, verb=VERBS[1], object=refers(target)))
    record(a_statement(id=names[-1], verb=VERBS[0]))
    assert ids(Wanted(verb=VERBS[0])) == names[-17:]
    assert Referral.objects.count() <= 16 * len(names)


def test_whoever_refers_to_herself_or_round_in_a_circle_is_stored_and_found_once():
    for name, target in ((IDS[0], IDS[0]), (IDS[1], IDS[2]), (IDS[2], IDS[1])):
        record(a_statement(id=name, verb=VERBS[0], object=refers(target)))
    assert ids(Wanted(verb=VERBS[0])) == IDS[:3]


def test_a_client_is_found_as_the_authority_of_what_it_wrote_and_the_platform_too():
    system = ClientFactory()
    record(a_statement(id=IDS[0]), client=system)
    record(a_statement(id=IDS[1]))
    account = vocabulary.ifi_of(system.authority)
    assert ids(Wanted(agent=account)) == []
    assert ids(Wanted(agent=account, related_agents=True)) == IDS[:1]
    platform = vocabulary.ifi_of(vocabulary.platform_authority())
    assert ids(Wanted(agent=platform, related_agents=True)) == IDS[1:2]


def test_a_client_finds_among_its_own_only_also_by_what_others_wrote():
    system = ClientFactory()
    record(a_statement(id=IDS[0], verb=VERBS[0]))
    record(a_statement(id=IDS[1], object=refers(IDS[0])), client=system)
    assert ids(Wanted(verb=VERBS[0]), written_by=system) == IDS[1:2]
