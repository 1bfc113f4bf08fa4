"""The stage of evidence: what a learner was shown to be able to do, from what she completed."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from courses.models import Completion, Confirmation

from .domain.sign_offs import signed_off
from .enums import EarnedBy
from .models import Contribution, Evidence

#: A version, and the way in which something of it was earned.
Way = tuple[int, str]
#: When it was earned, and the statement that says so.
Proof = tuple[dt.datetime, uuid.UUID]
#: A row but for its learner: version, competency, what earned it, level and proof.
Shown = tuple[int | None, int, str, int, dt.datetime, uuid.UUID]


class EvidenceStage:
    """Completions and confirmations × contributions → evidence; and so is each sign-off.

    A completion earns what the version's answers show. A confirmed practice task earns what the
    version's practice shows, the first time one is confirmed, whether or not the rest of the module
    was finished: it was confirmed against that very version. Where people work changes nothing.
    """

    name = "evidence"

    def project(self, learner: uuid.UUID) -> None:
        """Make the learner's evidence what upstream says; rows that still hold keep their key."""
        earned = self._earned(learner)
        contributions = Contribution.objects.filter(version__in={version for version, _way in earned})
        wanted: set[Shown] = set()
        for row in contributions:
            if proof := earned.get((row.version_id, row.earned_by)):
                wanted.add((row.version_id, row.competency_id, row.earned_by, row.level, *proof))
        for signed in signed_off(learner):
            sign_off = EarnedBy.COURSE_OR_SIGN_OFF.value
            wanted.add((None, signed.competency_id, sign_off, signed.level, signed.at, signed.statement))
        with transaction.atomic():
            stale = []
            for row in Evidence.objects.of_learners([learner]):
                shown = (
                    *(row.version_id, row.competency_id, row.earned_by),
                    *(row.level, row.shown_at, row.statement),
                )
                if shown in wanted:
                    wanted.remove(shown)
                else:
                    stale.append(row.pk)
            if stale:
                Evidence.objects.filter(pk__in=stale).delete()
            Evidence.objects.bulk_create(
                Evidence(
                    learner=learner,
                    version_id=version,
                    competency_id=competency,
                    earned_by=earned_by,
                    level=level,
                    shown_at=shown_at,
                    statement=statement,
                )
                for version, competency, earned_by, level, shown_at, statement in sorted(wanted, key=str)
            )

    def rows(self, learner: uuid.UUID) -> set[tuple[str, ...]]:
        """The learner's evidence, comparable and printable, without surrogate keys."""
        evidence = Evidence.objects.of_learners([learner]).select_related(
            "competency__domain__framework", "version__module"
        )
        return {
            (
                self.name,
                f"{row.competency.domain.framework.code} {row.competency.domain.framework.version}",
                row.competency.code,
                str(row.level),
                row.earned_by,
                f"{row.version.module.iri} v{row.version.number}" if row.version else "sign-off",
                row.shown_at.astimezone(dt.UTC).isoformat(),
                str(row.statement),
            )
            for row in evidence
        }

    def learners(self) -> Iterable[uuid.UUID]:
        """Everyone who has evidence."""
        return Evidence.objects.order_by().values_list("learner", flat=True).distinct()

    def _earned(self, learner: uuid.UUID) -> dict[Way, Proof]:
        earned: dict[Way, Proof] = {}
        for completion in Completion.objects.filter(learner=learner):
            way = (completion.version_id, EarnedBy.ANSWERS.value)
            earned[way] = (completion.completed_at, completion.statement)
        for confirmation in Confirmation.objects.filter(learner=learner):
            way = (confirmation.version_id, EarnedBy.CONFIRMED_PRACTICE.value)
            proof = (confirmation.confirmed_at, confirmation.statement)
            earned[way] = min(earned.get(way, proof), proof)
        return earned
