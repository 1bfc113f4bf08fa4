"""What a browser gets of the npm packages: the files that settings name, and what those name."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import utils
from django.contrib.staticfiles.finders import BaseFinder
from django.core import checks
from django.core.files.storage import FileSystemStorage, Storage

#: A file that a stylesheet or a script names: a font, an icon, a source map. The manifest needs
#: each to be there, also those that no browser of today asks for.
NAMED = re.compile(rb"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)|sourceMappingURL=(\S+?)(?:\s*\*/|\s|$)")


def vendor_files() -> dict[str, Path]:
    """Address under STATIC_URL → file: `settings.VENDOR_FILES` and the files that those name."""
    files = {address: settings.NODE_MODULES / source for address, source in settings.VENDOR_FILES.items()}
    for address, source in list(files.items()):
        if source.suffix in {".css", ".js"} and source.exists():
            files.update(_named_by(address, source))
    return files


def _named_by(address: str, source: Path) -> Iterator[tuple[str, Path]]:
    # A script's own strings may look like url(…): of a script, only its source map counts.
    for url, source_map in NAMED.findall(source.read_bytes()):
        name = (source_map or (url if source.suffix == ".css" else b"")).decode().partition("#")[0]
        path = (source.parent / name).resolve()
        if name and not name.startswith(("data:", "http:", "https:", "/")) and path.is_file():
            yield posixpath.normpath(posixpath.join(posixpath.dirname(address), name)), path


class VendorStorage(FileSystemStorage):
    """Reads the npm packages' files by the address under which a browser gets them."""

    @cached_property
    def files(self) -> dict[str, Path]:
        return vendor_files()

    def path(self, name: str) -> str:
        return str(self.files[name])


class VendorFinder(BaseFinder):
    """Finds exactly `vendor_files()`: collecting a whole package would take the better part of a minute."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = VendorStorage()

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        missing = sorted(source for source in settings.VENDOR_FILES.values() if not self._is_there(source))
        if not missing:
            return []
        return [
            checks.Warning(
                f"Files from npm packages are missing: {', '.join(missing)}.",
                hint="Run `npm ci --omit=dev` (`make run` does it, also on a machine without Node).",
                id="config.W001",
            )
        ]

    @staticmethod
    def _is_there(source: str) -> bool:
        return (settings.NODE_MODULES / source).is_file()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        file = self.storage.files.get(path)
        found = file is not None and file.is_file()
        if find_all:
            return [str(file)] if found else []
        return str(file) if found else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for address in self.storage.files:
            if not utils.matches_patterns(address, ignore_patterns or []):
                yield address, self.storage
