from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xapi.domain.partitions import NotPossible, split


class Command(BaseCommand):
    help = (
        "Splits the statements table into pieces by number (PostgreSQL). Do it when the table's indexes no "
        "longer fit in memory; nobody can store meanwhile. New pieces are made by `tick`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rows", type=int, default=10_000_000, help="statements in a piece (default: %(default)s)"
        )

    def handle(self, *, rows: int, **_options: Any) -> None:
        try:
            split(rows)
        except NotPossible as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The statements table is split into pieces of {rows:,}.")
