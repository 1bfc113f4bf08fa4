"""The way from the country's table to one municipality, on a desk and on a phone."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from organisations.enums import Role
from tests.conftest import DESK
from tests.factories.certification import TargetFactory
from tests.factories.organisations import (
    AreaFactory,
    AreaMembershipFactory,
    GrantFactory,
    OrgUnitFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_the_municipality_that_was_chosen_stands_open_and_clear_of_the_table_s_head(
    page, client, live_server, assert_accessible, width
):
    region = AreaFactory(name="Region Midtjylland")
    TargetFactory(area=region)
    for number in range(12):
        AreaMembershipFactory(area=region, unit=OrgUnitFactory(name=f"By {number:02} Kommune"))
    user = UserFactory()
    GrantFactory(person=user.person, role=Role.COORDINATOR, unit=None, area=region)
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.set_viewport_size(width)
    page.goto(reverse("reports:coverage"))
    page.get_by_role("link", name="By 09 Kommune").click()
    row = page.locator("tr:target")
    expect(row.get_by_text("Der er ingen udpeget nøgleperson.")).to_be_visible()
    assert page.locator("details[open]").count() == 1
    box = row.locator("summary").bounding_box()
    at_its_middle = "([x, y]) => document.elementFromPoint(x, y)?.closest('summary')?.textContent.trim()"
    middle = [box["x"] + 40, box["y"] + box["height"] / 2]
    assert page.evaluate(at_its_middle, middle) == "By 09 Kommune"
    assert_accessible(page)
