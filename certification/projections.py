"""This room's stage: issuing what a learner's completions give her a right to.

A certificate is a document, and so a fact, though a stage makes it. The rules that follow:

- The stage issues and never withdraws. Where a completion is voided or arrives with an earlier day
  after the certificate was issued, the certificate stays as it was issued; taking one back will be a
  new fact beside it.
- It is idempotent: once per person and path, held by a constraint, so that a projection may run again
  at any time, twice at once, and after every derived row upstream has been deleted.
- It has no derived rows. `rows` and `learners` are empty: a rebuild has nothing of it to recompute,
  and a check of the derived rows nothing to compare. What a check issues is rolled back with the check.
- When statements arrive decides what a certificate says, for it says what was known that day. Its
  contents are therefore no function of the statements, as derived rows are.
"""

import uuid
from collections.abc import Iterable

from courses.models import Completion
from organisations.models import Person

from .domain.certificates import issue_due


class IssuingStage:
    """Completions × learning paths → certificates, issued once."""

    name = "certificates"

    def project(self, learner: uuid.UUID) -> None:
        """Issue what is due. Who has completed nothing, or has been erased, is passed over."""
        if not Completion.objects.of_learners([learner]).exists():
            return
        person = Person.objects.by_pseudonym(learner).first()
        if person is not None:
            issue_due(person)

    def rows(self, learner: uuid.UUID) -> set[tuple[str, ...]]:
        return set()

    def learners(self) -> Iterable[uuid.UUID]:
        return ()
