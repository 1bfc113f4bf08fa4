"""How key persons cover an area on a day: any day back in time, and up to 90 days ahead.

The rules, in plain words:

- **Who counts.** A key person counts for a unit on a day when her appointment is in force that day in
  the unit or in a unit under it, and she is employed that day in the unit where she is appointed, or
  under it, with the target's profession. One person counts once a unit, however many appointments she
  has. A nurse who is appointed on a ward thus counts for the ward and for its department.
- **Which target.** A target speaks of the units of its level that lie in its area on the day. It is the
  same target wherever it is looked at from: a cluster in the region shows the region's targets. A unit
  for which no target is in force has no need and no gap, only the number of its key persons.
- **Appointed, educated, need, gap.** Educated are the appointed who had completed a key person's
  education by that day. Need is the target's minimum. Gap is what is missing of it, never below 0.
- **Relevant units.** Where a target speaks of relevant units only, a unit without a decision is *not
  decided* and one that was decided not relevant is *not relevant*. Neither is in need; both are shown.
- **No figure.** A target without a minimum ("a number reasonable to the size") sets none: its units
  show their key persons, and no need, gap or verdict.
- **Covered**: at least as many appointed as needed. **At risk**: covered that day, but by what is known
  now (ends of appointments and employments, moves of units, and those who begin) the number falls below
  the need on one of the 90 days after it.
- **Gap or unknown.** With fewer than needed, it is a *gap* only when somebody has reported for the unit
  itself; otherwise the number is *unknown*, and no gap is counted. A report holds for 36 months, the
  agreement's own interval of revision: silence for longer than that is not knowledge. A report for the
  unit above or below says nothing about the unit.
- **The people behind a number** are the same objects that were counted (`CoverageRow.key_persons`).
"""

from .ask import coverage, national_coverage
from .presence import leaving
from .rows import Coverage, CoverageRow, KeyPerson, TargetCoverage

__all__ = [
    "Coverage",
    "CoverageRow",
    "KeyPerson",
    "TargetCoverage",
    "coverage",
    "leaving",
    "national_coverage",
]
