"""What is asked, with answers to choose among. Right answers and explanations stay on the server."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.enums import Scale

from .checks import SourcedBlock, named, says_the_same_twice

SAME = _("Two options say the same. Change or remove one.")


def explanation() -> blocks.TextBlock:
    return blocks.TextBlock(
        label=_("Explanation"), max_length=800, rows=3, help_text=_("Shown when it is answered rightly.")
    )


def hint() -> blocks.TextBlock:
    return blocks.TextBlock(
        label=_("Help"),
        max_length=500,
        rows=2,
        help_text=_("Shown when it isn't right yet. It helps on without giving the answer away."),
    )


class OptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Option"), max_length=300, rows=2)
    is_correct = blocks.BooleanBlock(label=_("This is the right answer"), required=False)
    feedback = blocks.TextBlock(
        label=_("Why"), max_length=500, rows=2, required=False, help_text=_("Shown when this is chosen.")
    )

    class Meta:
        icon = "list-ul"
        label = _("Option")


class QuestionBlock(SourcedBlock):
    """A question with one right answer. The right answer and the explanations stay on the server."""

    question = blocks.TextBlock(label=_("Question"), max_length=500, rows=2)
    options = blocks.ListBlock(OptionBlock(), label=_("Options"), min_num=2, max_num=6)
    explanation = blocks.TextBlock(
        label=_("Explanation"),
        max_length=800,
        rows=3,
        help_text=_("Shown with the right answer, and with a wrong one whose option gives no reason."),
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

    def find_faults(self, value: Any) -> dict[str, Any]:
        right = [option for option in value["options"] if option["is_correct"]]
        if len(right) != 1:
            said = gettext("Mark exactly one option as the right answer. Now it is %(count)s.")
            return {"options": said % {"count": len(right)}}
        if says_the_same_twice(option["text"] for option in value["options"]):
            return {"options": SAME}
        return {}


class ManyOptionBlock(OptionBlock):
    is_correct = blocks.BooleanBlock(label=_("This is one of the right answers"), required=False)
    feedback = blocks.TextBlock(
        label=_("Why"), max_length=500, rows=2, help_text=_("Shown when this is chosen.")
    )


class MultipleChoiceBlock(SourcedBlock):
    """A question where several answers may be right: all of them and no others are right together."""

    question = blocks.TextBlock(label=_("Question"), max_length=500, rows=2)
    options = blocks.ListBlock(ManyOptionBlock(), label=_("Options"), min_num=3, max_num=8)
    explanation = explanation()

    class Meta:
        icon = "tick-inverse"
        label = _("Question with several right answers")
        description = _("The learner chooses all that fit, and isn't told how many they are.")
        template = "content/blocks/question.html"
        preview_value = {
            "question": "Hr. Holm har spist mindre i en uge. Hvad gør du i dag?",
            "options": [
                {"text": "Skriver det, jeg ser, i journalen", "is_correct": True, "feedback": ""},
                {"text": "Venter og ser, om det går over", "is_correct": False, "feedback": ""},
                {"text": "Spørger ham, hvad der fylder mest", "is_correct": True, "feedback": ""},
            ],
            "explanation": "Behov kan være fysiske og psykiske på samme tid.",
            "source": "Stort behov for forbedret palliation, Kræftens Bekæmpelse",
            "source_year": "2025",
        }

    def find_faults(self, value: Any) -> dict[str, Any]:
        rights = [bool(option["is_correct"]) for option in value["options"]]
        if not any(rights):
            return {"options": _("No option is marked as right. Mark those that are.")}
        if all(rights):
            return {"options": _("Every option is marked as right, so there is nothing to choose.")}
        if says_the_same_twice(option["text"] for option in value["options"]):
            return {"options": SAME}
        return {}


class TrueFalseBlock(SourcedBlock):
    """A claim that is true or false, and why."""

    statement = blocks.TextBlock(label=_("Claim"), max_length=500, rows=2)
    is_true = blocks.ChoiceBlock(
        label=_("The claim is"), choices=[("true", _("True")), ("false", _("False"))]
    )
    feedback_true = blocks.TextBlock(label=_("Why, to whoever says that it is true"), max_length=500, rows=2)
    feedback_false = blocks.TextBlock(
        label=_("Why, to whoever says that it is false"), max_length=500, rows=2
    )
    explanation = explanation()

    class Meta:
        icon = "check"
        label = _("True or false")
        description = _("A claim to take a stand on, and why it is true or false.")
        template = "content/blocks/true_false.html"
        preview_value = {
            "statement": "Man skal have en terminalerklæring for at få lindring.",
            "is_true": "false",
            "feedback_true": "Mange tror det, og så kommer hjælpen for sent.",
            "feedback_false": "Ja, det er forkert. Behovet er nok.",
            "explanation": "Lindring kræver ingen erklæring.",
            "source": "Stort behov for forbedret palliation, Kræftens Bekæmpelse",
            "source_year": "2025",
        }


class OrderingBlock(SourcedBlock):
    """Entries to put in order. They are written in the right order; the page mixes them."""

    prompt = blocks.TextBlock(label=_("Task"), max_length=500, rows=2)
    entries = blocks.ListBlock(
        named(blocks.CharBlock(label=_("Entry"), max_length=200)),
        label=_("Entries, in the right order"),
        min_num=3,
        max_num=8,
        help_text=_("The learner gets them mixed."),
    )
    feedback = hint()
    explanation = explanation()

    class Meta:
        icon = "list-ol"
        label = _("Put in order")
        description = _("Steps to put in the right order.")
        template = "content/blocks/ordering.html"
        preview_value = {
            "prompt": "I hvilken rækkefølge går du frem?",
            "entries": ["Spørge, hvordan han har det", "Skrive det i journalen", "Give det videre"],
            "feedback": "Hvad skal du vide, før du kan skrive noget?",
            "explanation": "Først borgerens egne ord, så på skrift, så videre samme dag.",
            "source": "Stort behov for forbedret palliation, Kræftens Bekæmpelse",
            "source_year": "2025",
        }

    def find_faults(self, value: Any) -> dict[str, Any]:
        if says_the_same_twice(value["entries"]):
            return {"entries": _("Two entries say the same. Change or remove one.")}
        return {}


class PairBlock(blocks.StructBlock):
    left = blocks.CharBlock(label=_("This"), max_length=200)
    right = blocks.CharBlock(label=_("belongs with"), max_length=200)
    feedback = blocks.TextBlock(
        label=_("Why"),
        max_length=500,
        rows=2,
        required=False,
        help_text=_("Shown when the two are put together."),
    )

    class Meta:
        icon = "link"
        label = _("Pair")


class MatchingBlock(SourcedBlock):
    """What belongs together. Two may belong with the same: then it is written alike."""

    prompt = blocks.TextBlock(label=_("Task"), max_length=500, rows=2)
    pairs = blocks.ListBlock(PairBlock(), label=_("Pairs"), min_num=2, max_num=6)
    distractors = blocks.ListBlock(
        named(blocks.CharBlock(label=_("Fits nothing"), max_length=200)),
        label=_("What fits nothing"),
        min_num=0,
        max_num=3,
        default=[],
    )
    feedback = hint()
    explanation = explanation()

    class Meta:
        icon = "link"
        label = _("What belongs together")
        description = _("Pairs to put together, chosen from lists.")
        template = "content/blocks/matching.html"
        preview_value = {
            "prompt": "Hvilken slags behov er det?",
            "pairs": [
                {"left": "»Jeg kan ikke sove for smerter.«", "right": "Fysisk", "feedback": ""},
                {"left": "»Hvem skal passe min kone?«", "right": "Socialt", "feedback": ""},
            ],
            "distractors": ["Eksistentielt"],
            "feedback": "Læs igen, hvad han er bange for at miste.",
            "explanation": "Et behov kan være af fire slags.",
            "source": "Politikpapir, DSPAM",
            "source_year": "2021",
        }

    def find_faults(self, value: Any) -> dict[str, Any]:
        if says_the_same_twice(pair["left"] for pair in value["pairs"]):
            return {"pairs": _("Two of them say the same on the left. Change or remove one.")}
        rights = dict.fromkeys(pair["right"] for pair in value["pairs"])
        if says_the_same_twice([*rights, *value["distractors"]]):
            return {"distractors": _("What fits nothing must not be one of the right answers.")}
        if len(rights) + len(value["distractors"]) < 2:
            return {"pairs": _("All belong with the same, so there is nothing to choose.")}
        return {}


class LikertBlock(blocks.StructBlock):
    """Where do I stand? Nothing is right or wrong, and nobody else sees it."""

    prompt = blocks.TextBlock(label=_("Sentence"), max_length=500, rows=2)
    scale = blocks.ChoiceBlock(label=_("Scale"), choices=Scale.choices)

    class Meta:
        icon = "view"
        label = _("Where I stand")
        description = _("A sentence to take a stand on, on a scale of five. Nothing is right or wrong.")
        template = "content/blocks/likert.html"
        preview_value = {
            "prompt": "Jeg ved, hvad jeg siger, når en pårørende spørger, om det går mod slutningen.",
            "scale": "confidence",
        }
