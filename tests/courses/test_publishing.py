"""Editions, versions, and what binds."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError

from courses.domain.publishing import TranslationOutdated, approve_version
from courses.grading import answer_key
from courses.models import Edition, ModuleVersion
from organisations.enums import Role
from tests.factories.courses import FIRST, publish, specification
from tests.factories.organisations import GrantFactory, PersonFactory

pytestmark = pytest.mark.django_db
KEY = uuid.UUID("11111111-1111-4111-8111-111111111111")


def test_the_first_publication_is_version_one_edition_one():
    assert publish(key=KEY).revision == "1.1"


def test_publishing_the_same_again_changes_nothing():
    first = publish(key=KEY)
    assert publish(key=KEY) == first
    assert Edition.objects.count() == 1


def test_a_correction_of_wording_is_a_new_edition_of_the_same_version():
    publish(key=KEY)
    assert publish(key=KEY, title="Se det i tide").revision == "1.2"


def test_another_substance_is_a_new_version():
    publish(key=KEY)
    assert publish(key=KEY, substance=["others"]).revision == "2.1"


def test_an_author_can_say_that_the_substance_changed_though_the_items_did_not():
    publish(key=KEY)
    assert publish(key=KEY, title="Nyt", new_version=True).revision == "2.1"


def test_a_translation_joins_the_version_and_counts_on():
    publish(key=KEY)
    assert publish(key=KEY, language="en", title="See it", decides_substance=False).revision == "1.2"


def test_a_translation_of_older_items_is_refused_and_nothing_is_published():
    publish(key=KEY, substance=["new"])
    with pytest.raises(TranslationOutdated):
        publish(key=KEY, language="en", substance=["old"], decides_substance=False)
    assert Edition.objects.count() == 1


def test_an_edition_keeps_its_words_when_the_next_is_published():
    first = publish(key=KEY, title="Før")
    publish(key=KEY, title="Efter")
    first.refresh_from_db()
    assert first.title == "Før"


def test_what_may_be_sent_holds_no_right_answer():
    edition = publish(key=KEY, grading={FIRST: specification("Hemmelig forklaring")})
    assert "Hemmelig" not in str(edition.content)
    assert "correct" not in str(edition.content)


def test_the_activity_iri_comes_from_the_base_and_the_key_and_never_from_a_host(settings):
    settings.ALLOWED_HOSTS = ["palliation.example"]
    module = publish(key=KEY).version.module
    assert module.iri == f"{settings.IRI_BASE}/modules/{KEY}"


def test_an_approval_is_of_one_version_only(noon):
    version = publish(key=KEY).version
    approve_version(version, by=GrantFactory(role=Role.CLINICAL_REVIEWER, unit=None).person)
    publish(key=KEY, new_version=True, title="Nyt")
    assert [row.is_approved for row in ModuleVersion.objects.order_by("number")] == [True, False]


def test_a_version_is_to_be_reviewed_within_36_months(noon):
    assert str(publish(key=KEY).version.review_due_on) == "2029-11-21"


@pytest.fixture
def reviewer(noon):
    return GrantFactory(role=Role.CLINICAL_REVIEWER, unit=None, person=PersonFactory()).person


def test_an_approval_moves_the_day_of_the_next_review(noon, reviewer):
    version = publish(key=KEY).version
    noon(dt.date(2027, 3, 1))
    approve_version(version, by=reviewer)
    version.refresh_from_db()
    assert str(version.review_due_on) == "2030-02-28"


def test_who_was_no_reviewer_on_the_day_approves_nothing(noon):
    version = publish(key=KEY).version
    began = GrantFactory(role=Role.CLINICAL_REVIEWER, unit=None, starts_on=dt.date(2026, 11, 22)).person
    for person, day in [(PersonFactory(), None), (began, dt.date(2026, 11, 21))]:
        with pytest.raises(ValidationError) as refused:
            approve_version(version, by=person, on=day)
        assert refused.value.code == "no_reviewer"
    assert not ModuleVersion.objects.get().is_approved


def test_an_older_approval_does_not_replace_a_newer_one(noon, reviewer):
    version = publish(key=KEY).version
    approve_version(version, by=reviewer)
    with pytest.raises(ValidationError) as refused:
        approve_version(version, by=reviewer, on=dt.date(2026, 11, 20))
    assert refused.value.code == "older"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({"kind": "single_choice", "correct": ["a"]}, {"kind": "single_choice", "correct": ["b"]}, False),
        (
            {"kind": "multiple_choice", "correct": ["a", "b"], "explanation": "Før"},
            {"kind": "multiple_choice", "correct": ["b", "a"], "explanation": "Efter"},
            True,
        ),
        ({"kind": "ordering", "correct": ["a", "b"]}, {"kind": "ordering", "correct": ["b", "a"]}, False),
        (
            {"kind": "branching_case", "choices": {"a": {"next": None, "end": "good", "reason": "Før"}}},
            {"kind": "branching_case", "choices": {"a": {"next": None, "end": "good", "reason": "Efter"}}},
            True,
        ),
        (
            {"kind": "branching_case", "choices": {"a": {"next": None, "end": "good"}}},
            {"kind": "branching_case", "choices": {"a": {"next": None, "end": "other"}}},
            False,
        ),
    ],
)
def test_the_key_of_an_answer_is_what_is_right_and_not_the_words(before, after, same):
    assert (answer_key(before) == answer_key(after)) is same


def test_a_title_is_the_newest_in_the_language_in_which_the_version_has_one():
    publish(key=KEY, title="Se det")
    publish(key=KEY, title="See it", language="en", decides_substance=False)
    publish(key=KEY, title="See it early", language="en", decides_substance=False)
    first = publish(key=KEY, title="Se det i tide").version
    titles = Edition.objects.titles
    assert (titles([first.pk], "da"), titles([first.pk], "en")) == (
        {first.pk: "Se det i tide"},
        {first.pk: "See it early"},
    )
    titles_of_modules = Edition.objects.titles_of_modules
    assert titles_of_modules([first.module_id], "en") == {first.module_id: "See it early"}
    newest = publish(key=KEY, title="Se det nu", new_version=True).version
    assert titles([first.pk, newest.pk], "en") == {first.pk: "See it early", newest.pk: "Se det nu"}
    assert titles_of_modules([first.module_id], "en") == {first.module_id: "Se det nu"}
