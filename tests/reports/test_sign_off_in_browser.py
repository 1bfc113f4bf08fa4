"""The form of a sign-off on a phone: the course is asked for where the confirmation rests on one."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories.competencies import load_framework
from tests.factories.reports import a_team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_course_is_asked_for_only_with_one_and_a_text_never_hides(
    page, client, live_server, assert_accessible
):
    load_framework()
    team = a_team()
    client.force_login(team.leader)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("reports:sign_off", args=[team.unit.public_id, team.assistant.public_id, "IDE-1"]))
    course = page.get_by_label("Hvilket kursus eller hvilken uddannelse, og hvor")
    expect(course).to_be_hidden()
    page.get_by_label("Kursus eller efteruddannelse").check(force=True)
    expect(course).to_be_visible()
    assert_accessible(page)
    course.fill("Nøglekursus i Viborg")
    page.get_by_label("Gennemgået i en samtale").check(force=True)
    expect(course).to_be_visible()
    page.locator("input[name=level]").first.check(force=True)
    page.get_by_role("button", name="Bekræft niveauet").click()
    expect(page.get_by_role("alert")).to_contain_text("Vælg et af dem ovenfor, eller slet teksten.")
    expect(course).to_have_value("Nøglekursus i Viborg")
