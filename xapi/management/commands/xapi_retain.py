import getpass
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xapi.domain.retention import count_removable, remove
from xapi.management.instants import instant


class Command(BaseCommand):
    help = (
        "Removes statements that were stored before a day and that nothing rests on: no completion, "
        "confirmation, attempt, evidence or certificate. It is recorded who did it, when and why."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--before", type=instant, required=True, metavar="DATE", help="stored before then"
        )
        parser.add_argument(
            "--reason", default="", help="why; required but with --dry-run. No patient data, no CPR number"
        )
        parser.add_argument("--by", default=getpass.getuser(), help="who asked for it; default: %(default)s")
        parser.add_argument("--dry-run", action="store_true", help="remove nothing, say how many")

    def handle(self, *, before: datetime, reason: str, by: str, dry_run: bool, **_options: Any) -> None:
        if before > timezone.now():
            raise CommandError("The day lies in the future.")
        if dry_run:
            removed, kept = count_removable(before=before)
            self.stdout.write(f"{removed} would be removed, {kept} kept because something rests on them")
            return
        try:
            removal = remove(before=before, reason=reason, by=by)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{removal.removed} removed, {removal.kept} kept because something rests on them")
