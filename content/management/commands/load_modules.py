"""Load the site, the modules and the learning paths that come with the product. Safe to run again."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from content import catalogue
from content.models import ModulePage
from courses.models import Edition


class Command(BaseCommand):
    help = "Load the site, the modules and the paths that come with Lindra. What is there is left alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        before = ModulePage.objects.count()
        try:
            index = catalogue.load_site(catalogue.read("site.json"))
            for path in sorted((catalogue.DATA / "modules").glob("*.json")):
                catalogue.load_module(catalogue.read(f"modules/{path.name}"), index=index)
            waiting = catalogue.load_paths(catalogue.read("paths.json"))
        except catalogue.CatalogueError as error:
            raise CommandError(str(error)) from error
        if Edition.objects.filter(index_entries=None).exists():
            # Published before editions were searched. What is published now is in the index already.
            call_command("update_index", verbosity=0)
        made = ModulePage.objects.count() - before
        for sentence in waiting:
            self.stderr.write(sentence)
        self.stdout.write(f"Modules: {made} pages made, {before} were there.")
