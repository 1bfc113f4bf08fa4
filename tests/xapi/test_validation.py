import copy
import uuid

import pytest

from tests.factories.xapi import a_statement, a_voiding
from xapi import vocabulary
from xapi.known import Known
from xapi.validation import V1, V2, StatementInvalid, validate

UUID = "0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d"
AGENT = {"mbox": "mailto:a@b.example"}
ATTACHMENT = {
    "usageType": "https://a.example/usage",
    "display": {"da": "Bilag"},
    "contentType": "text/plain",
    "length": 27,
    "sha2": "a" * 64,
    "fileUrl": "https://a.example/file",
}
EVERYTHING = {
    "id": UUID,
    "actor": {"objectType": "Agent", "name": "Signe", **AGENT},
    "verb": {"id": vocabulary.PASSED, "display": {"da": "bestod"}},
    "object": {
        "objectType": "Activity",
        "id": "https://a.example/activity",
        "definition": {
            "name": {"da": "Se det i tide"},
            "description": {"en-GB": "A question"},
            "type": vocabulary.QUESTION,
            "moreInfo": "https://a.example/more",
            "interactionType": "choice",
            "choices": [{"id": "a", "description": {"da": "Ja"}}, {"id": "b"}],
            "correctResponsesPattern": ["a"],
            "extensions": {"https://a.example/x": None},
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": False,
        "response": "a",
        "duration": "PT1M",
        "extensions": {},
    },
    "context": {
        "registration": UUID,
        "instructor": {"objectType": "Group", "member": [AGENT]},
        "team": {"objectType": "Group", "name": "Team", **AGENT},
        "contextActivities": {"parent": [{"id": "https://a.example/parent"}], "category": []},
        "revision": "1.1",
        "platform": "Lindra",
        "language": "da",
        "statement": {"objectType": "StatementRef", "id": UUID},
        "extensions": {"https://a.example/y": {"deep": [None]}},
        "contextAgents": [
            {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["https://a.example/role"]}
        ],
        "contextGroups": [
            {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [AGENT]}}
        ],
    },
    "timestamp": "2026-11-22T12:00:00Z",
    "stored": "2026-11-22T12:00:00Z",
    "authority": AGENT,
    "version": "2.0.0",
    "attachments": [ATTACHMENT],
}
DELETE = object()


def changed(path: str, value: object) -> dict:
    """EVERYTHING with one property set, or taken away."""
    statement = copy.deepcopy(EVERYTHING)
    *way, last = path.split("/")
    place = statement
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    if value is DELETE:
        del place[last]
    else:
        place[last] = value
    return statement


def wrong(statement: object, version: str = V2) -> tuple[str, str]:
    with pytest.raises(StatementInvalid) as refused:
        validate(statement, version=version)
    return refused.value.path, refused.value.message


def test_a_statement_with_every_property_is_valid_and_comes_back_unchanged():
    assert validate(copy.deepcopy(EVERYTHING)) == EVERYTHING


def test_the_smallest_statement_is_valid():
    smallest = {"actor": AGENT, "verb": {"id": vocabulary.PASSED}, "object": {"id": "https://a.example/x"}}
    assert [validate(smallest, version=version) for version in (V1, V2)] == [smallest, smallest]


@pytest.mark.parametrize("statement", [None, 1, "x", [], True])
def test_a_statement_is_an_object(statement):
    path, message = wrong(statement)
    assert (path, message) == ("", "must not be null" if statement is None else "must be an object")


