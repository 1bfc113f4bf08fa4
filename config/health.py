"""Whether the process runs, and whether it can do its work. In plain words, for people and probes."""

import logging

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return _say("alive")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration; else 503."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError):
        logger.exception("The database does not answer")
        return _say("not ready: the database does not answer", status=503)
    if pending:
        return _say(f"not ready: migrations are waiting ({len(pending)})", status=503)
    return _say("ready")


def _say(words: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)
