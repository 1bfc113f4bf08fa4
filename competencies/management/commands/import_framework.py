import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from competencies.domain.framework import FrameworkRefused, import_framework

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "framework.json"


class Command(BaseCommand):
    help = "Import a competency framework: all of the file, or nothing. The same file again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED, metavar="FILE")

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            data = json.loads(file.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{file} is not JSON: {error}.") from error
        try:
            framework = import_framework(data, source_name=file.name)
        except FrameworkRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{framework}: {framework.domains.count()} domains.")
