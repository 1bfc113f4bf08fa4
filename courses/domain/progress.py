"""How far a learner is in a module, read from the derived rows."""

from dataclasses import dataclass, field

from ..models import Attempt, Enrolment, StepLeft


@dataclass
class Progress:
    """`last` holds the newest attempt of each item; `right` the items ever answered rightly."""

    enrolment: Enrolment
    last: dict[str, Attempt] = field(default_factory=dict)
    right: set[str] = field(default_factory=set)
    answers: int = 0
    left: set[int] = field(default_factory=set)

    @property
    def missing(self) -> list[str]:
        return [item for item in self.enrolment.edition.graded_items if item not in self.right]

    @property
    def unanswered(self) -> list[str]:
        return [item for item in self.missing if item not in self.last]

    @property
    def wrong(self) -> list[str]:
        return [item for item in self.missing if item in self.last]

    def is_left(self, step: int) -> bool:
        return step in self.left

    def is_step_done(self, step: int) -> bool:
        """A step with questions is done when they are right, one without when she went on."""
        blocks = self.enrolment.edition.steps[step - 1]["blocks"]
        graded = [block["id"] for block in blocks if block["id"] in self.enrolment.edition.grading]
        return all(item in self.right for item in graded) if graded else self.is_left(step)

    @property
    def steps_done(self) -> int:
        return sum(self.is_step_done(step) for step in range(1, len(self.enrolment.edition.steps) + 1))


def progress_of(enrolment: Enrolment) -> Progress:
    """The learner's own progress. Two queries."""
    progress = Progress(enrolment)
    for attempt in Attempt.objects.filter(enrolment=enrolment).order_by("ordinal"):
        progress.last[attempt.item] = attempt
        progress.answers += 1
        if attempt.success:
            progress.right.add(attempt.item)
    progress.left = set(StepLeft.objects.filter(enrolment=enrolment).values_list("step", flat=True))
    return progress
