"""What the store knows of an activity: its definition, put together from what statements say of it.

There is no row for an activity: every post would have to write it, and posts would wait for each other.
"""

import json
from collections.abc import Collection
from typing import Any

from django.db import connection

#: How many statements about an activity are looked through for a definition: its newest.
LOOKED_THROUGH = 50
#: How many of those that have one are put together.
PUT_TOGETHER = 5

#: What belongs together, so that no choices are mixed with another question's answers.
_INTERACTION = (
    "interactionType",
    "correctResponsesPattern",
    "choices",
    "scale",
    "source",
    "target",
    "steps",
)
#: Where each language or each extension is a word of its own.
_MAPS = ("name", "description", "extensions")

# One question for all activities, each answered from the index on (activity, seq). Neither database sees by
# itself that this index, which leaves out the empty activity, will do: hence the NOT.
_NEWEST = """
    SELECT s.seq, s.raw, s.client_id FROM xapi_statement s
    WHERE s.activity = asked.value AND NOT (s.activity = '') ORDER BY s.seq DESC LIMIT %(looked_through)s
"""
_FOUND = {
    "postgresql": f"""
        SELECT asked.value, found.raw, found.client_id IS NULL
        FROM jsonb_array_elements_text(%(iris)s::jsonb) AS asked(value)
        CROSS JOIN LATERAL (
            SELECT * FROM ({_NEWEST}) newest WHERE newest.raw LIKE %(carrying)s
            ORDER BY newest.seq DESC LIMIT %(put_together)s
        ) found
        ORDER BY found.seq DESC
    """,  # noqa: S608  (constants only)
    "sqlite": f"""
        SELECT asked.value, s.raw, s.client_id IS NULL
        FROM json_each(%(iris)s) AS asked
        CROSS JOIN xapi_statement s ON s.seq IN (
            SELECT newest.seq FROM ({_NEWEST}) newest WHERE newest.raw LIKE %(carrying)s
            ORDER BY newest.seq DESC LIMIT %(put_together)s
        )
        ORDER BY s.seq DESC
    """,  # noqa: S608  (constants only)
}


def canonical_definitions(iris: Collection[str]) -> dict[str, dict[str, Any]]:
    """The definition of each of these activities that has one, in one query.

    The newest word counts, a word of the platform's before a client's; names and descriptions are put
    together over the languages.
    """
    if not iris:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _FOUND[connection.vendor],
            {
                "iris": json.dumps(sorted(set(iris))),
                "carrying": '%"definition"%',
                "looked_through": LOOKED_THROUGH,
                "put_together": PUT_TOGETHER,
            },
        )
        rows = cursor.fetchall()
    said: dict[str, list[dict[str, Any]]] = {}
    for iri, raw, _ours in sorted(rows, key=lambda row: not row[2]):
        definition = json.loads(raw)["object"].get("definition")
        if definition:
            said.setdefault(iri, []).append(definition)
    return {iri: _together(definitions) for iri, definitions in said.items()}


def activity(iri: str) -> dict[str, Any]:
    """The Activity, with its definition where one is known (Communication 2.5)."""
    known: dict[str, Any] = {"objectType": "Activity", "id": iri}
    definition = canonical_definitions([iri]).get(iri)
    return known if definition is None else {**known, "definition": definition}


def _together(definitions: list[dict[str, Any]]) -> dict[str, Any]:
    """One definition; where two disagree, the first of them counts."""
    whole: dict[str, Any] = {}
    for definition in definitions:
        had_interaction = "interactionType" in whole
        for name, value in definition.items():
            if name in _MAPS:
                whole[name] = {**value, **whole.get(name, {})}
            elif name not in _INTERACTION or not had_interaction:
                whole.setdefault(name, value)
    return whole
