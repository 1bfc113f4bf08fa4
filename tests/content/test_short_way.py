"""The short way through a module: how long it takes, for whoever solved its opening cases at once."""

from uuid import uuid4

import pytest

from content import catalogue
from courses.domain import answers, enrolment
from courses.grading import right_response
from courses.models import Edition
from tests.factories.kinds import every_kind
from tests.files import soup, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def opening(module, learner, client):
    """A module of seven steps of three minutes, the first of them opening cases, begun."""
    page = catalogue.load_module(every_kind(opening=1), index=module.get_parent().specific)
    edition = Edition.objects.get(version__module__key=page.translation_key, language="da")
    client.force_login(learner)
    return page, enrolment.begin(learner.person, edition=edition)


def right(going, item):
    return right_response(going.edition.grading[item], block=going.edition.items[item])


def solve(going):
    for item in going.edition.opening_items:
        answers.answer(going, item=item, response=right(going, item), token=uuid4())


def said(client, address):
    return text(soup(client.get(address)).main)


def test_the_minutes_left_are_those_of_the_short_way_once_it_is_open(opening, client):
    page, going = opening
    assert "21 minutter tilbage" in said(client, page.url)
    assert "21 minutter tilbage" in said(client, f"{page.url}trin/1/")
    solve(going)
    assert "3 minutter tilbage" in said(client, page.url)
    # This step, and the practice task's.
    assert "6 minutter tilbage" in said(client, f"{page.url}trin/1/")


def test_a_step_that_she_takes_all_the_same_counts_and_those_she_leaves_do_not(opening, client):
    page, going = opening
    solve(going)
    assert "6 minutter tilbage" in said(client, f"{page.url}trin/4/")


def test_whoever_needed_another_attempt_has_the_whole_way_before_her(opening, client):
    page, going = opening
    item = going.edition.opening_items[0]
    wrong = next(
        option["id"] for option in going.edition.items[item]["options"] if option["id"] != right(going, item)
    )
    answers.answer(going, item=item, response=wrong, token=uuid4())
    solve(going)
    assert "18 minutter tilbage" in said(client, page.url)
    assert "12 minutter tilbage" in said(client, f"{page.url}trin/4/")
