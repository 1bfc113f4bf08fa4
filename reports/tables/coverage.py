"""Coverage in sentences, counts first, each in words of its own; and as tables of the same rows."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from certification.coverage import Coverage, CoverageRow, TargetCoverage
from certification.enums import CoverageStatus
from certification.models import Target
from organisations.enums import UnitKind

from .table import Table, Value, file_stem


def units_in_words(number: int, kind: str, *, relevant: bool = False) -> str:
    """The noun for so many units of a level."""
    if kind == UnitKind.MUNICIPALITY:
        return npgettext("coverage", "municipality", "municipalities", number)
    if kind == UnitKind.DEPARTMENT and relevant:
        return npgettext("coverage", "relevant department", "relevant departments", number)
    if kind == UnitKind.DEPARTMENT:
        return npgettext("coverage", "department", "departments", number)
    if kind == UnitKind.WARD and relevant:
        return npgettext("coverage", "relevant ward", "relevant wards", number)
    if kind == UnitKind.WARD:
        return npgettext("coverage", "ward", "wards", number)
    return npgettext("coverage", "unit", "units", number)


def summary(of_target: TargetCoverage) -> list[str]:
    """How the units stand, as phrases: "1 of 19 municipalities covered", "17 are unknown"."""
    number = of_target.in_need
    target = of_target.target
    said = []
    if number:
        relevant = target is not None and target.relevant_only
        covered = (
            _("%(covered)s of %(number)s %(units)s covered, %(at_risk)s of them at risk within 90 days")
            if of_target.at_risk
            else _("%(covered)s of %(number)s %(units)s covered")
        )
        said.append(
            covered
            % {
                "covered": of_target.covered,
                "number": number,
                "units": units_in_words(number, of_target.unit_kind, relevant=relevant),
                "at_risk": of_target.at_risk,
            }
        )
        said += _others(of_target)
    elif target is not None and target.minimum is None:
        said.append(_("The decision gives no figure, so no number is set and nothing is counted as missing"))
    if of_target.undecided:
        said.append(
            ngettext(
                "for %(number)s it is not decided whether it is relevant",
                "for %(number)s it is not decided whether they are relevant",
                of_target.undecided,
            )
            % {"number": of_target.undecided}
        )
    if of_target.not_relevant:
        said.append(
            ngettext(
                "%(number)s is decided not relevant",
                "%(number)s are decided not relevant",
                of_target.not_relevant,
            )
            % {"number": of_target.not_relevant}
        )
    return said


def _others(of_target: TargetCoverage) -> list[str]:
    said = []
    if of_target.gaps:
        said.append(
            ngettext("%(number)s lacks key persons", "%(number)s lack key persons", of_target.gaps)
            % {"number": of_target.gaps}
        )
    if of_target.unknown:
        said.append(
            ngettext("%(number)s is unknown", "%(number)s are unknown", of_target.unknown)
            % {"number": of_target.unknown}
        )
    return said


def country_table(found: Coverage, rows: list[CoverageRow], *, status: CoverageStatus | None) -> Table:
    """The municipalities, in the order of the page; those of one status, where one is chosen."""
    return Table(
        title=_("Key persons in the municipalities"),
        name="daekning",
        sheet=_("Coverage"),
        on=found.on,
        header=[_("Region"), _("Municipality"), *_counts_header(), _("Target")],
        rows=[
            [row.place, row.unit.name, *_counts(row), row.target.code if row.target else ""] for row in rows
        ],
        notes=[
            (_("Shown"), str(status.label) if status else _("All municipalities")),
            _unknown(),
            *_decisions(row.target for row in rows),
            _sources(),
        ],
    )


def area_table(found: Coverage) -> Table:
    """Every municipality, department and ward of the area, against each target that speaks of it."""
    return Table(
        title=_("Coverage in %(area)s") % {"area": found.area},
        name=file_stem("daekning", str(found.area)),
        sheet=_("Coverage"),
        on=found.on,
        header=[_("Target"), _("Kind of unit"), _("Profession"), _("Unit"), _("Lies in"), *_counts_header()],
        rows=[
            [
                *_target(group),
                str(group.unit_kind.label),
                row.target.profession.name if row.target else "",
                row.unit.name,
                row.place,
                *_counts(row),
            ]
            for group in found.by_target()
            for row in group.rows
        ],
        notes=_notes(found),
    )


def key_persons_table(found: Coverage) -> Table:
    """The people behind the numbers of an area, and how to reach them at work, in the order of the page."""
    return Table(
        title=_("Key persons in %(area)s") % {"area": found.area},
        name=file_stem("noeglepersoner", str(found.area)),
        sheet=_("Key persons"),
        on=found.on,
        header=[
            _("Target"),
            _("Unit"),
            _("Name"),
            _("Profession"),
            _("Works in"),
            _("Telephone"),
            _("E-mail"),
            _("Educated as a key person"),
            _("Stops on"),
            _("Contact point of the unit"),
            _("Contact point’s telephone"),
            _("Contact point’s e-mail"),
        ],
        rows=[
            [
                *_target(group),
                row.unit.name,
                one.person.full_name,
                one.employment.profession.name,
                one.employment.unit.name,
                one.employment.work_phone,
                one.employment.work_email,
                _("Yes") if one.is_educated else _("No"),
                one.until,
                row.unit.contact_name,
                row.unit.contact_phone,
                row.unit.contact_email,
            ]
            for group in found.by_target()
            for row in group.rows
            for one in row.key_persons
        ],
        notes=[
            (_("People"), _("Somebody who counts for several units or targets stands at each of them.")),
            *_notes(found),
        ],
    )


def _target(group: TargetCoverage) -> list[Value]:
    return [group.target.code if group.target else _("no target adopted")]


def _counts_header() -> list[str]:
    return [_("Appointed"), _("Educated"), _("Needed"), _("Missing"), _("Status"), _("Last reported as of")]


def _counts(row: CoverageRow) -> list[Value]:
    return [row.appointed, row.educated, row.need, row.gap, row.wording, row.reported_on]


def _notes(found: Coverage) -> list[tuple[str, str]]:
    notes = [_unknown(), *_decisions(row.target for row in found.rows)]
    if found.area is not None:
        sure = _("How sure: %(sure)s.") % {"sure": found.area.get_verification_display()}
        notes.append(
            (_("The area"), " ".join(part for part in (found.area.note, found.area.source, sure) if part))
        )
    return [*notes, _sources()]


def _decisions(targets: Iterable[Target | None]) -> list[tuple[str, str]]:
    """Each target in words, and who adopted it, once."""
    named = {target.pk: target for target in targets if target}
    return [
        (
            f"{target.code} · {target.get_unit_kind_display()}",
            f"{target.text}. {_('Adopted by:')} {target.decision} ({target.source_year}).",
        )
        for target in sorted(named.values(), key=lambda target: (target.code, target.pk))
    ]


def _unknown() -> tuple[str, str]:
    said = _("A unit that nobody has reported for is unknown. It is never counted as a gap.")
    return _("Unknown"), said


def _sources() -> tuple[str, str]:
    return _("Names and codes"), "© Klimadatastyrelsen (DAWA), Danmarks Statistik"
