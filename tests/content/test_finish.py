"""The end of a module: what waits to be written, and what comes back, when and where."""

import datetime as dt

import pytest

from courses.domain import enrolment
from courses.domain.archiving import archive
from courses.domain.refreshers import turn
from courses.models import Edition
from tests.factories.courses import answer_all
from tests.files import soup, text

pytestmark = pytest.mark.django_db

WORDS = "kommer igen på Min side efter nogle dage, uger og måneder, næste gang den"


@pytest.fixture
def going(learner, kinds, noon):
    edition = Edition.objects.get(version__module__key=kinds.translation_key, language="da")
    return enrolment.begin(learner.person, edition=edition)


@pytest.fixture
def finish(going, learner, kinds, client):
    """Reads the end of the module that has every kind, which the learner has completed on 22 November."""
    client.force_login(learner)
    address = f"{kinds.url}afslut/"
    assert WORDS not in text(soup(client.get(address)).main)
    answer_all(going)
    enrolment.finish(going)

    def read():
        client.force_login(learner)  # months later, she has been logged out
        return soup(client.get(address)).main

    return read


def test_the_practice_task_and_the_reflection_are_listed_and_no_short_answer(finish, going):
    listed = [text(tag) for tag in finish().select(".content-texts a")]
    assert listed == ["Gør det på arbejdet", "Tænk efter"]
    assert "short_answer" in [block["kind"] for block in going.edition.items.values()]


def test_it_says_how_many_questions_come_back_when_and_where_they_are_turned_off(finish):
    page = finish()
    assert f"3 af spørgsmålene {WORDS} 25. november 2026." in text(page)
    assert page.select_one("a[href='/mit/genopfriskning/']")


def test_read_again_later_it_says_the_next_day_and_after_the_last_nothing(finish, noon):
    noon(dt.date(2026, 11, 25))
    assert f"{WORDS} 13. december 2026." in text(finish())
    noon(dt.date(2027, 2, 20))
    assert WORDS not in text(finish())


def test_nothing_is_promised_that_will_not_come(finish, going, learner):
    turn(learner.person, on=False)
    assert WORDS not in text(finish())
    turn(learner.person, on=True)
    archive(going.module, reason="En ny er kommet.", by=None)
    assert WORDS not in text(finish())
