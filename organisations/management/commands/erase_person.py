from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from organisations.domain.erasure import StillNeeded, erase_person
from organisations.models import Person


class Command(BaseCommand):
    help = (
        "Erases a person: name, log-ins, employments, roles, what she wrote, certificates. Her statements "
        "stay and name nobody. It can't be undone; without --yes it only says who it would be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--login", help="the e-mail address or username of a log-in of hers")
        who.add_argument("--id", type=UUID, metavar="UUID", help="the id in the address of her pages")
        parser.add_argument("--yes", action="store_true", help="really erase")

    def handle(self, *, login: str | None, yes: bool, **options: Any) -> None:
        people = Person.objects.filter(public_id=options["id"]) if options["id"] else Person.objects.none()
        if login:
            name = login.strip().lower()
            people = Person.objects.filter(users__email=name) | Person.objects.filter(users__username=name)
        person = people.distinct().first()
        if person is None:
            raise CommandError("There is no such person.")
        if not yes:
            self.stdout.write(f"{person} would be erased. Say --yes to do it; it can't be undone.")
            return
        try:
            erase_person(person)
        except StillNeeded as error:
            raise CommandError(f"{error} Let somebody else stand there first.") from error
        self.stdout.write("The person is erased. `project` recomputes what is left.")
