"""What is a file: images, documents, films and sound. Each can be had without seeing or hearing it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from ..file_types import AUDIO, CAPTIONS, PAPERS, VIDEO, find_fault_in_file
from .checks import UntranslatedBlock, WholeBlock
from .texts import RICH_TEXT


class ImageBlock(blocks.StructBlock):
    """An image, and in words what it shows: an image that says nothing isn't put in."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What the image shows"), max_length=250, help_text=_("For whoever can't see it.")
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)
    credit = UntranslatedBlock(label=_("Who made it, and its licence"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("An image with what it shows in words. Never a patient.")
        template = "content/blocks/image.html"
        preview_value = {"image": None, "alt": "En kuffert med medicin og udstyr", "caption": "Kufferten"}


class DocumentBlock(WholeBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    document = DocumentChooserBlock(label=_("File"))
    description = blocks.CharBlock(label=_("What it is"), max_length=300, required=False)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        description = _("A file to open or print, with its type and size.")
        template = "content/blocks/document.html"
        preview_value = {"document": None, "title": "Skema til samtalen"}

    def find_faults(self, value: Any) -> dict[str, Any]:
        fault = find_fault_in_file(value["document"], PAPERS)
        return {"document": fault} if fault else {}


class ChapterBlock(blocks.StructBlock):
    at = blocks.IntegerBlock(label=_("Begins at (seconds)"), min_value=0, max_value=7200)
    title = blocks.CharBlock(label=_("Title"), max_length=120)

    class Meta:
        icon = "time"
        label = _("Chapter")


class RecordingBlock(WholeBlock):
    """A film or a recording. Without captions and a transcript it isn't published."""

    types = VIDEO
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    recording = DocumentChooserBlock(label=_("File"))
    captions = DocumentChooserBlock(
        label=_("Captions"), help_text=_("A file of the type WebVTT (.vtt), in the language of this page.")
    )
    transcript = blocks.RichTextBlock(
        label=_("Transcript"), features=RICH_TEXT, help_text=_("All that is said, and what is to be seen.")
    )
    chapters = blocks.ListBlock(ChapterBlock(), label=_("Chapters"), min_num=0, max_num=12, default=[])

    def find_faults(self, value: Any) -> dict[str, Any]:
        faults: dict[str, Any] = {
            "recording": find_fault_in_file(value["recording"], self.types),
            "captions": find_fault_in_file(value["captions"], CAPTIONS),
        }
        starts = [chapter["at"] for chapter in value["chapters"]]
        if starts != sorted(set(starts)):
            faults["chapters"] = _("Each chapter must begin after the one before it.")
        return {name: fault for name, fault in faults.items() if fault}


class VideoBlock(RecordingBlock):
    class Meta:
        icon = "media"
        label = _("Film")
        description = _("A film with captions, a transcript and chapters.")
        template = "content/blocks/recording.html"
        preview_value = {"recording": None, "captions": None, "title": "En samtale", "transcript": "<p>…</p>"}


class AudioBlock(RecordingBlock):
    types = AUDIO

    class Meta:
        icon = "media"
        label = _("Sound")
        description = _("A recording with captions, a transcript and chapters.")
        template = "content/blocks/recording.html"
        preview_value = {"recording": None, "captions": None, "title": "En samtale", "transcript": "<p>…</p>"}
