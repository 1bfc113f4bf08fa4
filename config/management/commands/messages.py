"""Keep the Danish catalogue complete: `make messages` renews it, `make check` looks at it.

The words of the back office's libraries stand in catalogues of their own, which are kept by hand.
"""

import re
import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django.conf
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from content.quotation import find_quoted_otherwise

#: makemessages writes the hour it ran into the catalogue; that alone is no change.
MADE_AT = re.compile(r'"POT-Creation-Date:.*\n')
#: Where Django's own words lie, which belong to none of its apps.
DJANGO = Path(django.conf.__file__).parent
IGNORED = ["node_modules", ".venv", "var", "tests", "docs"]


def catalogue() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / "da" / "LC_MESSAGES" / "django.po"


def library_catalogues() -> list[Path]:
    return sorted((Path(settings.LOCALE_PATHS[1]) / "da" / "LC_MESSAGES").glob("*.po"))


def unknown(path: Path) -> list[str]:
    """The strings that no library has any more: whoever meets their successors meets English."""
    folders = [
        Path(app.path) for app in apps.get_app_configs() if app.name.startswith(("wagtail", "allauth"))
    ]
    sources = [folder / "locale" / "en" / "LC_MESSAGES" / path.name for folder in [*folders, DJANGO]]
    known = {one for source in sources if source.exists() for one in _ids(source)}
    return [f"no library says it any more: {one}" for one in _ids(path) if one not in known]


def _ids(path: Path) -> list[Any]:
    with path.open("rb") as file:
        return [message.id for message in read_po(file) if message.id]


def missing(path: Path) -> list[str]:
    """The strings without a Danish text, or with a doubtful one."""
    with path.open("rb") as file:
        found = read_po(file, locale="da")
    return [
        f"{'doubtful (fuzzy)' if message.fuzzy else 'untranslated'}: {message.id}"
        for message in found
        if message.id and (message.fuzzy or not _is_whole(message.string))
    ]


def quoted_otherwise(path: Path) -> list[str]:
    """The Danish texts that quote with the marks of another language."""
    with path.open("rb") as file:
        found = read_po(file, locale="da")
    strings = {message.id: list(_strings_of(message.string)) for message in found if message.id}
    return list(find_quoted_otherwise(list(strings.values()), is_danish=True))


def _strings_of(string: str | Sequence[str] | None) -> Sequence[str]:
    return [string or ""] if string is None or isinstance(string, str) else string


def _is_whole(string: str | Sequence[str] | None) -> bool:
    return all(_strings_of(string))


class Command(BaseCommand):
    help = "Renew the Danish catalogue from the sources; with --check, only say what is missing in it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 on a gap")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = catalogue()
        before = path.read_text() if path.exists() else ""
        wrong = [*missing(path), *quoted_otherwise(path)] if check and before else []
        if check:
            for kept in library_catalogues():
                wrong += [*missing(kept), *unknown(kept), *quoted_otherwise(kept)]
        if not before and check:
            wrong.append(f"{path} isn't there")
        if shutil.which("xgettext"):
            self._extract()
            after = path.read_text()
            same = MADE_AT.sub("", before) == MADE_AT.sub("", after)
            if (check or same) and before:
                path.write_text(before)
            if check and not same:
                wrong.append("the sources have other strings than the catalogue")
        elif check:
            self.stdout.write("Skipped: whether the sources have new strings (no xgettext; install gettext).")
        else:
            raise CommandError("xgettext isn't installed: it comes with the package gettext.")
        if wrong:
            raise CommandError("\n".join([*wrong, "Run `make messages` and write the Danish."]))

    @staticmethod
    def _extract() -> None:
        call_command(
            "makemessages",
            locale=["da"],
            ignore_patterns=IGNORED,
            no_location=True,
            no_obsolete=True,
            verbosity=0,
        )
