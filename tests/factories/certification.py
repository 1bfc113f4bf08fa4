"""Targets, decisions and reports for tests. What has effects goes through the domain functions."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from certification.domain import education, key_persons, reporting, targets
from certification.enums import EducationKind
from certification.models import KeyPersonEducation, RelevanceDecision, Target, UnitReport
from organisations.enums import UnitKind
from organisations.models import OrgUnit, Person, RoleGrant
from tests.factories.organisations import (
    LONG_AGO,
    AreaFactory,
    EmploymentFactory,
    OrgUnitFactory,
    PersonFactory,
    ProfessionFactory,
)


class TargetFactory(DjangoModelFactory):
    """At least one nurse in each municipality, since LONG_AGO."""

    class Meta:
        model = Target

    area = factory.SubFactory(AreaFactory)
    code = "T1"
    unit_kind = UnitKind.MUNICIPALITY
    profession = factory.SubFactory(ProfessionFactory)
    minimum = 1
    text_da = "Mindst 1 nøglesygeplejerske i hver kommune"
    text_en = "At least 1 key nurse in every municipality"
    decision = targets.Decision(text_da="Vedtaget til prøven", text_en="Adopted for the test", year=2015)
    starts_on = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[Target], *args: Any, area: Any, **fields: Any) -> Target:
        return targets.adopt_target(area, **fields)


class RelevanceDecisionFactory(DjangoModelFactory):
    class Meta:
        model = RelevanceDecision

    unit = factory.SubFactory(OrgUnitFactory, kind=UnitKind.DEPARTMENT)
    is_relevant = True
    why = "Mange indlagte med livstruende sygdom"
    by = None
    starts_on = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[RelevanceDecision], *args: Any, unit: OrgUnit, **fields: Any):
        return reporting.decide_relevance(unit, **fields)


class UnitReportFactory(DjangoModelFactory):
    class Meta:
        model = UnitReport

    unit = factory.SubFactory(OrgUnitFactory)
    by = None
    as_of = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[UnitReport], *args: Any, unit: OrgUnit, **fields: Any) -> UnitReport:
        return reporting.report_unit(unit, **fields)


class EducationFactory(DjangoModelFactory):
    class Meta:
        model = KeyPersonEducation

    person = factory.SubFactory(PersonFactory)
    kind = EducationKind.KEY_PERSON_EDUCATION
    completed_on = LONG_AGO
    by = None

    @classmethod
    def _create(cls, model_class: type[KeyPersonEducation], *args: Any, person: Person, **fields: Any):
        return education.record_education(person, **fields)


def appointed_key_person(
    unit: OrgUnit, *, profession: str = "nurse", starts_on: dt.date = LONG_AGO, **name: str
) -> RoleGrant:
    """Somebody who works in the unit since LONG_AGO and is appointed its key person."""
    person = PersonFactory(**name)
    EmploymentFactory(person=person, unit=unit, profession=ProfessionFactory(code=profession))
    return key_persons.appoint(person, unit=unit, starts_on=starts_on, by=None)