@pytest.mark.parametrize(
    ("path", "value", "where", "message"),
    [
        ("actor", DELETE, "actor", "is missing"),
        ("verb", DELETE, "verb", "is missing"),
        ("object", DELETE, "object", "is missing"),
        ("extra", 1, "extra", "is not a property that the specification knows here"),
        ("id", "7", "id", "is not a UUID in its usual form (8-4-4-4-12 hexadecimal digits)"),
        ("id", f"{{{UUID}}}", "id", "is not a UUID in its usual form (8-4-4-4-12 hexadecimal digits)"),
        ("verb/id", DELETE, "verb.id", "is missing"),
        ("verb/id", "passed", "verb.id", "is not an IRI"),
        (
            "verb/display",
            {"dansk sprog": "x"},
            "verb.display.dansk sprog",
            "is not a language tag (RFC 5646)",
        ),
        ("verb/display", {"da": 7}, "verb.display.da", "must be a string"),
        ("verb/display", None, "verb.display", "must not be null"),
        (
            "actor",
            {"name": "x"},
            "actor",
            "an Agent needs exactly one of mbox, mbox_sha1sum, openid, account",
        ),
        (
            "actor",
            {**AGENT, "openid": "https://a.example"},
            "actor",
            "an Agent needs exactly one of mbox, mbox_sha1sum, openid, account",
        ),
        ("actor/mbox", "a@b.example", "actor.mbox", "is not an address like mailto:a@b.example"),
        ("actor/mbox", "mailto:a@@b", "actor.mbox", "is not an address like mailto:a@b.example"),
        ("actor/objectType", "Person", "actor.objectType", 'must be "Agent"'),
        (
            "actor",
            {"mbox_sha1sum": "g" * 40},
            "actor.mbox_sha1sum",
            "is not a SHA-1 sum of 40 hexadecimal digits",
        ),
        ("actor", {"openid": "x"}, "actor.openid", "is not an IRI"),
        ("actor", {"account": {"name": "x"}}, "actor.account.homePage", "is missing"),
        ("actor", {"account": {"homePage": "https://a.example"}}, "actor.account.name", "is missing"),
        (
            "actor",
            {"account": {"homePage": "https://a.example", "name": "\0"}},
            "actor.account.name",
            "must be at most 1000 bytes, without a null character",
        ),
        ("actor", {"objectType": "Group"}, "actor.member", "a Group without an identifier needs members"),
        (
            "actor",
            {"objectType": "Group", "member": [{"objectType": "Group", **AGENT}]},
            "actor.member[0].objectType",
            'must be "Agent"',
        ),
        (
            "actor",
            {**AGENT, "member": []},
            "actor.member",
            "is not a property that the specification knows here",
        ),
        ("context/team", AGENT, "context.team.objectType", "is missing"),
        ("context/registration", None, "context.registration", "must not be null"),
        ("context/language", "da_DK", "context.language", "is not a language tag (RFC 5646)"),
        ("context/statement", {"id": UUID}, "context.statement.objectType", "is missing"),
        ("context/extensions", {"x": 1}, "context.extensions.x", "is not an IRI"),
        (
            "context/contextActivities/parent",
            [{"id": "https://a.example"}, {"id": 7}],
            "context.contextActivities.parent[1].id",
            "must be a string",
        ),
        (
            "context/contextActivities/sibling",
            [],
            "context.contextActivities.sibling",
            "is not a property that the specification knows here",
        ),
        (
            "context/contextAgents/0/relevantTypes",
            [],
            "context.contextAgents[0].relevantTypes",
            "must have at least 1 item",
        ),
        (
            "context/contextAgents/0/objectType",
            "Agent",
            "context.contextAgents[0].objectType",
            'must be "contextAgent"',
        ),
        ("context/contextGroups/0/group", AGENT, "context.contextGroups[0].group.objectType", "is missing"),
        ("result/score/scaled", 1.1, "result.score.scaled", "must be from -1 to 1"),
        ("result/score/scaled", "0.5", "result.score.scaled", "must be a number"),
        ("result/score/scaled", True, "result.score.scaled", "must be a number"),
        ("result/score/raw", 11, "result.score.raw", "must be from min to max"),
        ("result/score/min", 10, "result.score.min", "must be less than max"),
        ("result/success", "true", "result.success", "must be true or false"),
        ("result/completion", None, "result.completion", "must not be null"),
        ("result/duration", "1 minute", "result.duration", "is not a duration like PT4H35M59.14S (ISO 8601)"),
        ("object/id", DELETE, "object.id", "is missing"),
        ("object/objectType", "Thing", "object.objectType", "is not a type of object that can stand here"),
        ("object/objectType", [], "object.objectType", "is not a type of object that can stand here"),
        ("object/definition/type", "question", "object.definition.type", "is not an IRI"),
        ("object/definition/interactionType", DELETE, "object.definition.interactionType", "is missing"),
        (
            "object/definition/interactionType",
            "likert",
            "object.definition.choices",
            'does not belong to the interaction type "likert"',
        ),
        ("object/definition/choices/1/id", "a", "object.definition.choices", "has the same id twice"),
        (
            "object/definition/correctResponsesPattern",
            "a",
            "object.definition.correctResponsesPattern",
            "must be a list",
        ),
        ("attachments/0/sha2", "x", "attachments[0].sha2", "is not a SHA-2 sum"),
        ("attachments/0/length", -1, "attachments[0].length", "must be a whole number of bytes"),
        ("attachments/0/display", DELETE, "attachments[0].display", "is missing"),
        (
            "attachments/0/fileUrl",
            DELETE,
            "attachments[0].fileUrl",
            "the attachment's data must come along, or it needs a fileUrl",
        ),
        (
            "authority",
            {"objectType": "Group", **AGENT},
            "authority",
            "a Group as authority has two members and no identifier (OAuth)",
        ),
        ("version", "3.0.0", "version", "is not a version that a request in 2.0.0 may carry"),
        (
            "timestamp",
            "2026-11-22",
            "timestamp",
            "is not a timestamp like 2026-11-22T12:00:00.000Z (ISO 8601, RFC 3339)",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(path, value, where, message):
    assert wrong(changed(path, value)) == (where, message)


@pytest.mark.parametrize("name", ["contextAgents", "contextGroups"])
def test_the_first_version_knows_no_context_agents(name):
    statement = a_statement(context={name: EVERYTHING["context"][name]})
    assert validate(statement, version=V2) == statement
    assert wrong(statement, V1) == (f"context.{name}", "is not a property that the specification knows here")


def test_the_first_version_refuses_a_statement_of_the_second():
    statement = a_statement(version="2.0.0")
    assert wrong(statement, V1) == ("version", "is not a version that a request in 1.0.3 may carry")


def test_a_single_context_activity_becomes_a_list_of_one():
    one = {"id": "https://a.example/parent"}
    inner = a_statement(context={"contextActivities": {"other": one}})
    inner["object"] = {**inner["object"]}
    statement = a_statement(
        context={"contextActivities": {"parent": one, "grouping": [one, one]}},
        object={"objectType": "SubStatement", **inner},
    )
    before = copy.deepcopy(statement)
    valid = validate(statement)
    assert valid["context"]["contextActivities"] == {"parent": [one], "grouping": [one, one]}
    assert valid["object"]["context"]["contextActivities"] == {"other": [one]}
    assert statement == before


@pytest.mark.parametrize("name", ["revision", "platform"])
@pytest.mark.parametrize(
    "thing",
    [{"objectType": "Agent", **AGENT}, {"objectType": "StatementRef", "id": UUID}],
    ids=["agent", "statement"],
)
def test_revision_and_platform_belong_to_activities_only(name, thing):
    statement = a_statement(object=thing, context={name: "1.1"})
    assert wrong(statement) == (f"context.{name}", "is allowed only when the object is an Activity")


def test_a_substatement_is_a_statement_without_what_the_store_sets():
    inner = {"objectType": "SubStatement", **a_statement()}
    statement = a_statement(object=inner)
    assert validate(statement) == statement
    for name, value in (
        ("id", UUID),
        ("stored", "2026-11-22T12:00:00Z"),
        ("version", "2.0.0"),
        ("authority", AGENT),
    ):
        nested = a_statement(object={**inner, name: value})
        assert wrong(nested) == (f"object.{name}", "is not a property that the specification knows here")


def test_a_substatement_holds_no_substatement():
    inner = {"objectType": "SubStatement", **a_statement()}
    nested = a_statement(object={**inner, "object": inner})
    assert wrong(nested) == ("object.object.objectType", "is not a type of object that can stand here")


def test_a_voiding_statement_points_at_a_statement():
    voiding = a_voiding(uuid.uuid4())
    assert validate(voiding) == voiding
    assert wrong({**voiding, "object": {"id": "https://a.example/x"}}) == (
        "object",
        "a voiding statement's object must be a StatementRef",
    )


# --- What was found valid is remembered -----------------------------------------------------------------


def test_what_is_wrong_is_named_each_time_it_comes_and_beside_what_was_right():
    right = a_statement()
    wrong = {**right, "verb": {"id": right["verb"]["id"], "display": {"da": 1}}}
    for _time in range(2):
        validate(right)
        with pytest.raises(StatementInvalid) as refused:
            validate(wrong)
        assert (refused.value.path, refused.value.message) == ("verb.display.da", "must be a string")


@pytest.mark.parametrize("value", [1, True, None])
def test_what_looks_alike_is_not_taken_for_what_was_right(value):
    def said(name):
        return a_statement(object={"id": "https://a.example/a", "definition": {"name": {"da": name}}})

    for right in ("1", "true", "null"):
        validate(said(right))
    with pytest.raises(StatementInvalid):
        validate(said(value))


def test_the_second_version_lends_the_first_nothing_that_it_does_not_know():
    agents = {"contextAgents": [{"objectType": "contextAgent", "agent": AGENT}]}
    validate(a_statement(context=agents), version=V2)
    with pytest.raises(StatementInvalid):
        validate(a_statement(context=agents), version=V1)


def test_only_so_much_is_remembered():
    seen = []
    check = Known(seen.append, most=10)
    for number in range(30):
        check({"id": number})
        assert len(check.digests) <= 10
    check({"id": 29})
    assert seen == [{"id": number} for number in range(30)]
    check(unsayable := {"id": {1}})
    check(unsayable)
    assert seen[30:] == [unsayable, unsayable]
