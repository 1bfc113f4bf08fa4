"""What a module is written in. A block type is never removed or renamed: an old revision would lose it.

The template of each block shows it to an editor in a preview; the learner's page renders the frozen
edition (`templates/content/parts/`), never a block.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from courses.enums import Dimension

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


class OptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Option"), max_length=300, rows=2)
    is_correct = blocks.BooleanBlock(label=_("This is the right answer"), required=False)
    feedback = blocks.TextBlock(
        label=_("Why"), max_length=500, rows=2, required=False, help_text=_("Shown when this is chosen.")
    )

    class Meta:
        icon = "list-ul"
        label = _("Option")


class QuestionBlock(blocks.StructBlock):
    """A question with one right answer. The right answer and the explanations stay on the server."""

    question = blocks.TextBlock(label=_("Question"), max_length=500, rows=2)
    options = blocks.ListBlock(OptionBlock(), label=_("Options"), min_num=2, max_num=6)
    explanation = blocks.TextBlock(
        label=_("Explanation"), max_length=800, rows=3, help_text=_("Shown after every answer.")
    )
    source = blocks.CharBlock(label=_("Source of the right answer"), max_length=300)
    source_quote = blocks.CharBlock(label=_("Quotation from the source"), max_length=300, required=False)
    source_year = blocks.CharBlock(label=_("Year of the source"), max_length=20)
    is_historic = blocks.BooleanBlock(
        label=_("The source is an old agreement: show its year with the question"), required=False
    )

    class Meta:
        icon = "help"
        label = _("Question")
        description = _("A question with one right answer, and why each option is right or wrong.")
        template = "content/blocks/question.html"
        preview_value = {
            "question": "En borger spiser mindre og er bekymret. Hvad giver du videre?",
            "options": [
                {"text": "Kun at appetitten er mindre", "is_correct": False, "feedback": ""},
                {"text": "Begge dele, samme dag", "is_correct": True, "feedback": ""},
            ],
            "explanation": "Behov kan være fysiske og psykiske på samme tid.",
            "source": "Stort behov for forbedret palliation, Kræftens Bekæmpelse",
            "source_year": "2025",
        }

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        right = [option for option in value["options"] if option["is_correct"]]
        texts = [option["text"].strip().casefold() for option in value["options"]]
        errors = {}
        if len(right) != 1:
            errors["options"] = ListBlockValidationError(
                non_block_errors=[
                    ValidationError(
                        _("Mark exactly one option as the right answer. Now it is %(count)s."),
                        params={"count": len(right)},
                    )
                ]
            )
        elif len(set(texts)) != len(texts):
            errors["options"] = ListBlockValidationError(
                non_block_errors=[ValidationError(_("Two options say the same. Change or remove one."))]
            )
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return value


class ReflectionBlock(blocks.StructBlock):
    """Something to think and write about. What is written stays with the learner."""

    prompt = blocks.TextBlock(label=_("Prompt"), max_length=500, rows=2)
    dimension = blocks.ChoiceBlock(
        label=_("Side of quality"),
        choices=Dimension.choices,
        help_text=_("REHPA's three sides of quality (2026)."),
    )

    class Meta:
        icon = "edit"
        label = _("Reflection")
        description = _("A prompt to write about. What the learner writes is hers alone.")
        template = "content/blocks/reflection.html"
        preview_value = {"prompt": "Tænk på en ændring, du fik øje på. Hvad hjalp?", "dimension": "practice"}


class PracticeTaskBlock(blocks.StructBlock):
    """Something to do at work. A leader or key person confirms it."""

    task = blocks.TextBlock(label=_("Task"), max_length=800, rows=3)

    class Meta:
        icon = "tasks"
        label = _("Practice task")
        description = _("Something to do at work, confirmed by a leader or a key person.")
        template = "content/blocks/practice_task.html"
        preview_value = {"task": "Aftal med din nøgleperson, hvordan I giver en ændring videre samme dag."}


class SourceBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Document"), max_length=300)
    publisher = blocks.CharBlock(label=_("Publisher"), max_length=200)
    year = blocks.CharBlock(label=_("Year"), max_length=20)
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


class StepBodyBlock(blocks.StreamBlock):
    text = TextBlock()
    key_message = KeyMessageBlock()
    vignette = VignetteBlock()
    question = QuestionBlock()
    reflection = ReflectionBlock()
    practice_task = PracticeTaskBlock()
    sources = SourcesBlock()


class StepBlock(blocks.StructBlock):
    """A step stands alone and takes five minutes at most."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1, max_value=5, default=3)
    body = StepBodyBlock(label=_("Content"), min_num=1)

    class Meta:
        icon = "arrow-right"
        label = _("Step")
        template = "content/blocks/step.html"
        description = _("Five minutes of learning that stand alone.")


class StepsBlock(blocks.StreamBlock):
    step = StepBlock()

    class Meta:
        min_num = 1
