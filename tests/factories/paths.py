"""Modules that are meant for somebody, and paths of them."""

from courses.domain.paths import define_path
from courses.models import Edition, LearningPath
from organisations.models import Person
from tests.factories.courses import publish
from tests.factories.organisations import EmploymentFactory, ProfessionFactory


def module_for(*professions: str, title: str = "Modul", **kwargs) -> Edition:
    edition = publish(title=title, **kwargs)
    edition.content["professions"] = list(professions)
    edition.save(update_fields=["content"])
    return edition


def a_path(*editions: Edition, code="INTRO", professions=("nurse", "doctor"), **kwargs) -> LearningPath:
    return define_path(
        code=code,
        modules=[edition.version.module for edition in editions],
        professions=[ProfessionFactory(code=profession) for profession in professions],
        **{"name": ("Introduktion", "Introduction"), **kwargs},
    )


def somebody(profession="nurse", **fields) -> Person:
    return EmploymentFactory(profession=ProfessionFactory(code=profession), **fields).person
