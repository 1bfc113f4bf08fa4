"""Images and files of the library: how an edition names them, and how those of a data file get there."""

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.images import ImageFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from .file_types import MEDIA_TYPES

#: Wide enough for the column of text on a screen with twice the dots.
IMAGE = "max-1320x1320|format-webp"


def rendition(image: Any, alt: str) -> dict[str, Any] | None:
    """An image as it is sent, with its size so that the page doesn't jump; None without one."""
    if image is None:
        return None
    made = image.get_rendition(IMAGE)
    return {"src": made.url, "width": made.width, "height": made.height, "alt": alt}


def media(document: Any) -> dict[str, Any]:
    """A file of the library as a player asks for it."""
    if document is None:
        return {}
    return {
        "id": document.pk,
        "name": document.filename,
        # A draft may hold a file of another type; publishing refuses it.
        "type": MEDIA_TYPES.get(document.file_extension.lower(), ""),
    }


def paper(document: Any) -> dict[str, Any]:
    """A file of the library to open or print."""
    return {
        "url": document.url if document else "",
        "type": document.file_extension.upper() if document else "",
        "size": document.get_file_size() if document else 0,
    }


def image_from(path: Path) -> int:
    """The image of the library with this file's name, put there at the first call."""
    return _row_from(path, library=get_image_model(), as_file=ImageFile)


def document_from(path: Path) -> int:
    """The document of the library with this file's name, put there at the first call."""
    return _row_from(path, library=get_document_model(), as_file=File)


def _row_from(path: Path, *, library: Any, as_file: type[File]) -> int:
    row = library.objects.filter(title=path.name).first()
    if row is None:
        with path.open("rb") as opened:
            row = library.objects.create(title=path.name, file=as_file(opened, name=path.name))
    pk: int = row.pk
    return pk
