"""What kinds of file an editor may put into a module, told by what is in them and not by their names."""

from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class FileTypes:
    """Types of file by their extension, each with how it begins and where, and the most that one may take."""

    beginnings: dict[str, tuple[int, tuple[bytes, ...]]]
    largest: int


PAPERS = FileTypes(
    {
        "pdf": (0, (b"%PDF-",)),
        "docx": (0, (ZIP,)),
        "xlsx": (0, (ZIP,)),
        "pptx": (0, (ZIP,)),
        "odt": (0, (ZIP,)),
    },
    10 * MEGABYTE,
)
VIDEO = FileTypes({"mp4": (4, (b"ftyp",)), "webm": (0, (b"\x1a\x45\xdf\xa3",))}, 100 * MEGABYTE)
AUDIO = FileTypes(
    {
        "mp3": (0, (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
        "m4a": (4, (b"ftyp",)),
        "ogg": (0, (b"OggS",)),
        "wav": (0, (b"RIFF",)),
    },
    30 * MEGABYTE,
)
CAPTIONS = FileTypes({"vtt": (0, (b"WEBVTT", b"\xef\xbb\xbfWEBVTT"))}, MEGABYTE)
#: What a browser is told that a film, a recording or its captions are.
MEDIA_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "vtt": "text/vtt",
}
ALL = (PAPERS, VIDEO, AUDIO, CAPTIONS)


def find_fault_in_file(document: Any, types: FileTypes) -> str:
    """What is wrong with a document of the library as one of these types, in words; empty where nothing."""
    with document.file.open("rb") as opened:
        return find_fault(document.filename, document.file.size, opened.read(64), types)


def find_fault_in_upload(upload: Any) -> str:
    """What is wrong with a file that is being uploaded to the library of documents, in words."""
    types = next((types for types in ALL if extension_of(upload.name) in types.beginnings), None)
    if types is None:
        allowed = ", ".join(sorted(extension for types in ALL for extension in types.beginnings))
        return _("Files of this type aren't taken. Choose one of: %(types)s.") % {"types": allowed}
    upload.seek(0)
    beginning = upload.read(64)
    upload.seek(0)
    return find_fault(upload.name, upload.size, beginning, types)


def find_fault(name: str, size: int, beginning: bytes, types: FileTypes) -> str:
    extension = extension_of(name)
    if extension not in types.beginnings:
        allowed = ", ".join(sorted(types.beginnings))
        return _("A file of another type is needed here: %(types)s.") % {"types": allowed}
    if size > types.largest:
        return _("The file takes %(size)s. It may take %(largest)s at most.") % {
            "size": filesizeformat(size),
            "largest": filesizeformat(types.largest),
        }
    start, signs = types.beginnings[extension]
    if not beginning[start:].startswith(signs):
        return _("The file isn't what its name says: it ends with .%(type)s, but holds something else.") % {
            "type": extension
        }
    return ""


def extension_of(name: str) -> str:
    return name.rsplit(".", 1)[-1].casefold() if "." in name else ""
