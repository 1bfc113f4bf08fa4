"""A team: its people today × the domains of the framework, and the unit's key persons."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from certification.coverage import leaving
from competencies.models import Domain, Framework
from competencies.standing import Standing, standings
from courses.domain.assignments import Assigned
from courses.domain.practice import Awaiting
from organisations.days import today
from organisations.enums import Role
from organisations.models import Employment, OrgUnit, Person, RoleGrant

from .table import Table, Value, file_stem


@dataclass(frozen=True)
class TeamRow:
    """One who works there, where she stands, and her work there."""

    person: Person
    standing: Standing
    employments: list[Employment]


def people_of(unit: OrgUnit, *, profession: str = "") -> QuerySet[Person]:
    """Who works in the unit or under it today, by name; of one profession there, if a code is given."""
    work = work_in(unit)
    if profession:
        work = work.filter(profession__code=profession)
    people: QuerySet[Person] = Person.objects.filter(pk__in=work.values("person"))
    return people


def work_in(unit: OrgUnit) -> QuerySet[Employment]:
    """Today's employments in the unit or under it."""
    rows: QuerySet[Employment] = Employment.objects.current().in_units(OrgUnit.objects.under(unit))
    return rows


def employments_in(unit: OrgUnit, people: Iterable[Person]) -> dict[int, list[Employment]]:
    """Today's employments of these people in the unit or under it, by person; nothing of their other work."""
    work: dict[int, list[Employment]] = {}
    for row in work_in(unit).filter(person__in=people).select_related("unit", "profession"):
        work.setdefault(row.person_id, []).append(row)
    return work


def with_a_gap(people: Iterable[Person], *, domain: str = "") -> list[Person]:
    """Those of whom something is asked that isn't in place yet: in the domain with this code, or in any."""
    people = list(people)
    standing = standings(people)
    return [person for person in people if _lacks(standing[person.pk], domain)]


def _lacks(standing: Standing, domain: str) -> bool:
    return any(row.reached < row.required for row in standing.domains if domain in {"", row.domain.code})


def team_rows(unit: OrgUnit, people: Iterable[Person]) -> list[TeamRow]:
    """The rows of these people. A fixed number of queries."""
    people = list(people)
    standing = standings(people)
    work = employments_in(unit, people)
    return [TeamRow(person, standing[person.pk], work.get(person.pk, [])) for person in people]


def team_table(
    unit: OrgUnit, rows: list[TeamRow], *, framework: Framework | None, domains: list[Domain], chosen: str
) -> Table:
    """The rows, a line each. `chosen` says in words which people they are."""
    header = [_("Name"), _("Profession"), _("Unit")]
    for name in [pgettext("domains", "All"), *(domain.name for domain in domains)]:
        header += [
            _("%(domain)s: in place") % {"domain": name},
            _("%(domain)s: asked for") % {"domain": name},
        ]
    return Table(
        title=_("Team: %(unit)s") % {"unit": unit.name},
        name=file_stem("team", unit.name),
        sheet=_("Team"),
        on=today(),
        header=header,
        rows=[_line(row) for row in rows],
        notes=[(_("Who"), chosen), *_framework_notes(framework)],
    )


def _line(row: TeamRow) -> list[Value]:
    counts: list[Value] = [row.standing.reached, row.standing.required]
    for domain in row.standing.domains:
        counts += [domain.reached, domain.required]
    return [
        row.person.full_name,
        ", ".join(dict.fromkeys(work.profession.name for work in row.employments)),
        ", ".join(dict.fromkeys(work.unit.name for work in row.employments)),
        *counts,
    ]


def _framework_notes(framework: Framework | None) -> list[tuple[str, str]]:
    if framework is None:
        return []
    notes = [(_("Framework"), f"{framework.name}, {framework.version}")]
    if framework.is_proposal:
        said = _(
            "What is asked for comes from a proposed competency framework. No authority has approved it."
        )
        notes.append((_("Proposal"), said))
    return notes


def key_persons_of(unit: OrgUnit) -> list[RoleGrant]:
    """The appointments in the unit or under it today."""
    grants = RoleGrant.objects.active().with_role(Role.KEY_PERSON).in_units(OrgUnit.objects.under(unit))
    return list(grants.select_related("person", "unit"))


def key_persons_table(unit: OrgUnit, grants: list[RoleGrant]) -> Table:
    leaves = leaving(grants, on=today())
    return Table(
        title=_("Key persons: %(unit)s") % {"unit": unit.name},
        name=file_stem("noeglepersoner", unit.name),
        sheet=_("Key persons"),
        on=today(),
        header=[_("Name"), _("Key person of"), _("From"), _("Stops on")],
        rows=[
            [grant.person.full_name, str(grant.unit or ""), grant.starts_on, leaves.get(grant.pk)]
            for grant in grants
        ],
    )


def assigned_table(unit: OrgUnit, rows: list[Assigned]) -> Table:
    """What the unit's people are asked to take, a line each, and when it was completed."""
    return Table(
        title=_("Assigned modules in %(unit)s") % {"unit": unit.name},
        name=file_stem("tildelte-moduler", unit.name),
        sheet=_("Assigned modules"),
        on=today(),
        header=[
            _("Name"),
            _("Module"),
            _("Assigned by"),
            _("Assigned"),
            _("Wanted by"),
            _("A line that goes with it"),
            _("Completed"),
        ],
        rows=[
            [
                row.assignment.person.full_name,
                row.title,
                row.assignment.assigned_by.full_name if row.assignment.assigned_by else None,
                localdate(row.assignment.assigned_at),
                row.assignment.wanted_by,
                row.assignment.note,
                localdate(row.completed_at) if row.completed_at else None,
            ]
            for row in rows
        ],
    )


def waiting_table(awaiting: list[Awaiting]) -> Table:
    """Tasks that wait, without a word of what was written there: that is for whoever confirms it."""
    return Table(
        title=_("Practice tasks that wait"),
        name="praksisopgaver",
        sheet=_("Practice tasks"),
        on=today(),
        header=[_("Name"), _("Module"), _("Handed in")],
        rows=[[row.person.full_name, row.module_title, localdate(row.submitted_at)] for row in awaiting],
        notes=[
            (_("Left out"), _("What the learners wrote: it is read on the page, by whoever confirms it.")),
            (_("Left out"), _("Tasks that are sent back: they wait for the learners.")),
        ],
    )
