"""What a learner has begun and completed: read once for a page that asks several times."""

from dataclasses import dataclass
from functools import cached_property

from organisations.models import Person

from ..models import Completion, Enrolment
from .archiving import Shelf, read_shelf

DONE, OPEN, NEW = "done", "open", "new"


@dataclass(frozen=True)
class Taken:
    """Her completions, first first, each with version and module; the modules that she is in the middle of;
    and which modules are offered to anybody.
    """

    shelf: Shelf
    completions: list[Completion]
    going: set[int]

    @cached_property
    def newest_completed(self) -> dict[int, int]:
        """The number of the newest version that she has completed, of each module."""
        newest: dict[int, int] = {}
        for completion in self.completions:
            version = completion.version
            newest[version.module_id] = max(version.number, newest.get(version.module_id, 0))
        return newest

    def state_of(self, module: int) -> str:
        """Whether she is in the middle of it, has completed it, or has yet to begin."""
        return OPEN if module in self.going else DONE if module in self.newest_completed else NEW


def read_taken(person: Person | None) -> Taken:
    """Three queries; of nobody only what is offered."""
    shelf = read_shelf()
    if person is None:
        return Taken(shelf, [], set())
    completions = (
        Completion.objects.of_learners([person.pseudonym])
        .select_related("version__module")
        .order_by("completed_at", "version__number")
    )
    going = Enrolment.objects.of(person).open().values_list("module", flat=True)
    return Taken(shelf, list(completions), set(going))
