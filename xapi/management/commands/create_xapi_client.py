from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xapi.domain.clients import create_client
from xapi.enums import Scope
from xapi.management.instants import instant

#: A secret shorter than this can be guessed from its hash.
SHORT_SECRET = 20


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
            "--expires", type=instant, metavar="DATE", help="the first day on which it is shut out"
        )

        parser.add_argument(
            "--limit", type=int, metavar="N", help="at most so many requests a minute; default: no limit"
        )

    def handle(self, *, name: str, **options: Any) -> None:
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("The limit is at least one request a minute.")
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
                requests_a_minute=options["limit"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"key: {client.key}\nsecret: {secret}")
