"""A day that is typed in the back office is kept as it was meant, or refused with how to write it."""

import datetime as dt

import pytest
from django.conf import settings
from django.forms import DateField
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.admin.widgets import AdminDateInput

from certification.forms import KeyPersonEducationForm, NewTargetForm, RelevanceDecisionForm, TargetForm
from content.models import ModulePage
from courses.forms import ApprovalForm, NewGuideForm
from organisations.enums import Role
from organisations.forms import (
    AreaForm,
    EmploymentForm,
    EndPlaceForm,
    GrantForm,
    NewEmploymentForm,
    NewGrantForm,
    NewPersonForm,
    NewUnitForm,
)
from organisations.models import Person
from tests.factories.organisations import GrantFactory, OrgUnitFactory, ProfessionFactory, UserFactory, log_in

pytestmark = pytest.mark.django_db
HOW = "Skriv dagen som 1-12-2026."
FORMS = [
    ApprovalForm,
    AreaForm,
    EmploymentForm,
    GrantForm,
    KeyPersonEducationForm,
    EndPlaceForm,
    NewEmploymentForm,
    NewGrantForm,
    NewGuideForm,
    NewPersonForm,
    NewTargetForm,
    NewUnitForm,
    RelevanceDecisionForm,
    TargetForm,
]


@pytest.mark.parametrize("form", FORMS)
def test_every_field_for_a_day_has_the_calendar_and_says_how_it_is_written(form):
    administrator = UserFactory()
    GrantFactory(person=administrator.person, role=Role.ADMINISTRATOR, unit=None)
    days = [field for field in form(for_user=administrator).fields.values() if isinstance(field, DateField)]
    assert days
    assert {type(field.widget) for field in days} == {AdminDateInput}
    assert all(str(field.help_text).endswith(HOW) for field in days)


def test_a_module_says_it_too():
    form = ModulePage.get_edit_handler().get_form_class()(instance=ModulePage(), for_user=UserFactory())
    assert str(form.fields["review_due_on"].help_text).endswith(HOW)
    assert "1-12-2026 14:30" in str(form.fields["go_live_at"].error_messages["invalid"])


def new_person(day):
    return {
        "given_name": "Anna",
        "family_name": "Berg",
        "unit": OrgUnitFactory().pk,
        "profession": ProfessionFactory().pk,
        "starts_on": day,
    }


@pytest.mark.parametrize("typed", ["01-12-2026", "1-12-2026", "1.12.2026", "1/12/2026", "2026-12-01"])
def test_a_day_is_read_as_danes_write_it(client, typed):
    log_in(client, role=Role.ADMINISTRATOR)
    client.post(reverse("person:add"), new_person(typed))
    assert Person.objects.get(given_name="Anna").employments.get().starts_on == dt.date(2026, 12, 1)


@pytest.mark.parametrize("typed", ["31-02-2026", "i morgen", "12-31-2026"])
def test_what_is_no_day_is_refused_with_how_to_write_one_and_stays_in_the_field(client, typed):
    log_in(client, role=Role.ADMINISTRATOR)
    refused = client.post(reverse("person:add"), new_person(typed))
    assert refused.context["form"].errors["starts_on"] == ["Det er ikke en dag. Skriv den som 1-12-2026."]
    assert f'value="{typed}"' in refused.content.decode()
    assert not Person.objects.filter(given_name="Anna").exists()


def test_leaving_the_field_changes_nothing_and_the_calendar_writes_a_danish_day(client, page, live_server):
    log_in(client, role=Role.ADMINISTRATOR)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(reverse("person:add"))
    field = page.locator("input[name=starts_on]")
    for typed in ("01-12-2026", "1.12.2026", "31-02-2026", "2026-12-01"):
        field.fill(typed)
        page.locator("input[name=given_name]").click()
        expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)
        expect(field).to_have_value(typed)
    field.fill("1.12.2026")
    page.locator("input[name=given_name]").click()
    field.click()
    page.locator(".xdsoft_datetimepicker:visible td[data-date='24'][data-month='11']").click()
    expect(field).to_have_value("24-12-2026")
