"""The site with its module, loaded as an installation loads it."""

import pytest
from django.conf import settings
from wagtail.signal_handlers import disable_reference_index_auto_update

from competencies.domain.framework import import_framework
from content import catalogue
from content.models import ModuleIndexPage, ModulePage
from courses.domain import enrolment
from courses.models import Edition
from organisations.enums import Role
from organisations.models import Profession
from tests.factories.competencies import load_professions, shipped_data
from tests.factories.editor import with_role
from tests.factories.kinds import every_kind
from tests.factories.organisations import EmploymentFactory, GrantFactory, OrgUnitFactory, UserFactory
from tests.snapshot import loaded_once


@pytest.fixture
def module(db):
    """The Danish page of *Se det i tide*, published, with its English translation."""
    return ModulePage.objects.get(pk=loaded_once(load_site_and_module))


def load_site_and_module():
    load_professions()
    import_framework(shipped_data(), source_name="the shipped file")
    with disable_reference_index_auto_update():  # half of the time, and nobody asks it here
        index = catalogue.load_site(catalogue.read("site.json"))
        return catalogue.load_module(catalogue.read("modules/M02.json"), index=index).pk


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


@pytest.fixture
def kinds(module):
    """The Danish page of a module that has every kind of activity."""
    return ModulePage.objects.get(pk=loaded_once(load_every_kind))


def load_every_kind():
    with disable_reference_index_auto_update():
        return catalogue.load_module(
            every_kind(), index=ModuleIndexPage.objects.get(locale__language_code="da")
        ).pk


@pytest.fixture
def item_of(kinds):
    """The id of the first item of a kind in that module's Danish edition."""
    edition = Edition.objects.get(version__module__key=kinds.translation_key, language="da")

    def item_of(kind):
        return next(item for item, block in edition.items.items() if block["kind"] == kind)

    return item_of


@pytest.fixture
def let_in(client, learner, kinds, live_server):
    """Lets a browser in as the learner, who has begun the module that has every kind."""
    edition = Edition.objects.get(version__module__key=kinds.translation_key, language="da")
    enrolment.begin(learner.person, edition=edition)
    client.force_login(learner)

    def let_in(context):
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return let_in


@pytest.fixture
def open_step(page, let_in, kinds):
    """Opens a step of that module in the browser."""
    let_in(page.context)
    return lambda number: page.goto(f"{kinds.url}trin/{number}/")


@pytest.fixture
def author(module, noon):
    return with_role(Role.EDUCATOR)


@pytest.fixture
def reviewer(module, noon):
    return with_role(Role.CLINICAL_REVIEWER)


@pytest.fixture
def publisher(module, noon):
    return with_role(Role.ADMINISTRATOR)
