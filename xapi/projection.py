"""The driver of the stages: what recomputes a learner's derived rows from the facts.

`settings.STAGES` lists the stages in order, `settings.PENDING_SOURCES` who knows which learners wait.
A live answer, a worker and a rebuild all go through `project`: one learner, one transaction. Record
the fact and commit it first: a stage that fails then loses nothing, for the mark stays and a worker
tries again when the claim has run out.
"""

import contextlib
import datetime as dt
import hashlib
import logging
import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

#: How long a worker has a learner for itself, and so how soon a failure is tried again.
CLAIM = dt.timedelta(seconds=60)
#: The first key of the advisory locks on learners.
_LEARNER_LOCK = 0x1EA4


class Stage(Protocol):
    """One step of the road: derives its own rows for one learner from what lies upstream."""

    name: str

    def project(self, learner: UUID) -> None: ...

    def rows(self, learner: UUID) -> set[tuple[str, ...]]: ...

    def learners(self) -> Iterable[UUID]: ...


class Source(Protocol):
    """A ground room's outbox. A mark has a `learner` and a `token`; nothing else is asked of it."""

    def marks(self, limit: int | None = None) -> list[Any]: ...

    def claim(self, mark: Any, *, until: dt.datetime) -> bool: ...

    def remove(self, mark: Any) -> bool: ...

    def learners(self) -> Iterable[UUID]: ...


def stages() -> list[Stage]:
    return [import_string(path)() for path in settings.STAGES]


def sources() -> list[Source]:
    return [import_string(path)() for path in settings.PENDING_SOURCES]


def known_learners() -> list[UUID]:
    """Everyone about whom there is a fact or a derived row, in a fixed order."""
    known: set[UUID] = set()
    for source in sources():
        known.update(source.learners())
    for stage in stages():
        known.update(stage.learners())
    return sorted(known)


def project(learner: UUID) -> None:
    """Recompute one learner through all stages, in order, in one transaction.

    Two projections of the same learner wait for each other. Raises what a stage raises, and then
    nothing is changed.
    """
    with transaction.atomic():
        _lock(learner)
        for stage in stages():
            stage.project(learner)


_deferring: ContextVar[bool] = ContextVar("deferring", default=False)


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Within it `attempt` does nothing: the marks stay, and whoever loads a history projects once after."""
    token = _deferring.set(True)
    try:
        yield
    finally:
        _deferring.reset(token)


def attempt(learner: UUID) -> bool:
    """Project, or log who failed and where; False then. No message of the error: it may hold a fact."""
    if _deferring.get():
        return False
    try:
        project(learner)
    except Exception as error:  # noqa: BLE001  (one learner's trouble must not stop the others)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(  # noqa: TRY400  (a traceback would print the error's message)
            "Projecting learner %s failed: %s in %s, line %s",
            learner,
            type(error).__name__,
            frame.filename,
            frame.lineno,
        )
        return False
    return True


def project_pending(limit: int | None = None) -> int:
    """Project learners who wait, at most `limit` of them, and return how many were done.

    Safe to run at any time, twice, and beside other workers. A mark that is made while its learner
    is being projected stays, and so does the mark of a learner whose projection fails.
    """
    waiting: dict[UUID, list[tuple[Source, Any]]] = defaultdict(list)
    for source in sources():
        for mark in source.marks(limit):
            waiting[mark.learner].append((source, mark))
    done = 0
    for learner, marks in list(waiting.items())[:limit]:
        until = timezone.now() + CLAIM
        claimed = [(source, mark) for source, mark in marks if source.claim(mark, until=until)]
        if claimed and attempt(learner):
            # After the commit: a lock on the mark and the lock on the learner are never held together.
            for source, mark in claimed:
                source.remove(mark)
            done += 1
    return done


def rebuild(learner: UUID | None = None) -> int:
    """Recompute one learner, or everyone; how many succeeded. Failures are logged and passed over."""
    return sum(attempt(each) for each in _chosen(learner))


def drift(learner: UUID | None = None) -> list[str]:
    """What a rebuild would change, as one line a row; nothing is changed by asking."""
    return [line for each in _chosen(learner) for line in drift_of(each)]


def drift_of(learner: UUID) -> list[str]:
    with transaction.atomic():
        _lock(learner)
        before = {stage.name: stage.rows(learner) for stage in stages()}
        for stage in stages():
            stage.project(learner)
        after = {stage.name: stage.rows(learner) for stage in stages()}
        transaction.set_rollback(True)
    return [
        f"{learner} {name}: {word} {' | '.join(row)}"
        for name in before
        for word, rows in (("missing", after[name] - before[name]), ("stale", before[name] - after[name]))
        for row in sorted(rows)
    ]


def _chosen(learner: UUID | None) -> list[UUID]:
    return known_learners() if learner is None else [learner]


def _lock(learner: UUID) -> None:
    """Hold the learner until the transaction ends. On SQLite the transaction itself is the lock."""
    if connection.vendor == "postgresql":
        key = int.from_bytes(hashlib.blake2b(learner.bytes, digest_size=4).digest(), signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LEARNER_LOCK, key])
