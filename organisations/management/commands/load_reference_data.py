from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from organisations.domain.reference import DATA, ReferenceDataError, load_reference_data


class Command(BaseCommand):
    help = (
        "Load municipalities, regions, health councils, clusters, hospitals and professions. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, default=DATA, help="another folder with the same files")

    @no_translations
    def handle(self, *args: object, data: Path, **options: object) -> None:
        try:
            done = load_reference_data(data)
        except ReferenceDataError as refusal:
            problems = "\n".join(f"  {problem}" for problem in refusal.problems)
            raise CommandError(f"Nothing was loaded. Put this right and load again:\n{problems}") from None
        self.stdout.write(
            f"Reference data: {done['created']} created, {done['updated']} updated, "
            f"{done['removed']} removed, {done['unchanged']} unchanged."
        )
