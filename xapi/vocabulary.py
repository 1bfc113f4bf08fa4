"""The IRIs that the platform's statements are made of, and how a learner is named in them.

Verbs are ADL's, as published at https://w3id.org/xapi; `CONFIRMED` has no published twin and is our
own. Words of ours are the same in every installation; activities and accounts begin with
`settings.IRI_BASE`. Both are identities and not addresses.
"""

import re
from typing import Any
from uuid import UUID

from django.conf import settings

INITIALIZED = "http://adlnet.gov/expapi/verbs/initialized"
PROGRESSED = "http://adlnet.gov/expapi/verbs/progressed"
ANSWERED = "http://adlnet.gov/expapi/verbs/answered"
PASSED = "http://adlnet.gov/expapi/verbs/passed"
FAILED = "http://adlnet.gov/expapi/verbs/failed"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
SUBMITTED = "http://activitystrea.ms/schema/1.0/submit"
#: A leader or a key person confirms a practice task: the actor is the learner, the instructor confirms.
CONFIRMED = "https://lindra.example/id/verbs/confirmed"
#: A colleague supports that a practice task was done, as an instructor too: it shows and counts nothing.
SUPPORTED = "https://lindra.example/id/verbs/supported"
#: ADL's video profile (https://w3id.org/xapi/video), version 1.0.3: `initialized` and `completed` are above.
PLAYED = "https://w3id.org/xapi/video/verbs/played"
PAUSED = "https://w3id.org/xapi/video/verbs/paused"
SEEKED = "https://w3id.org/xapi/video/verbs/seeked"
TERMINATED = "http://adlnet.gov/expapi/verbs/terminated"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"

#: What a person reads for a verb (`verb.display`).
DISPLAY: dict[str, dict[str, str]] = {
    INITIALIZED: {"en": "initialized", "da": "begyndte"},
    PROGRESSED: {"en": "progressed", "da": "kom videre i"},
    ANSWERED: {"en": "answered", "da": "besvarede"},
    PASSED: {"en": "passed", "da": "bestod"},
    FAILED: {"en": "failed", "da": "bestod ikke"},
    COMPLETED: {"en": "completed", "da": "gennemførte"},
    SUBMITTED: {"en": "submitted", "da": "afleverede"},
    CONFIRMED: {"en": "had confirmed", "da": "fik bekræftet"},
    SUPPORTED: {"en": "had supported", "da": "fik støttet"},
    PLAYED: {"en": "played", "da": "afspillede"},
    PAUSED: {"en": "paused", "da": "holdt pause i"},
    SEEKED: {"en": "seeked", "da": "sprang i"},
    TERMINATED: {"en": "terminated", "da": "lukkede"},
    VOIDED: {"en": "voided", "da": "annullerede"},
}

MODULE = "http://adlnet.gov/expapi/activities/module"
ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
QUESTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
VIDEO = "https://w3id.org/xapi/video/activity-type/video"
AUDIO = "http://activitystrea.ms/schema/1.0/audio"
COURSE = "http://adlnet.gov/expapi/activities/course"
#: What is done at work and confirmed there.
PRACTICE_TASK = "http://adlnet.gov/expapi/activities/performance"
REFLECTION = "http://adlnet.gov/expapi/activities/interaction"
#: What somebody is to be able to do: a competency of the framework.
OBJECTIVE = "http://adlnet.gov/expapi/activities/objective"

#: The video profile as a category of a statement, and the beginning of its extensions' names.
VIDEO_PROFILE = "https://w3id.org/xapi/video"
VIDEO_EXTENSION = "https://w3id.org/xapi/video/extensions/"

#: `context.extensions` and `result.extensions` of ours: what the value means stands beside each.
#: How far through the module, 0 to 100, after this statement (cmi5's own extension).
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
#: The UUID of a row with free text: the text itself never enters a statement.
FREE_TEXT = "https://lindra.example/id/extensions/free-text"
#: The number of this attempt at the question, from 1.
ATTEMPT = "https://lindra.example/id/extensions/attempt"


def verb(iri: str) -> dict[str, Any]:
    """The verb object of a statement, with its display where it is one of ours."""
    return {"id": iri, "display": DISPLAY[iri]} if iri in DISPLAY else {"id": iri}


def actor_of(pseudonym: UUID) -> dict[str, Any]:
    """The learner in a statement: an account that holds the pseudonym and nothing else."""
    return {"objectType": "Agent", "account": {"homePage": settings.IRI_BASE, "name": str(pseudonym)}}


_PSEUDONYM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def pseudonym_of(actor: Any) -> UUID | None:
    """The pseudonym that an actor carries, or None for anyone who isn't a learner of ours, or is a group."""
    text = pseudonym_text_of(actor)
    return UUID(text) if text else None


def pseudonym_text_of(actor: Any) -> str | None:
    """The same as it is written.

    The name is taken only in the one spelling that `actor_of` writes: an account name is
    case-sensitive, and two spellings would be two actors to whoever filters by agent.
    """
    account = actor.get("account") if isinstance(actor, dict) and actor.get("objectType") != "Group" else None
    if not isinstance(account, dict) or account.get("homePage") != settings.IRI_BASE:
        return None
    name = account.get("name")
    return name if isinstance(name, str) and _PSEUDONYM.fullmatch(name) else None


def ifi_of(agent: Any) -> str:
    """An agent's or a group's one identifier as a string to filter by; empty for an anonymous group."""
    if not isinstance(agent, dict):
        return ""
    if "account" in agent:
        return f"account:{agent['account']['homePage']}|{agent['account']['name']}"
    for name in ("mbox", "mbox_sha1sum", "openid"):
        if name in agent:
            return f"{name}:{agent[name]}"
    return ""


def platform_authority() -> dict[str, Any]:
    """Who vouches for what the platform records itself."""
    return {"objectType": "Agent", "account": {"homePage": settings.IRI_BASE, "name": "platform"}}
