"""Loads the targets of the agreement of 2011–2014; see certification/data/README.md."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certification.domain.agreement import AgreementError, load_agreement


class Command(BaseCommand):
    help = "Load the targets for key persons of the 2011–2014 agreement. Safe to run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            added, kept = load_agreement()
        except AgreementError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Targets: {added} loaded, {kept} already there.")
