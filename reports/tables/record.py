"""A learner's statements in plain words. For her own page only."""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from courses.domain.statements import REFRESHER, STEP
from organisations.models import Person
from xapi import vocabulary
from xapi.models import Statement

from .sources import titles_of_modules

#: What the learner did, said to her.
SENTENCES: dict[str, str | Promise] = {
    vocabulary.INITIALIZED: _("You began"),
    vocabulary.PROGRESSED: _("You went on in"),
    vocabulary.ANSWERED: _("You answered"),
    vocabulary.PASSED: _("You passed"),
    vocabulary.FAILED: _("You did not pass"),
    vocabulary.COMPLETED: _("You completed"),
    vocabulary.SUBMITTED: _("You handed in"),
    vocabulary.CONFIRMED: _("It was confirmed that you did"),
    vocabulary.SUPPORTED: _("A colleague supported that you did"),
    vocabulary.PLAYED: _("You played"),
    vocabulary.PAUSED: _("You paused"),
    vocabulary.SEEKED: _("You moved about in"),
    vocabulary.TERMINATED: _("You left"),
    vocabulary.VOIDED: _("You took back"),
}
#: The same of a practice task, whose text is long: before and after the module that it is in.
OF_A_TASK: dict[str, tuple[str | Promise, str | Promise]] = {
    vocabulary.SUBMITTED: (_("You handed in your practice task"), ""),
    vocabulary.CONFIRMED: (_("Your practice task"), pgettext_lazy("practice task", "was confirmed")),
    vocabulary.SUPPORTED: (_("Your practice task"), pgettext_lazy("practice task", "was supported")),
}
#: The same of a step.
WENT_ON_PAST = _("You went on past step %(step)s of")
#: The same of a competency that was signed off.
SIGNED_OFF = _("It was confirmed that you have the competency")
NAMELESS = _("an activity without a name")
#: What a statement is about that takes another one back.
EARLIER = _("something that was recorded before")


@dataclass(frozen=True)
class RecordRow:
    """One statement: when, what, with what result, by whom confirmed, and its JSON as stored.

    Of a practice task (`is_task`) only the module is said, and `ending` after it.
    A sign-off speaks of a day (`has_hour` is false), and was recorded on that day or later.
    """

    at: dt.datetime
    has_hour: bool
    recorded_at: dt.datetime
    said: str
    ending: str
    is_task: bool
    what: str
    lang: str
    module: str
    module_lang: str
    answers: list[str]
    success: bool | None
    confirmed_by: str
    is_refresher: bool
    is_voided: bool
    json: str


def in_plain_words(statements: list[Statement], *, voided: set[uuid.UUID]) -> list[RecordRow]:
    """The statements as rows. Two queries at most: who confirmed, and the titles of modules."""
    said = [(statement, statement.data) for statement in statements]
    names = _instructors(data for _statement, data in said)
    titles = titles_of_modules(iri for _statement, data in said for iri in _parents(data))
    rows = []
    for statement, data in said:
        module = next((titles[iri] for iri in _parents(data) if iri in titles), ("", ""))
        rows.append(_row(statement, data, names, module, is_voided=statement.uuid in voided))
    return rows


def _row(
    statement: Statement,
    data: dict[str, Any],
    names: dict[uuid.UUID, str],
    module: tuple[str, str],
    *,
    is_voided: bool,
) -> RecordRow:
    definition = data["object"].get("definition", {})
    what, lang = _in_a_language(definition.get("name"))
    result = data.get("result", {})
    instructor = vocabulary.pseudonym_of(data.get("context", {}).get("instructor"))
    said = SENTENCES.get(statement.verb) or _in_a_language(data["verb"].get("display"))[0]
    is_sign_off = statement.verb == vocabulary.CONFIRMED and definition.get("type") == vocabulary.OBJECTIVE
    ending: str | Promise = ""
    is_task = (
        definition.get("type") == vocabulary.PRACTICE_TASK and statement.verb in OF_A_TASK and any(module)
    )
    if is_sign_off:
        said = SIGNED_OFF
    elif is_task:
        said, ending = OF_A_TASK[statement.verb]
    elif statement.verb == vocabulary.PROGRESSED and (step := _step(result)):
        said = WENT_ON_PAST % {"step": step}
    return RecordRow(
        at=statement.timestamp,
        has_hour=not is_sign_off,
        recorded_at=statement.stored,
        said=str(said or statement.verb),
        ending=str(ending),
        is_task=is_task,
        what=what or str(EARLIER if data["object"].get("objectType") == "StatementRef" else NAMELESS),
        lang=lang,
        module=module[0],
        module_lang=module[1],
        answers=_answers(result.get("response", ""), definition),
        success=result.get("success"),
        confirmed_by=names.get(instructor, "") if instructor else "",
        is_refresher=REFRESHER in data.get("context", {}).get("extensions", {}),
        is_voided=is_voided,
        json=json.dumps(data, ensure_ascii=False, indent=2),
    )


def _parents(data: dict[str, Any]) -> list[str]:
    """The activities that the statement's object is a part of, the nearest first."""
    context = data.get("context", {}).get("contextActivities", {})
    found = []
    for relation in ("parent", "grouping"):
        activities = context.get(relation, [])
        # xAPI 1.0 allows one activity where 2.0 has a list.
        found += activities if isinstance(activities, list) else [activities]
    return [activity["id"] for activity in found]


def _step(result: dict[str, Any]) -> int | None:
    """The step that she went on past, where the statement says it."""
    step = result.get("extensions", {}).get(STEP)
    return step if isinstance(step, int) else None


def _answers(response: str, definition: dict[str, Any]) -> list[str]:
    """The words of the chosen options, where the statement has them; else what was sent."""
    if not response or definition.get("interactionType") == "performance":
        # A way through a case: its choices stand as statements of their own.
        return []
    texts = {
        option["id"]: _in_a_language(option.get("description"))[0]
        for parts in ("choices", "source", "target")
        for option in definition.get(parts, [])
    }
    if definition.get("interactionType") == "true-false":
        texts = {"true": str(_("True")), "false": str(_("False"))}
    return [
        " – ".join(texts.get(half) or half for half in part.split("[.]")) for part in response.split("[,]")
    ]


def _in_a_language(texts: dict[str, str] | None) -> tuple[str, str]:
    """A text of a language map in the page's language, or in any; and the language."""
    if not texts:
        return "", ""
    wanted = (get_language() or "da")[:2]
    language = next((tag for tag in texts if tag.split("-")[0] == wanted), next(iter(texts)))
    return texts[language], language


def _instructors(statements: Any) -> dict[uuid.UUID, str]:
    found = (vocabulary.pseudonym_of(data.get("context", {}).get("instructor")) for data in statements)
    names: dict[uuid.UUID, str] = Person.objects.names(one for one in found if one is not None)
    return names
