"""What is written in one's own words, and done at work."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.enums import Dimension

from .checks import OptionalSourceBlock, named


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


class ShortAnswerBlock(OptionalSourceBlock):
    """Answered in own words, and compared by the learner herself with a model answer."""

    question = blocks.TextBlock(label=_("Question"), max_length=500, rows=2)
    model_answer = blocks.TextBlock(
        label=_("Model answer"), max_length=1500, rows=4, help_text=_("Shown when the learner has answered.")
    )
    points = blocks.ListBlock(
        named(blocks.CharBlock(label=_("Point"), max_length=200)),
        label=_("What a good answer has"),
        min_num=0,
        max_num=5,
        default=[],
    )

    class Meta:
        icon = "comment"
        label = _("Short answer")
        description = _("Answered in own words; then a model answer is shown to compare with.")
        template = "content/blocks/short_answer.html"
        preview_value = {
            "question": "En pårørende spørger, om det går mod slutningen. Hvad siger du som det første?",
            "model_answer": "Hvad har fået dig til at tænke på det?",
            "points": ["Spørger, før der svares"],
        }
