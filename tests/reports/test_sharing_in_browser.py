"""Sharing and support on a narrow phone and on a desk, as axe sees them; shared and taken back by hand."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from courses.domain import sharing, support
from courses.models import FreeText
from organisations.enums import Role
from tests.conftest import DESK
from tests.factories.competencies import load_framework
from tests.factories.organisations import GrantFactory, UserFactory
from tests.factories.reports import REFLECTION, a_team, complete, hand_in, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}


def test_a_reflection_is_shared_read_and_taken_back_on_a_phone(page, client, live_server, assert_accessible):
    load_framework()
    team = a_team()
    complete(team.assistant, publish())
    hand_in(team.assistant, publish("Sorg"))
    learner, colleague = UserFactory(person=team.assistant), UserFactory(person=team.nurse)
    educator = UserFactory(person=GrantFactory(role=Role.EDUCATOR, unit=None).person)
    reflection = FreeText.objects.get(kind="reflection")
    task = FreeText.objects.get(kind="practice_task")

    def log_in(user):
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    def look():
        for width in (DESK, NARROW):
            page.set_viewport_size(width)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]

    log_in(learner)
    page.goto(reverse("reports:share_text", args=[reflection.public_id]))
    look()
    page.get_by_label("Din leder i Hjemmeplejen Nord: Lone Leder").check(force=True)
    page.get_by_role("button", name="Del den").click()
    taken_back = page.get_by_role("button", name="Fortryd delingen")
    expect(taken_back).to_be_visible()
    look()
    page.goto(reverse("reports:ask_colleague", args=[task.public_id]))
    page.get_by_label("Hvilken kollega?").select_option(label="Signe Sygeplejerske")
    page.get_by_role("button", name="Spørg", exact=True).click()
    expect(page.get_by_role("button", name="Træk spørgsmålet til Signe tilbage")).to_be_visible()
    look()

    log_in(colleague)
    page.goto(reverse("reports:support"))
    look()
    page.get_by_role("button", name="Ja, Anna har lavet opgaven").click()
    expect(page.get_by_text("Ingen kollega beder om din støtte lige nu.")).to_be_visible()

    log_in(team.leader)
    page.goto(reverse("reports:shared"))
    expect(page.get_by_text(REFLECTION)).to_be_visible()
    look()
    page.goto(reverse("reports:confirm"))
    expect(page.get_by_text("Støttet af en kollega: Signe Sygeplejerske")).to_be_visible()
    look()

    sharing.share(reflection, with_whom=sharing.choices_for(team.assistant)[-1])
    log_in(educator)
    page.goto(reverse("reports:shared"))
    expect(page.get_by_role("heading", name="Delt uden navn")).to_be_visible()
    expect(page.get_by_text(REFLECTION)).to_be_visible()
    look()

    log_in(learner)
    page.goto(reverse("reports:share_text", args=[reflection.public_id]))
    page.get_by_role("button", name="Fortryd delingen: Din leder").click()
    expect(page.get_by_text("Den er taget tilbage.")).to_be_visible()
    log_in(team.leader)
    page.goto(reverse("reports:shared"))
    expect(page.get_by_text("Der er ikke delt noget med dig lige nu.")).to_be_visible()
    assert len(support.supports_of([task.enrolment_id])) == 1
