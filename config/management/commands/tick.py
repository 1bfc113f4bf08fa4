"""Everything timed. Safe to run at any time, and twice."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


def publish_scheduled() -> None:
    """Publish the pages whose hour has come, and withdraw those whose hour is over."""
    call_command("publish_scheduled", verbosity=0)


def tick() -> list[str]:
    """Run every job once; one that fails doesn't stop the others. Returns the names of those that failed."""
    jobs = {name: import_string(name) for name in settings.TICKS}
    jobs["publish_scheduled"] = publish_scheduled
    failed = []
    for name, job in jobs.items():
        try:
            job()
        except Exception:
            logger.exception("%s failed; it is tried again at the next tick", name)
            failed.append(name)
    return failed


class Command(BaseCommand):
    help = "Run everything timed once, or every so many seconds. Exit code 1 if a job failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="keep on, with this pause between")

    def handle(self, *args: Any, every: float | None, **options: Any) -> None:
        failed = tick()
        while every is not None:
            time.sleep(every)
            close_old_connections()
            failed = tick()
        if failed:
            raise SystemExit(1)
