import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import track

from xapi.domain.exporting import DATA, stored_lines
from xapi.management.instants import instant


class Command(BaseCommand):
    help = (
        "Writes statements as JSON Lines, one a line, exactly as they are stored and in that order: people "
        "of ours are pseudonyms in them. The data of a statement's attachments stands before it, in lines "
        '{"attachment": …}, in base64; a file may name somebody.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=instant, metavar="DATE", help="stored from then on")
        parser.add_argument("--until", type=instant, metavar="DATE", help="stored before then")
        parser.add_argument("--output", type=Path, metavar="FILE", help="default: the standard output")

    def handle(
        self, *, since: datetime | None, until: datetime | None, output: Path | None, **_options: Any
    ) -> None:
        lines = stored_lines(since=since, until=until)
        if output is None:
            for line in lines:
                self.stdout.write(line)
            return
        # Under its own name only when it is whole, and for nobody else to read.
        part = output.with_name(output.name + ".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        count = 0
        with part.open("wb") as file:
            for line in self._shown(lines):
                file.write(line.encode() + b"\n")
                count += not line.startswith(DATA)
            file.flush()
            os.fsync(file.fileno())
        part.replace(output)
        self.stderr.write(f"{count} statements written to {output}")

    @staticmethod
    def _shown(lines: Iterator[str]) -> Iterator[str]:
        """With a progress bar where somebody watches."""
        if not sys.stderr.isatty():
            return lines
        return iter(track(lines, description="Writing", total=None, console=Console(stderr=True)))
