import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import track

from xapi.projection import attempt, drift_of, known_learners


class Command(BaseCommand):
    help = "Recomputes derived rows from the facts. With --check it changes nothing and prints the drift."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--learner", type=UUID, metavar="UUID", help="only this pseudonym")
        parser.add_argument("--check", action="store_true", help="print what would change, exit 1 on any")

    def handle(self, *, learner: UUID | None, check: bool, **_options: Any) -> None:
        learners = known_learners() if learner is None else [learner]
        if check:
            lines = [line for each in self._shown(learners, "Checking") for line in drift_of(each)]
            for line in lines:
                self.stdout.write(line)
            if lines:
                sys.exit(1)
            return
        failed = [each for each in self._shown(learners, "Rebuilding") if not attempt(each)]
        self.stdout.write(f"{len(learners) - len(failed)} rebuilt")
        if failed:
            raise CommandError(f"{len(failed)} could not be rebuilt; the log says where each failed.")

    @staticmethod
    def _shown(learners: list[UUID], what: str) -> Iterable[UUID]:
        """With a progress bar where somebody watches."""
        if not sys.stderr.isatty():
            return learners
        return track(learners, description=what, console=Console(stderr=True))
