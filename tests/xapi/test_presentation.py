import copy
import json
import uuid

import pytest

from tests.factories.xapi import a_statement, a_voiding, credentials
from tests.xapi.test_validation import AGENT, EVERYTHING
from xapi import vocabulary
from xapi.domain.recording import record
from xapi.presentation import languages_of, shown

pytestmark = pytest.mark.django_db

ID = "5f0b7a52-4a5e-4c8e-9a55-4f1d8e6b7c90"
TEAM = {"objectType": "Group", "name": "Team", "member": [{"name": "Signe", **AGENT}]}
ACTIVITY = {
    "id": "https://a.example/x",
    "definition": {
        "name": {"da": "Navn", "en-GB": "Name"},
        "description": {"da": "Tekst", "en-GB": "Text"},
        "extensions": {"https://a.example/y": {"da": "a", "en-GB": "b"}},
        "interactionType": "matching",
        "source": [{"id": "a", "description": {"da": "Ja", "en-GB": "Yes"}}, {"id": "b"}],
        "target": [{"id": "c", "description": {"en-GB": "One"}}],
    },
}


def in_form(statement, form, languages=""):
    return json.loads(shown(json.dumps(statement), form, languages_of(languages)))


# --- ids ------------------------------------------------------------------------------------------------


def test_ids_holds_only_what_identifies_each_agent_verb_activity_and_group():
    statement = {**copy.deepcopy(EVERYTHING), "authority": {"objectType": "Agent", "name": "Us", **AGENT}}
    reduced = in_form(statement, "ids")
    expected = {
        **statement,
        "actor": {"objectType": "Agent", **AGENT},
        "verb": {"id": vocabulary.PASSED},
        "object": {"id": "https://a.example/activity"},
        "authority": {"objectType": "Agent", **AGENT},
    }
    expected["context"] = {**statement["context"], "team": {"objectType": "Group", **AGENT}}
    assert reduced == expected


def test_ids_keeps_the_members_of_a_group_that_nothing_else_identifies():
    anonymous = in_form(a_statement(actor=TEAM), "ids")["actor"]
    assert anonymous == {"objectType": "Group", "member": [AGENT]}
    named = in_form(a_statement(actor={**TEAM, "openid": "https://a.example"}), "ids")["actor"]
    assert named == {"objectType": "Group", "openid": "https://a.example"}


@pytest.mark.parametrize("kind", ["Agent", "Group"])
def test_ids_keeps_of_an_object_that_is_an_agent_that_it_is_one(kind):
    thing = {"objectType": kind, "name": "x", **AGENT}
    assert in_form(a_statement(object=thing), "ids")["object"] == {"objectType": kind, **AGENT}


def test_ids_reaches_into_a_substatement_and_its_context():
    inner = {
        "objectType": "SubStatement",
        **a_statement(object=ACTIVITY, context={"contextActivities": {"parent": [ACTIVITY]}}),
        "actor": TEAM,
    }
    assert in_form(a_statement(object=inner), "ids")["object"] == {
        "objectType": "SubStatement",
        "actor": {"objectType": "Group", "member": [AGENT]},
        "verb": {"id": vocabulary.ANSWERED},
        "object": {"id": ACTIVITY["id"]},
        "context": {"contextActivities": {"parent": [{"id": ACTIVITY["id"]}]}},
    }


def test_a_reference_to_a_statement_stays_as_it_is():
    reference = {"objectType": "StatementRef", "id": ID}
    for form in ("ids", "canonical"):
        assert in_form(a_statement(object=reference), form)["object"] == reference


# --- canonical ------------------------------------------------------------------------------------------


def test_canonical_has_one_language_of_each_map_of_an_activity_or_a_verb_and_leaves_the_rest():
    statement = a_statement(
        object=ACTIVITY, context={"team": TEAM, "contextActivities": {"parent": [ACTIVITY]}}
    )
    danish = {
        "id": ACTIVITY["id"],
        "definition": {
            **ACTIVITY["definition"],
            "name": {"da": "Navn"},
            "description": {"da": "Tekst"},
            "source": [{"id": "a", "description": {"da": "Ja"}}, {"id": "b"}],
            "target": [{"id": "c", "description": {"en-GB": "One"}}],
        },
    }
    assert in_form(statement, "canonical", "da") == {
        **statement,
        "verb": {"id": vocabulary.ANSWERED, "display": {"da": "besvarede"}},
        "object": danish,
        "context": {"team": TEAM, "contextActivities": {"parent": [danish]}},
    }


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "fr"),
        ("da", "da"),
        ("DA", "da"),
        ("en", "en-GB"),
        ("en-US", "fr"),  # another region's English isn't what was asked for
        ("en-GB", "en-GB"),
        ("nb-NO", "nb"),
        ("sv, da;q=0.5", "da"),
        ("da;q=0.3, en-GB;q=0.8", "en-GB"),
        ("sv", "fr"),
        ("fr;q=0", "en-GB"),
        ("fr;q=0, *;q=0.1", "en-GB"),
        ("*", "fr"),
        ("this is no header;;", "fr"),
    ],
)
def test_the_language_is_the_one_that_the_header_wants_most(header, chosen):
    tags = ["fr", "en-GB", "da", "nb", "en-GB-oxendict"]
    verb = {"id": vocabulary.PASSED, "display": dict.fromkeys(tags, "x")}
    answer = in_form(a_statement() | {"verb": verb}, "canonical", header)
    assert list(answer["verb"]["display"]) == [chosen]


def test_a_map_whose_every_language_is_refused_keeps_its_first():
    statement = a_statement() | {"verb": {"id": vocabulary.PASSED, "display": {"fr": "x", "da": "y"}}}
    assert in_form(statement, "canonical", "fr;q=0, da;q=0")["verb"]["display"] == {"fr": "x"}


def test_an_empty_map_stays_empty():
    statement = a_statement() | {"verb": {"id": vocabulary.PASSED, "display": {}}}
    assert in_form(statement, "canonical", "da") == statement


# --- Over HTTP ------------------------------------------------------------------------------------------


def test_exact_is_the_default_and_is_the_text_as_it_is_kept(get):
    row = record(a_statement(id=ID, object=ACTIVITY))
    for asked in ({}, {"format": "exact"}):
        assert get(statementId=ID, **asked).content.decode() == row.raw


@pytest.mark.parametrize("form", ["ids", "canonical"])
def test_a_form_is_answered_for_one_statement_and_for_a_page(client, system, get, form):
    row = record(a_statement(id=ID, object=ACTIVITY))
    headers = {"HTTP_ACCEPT_LANGUAGE": "en-GB"}
    expected = json.loads(shown(row.raw, form, languages_of("en-GB")))
    assert expected != row.data
    for asked in ({"statementId": ID}, {}):
        answer = client.get(
            "/xapi/statements", {"format": form, **asked}, headers=credentials(system), **headers
        ).json()
        assert (answer if asked else answer["statements"][0]) == expected


def test_a_voided_statement_is_answered_in_a_form_too(get):
    record(a_statement(id=ID, object=ACTIVITY))
    record(a_voiding(uuid.UUID(ID)))
    assert get(voidedStatementId=ID, format="ids").json()["object"] == {"id": ACTIVITY["id"]}


def test_the_next_page_stays_in_its_form(client, get, system):
    for _ in range(2):
        record(a_statement(object=ACTIVITY))
    more = get(format="ids", limit="1").json()["more"]
    second = client.get(more, headers=credentials(system)).json()["statements"]
    assert [each["object"] for each in second] == [{"id": ACTIVITY["id"]}]
