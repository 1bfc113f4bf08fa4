"""Hold the texts that come with Lindra to what they must be: a line for each fault."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content import catalogue, text_rules
from content.quotation import find_quoted_otherwise

#: What comes beside the modules, and is held to the marks alone.
OTHERS = ["site.json", "paths.json", "glossary.json"]


class Command(BaseCommand):
    help = (
        "Check the modules' texts (LIX, quotation marks, options, feedback, sources); "
        "with --verbosity 2, say every LIX."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="these files alone; otherwise the catalogue")

    def handle(self, *_args: Any, files: list[Path], verbosity: int, **_options: Any) -> None:
        paths = files or sorted((catalogue.DATA / "modules").glob("*.json"))
        modules = [catalogue.read(str(path.resolve())) for path in paths]
        if verbosity > 1:
            for module in modules:
                said = ", ".join(f"{where} {reached:.1f}" for where, reached, _ in text_rules.measure(module))
                self.stdout.write(f"{module['code']}: {said}")
        faults = text_rules.find_faults(modules)
        for name in [] if files else OTHERS:
            faults += [f"{name}: {fault}" for fault in find_quoted_otherwise(catalogue.read(name))]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"The texts of {len(modules)} modules are as they should be.")
