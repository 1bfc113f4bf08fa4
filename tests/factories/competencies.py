"""The framework, and what a module version shows of it, for tests."""

import copy
import datetime as dt
import json
import uuid
from typing import Any

import factory
from factory.django import DjangoModelFactory

from competencies.domain.framework import import_framework
from competencies.enums import EarnedBy
from competencies.management.commands.import_framework import SHIPPED
from competencies.models import Competency, Contribution, Evidence, Framework
from courses.models import Completion, Confirmation, Edition, Enrolment, Module, ModuleVersion
from organisations.models import Profession
from tests.factories.organisations import PersonFactory, ProfessionFactory
from tests.snapshot import loaded_once

SHIPPED_DATA: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
PROFESSIONS = sorted(
    {row["profession"] for row in SHIPPED_DATA["professional_groups"] if row["profession"]} | {"doctor"}
)
A_NOON = dt.datetime(2026, 11, 22, 11, tzinfo=dt.UTC)


def shipped_data() -> dict[str, Any]:
    """A copy of the shipped file, to be changed at will."""
    return copy.deepcopy(SHIPPED_DATA)


def load_professions() -> dict[str, Profession]:
    return {code: ProfessionFactory(code=code) for code in PROFESSIONS}


def load_framework() -> Framework:
    """The shipped framework, with the professions that it speaks of; in use since 2015."""
    return Framework.objects.get(pk=loaded_once(_load_framework))


def _load_framework() -> int:
    load_professions()
    framework = import_framework(shipped_data(), source_name="framework.json")
    framework.starts_on = dt.date(2015, 1, 1)
    framework.save(update_fields=["starts_on"])
    return framework.pk


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    key = factory.LazyFunction(uuid.uuid4)
    code = factory.Sequence(lambda n: f"T{n}")
    iri = factory.LazyAttribute(lambda o: f"https://lindra.example/id/modules/{o.key}")


class ModuleVersionFactory(DjangoModelFactory):
    class Meta:
        model = ModuleVersion

    module = factory.SubFactory(ModuleFactory)
    number = 1
    published_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    review_due_on = dt.date(2028, 12, 31)


class EditionFactory(DjangoModelFactory):
    """A Danish edition with one practice task, `task`."""

    class Meta:
        model = Edition

    version = factory.SubFactory(ModuleVersionFactory)
    number = 1
    language = "da"
    title = "Se det i tide"
    content = factory.LazyFunction(
        lambda: {
            "steps": [
                {
                    "title": "Opgave",
                    "blocks": [
                        {
                            "id": "task",
                            "item": True,
                            "kind": "practice_task",
                            "name": "Praksisopgave",
                            "text": "Brug skemaet med en kollega.",
                        }
                    ],
                }
            ]
        }
    )
    grading = factory.LazyFunction(dict)
    published_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory)
    edition = factory.SubFactory(EditionFactory)
    module = factory.LazyAttribute(lambda o: o.edition.version.module)
    started_at = A_NOON
    is_open = False


class CompletionFactory(DjangoModelFactory):
    """A derived row, as the courses' stage would have left it."""

    class Meta:
        model = Completion

    enrolment = factory.SubFactory(EnrolmentFactory)
    version = factory.LazyAttribute(lambda o: o.enrolment.edition.version)
    learner = factory.LazyAttribute(lambda o: o.enrolment.person.pseudonym)
    completed_at = A_NOON
    statement = factory.LazyFunction(uuid.uuid4)


class ConfirmationFactory(DjangoModelFactory):
    class Meta:
        model = Confirmation

    enrolment = factory.SubFactory(EnrolmentFactory)
    version = factory.LazyAttribute(lambda o: o.enrolment.edition.version)
    learner = factory.LazyAttribute(lambda o: o.enrolment.person.pseudonym)
    item = "task"
    confirmed_by = factory.LazyFunction(lambda: PersonFactory().pseudonym)
    confirmed_at = A_NOON
    statement = factory.LazyFunction(uuid.uuid4)


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = Contribution

    version = factory.SubFactory(ModuleVersionFactory)
    competency = factory.LazyFunction(lambda: Competency.objects.get(code="IDE-1"))
    level = 1
    earned_by = EarnedBy.ANSWERS


class EvidenceFactory(DjangoModelFactory):
    """Something shown, in a version of its own unless one is given."""

    class Meta:
        model = Evidence

    learner = factory.LazyFunction(uuid.uuid4)
    competency = factory.LazyFunction(lambda: Competency.objects.get(code="IDE-1"))
    level = 1
    earned_by = EarnedBy.ANSWERS
    version = factory.SubFactory(ModuleVersionFactory)
    shown_at = A_NOON
    statement = factory.LazyFunction(uuid.uuid4)
