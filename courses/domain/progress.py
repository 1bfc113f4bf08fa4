"""How far a learner is in a module, read from the derived rows."""

from dataclasses import dataclass, field

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from ..enums import WALKED, ItemKind, StepState
from ..models import Attempt, Enrolment, FreeText, StepLeft, WayTaken


@dataclass
class Progress:
    """`last` holds the newest attempt of each item, `first` whether the first was right; `right` the items
    ever answered rightly; `ways` where she is in each case; `written` where she wrote something.
    """

    enrolment: Enrolment
    last: dict[str, Attempt] = field(default_factory=dict)
    first: dict[str, bool] = field(default_factory=dict)
    right: set[str] = field(default_factory=set)
    answers: int = 0
    left: set[int] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    ways: dict[str, list[str]] = field(default_factory=dict)

    @property
    def has_solved_opening(self) -> bool:
        """Every opening case was right at the first attempt: she may go straight to the practice task.

        In a case or a conversation the first attempt is the first end that she came to.
        """
        opening = self.enrolment.edition.opening_items
        return bool(opening) and all(self.first.get(item, False) for item in opening)

    @property
    def straight_on(self) -> int | None:
        """The step of the practice task that she may go straight to; None where she may not."""
        edition = self.enrolment.edition
        tasks = (item for item, block in edition.items.items() if block["kind"] == ItemKind.PRACTICE_TASK)
        task = next(tasks, None) if self.has_solved_opening else None
        return edition.step_of(task) if task is not None else None

    def may_skip(self, step: int) -> bool:
        """Straight on to the practice task, what comes after the opening cases is hers to take or leave."""
        return self.enrolment.edition.opening_steps < step < (self.straight_on or 0)

    @property
    def required(self) -> list[str]:
        """What must be right before she can finish: everything graded, or the opening cases alone."""
        edition = self.enrolment.edition
        return edition.opening_items if self.has_solved_opening else edition.graded_items

    @property
    def missing(self) -> list[str]:
        return [item for item in self.required if item not in self.right]

    @property
    def unanswered(self) -> list[str]:
        return [item for item in self.missing if item not in self.last]

    @property
    def wrong(self) -> list[str]:
        return [item for item in self.missing if item in self.last]

    def is_left(self, step: int) -> bool:
        return step in self.left

    def is_step_done(self, step: int) -> bool:
        """Nothing more is asked of her there."""
        return self.state_of(step).is_done

    def state_of(self, step: int) -> StepState:
        """A step is in place when its questions are right and its practice task is handed in.

        One that asks nothing is read when she went on. A reflection is hers to write or leave.
        """
        blocks = self.enrolment.edition.steps[step - 1]["blocks"]
        graded = set(self.enrolment.edition.graded_items)
        asked = [block["id"] for block in blocks if block["id"] in graded]
        tasks = [block["id"] for block in blocks if block["kind"] == ItemKind.PRACTICE_TASK]
        thoughts = [block["id"] for block in blocks if block["kind"] == ItemKind.REFLECTION]
        answered, handed_in = self.right.issuperset(asked), self.written.issuperset(tasks)
        if (asked or tasks) and answered and handed_in:
            return StepState.IN_PLACE
        if not self.is_left(step):
            return StepState.AHEAD
        if set(asked).intersection(self.missing):
            return StepState.QUESTIONS_OPEN
        if not handed_in:
            return StepState.TASK_OPEN
        if not thoughts:
            return StepState.READ
        return StepState.IN_PLACE if self.written.issuperset(thoughts) else StepState.THOUGHT_OPEN

    @property
    def steps_done(self) -> int:
        return sum(self.is_step_done(step) for step in range(1, len(self.enrolment.edition.steps) + 1))


def progress_of(enrolment: Enrolment) -> Progress:
    """The learner's own progress. Two queries; three where the module has a case."""
    progress = Progress(enrolment)
    for attempt in Attempt.objects.filter(enrolment=enrolment).order_by("ordinal"):
        progress.last[attempt.item] = attempt
        progress.first.setdefault(attempt.item, attempt.success is True)
        progress.answers += 1
        if attempt.success:
            progress.right.add(attempt.item)
    _mark_left_and_written(progress)
    if any(block["kind"] in WALKED for block in enrolment.edition.items.values()):
        rows = WayTaken.objects.filter(enrolment=enrolment).order_by("ordinal")
        progress.ways = dict(rows.values_list("item", "way"))
    return progress


def _mark_left_and_written(progress: Progress) -> None:
    """The steps that she went past, and the items at which she wrote. One query.

    What she wrote and erased counts: it was handed in.
    """
    left = StepLeft.objects.filter(enrolment=progress.enrolment).order_by()
    written = FreeText.objects.filter(enrolment=progress.enrolment).order_by()
    steps = left.annotate(at=Cast("step", CharField(max_length=120)))
    items = written.values_list(Value("written"), "item")
    for what, where in steps.values_list(Value("left"), "at").union(items, all=True):
        if what == "left":
            progress.left.add(int(where))
        else:
            progress.written.add(where)
