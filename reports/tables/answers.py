"""What the answers to a module say, in words and as tables. Counts only: nobody is named, or can be found."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from courses.domain.insight import Insight, QuestionInsight
from courses.domain.separation import ENOUGH_OTHERS, ENOUGH_PEOPLE
from courses.enums import ItemKind
from organisations.days import today
from organisations.small_groups import smallest_group

from .table import Table, Value, file_stem

#: What a separation is called, from so much on. The limits are those of Ebel and Frisbie, "Essentials of
#: Educational Measurement" (1991), who set them for the difference between the upper and the lower group;
#: the correlation is read by them for want of better.
GOOD, SOME, NONE = 0.30, 0.20, 0.0


def people_in_words(people: int | None) -> str:
    """A number as it may be shown; words where it is too small."""
    return _("fewer than %(n)s") % {"n": smallest_group()} if people is None else str(people)


def separation_in_words(question: QuestionInsight) -> str:
    """The correlation with what it means, or that there is too little data to say."""
    value = question.separation
    if not question.is_graded:
        return ""
    if value is None:
        return _("too little data")
    if value >= GOOD:
        meaning = _("separates well")
    elif value >= SOME:
        meaning = _("separates somewhat")
    elif value >= NONE:
        meaning = _("hardly separates")
    else:
        meaning = _("the wrong way round: look at it")
    return f"{number_format(value, 2)} ({meaning})"


def right_in_words(question: QuestionInsight) -> str:
    """How many had it right the first time, and of a hundred."""
    if not question.is_graded:
        return ""
    if question.right is None:
        return people_in_words(None)
    return _("%(right)s of %(people)s (%(percent)s %%)") % {
        "right": question.right,
        "people": question.people,
        "percent": question.percent,
    }


def time_in_words(seconds: int | None) -> str:
    """Whole minutes and seconds: "1 min. 20 sec."."""
    if seconds is None:
        return _("too little data")
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("%(seconds)s sec.") % {"seconds": rest}
    return _("%(minutes)s min. %(seconds)s sec.") % {"minutes": minutes, "seconds": rest}


def how_counted() -> list[tuple[str, str]]:
    """What a reader needs to know of the numbers, each under a heading."""
    size = smallest_group()
    return [
        (
            _("Whose answers"),
            _(
                "Each person's very first answer to a question. Who they are isn't shown to anybody, and "
                "what is written in own words isn't counted."
            ),
        ),
        (
            _("Small groups"),
            _(
                "Answers are counted in whole groups of %(n)s people, and a question is shown from %(twice)s "
                "people on. Numbers below %(n)s aren't shown, and others are rounded to whole %(n)ss: they "
                "may not add up."
            )
            % {"n": size, "twice": 2 * size},
        ),
        (
            _("Separates"),
            _(
                "Whether those who have the question right also have the module's other questions right: "
                "the corrected point-biserial correlation (Henrysson, 1963), from -1 to 1. From 0.30 on it "
                "separates well, below 0.20 hardly (Ebel and Frisbie, 1991). It takes %(people)s people who "
                "have answered everything, and %(others)s other questions."
            )
            % {"people": ENOUGH_PEOPLE, "others": ENOUGH_OTHERS},
        ),
        (
            _("Time"),
            _(
                "The middle one of the times from what the person did before in the module to the answer: "
                "it holds the reading too. Whoever was away for more than half an hour isn't counted."
            ),
        ),
    ]


def questions_table(found: Insight) -> Table:
    """A row a question."""
    rows: list[list[Value]] = []
    for number, question in enumerate(found.questions, start=1):
        row: list[Value] = [number, question.step, question.text, str(ItemKind(question.kind).label)]
        if question.people:
            row += [
                question.people,
                _rightly(question),
                question.percent,
                None if question.separation is None else number_format(question.separation, 2),
                question.seconds,
            ]
        else:
            row += [_("too few"), None, None, None, None]
        rows.append(row)
    header = [
        _("Question"),
        _("Step"),
        _("Words"),
        _("Kind"),
        _("Answered by"),
        _("Right the first time"),
        _("Of 100"),
        _("Separates"),
        _("Seconds"),
    ]
    return _table(found, _("Questions"), "spoergsmaal", header, rows)


def _rightly(question: QuestionInsight) -> Value:
    if not question.is_graded:
        return None
    return people_in_words(None) if question.right is None else question.right


def choices_table(found: Insight) -> Table:
    """A row an option: what was chosen in each question that enough people have answered."""
    rows: list[list[Value]] = [
        [
            number,
            question.step,
            question.text,
            group.heading,
            _("too few") if group.people is None else group.people,
            choice.text,
            _yes_or_no(choice.is_right),
            None if group.people is None else people_in_words(choice.people),
        ]
        for number, question in enumerate(found.questions, start=1)
        for group in question.groups
        for choice in group.choices
    ]
    header = [
        _("Question"),
        _("Step"),
        _("Words"),
        _("Where"),
        _("Stood there"),
        _("Option"),
        _("Is right"),
        _("Chose it"),
    ]
    return _table(found, _("Options"), "svar", header, rows)


def _yes_or_no(is_right: bool | None) -> str:
    if is_right is None:
        return ""
    return _("yes") if is_right else _("no")


def steps_table(found: Insight) -> Table:
    """A row a step: how many came past it."""
    began = people_in_words(found.began)
    rows: list[list[Value]] = [
        [step.number, step.title, began, people_in_words(step.people), step.percent] for step in found.steps
    ]
    header = [_("Step"), _("Title"), _("Began the module"), _("Came past the step"), _("Of 100")]
    return _table(found, _("Steps"), "trin", header, rows)


#: The tables by the word that stands in their addresses.
TABLES = {"spoergsmaal": questions_table, "svar": choices_table, "trin": steps_table}


def _table(found: Insight, what: str, word: str, header: Sequence[str], rows: list[list[Value]]) -> Table:
    edition = found.edition
    return Table(
        title=_("%(what)s: %(module)s") % {"what": what, "module": edition.title},
        name=file_stem(word, str(edition.version.module), f"version {edition.version.number}"),
        sheet=what,
        on=today(),
        header=header,
        rows=rows,
        notes=[(_("Version"), str(edition.version.number)), *how_counted()],
    )


def question_rows(found: Insight) -> list[dict[str, Any]]:
    """The questions as the page shows them, in the same numbers and words as the tables."""
    return [
        {
            "number": number,
            "question": question,
            "kind": ItemKind(question.kind).label,
            "right": right_in_words(question),
            "separation": separation_in_words(question),
            "time": time_in_words(question.seconds),
            "groups": [
                {
                    "heading": group.heading,
                    "people": people_in_words(group.people),
                    "is_shown": group.people is not None,
                    "choices": [
                        {
                            "text": choice.text,
                            "right": _yes_or_no(choice.is_right),
                            "people": people_in_words(choice.people),
                        }
                        for choice in group.choices
                    ],
                    "has_right": any(choice.is_right is not None for choice in group.choices),
                }
                for group in question.groups
            ],
        }
        for number, question in enumerate(found.questions, start=1)
    ]
