"""Load the glossary that comes with the product. Safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content import catalogue


class Command(BaseCommand):
    help = "Load the words of the glossary that come with Lindra. What is there is left alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            made = catalogue.load_glossary(catalogue.read("glossary.json"))
        except catalogue.CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Glossary: {made} words made.")
