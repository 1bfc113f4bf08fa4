"""What a GET of statements may ask, read from its parameters (xAPI, Communication 2.1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing

from . import formats, strict_json, validation
from .formats import StatementInvalid
from .querysets import StatementQuerySet
from .vocabulary import ifi_of

#: What a page holds where the client doesn't say, and the most that it holds.
PAGE = 100
LARGEST_PAGE = 1000

SINGLE = frozenset({"statementId", "voidedStatementId"})
_FORMS = frozenset({"format", "attachments"})
_FILTERS = frozenset(
    {"agent", "verb", "activity", "registration", "since", "until", "limit", "ascending"}
    | {"related_activities", "related_agents"}
)
_NOT_YET = {
    "format": "exact",
    "attachments": "false",
    "related_activities": "false",
    "related_agents": "false",
}
_SALT = "xapi.more"


@dataclass(frozen=True)
class Page:
    """One page of an answer: which statements, how many, in which direction, from where."""

    asked: dict[str, str]
    limit: int
    ascending: bool
    after: int | None

    def of(self, statements: StatementQuerySet, *, version: str) -> tuple[list[str], str]:
        """The raw statements of this page, and the token of the next one, empty when this is the last."""
        found = _narrowed(statements, self.asked, version).order_by("seq" if self.ascending else "-seq")
        if self.after is not None:
            found = found.filter(seq__gt=self.after) if self.ascending else found.filter(seq__lt=self.after)
        rows = list(found.values_list("seq", "raw")[: self.limit + 1])
        token = ""
        if len(rows) > self.limit:
            token = signing.dumps([self.asked, rows[self.limit - 1][0]], salt=_SALT, compress=True)
        return [raw for _seq, raw in rows[: self.limit]], token


def check(given: Mapping[str, str]) -> None:
    """Refuse what isn't in the specification, what it doesn't allow together, and what isn't there yet."""
    for name in given:
        if name not in SINGLE | _FORMS | _FILTERS:
            raise StatementInvalid("is not a parameter that this resource knows", name)
    if len(SINGLE & set(given)) > 1:
        raise StatementInvalid("can't stand together with statementId", "voidedStatementId")
    if SINGLE & set(given):
        for name in given:
            if name not in SINGLE | _FORMS:
                raise StatementInvalid("can't stand together with the id of one statement", name)
    for name, supported in _NOT_YET.items():
        if given.get(name, supported) != supported:
            raise StatementInvalid(
                f'isn\'t supported in this version with another value than "{supported}"', name
            )


def single(given: Mapping[str, str]) -> tuple[UUID, bool] | None:
    """The id of the one statement that is asked for, and whether it is asked for as a voided one."""
    for name in SINGLE & set(given):
        _checked(name, formats.uuid, given[name])
        return UUID(given[name]), name == "voidedStatementId"
    return None


def page(given: Mapping[str, str]) -> Page:
    limit = given.get("limit", "0")
    if not limit.isascii() or not limit.isdigit() or len(limit) > 18:
        raise StatementInvalid("must be a whole number, 0 or more", "limit")
    ascending = given.get("ascending", "false")
    if ascending not in {"true", "false"}:
        raise StatementInvalid("must be true or false", "ascending")
    return Page(dict(given), min(int(limit), LARGEST_PAGE) or PAGE, ascending == "true", after=None)


def next_page(token: str) -> Page:
    """The page that a `more` address names. Raises StatementInvalid for a token that isn't ours."""
    try:
        asked, after = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise StatementInvalid("is not an address that this store gave out", "more") from error
    first = page(asked)
    return Page(first.asked, first.limit, first.ascending, after)


def _narrowed(statements: StatementQuerySet, asked: Mapping[str, str], version: str) -> StatementQuerySet:
    if "agent" in asked:
        statements = statements.naming(_checked("agent", _agent, asked["agent"]))
    if "verb" in asked:
        _checked("verb", formats.iri, asked["verb"])
        statements = statements.with_verbs(asked["verb"])
    if "activity" in asked:
        _checked("activity", formats.iri, asked["activity"])
        statements = statements.about(asked["activity"])
    if "registration" in asked:
        _checked("registration", formats.uuid, asked["registration"])
        statements = statements.in_registration(UUID(asked["registration"]))
    if "since" in asked:
        instant = _checked("since", lambda value: formats.timestamp(value, version=version), asked["since"])
        statements = statements.stored_after(instant)
    if "until" in asked:
        instant = _checked("until", lambda value: formats.timestamp(value, version=version), asked["until"])
        statements = statements.stored_until(instant)
    return statements


def _agent(text: str) -> str:
    agent = strict_json.parse(text.encode(errors="replace"))
    validation.actor(agent)
    ifi = ifi_of(agent)
    if not ifi:
        raise StatementInvalid("needs an identifier to be found by")
    return ifi


def _checked(name: str, check_value: formats.Check, value: str) -> Any:
    try:
        return check_value(value)
    except StatementInvalid as error:
        error.inside(name)
        raise
