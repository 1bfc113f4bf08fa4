"""The site with its module, loaded as an installation loads it."""

import pytest

from competencies.domain.framework import import_framework
from content import catalogue
from content.models import ModulePage
from organisations.enums import Role
from organisations.models import Profession
from tests.factories.competencies import load_professions, shipped_data
from tests.factories.organisations import EmploymentFactory, GrantFactory, OrgUnitFactory, UserFactory


@pytest.fixture
def module(db):
    """The Danish page of *Se det i tide*, published, with its English translation."""
    load_professions()
    import_framework(shipped_data(), source_name="the shipped file")
    index = catalogue.load_site(catalogue.read("site.json"))
    return catalogue.load_module(catalogue.read("modules/M02.json"), index=index)


@pytest.fixture
def english(module):
    return ModulePage.objects.get(translation_key=module.translation_key, locale__language_code="en")


@pytest.fixture
def learner(module):
    """The log-in of a SOSU assistant in a team."""
    user = UserFactory()
    EmploymentFactory(
        person=user.person,
        unit=OrgUnitFactory(),
        profession=Profession.objects.get(code="sosu_assistant"),
    )
    return user


@pytest.fixture
def educator(module):
    user = UserFactory()
    GrantFactory(person=user.person, role=Role.EDUCATOR, unit=None)
    return user
