"""What the answers to a version of a module say, counted: never who answered.

Only first answers are read (`FirstAnswer`), and every number is one that may be shown
(`organisations.small_groups`). The number of queries is the same however many questions and people there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Q, Sum, Window
from django.db.models.functions import RowNumber

from organisations.small_groups import may_be_split, shown, smallest_group, whole_groups

from ..enums import GRADED
from ..models import Completion, Edition, Enrolment, FirstAnswer, ModuleVersion, StepLeft
from .chosen import Group, groups_of
from .separation import Sums, separation


@dataclass(frozen=True)
class QuestionInsight:
    """A question: how many answered it (in whole groups), how many of them rightly at the first attempt.

    `people` is 0 and nothing else is said where too few have answered. `right` is None where nothing is
    right or wrong, or the number is too small to be shown (`is_graded` tells which). `separation` is the
    corrected point-biserial correlation (`separation.separation`), None where there is too little data.
    `seconds` is the median time, in whole fives, of those who weren't away. `groups` are what was chosen.
    """

    item: str
    kind: str
    text: str
    step: int
    people: int = 0
    right: int | None = None
    separation: float | None = None
    seconds: int | None = None
    groups: list[Group] = field(default_factory=list)

    @property
    def is_graded(self) -> bool:
        return self.kind in GRADED

    @property
    def percent(self) -> int | None:
        """Of a hundred, how many had it right at the first attempt (its difficulty, or facility)."""
        return None if self.right is None else round(100 * self.right / self.people)


@dataclass(frozen=True)
class StepInsight:
    """A step: how many went on past it, or completed the module without; None where they are too few."""

    number: int
    title: str
    people: int | None
    percent: int | None


@dataclass(frozen=True)
class Insight:
    """What the answers to a version say. `began` and `completed` are None where they are too few.

    Where those who began are too few to be split, `completed` is None too and there are no steps.
    """

    edition: Edition
    began: int | None
    completed: int | None
    questions: list[QuestionInsight]
    steps: list[StepInsight]


def insight(version: ModuleVersion, *, language: str) -> Insight | None:
    """Count what was answered, in the words of the version's newest edition in the language.

    None without an edition. Ten queries at most.
    """
    edition = _edition(version, language)
    if edition is None:
        return None
    began, completed, steps = _steps(version, edition)
    return Insight(edition, began, completed, _questions(version, edition), steps)


def _edition(version: ModuleVersion, language: str) -> Edition | None:
    """Whatever the language, where there is none in it."""
    rows = Edition.objects.filter(version=version).newest_first()
    found: Edition | None = rows.in_language(language).first() or rows.first()
    return found


def began_by_module(modules: Iterable[int]) -> dict[int, int | None]:
    """How many have begun each module that somebody has begun, whatever the version. One query."""
    rows = Enrolment.objects.filter(module__in=list(modules)).order_by().values_list("module")
    return {module: shown(people) for module, people in rows.annotate(people=Count("person", distinct=True))}


# --- The questions ----------------------------------------------------------------------------------------


def _questions(version: ModuleVersion, edition: Edition) -> list[QuestionInsight]:
    rows = FirstAnswer.objects.filter(version=version)
    counted = rows.exclude(pk__in=_waiting(rows))
    answers: dict[str, dict[str, int]] = {}
    right: dict[str, int] = {}
    for item, response, success, people in (
        counted.order_by()
        .values("item", "response", "success")
        .annotate(people=Count("pk"))
        .values_list("item", "response", "success", "people")
    ):
        given = answers.setdefault(item, {})
        given[response] = given.get(response, 0) + people
        right[item] = right.get(item, 0) + (people if success else 0)
    separations = _separations(counted)
    seconds = _medians(counted)
    found = []
    for item, block in edition.items.items():
        specification = edition.grading.get(item, {})
        groups = groups_of(block, specification, answers.get(item, {}))
        if groups is None:
            continue
        said: dict[str, Any] = {}
        people = sum(answers.get(item, {}).values())
        if may_be_split(people):
            said = {
                "people": people,
                "right": shown(right[item]) if block["kind"] in GRADED else None,
                "separation": separations.get(item),
                "seconds": seconds.get(item),
                "groups": groups,
            }
        found.append(QuestionInsight(item, block["kind"], block["text"], step=edition.step_of(item), **said))
    return found


def _waiting(rows: Any) -> list[int]:
    """The newest answers to each question that don't make a whole group yet."""
    newest = rows.annotate(
        place=Window(
            RowNumber(), partition_by="item", order_by=(F("answered_at").desc(), F("statement").desc())
        ),
        people=Window(Count("pk"), partition_by="item"),
    ).filter(place__lt=smallest_group())
    return [
        pk
        for pk, place, people in newest.values_list("pk", "place", "people")
        if place <= people - whole_groups(people)
    ]


def _separations(counted: Any) -> dict[str, float | None]:
    rows = (
        counted.filter(others__isnull=False, success__isnull=False)
        .order_by()
        .values("item")
        .annotate(
            people=Count("pk"),
            right=Count("pk", filter=Q(success=True)),
            most_others=Max("others"),
            sum_of_others=Sum("others_right"),
            squares=Sum(F("others_right") * F("others_right")),
            products=Sum("others_right", filter=Q(success=True), default=0),
        )
    )
    return {row.pop("item"): separation(Sums(**row)) for row in rows}


def _medians(counted: Any) -> dict[str, int]:
    """The median of the seconds of each question (the lower one of two), rounded to whole fives."""
    middle = (
        counted.filter(seconds__isnull=False)
        .annotate(
            place=Window(RowNumber(), partition_by="item", order_by=(F("seconds"), F("statement"))),
            people=Window(Count("pk"), partition_by="item"),
        )
        .filter(place=(F("people") + 1) / 2)
    )
    return {
        item: 5 * round(seconds / 5)
        for item, seconds, people in middle.values_list("item", "seconds", "people")
        if may_be_split(people)
    }


# --- The steps --------------------------------------------------------------------------------------------


def _steps(version: ModuleVersion, edition: Edition) -> tuple[int | None, int | None, list[StepInsight]]:
    """How many began, completed, and came past each step.

    Whoever completed the module came past every step, also past those that the opening cases spared her.
    """
    people = Enrolment.objects.filter(edition__version=version).values("person").distinct().count()
    done = Completion.objects.filter(version=version, enrolment__isnull=False)
    completed = done.count()
    left = {
        row["step"]: (row["people"], row["done"])
        for row in StepLeft.objects.filter(enrolment__edition__version=version)
        .order_by()
        .values("step")
        .annotate(
            people=Count("learner", distinct=True),
            done=Count("learner", distinct=True, filter=Q(learner__in=done.values("learner"))),
        )
    }
    if not may_be_split(people):
        return shown(people), None, []
    began = shown(people) or 0
    steps = []
    for number, step in enumerate(edition.steps, start=1):
        went, went_and_done = left.get(number, (0, 0))
        past = shown(went + completed - went_and_done)
        # Rounded, more could seem to have come past a step than began.
        past = None if past is None else min(past, began)
        steps.append(
            StepInsight(number, step["title"], past, None if past is None else round(100 * past / began))
        )
    return began, shown(completed), steps
