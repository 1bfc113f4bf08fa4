"""What a GET of statements may ask, read from its parameters (xAPI, Communication 2.1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing

from . import finding, formats
from .formats import StatementInvalid
from .models import Client
from .presentation import CANONICAL, EXACT, IDS

#: What a page holds where the client doesn't say, and the most that it holds.
PAGE = 100
LARGEST_PAGE = 1000

SINGLE = frozenset({"statementId", "voidedStatementId"})
_FORMS = frozenset({"format", "attachments"})
_FILTERS = frozenset(
    {"agent", "verb", "activity", "registration", "since", "until", "limit", "ascending"}
    | {"related_activities", "related_agents"}
)
_BOOLEAN = ("true", "false")
_VALUES = {
    "format": (EXACT, IDS, CANONICAL),
    "attachments": _BOOLEAN,
    "related_activities": _BOOLEAN,
    "related_agents": _BOOLEAN,
    "ascending": _BOOLEAN,
}
_SALT = "xapi.more"


@dataclass(frozen=True)
class Page:
    """One page of an answer: which statements, how many, in which direction, from where."""

    asked: dict[str, str]
    limit: int
    ascending: bool
    after: int | None

    def of(
        self, *, version: str, horizon: int | None, written_by: Client | None = None
    ) -> tuple[list[str], str]:
        """The raw statements of this page, and the token of the next one, empty when this is the last."""
        wanted = finding.Wanted.read(self.asked, version=version)
        rows = finding.find(
            wanted,
            limit=self.limit + 1,
            ascending=self.ascending,
            horizon=horizon,
            after=self.after,
            written_by=written_by,
        )
        token = ""
        if len(rows) > self.limit:
            token = signing.dumps([self.asked, rows[self.limit - 1][0]], salt=_SALT, compress=True)
        return [raw for _seq, raw in rows[: self.limit]], token


def check(given: Mapping[str, str]) -> None:
    """Refuse what isn't in the specification, and what it doesn't allow together."""
    for name in given:
        if name not in SINGLE | _FORMS | _FILTERS:
            raise StatementInvalid("is not a parameter that this resource knows", name)
    if len(SINGLE & set(given)) > 1:
        raise StatementInvalid("can't stand together with statementId", "voidedStatementId")
    if SINGLE & set(given):
        for name in given:
            if name not in SINGLE | _FORMS:
                raise StatementInvalid("can't stand together with the id of one statement", name)
    for name, values in _VALUES.items():
        if name in given and given[name] not in values:
            raise StatementInvalid(f"must be {' or '.join(values)}", name)


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
    ascending = given.get("ascending") == "true"
    return Page(dict(given), min(int(limit), LARGEST_PAGE) or PAGE, ascending, after=None)


def next_page(token: str) -> Page:
    """The page that a `more` address names. Raises StatementInvalid for a token that isn't ours."""
    try:
        asked, after = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise StatementInvalid("is not an address that this store gave out", "more") from error
    first = page(asked)
    return Page(first.asked, first.limit, first.ascending, after)


def _checked(name: str, check_value: formats.Check, value: str) -> Any:
    try:
        return check_value(value)
    except StatementInvalid as error:
        error.inside(name)
        raise
