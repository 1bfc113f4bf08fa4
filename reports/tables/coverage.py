"""Coverage in sentences: counts first, each in words of its own."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from certification.coverage import TargetCoverage
from organisations.enums import UnitKind


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
        said.append(
            _("%(covered)s of %(number)s %(units)s covered")
            % {
                "covered": of_target.covered,
                "number": number,
                "units": units_in_words(number, of_target.unit_kind, relevant=relevant),
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
    if of_target.at_risk:
        said.append(
            ngettext(
                "%(number)s of them is at risk within 90 days",
                "%(number)s of them are at risk within 90 days",
                of_target.at_risk,
            )
            % {"number": of_target.at_risk}
        )
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
