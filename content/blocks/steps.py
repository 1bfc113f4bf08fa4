"""A step, and the module as a row of steps."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError

from courses import enums

from .cases import BranchingCaseBlock, ConversationBlock
from .files import AudioBlock, DocumentBlock, ImageBlock, VideoBlock
from .questions import (
    LikertBlock,
    MatchingBlock,
    MultipleChoiceBlock,
    OrderingBlock,
    QuestionBlock,
    TrueFalseBlock,
)
from .texts import (
    AccordionBlock,
    KeyMessageBlock,
    LocalGuideBlock,
    SourcesBlock,
    TextBlock,
    VignetteBlock,
)
from .written import PracticeTaskBlock, ReflectionBlock, ShortAnswerBlock

#: The types of block that are graded: called as the items that they become, but for the first one.
GRADED = {"question", *(enums.GRADED - {enums.ItemKind.SINGLE_CHOICE})}
#: So many make the opening cases: one right answer may be luck.
FEWEST_OPENING = 2


class StepBodyBlock(blocks.StreamBlock):
    text = TextBlock()
    key_message = KeyMessageBlock()
    vignette = VignetteBlock()
    question = QuestionBlock()
    reflection = ReflectionBlock()
    practice_task = PracticeTaskBlock()
    sources = SourcesBlock()
    multiple_choice = MultipleChoiceBlock()
    true_false = TrueFalseBlock()
    ordering = OrderingBlock()
    matching = MatchingBlock()
    short_answer = ShortAnswerBlock()
    likert = LikertBlock()
    branching_case = BranchingCaseBlock()
    conversation = ConversationBlock()
    accordion = AccordionBlock()
    local_guide = LocalGuideBlock()
    image = ImageBlock()
    document = DocumentBlock()
    video = VideoBlock()
    audio = AudioBlock()


class StepBlock(blocks.StructBlock):
    """A step stands alone and takes five minutes at most."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    minutes = blocks.IntegerBlock(label=_("Minutes"), min_value=1, max_value=5, default=3)
    is_opening = blocks.BooleanBlock(
        label=_("Opening case"),
        required=False,
        help_text=_(
            "Whoever gets everything in the opening cases right at the first attempt may go straight to the "
            "practice task. Mark the first step, or the first few in a row."
        ),
    )
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

    def clean(self, value: Any) -> Any:
        """A fault takes the value along (`content.missing`): a form keeps none that isn't right."""
        try:
            return self._clean(value)
        except StreamBlockValidationError as refused:
            vars(refused)["value"] = value
            raise

    def _clean(self, value: Any) -> Any:
        value = super().clean(value)
        fault = "" if self.is_deferred_validation else find_fault_in_opening(value)
        if fault:
            raise StreamBlockValidationError(non_block_errors=[ValidationError(fault)])
        return value


def find_fault_in_opening(steps: Any) -> Any:
    """What is wrong with the steps that are marked as opening cases, in words; empty where nothing is."""
    marks = [bool(step.value["is_opening"]) for step in steps]
    if not any(marks):
        return ""
    if marks != sorted(marks, reverse=True):
        return _("Opening cases are the first step, or the first few in a row.")
    kinds = [[block.block_type for block in step.value["body"]] for step in steps]
    asked = [kind for step, mark in zip(kinds, marks, strict=True) if mark for kind in step if kind in GRADED]
    if len(asked) < FEWEST_OPENING:
        return _("The opening cases must ask two things at least: one right answer may be luck.")
    if not any("practice_task" in step for step in kinds):
        return _("Opening cases lead straight to the practice task, and there is none in the module.")
    return ""
