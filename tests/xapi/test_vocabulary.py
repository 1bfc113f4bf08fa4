import uuid

import pytest

from xapi import vocabulary

LEARNER = uuid.UUID("0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d")


def test_a_learner_is_an_account_that_holds_the_pseudonym_and_nothing_else(settings):
    settings.IRI_BASE = "https://lindra.example/id"
    assert vocabulary.actor_of(LEARNER) == {
        "objectType": "Agent",
        "account": {"homePage": "https://lindra.example/id", "name": "0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d"},
    }


def test_the_pseudonym_comes_back_from_the_actor():
    assert vocabulary.pseudonym_of(vocabulary.actor_of(LEARNER)) == LEARNER


@pytest.mark.parametrize(
    "actor",
    [
        None,
        "somebody",
        {},
        {"mbox": "mailto:signe@lindra.example"},
        {"account": "0b6d5b8e-7d0e-4f5a-9d27-0a5a5a1c2f3d"},
        {"account": {"homePage": "https://elsewhere.example", "name": str(LEARNER)}},
        {"account": {"homePage": "https://lindra.example/id", "name": "platform"}},
        {"account": {"homePage": "https://lindra.example/id", "name": 7}},
        {"account": {"homePage": "https://lindra.example/id", "name": str(LEARNER).upper()}},
        {"account": {"homePage": "https://lindra.example/id"}},
    ],
)
def test_anybody_else_has_no_pseudonym(actor):
    assert vocabulary.pseudonym_of(actor) is None


@pytest.mark.parametrize(
    ("agent", "identifier"),
    [
        ({"mbox": "mailto:a@b.example"}, "mbox:mailto:a@b.example"),
        ({"mbox_sha1sum": "a" * 40}, f"mbox_sha1sum:{'a' * 40}"),
        ({"openid": "https://a.example/"}, "openid:https://a.example/"),
        ({"account": {"homePage": "https://a.example", "name": "n"}}, "account:https://a.example|n"),
        ({"objectType": "Group", "member": []}, ""),
    ],
)
def test_an_agent_has_one_identifier_to_filter_by(agent, identifier):
    assert vocabulary.ifi_of(agent) == identifier
