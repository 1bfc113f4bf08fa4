"""What is walked through: a case whose choices branch, and a conversation turn by turn."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from courses.enums import Effect, End

from .checks import OptionalSourceBlock, says_the_same_twice
from .texts import NO_PATIENT_DATA, RICH_TEXT

KEY = r"^[a-z0-9-]{1,40}$"


def key(**kwargs: Any) -> blocks.RegexBlock:
    return blocks.RegexBlock(
        regex=KEY,
        error_messages={"invalid": _("Use small letters a to z, figures and hyphens, without spaces.")},
        **kwargs,
    )


class ChoiceBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Choice"), max_length=300, rows=2)
    consequence = blocks.TextBlock(label=_("What comes of it"), max_length=600, rows=3)
    next = key(
        label=_("Leads to"),
        required=False,
        help_text=_("The name of a situation. Leave it empty where the case ends."),
    )
    end = blocks.ChoiceBlock(label=_("Or ends the case"), choices=End.choices, required=False)
    reason = blocks.TextBlock(
        label=_("Why"),
        max_length=500,
        rows=2,
        required=False,
        help_text=_("Needed at an end: why it is a good one, or what was missed."),
    )

    class Meta:
        icon = "arrow-right"
        label = _("Choice")


class NodeBlock(blocks.StructBlock):
    key = key(label=_("Name"), help_text=_("For example start. Choices lead to it by this name."))
    situation = blocks.RichTextBlock(label=_("Situation"), features=RICH_TEXT, help_text=NO_PATIENT_DATA)
    image = ImageChooserBlock(label=_("Image"), required=False)
    alt = blocks.CharBlock(
        label=_("What the image shows"),
        max_length=250,
        required=False,
        help_text=_("For whoever can't see it. Needed where there is an image."),
    )
    choices = blocks.ListBlock(ChoiceBlock(), label=_("Choices"), min_num=2, max_num=5)

    class Meta:
        icon = "circle-plus"
        label = _("Situation")


class BranchingCaseBlock(OptionalSourceBlock):
    """A situation, choices, what comes of them, and ends. The first situation is the start.

    For what to do: each choice leads to another situation or to an end, and the learner may go back
    and try another way.
    """

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    nodes = blocks.ListBlock(NodeBlock(), label=_("Situations"), min_num=1, max_num=12)
    explanation = blocks.TextBlock(
        label=_("Looking back"), max_length=800, rows=3, help_text=_("Shown at every end.")
    )

    class Meta:
        icon = "decimal"
        label = _("Case with choices")
        description = _("A situation whose choices have consequences and lead on to others, or to an end.")
        template = "content/blocks/branching_case.html"
        preview_value = {
            "title": "En urolig aften",
            "nodes": [
                {
                    "key": "start",
                    "situation": "<p>Kl. 20. Hr. Holm har ondt. Hans datter vil ringe 112.</p>",
                    "choices": [
                        {
                            "text": "Jeg spørger begge, hvad der fylder.",
                            "consequence": "Han vil blive hjemme.",
                            "end": "good",
                            "reason": "Hans ønske blev hørt.",
                        },
                        {
                            "text": "Jeg siger, at det kan vente.",
                            "consequence": "Datteren ringer 112.",
                            "end": "other",
                            "reason": "Ingen spurgte, hvad han selv ønskede.",
                        },
                    ],
                }
            ],
            "explanation": "Spørg først, og brug den plan, der er.",
        }

    def find_faults(self, value: Any) -> dict[str, Any]:
        nodes = list(value["nodes"])
        for node in nodes:
            if says_the_same_twice(choice["text"] for choice in node["choices"]):
                return {"nodes": gettext("Two choices in “%(key)s” say the same.") % {"key": node["key"]}}
            if node["image"] and not node["alt"]:
                return {"nodes": gettext("Say what the image in “%(key)s” shows.") % {"key": node["key"]}}
            for choice in node["choices"]:
                if choice["end"] and not choice["reason"]:
                    said = gettext("The choice “%(text)s” ends the case: say why it is a good end or not.")
                    return {"nodes": said % {"text": choice["text"]}}
        ways = [
            (node["key"], [(choice["text"], choice["next"], choice["end"]) for choice in node["choices"]])
            for node in nodes
        ]
        fault = find_fault_in_ways(ways)
        return {"nodes": fault} if fault else {}


class ReplyBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Reply"), max_length=300, rows=2)
    reaction = blocks.TextBlock(label=_("What the other says or does"), max_length=400, rows=2)
    effect = blocks.ChoiceBlock(label=_("What it does to the conversation"), choices=Effect.choices)
    reason = blocks.TextBlock(label=_("Why"), max_length=500, rows=2)
    end = blocks.ChoiceBlock(
        label=_("Ends the conversation"),
        choices=End.choices,
        required=False,
        help_text=_("Leave it empty to go on to the following turn. The last turn must end."),
    )
    next = key(
        label=_("Or leads to another turn"),
        required=False,
        help_text=_("The name of a turn further on, where it isn't the following one."),
    )

    class Meta:
        icon = "comment"
        label = _("Reply")


class TurnBlock(blocks.StructBlock):
    says = blocks.TextBlock(label=_("The other says"), max_length=600, rows=2, help_text=NO_PATIENT_DATA)
    replies = blocks.ListBlock(ReplyBlock(), label=_("Replies"), min_num=2, max_num=4)
    key = key(
        label=_("Name"), required=False, help_text=_("Only where a reply further up leads to this turn.")
    )

    class Meta:
        icon = "openquote"
        label = _("Turn")


class ConversationBlock(OptionalSourceBlock):
    """A dialogue to practise: what to say, how the other takes it, and why.

    A line of turns with exits, where a case is a graph of situations.
    """

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    partner = blocks.CharBlock(
        label=_("With whom"), max_length=80, help_text=_("As the page names who speaks, for example Karen.")
    )
    scene = blocks.TextBlock(label=_("Where and when"), max_length=600, rows=2)
    turns = blocks.ListBlock(TurnBlock(), label=_("Turns"), min_num=1, max_num=10)
    explanation = blocks.TextBlock(
        label=_("Looking back"), max_length=800, rows=3, help_text=_("Shown at every end.")
    )

    class Meta:
        icon = "comment-add"
        label = _("Conversation practice")
        description = _("A dialogue with a patient or relative. Each reply has a reaction and a reason.")
        template = "content/blocks/conversation.html"
        preview_value = {
            "title": "»Skal jeg dø nu?«",
            "partner": "Karen",
            "scene": "Du er kommet for at hjælpe Karen i seng.",
            "turns": [
                {
                    "says": "De nævnte palliation på hospitalet. Skal jeg dø nu?",
                    "replies": [
                        {
                            "text": "Hvad tænkte du, da de sagde det?",
                            "reaction": "»At de havde givet op,« siger hun stille.",
                            "effect": "opens",
                            "reason": "Et åbent spørgsmål.",
                            "end": "good",
                        },
                        {
                            "text": "Sådan må du slet ikke tænke.",
                            "reaction": "Karen vender sig mod væggen.",
                            "effect": "closes",
                            "reason": "Trøsten kom, før hun var hørt.",
                            "end": "other",
                        },
                    ],
                }
            ],
            "explanation": "Spørg først, hvad hun tænker.",
        }

    def find_faults(self, value: Any) -> dict[str, Any]:
        turns = list(value["turns"])
        for turn in turns:
            if says_the_same_twice(reply["text"] for reply in turn["replies"]):
                return {"turns": gettext("Two replies to “%(says)s” say the same.") % {"says": turn["says"]}}
            if not any(reply["effect"] == Effect.OPENS for reply in turn["replies"]):
                said = gettext("No reply to “%(says)s” opens the conversation. One at least should.")
                return {"turns": said % {"says": turn["says"]}}
        fault = find_fault_in_ways(
            [
                (
                    key,
                    [
                        (
                            reply["text"],
                            # A reply that says nothing else goes on to the following turn.
                            reply["next"] or (following if not reply["end"] else ""),
                            reply["end"],
                        )
                        for reply in turn["replies"]
                    ],
                )
                for turn, key, following in turns_in_line(turns)
            ]
        )
        return {"turns": fault} if fault else {}


def turns_in_line(turns: list[Any]) -> list[tuple[Any, str, str]]:
    """Each turn with its name and that of the following one; a turn without a name gets its number."""
    names = [turn["key"] or f"#{number}" for number, turn in enumerate(turns, start=1)]
    return list(zip(turns, names, [*names[1:], ""], strict=True))


Ways = list[tuple[str, list[tuple[str, str, str]]]]


def find_fault_in_ways(nodes: Ways) -> str:
    """What is wrong with how nodes lead to each other, in words; empty where nothing is.

    A node is a name and its choices, each with its text, the node it leads to, or its end.
    """
    names = [name for name, _choices in nodes]
    for name in names:
        if names.count(name) > 1:
            return gettext("Two have the name “%(key)s”. Give one of them another.") % {"key": name}
    for _name, choices in nodes:
        for text, target, end in choices:
            if target and end:
                said = gettext("“%(text)s” both ends and leads on. Choose one of them.")
                return said % {"text": text}
            if not target and not end:
                return gettext("“%(text)s” leads nowhere. Say what it leads to, or that it ends.") % {
                    "text": text
                }
            if target and target not in names:
                said = gettext("“%(text)s” leads to “%(key)s”, and there is none of that name.")
                return said % {"text": text, "key": target}
    return _find_fault_in_reach(dict(nodes), names[0])


def _find_fault_in_reach(nodes: dict[str, list[tuple[str, str, str]]], start: str) -> str:
    reached = {start}
    waiting = [start]
    while waiting:
        for _text, target, _end in nodes[waiting.pop()]:
            if target and target not in reached:
                reached.add(target)
                waiting.append(target)
    for name in nodes:
        if name not in reached:
            return gettext("No way leads to “%(key)s”. Lead a choice there, or remove it.") % {"key": name}
    # What leads only to what is left: taken away until nothing is. What stays goes in a circle.
    left = dict(nodes)
    while leaves := [
        name for name, choices in left.items() if not any(target in left for _text, target, _end in choices)
    ]:
        for name in leaves:
            del left[name]
    if left:
        said = gettext("The ways go in a circle at “%(key)s”. The learner can always go back by herself.")
        return said % {"key": next(iter(left))}
    if not any(end == End.GOOD for choices in nodes.values() for _text, _target, end in choices):
        return gettext("No way leads to a good end. Make one.")
    return ""
