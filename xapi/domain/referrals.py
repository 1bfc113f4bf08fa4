"""Statements that refer to others: whoever is found by what it refers to gets a row that says so."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from xapi.models import Referral, Statement, StatementId

from .insertion import Row

#: How many statements deep a chain is followed. The specification sets no end; somebody hostile would.
DEPTH = 16


def refer(new: list[Row], referrers: Iterable[int]) -> None:
    """Note what the new statements refer to, and what the older `referrers` now reach through them.

    Call it in the transaction that stores them, which has taken its numbers with `referring` where one
    of `new` refers to another.
    """
    edges = _edges(new, list(referrers))
    if not edges:
        return
    onward: dict[int, list[int]] = defaultdict(list)
    back: dict[int, list[int]] = defaultdict(list)
    ends = {seq for edge in edges for seq in edge}
    for referrer, referred in Referral.objects.filter(referred__in=ends).values_list("referrer", "referred"):
        back[referred].append(referrer)
    ends.update(seq for before in back.values() for seq in before)
    for referrer, referred in Referral.objects.filter(referrer__in=ends).values_list("referrer", "referred"):
        onward[referrer].append(referred)
    pairs: set[tuple[int, int]] = set()
    for referrer, referred in edges:
        for start in (referrer, *back[referrer]):
            for end in (referred, *onward[referred]):
                if start != end and end not in onward[start] and len(onward[start]) < DEPTH:
                    pairs.add((start, end))
                    onward[start].append(end)
                    back[end].append(start)
    wanted = {end for _start, end in pairs}
    rows = {row.seq: row for row in Statement.objects.filter(seq__in=wanted).defer("raw")}
    Referral.objects.bulk_create(
        [
            Referral(
                referrer=start,
                referred=end,
                verb=rows[end].verb,
                activity=rows[end].activity,
                actor=rows[end].actor,
                registration=rows[end].registration,
            )
            for start, end in sorted(pairs)
            if end in rows
        ],
        ignore_conflicts=True,
    )


def _edges(new: list[Row], referrers: list[int]) -> list[tuple[int, int]]:
    """Who refers straight to whom, among the new statements and those that are stored."""
    if not referrers and not any(row.refers for row in new):
        return []
    by_id = {UUID(row.uuid): row.seq for row in new}
    referring = [(row.seq, UUID(row.refers)) for row in new if row.refers]
    elsewhere = {refers for _seq, refers in referring} - by_id.keys()
    if elsewhere:
        known = StatementId.objects.filter(uuid__in=elsewhere).values_list("uuid", "seq")
        by_id.update(known)
    older = Statement.objects.filter(seq__in=referrers).values_list("seq", "refers") if referrers else ()
    pairs = [*older, *referring]
    return [(seq, by_id[refers]) for seq, refers in pairs if refers in by_id and by_id[refers] != seq]
