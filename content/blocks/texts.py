"""What is read: texts, key messages, cases, folded sections, sources, and the workplace's own words."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.enums import Topic

from .checks import UntranslatedBlock

RICH_TEXT = ["bold", "italic", "h3", "ol", "ul", "link"]
NO_PATIENT_DATA = _("Never write anything that can identify a patient.")


class TextBlock(blocks.StructBlock):
    body = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Plain text: what a learner needs to know, in short sentences.")
        template = "content/blocks/text.html"
        preview_value = {"body": "<p>Små ændringer betyder noget, når nogen ser dem i tide.</p>"}


class KeyMessageBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Message"), max_length=300)

    class Meta:
        icon = "pick"
        label = _("Key message")
        description = _("One sentence to remember.")
        template = "content/blocks/key_message.html"
        preview_value = {"text": "Giv ændringen videre samme dag."}


class VignetteBlock(blocks.StructBlock):
    """A short story from a working day. Always fictional, and it says so."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    body = blocks.RichTextBlock(label=_("Story"), features=RICH_TEXT, help_text=NO_PATIENT_DATA)

    class Meta:
        icon = "user"
        label = _("Case")
        description = _("A short, fictional story from a working day.")
        template = "content/blocks/vignette.html"
        preview_value = {
            "title": "Hos hr. Jensen",
            "body": "<p>Han har spist mindre de sidste dage. I dag siger han, at han ligger vågen.</p>",
        }


class SourceBlock(blocks.StructBlock):
    title = UntranslatedBlock(label=_("Document"), max_length=300)
    publisher = UntranslatedBlock(label=_("Publisher"), max_length=200)
    year = UntranslatedBlock(label=_("Year"), max_length=20)
    url = blocks.URLBlock(label=_("Address"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("Source")


class SourcesBlock(blocks.StructBlock):
    sources = blocks.ListBlock(SourceBlock(), label=_("Sources"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Sources")
        description = _("The documents that this module rests on, with their year.")
        template = "content/blocks/sources.html"
        preview_value = {
            "sources": [
                {
                    "title": "Kvalitet i den basale palliative indsats: hovedpointer",
                    "publisher": "REHPA",
                    "year": "2026",
                }
            ]
        }


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    body = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT)

    class Meta:
        icon = "collapse-down"
        label = _("Section")


class AccordionBlock(blocks.StructBlock):
    """What only some need, folded. Nothing that must be read stands in it."""

    sections = blocks.ListBlock(SectionBlock(), label=_("Sections"), min_num=1, max_num=8)

    class Meta:
        icon = "list-ul"
        label = _("Folded sections")
        description = _("Headings that unfold. For what only some need to read.")
        template = "content/blocks/accordion.html"
        preview_value = {
            "sections": [
                {
                    "heading": "Hvem kan jeg spørge?",
                    "body": "<p>Din nøgleperson. Du finder hende under Nøglepersoner.</p>",
                }
            ]
        }


#: The advice card isn't placed in a module: every step leads to it, on the learner's own page.
PLACED_TOPICS = [choice for choice in Topic.choices if choice[0] != Topic.ADVICE]


class LocalGuideBlock(blocks.StructBlock):
    """A place where the learner's own unit says how it is done there (`courses.models.LocalGuide`)."""

    topic = blocks.ChoiceBlock(label=_("Topic"), choices=PLACED_TOPICS)
    intro = blocks.TextBlock(label=_("Introduction"), max_length=500, rows=2, required=False)

    class Meta:
        icon = "site"
        label = _("Local guide")
        description = _("Shows what the learner's own workplace has written about the topic.")
        template = "content/blocks/local_guide.html"
        preview_value = {"topic": "medicine", "intro": "Sådan gør I, når der skal bruges medicin om natten."}
