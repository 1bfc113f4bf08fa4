from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from xapi.domain.clients import create_client
from xapi.enums import Scope

#: A secret shorter than this can be guessed from its hash.
SHORT_SECRET = 20


def _instant(text: str) -> datetime:
    """A date (its beginning, local time) or a date with a time."""
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)):
            found = datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a date that exists") from error
    if found is None:
        raise ArgumentTypeError(f"{text} is not a date like 2027-12-31")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


class Command(BaseCommand):
    help = "Makes an xAPI client and prints its key and secret, once: the secret is kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="whose system it is")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="may be given several times; default: write, read mine",
        )
        parser.add_argument("--key", help="default: a random one")
        parser.add_argument("--secret", help="default: a random one")
        parser.add_argument(
            "--trust",
            action="append",
            default=[],
            metavar="PREFIX",
            help="activities it is trusted for: all under a prefix that ends in / or #, else that one",
        )
        parser.add_argument(
            "--expires", type=_instant, metavar="DATE", help="the first day on which it is shut out"
        )

    def handle(self, *, name: str, **options: Any) -> None:
        secret = options["secret"]
        if secret is not None and len(secret) < SHORT_SECRET:
            self.stderr.write(f"Warning: a secret under {SHORT_SECRET} characters is fit for tests only.")
        try:
            client, secret = create_client(
                name,
                scopes=options["scope"] or [Scope.WRITE, Scope.READ_MINE],
                trusted_prefixes=options["trust"],
                key=options["key"],
                secret=secret,
                expires_at=options["expires"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"key: {client.key}\nsecret: {secret}")
