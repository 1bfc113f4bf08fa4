"""A page of statements: one question, put together by hand so that an index answers each part of it.

A statement is found by the columns of its row, by a key (`StatementKey`), or by what it refers to
(`Referral`): each is a door of its own that yields its newest rows in order, and the page is the merged
beginning. An OR over them would make PostgreSQL read and sort everything that matches.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from . import formats, keys, strict_json, validation
from .asking import ask
from .formats import StatementInvalid
from .models import Client
from .vocabulary import VOIDED, ifi_of, platform_authority

#: How far `stored` and `seq` may disagree: a number is taken just before its time is read.
_SLACK = dt.timedelta(minutes=10)
_STANDING = f"""(s.verb = '{VOIDED}' OR NOT EXISTS (
    SELECT 1 FROM xapi_statement v
    WHERE v.voids = s.uuid AND (v.client_id IS NULL OR v.client_id = s.client_id)))"""  # noqa: S608  (constants only)


@dataclass(frozen=True)
class Wanted:
    """What the filters ask for (Communication 2.1.3), read and checked."""

    agent: str = ""
    verb: str = ""
    activity: str = ""
    registration: UUID | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    related_agents: bool = False
    related_activities: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str], *, version: str) -> "Wanted":
        """Raises StatementInvalid, which names the parameter."""
        read: dict[str, Callable[[str], Any]] = {
            "agent": _agent,
            "verb": _iri,
            "activity": _iri,
            "registration": _uuid,
            "since": lambda text: formats.timestamp(text, version=version),
            "until": lambda text: formats.timestamp(text, version=version),
            "related_agents": _boolean,
            "related_activities": _boolean,
        }
        values = {}
        for name in read.keys() & asked.keys():
            try:
                values[name] = read[name](asked[name])
            except StatementInvalid as error:
                error.inside(name)
                raise
        return cls(**values)

    @property
    def names_something(self) -> bool:
        """Whether it asks for more than times: only then do statements count for what they refer to."""
        return bool(self.agent or self.verb or self.activity or self.registration)


@dataclass
class _Question:
    """Text and parameters of the conditions on one door."""

    source: str
    order: str
    #: Whether a row may come several times: a statement may refer to several that match, one through another.
    repeats: bool = False
    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def where(self, condition: str, *parameters: Any) -> None:
        self.conditions.append(condition)
        self.parameters += [_adapted(each) for each in parameters]

    def text(self, end: str) -> str:
        """What asks for the first rows, in the order and the number that `end` says."""
        asked = f"FROM {self.source} WHERE {' AND '.join([*self.conditions, _STANDING])} {end}"
        if not self.repeats:
            # A SELECT of its own around it: the order and the number are this door's.
            return f"SELECT * FROM (SELECT {self.order} AS seq, s.raw {asked}) p"  # noqa: S608  (constants only)
        return (
            f"SELECT p.seq, p.raw FROM (SELECT DISTINCT {self.order} AS seq {asked}) d"  # noqa: S608  (constants only)
            " JOIN xapi_statement p ON p.seq = d.seq"
        )


def find(
    wanted: Wanted,
    *,
    limit: int,
    ascending: bool,
    horizon: int | None,
    after: int | None = None,
    written_by: Client | None = None,
) -> list[tuple[int, str]]:
    """At most `limit` statements as (seq, raw), the newest first unless `ascending`, beyond `after`.

    Voided ones are left out, and what lies above the `horizon` (`sequence.settled`).
    """
    direction = "ASC" if ascending else "DESC"
    parts: list[str] = []
    parameters: list[Any] = []
    for door in _doors(wanted):
        if after is not None:
            door.where(f"{door.order} {'>' if ascending else '<'} %s", after)
        if horizon is not None:
            door.where(f"{door.order} <= %s", horizon)
        if written_by is not None:
            door.where("s.client_id = %s", written_by.pk)
        for compare, instant, bound, end in (
            (">", wanted.since, ">=", "ASC"),
            ("<=", wanted.until, "<=", "DESC"),
        ):
            if instant is not None:
                slack = -_SLACK if compare == ">" else _SLACK
                # The times bound the numbers, in whose order the rows are read.
                door.where(
                    f"{door.order} {bound} (SELECT seq FROM xapi_statement WHERE stored {compare} %s"  # noqa: S608  (constants only)
                    f" ORDER BY stored {end} LIMIT 1)",
                    instant + slack,
                )
                door.where(f"s.stored {compare} %s", instant)
        parts.append(door.text(f"ORDER BY {door.order} {direction} LIMIT {limit:d}"))
        parameters += door.parameters
    rows = dict(ask(" UNION ALL ".join(parts), parameters))
    return list(itertools.islice(sorted(rows.items(), reverse=not ascending), limit))


def _doors(wanted: Wanted) -> list[_Question]:
    doors = []
    for agent in _by_agent(wanted) or [None]:
        for activity in _by_activity(wanted) or [None]:
            doors.append(_straight(wanted, agent, activity))
            if wanted.names_something:
                doors.append(_referring(wanted, agent, activity))
    return doors


#: A column and the value it has, or "key" and the digest.
_Test = tuple[str, Any] | None


def _by_agent(wanted: Wanted) -> list[_Test]:
    """The ways in which a statement can name the agent."""
    if not wanted.agent:
        return []
    ways: list[_Test] = [("actor", wanted.agent), ("key", keys.digest(keys.AGENT, wanted.agent))]
    if wanted.related_agents:
        ways.append(("key", keys.digest(keys.RELATED_AGENT, wanted.agent)))
        mine = ifi_of(Client.authority_for("", ""))
        if wanted.agent == ifi_of(platform_authority()):
            ways.append(("client_id", None))
        elif wanted.agent.startswith(mine):
            client = Client.objects.filter(key=wanted.agent.removeprefix(mine)).first()
            ways += [("client_id", client.pk)] if client else []
    return ways


def _by_activity(wanted: Wanted) -> list[_Test]:
    if not wanted.activity:
        return []
    ways: list[_Test] = [("activity", wanted.activity)]
    if wanted.related_activities:
        ways.append(("key", keys.digest(keys.RELATED_ACTIVITY, wanted.activity)))
    return ways


def _straight(wanted: Wanted, *tests: _Test) -> _Question:
    """By what the statement itself says. A key leads where there is one."""
    led = [test for test in tests if test and test[0] == "key"][:1]
    if led:
        question = _Question(
            "xapi_statementkey k JOIN xapi_statement s ON s.seq = k.statement", "k.statement"
        )
        question.where("k.key = %s", led[0][1])
    else:
        question = _Question("xapi_statement s", "s.seq")
    _add(question, wanted, [test for test in tests if test not in led], of="s", seq="s.seq")
    return question


def _referring(wanted: Wanted, *tests: _Test) -> _Question:
    """By what the statement says to which it refers."""
    question = _Question(
        "xapi_referral r JOIN xapi_statement s ON s.seq = r.referrer", "r.referrer", repeats=True
    )
    _add(question, wanted, tests, of="r", seq="r.referred")
    return question


def _add(question: _Question, wanted: Wanted, tests: Any, *, of: str, seq: str) -> None:
    for test in tests:
        match test:
            case None:
                continue
            case "key", digest:
                question.where(
                    f"EXISTS (SELECT 1 FROM xapi_statementkey e WHERE e.key = %s AND e.statement = {seq})",  # noqa: S608  (constants only)
                    digest,
                )
            case "client_id", client:
                is_it = "IS NULL" if client is None else f"= {client:d}"
                if of == "s":
                    question.where(f"s.client_id {is_it}")
                else:
                    question.where(
                        f"EXISTS (SELECT 1 FROM xapi_statement c WHERE c.seq = {seq} AND c.client_id {is_it})"  # noqa: S608  (constants only)
                    )
            case column, value:
                # SQLite takes the partial index only where its condition stands here too.
                question.where(f"{of}.{column} = %s AND {of}.{column} <> ''", value)
    if wanted.verb:
        question.where(f"{of}.verb = %s", wanted.verb)
    if wanted.registration:
        question.where(f"{of}.registration = %s", wanted.registration)


def _adapted(value: Any) -> Any:
    """As the database keeps it: SQLite has neither UUIDs nor times."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


# --- Parameters -----------------------------------------------------------------------------------------


def _agent(text: str) -> str:
    """An agent's or an identified group's one identifier."""
    agent = strict_json.parse(text.encode(errors="replace"))
    validation.actor(agent)
    ifi = ifi_of(agent)
    if not ifi:
        raise StatementInvalid("needs an identifier to be found by")
    if not ifi.isprintable() and any("\ud800" <= each <= "\udfff" for each in ifi):
        raise StatementInvalid("holds half of a surrogate pair, which is no character")
    return ifi


def _iri(text: str) -> str:
    formats.iri(text)
    return text


def _uuid(text: str) -> UUID:
    formats.uuid(text)
    return UUID(text)


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise StatementInvalid("must be true or false")
    return text == "true"
