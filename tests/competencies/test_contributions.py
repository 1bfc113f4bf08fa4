"""What a module version can show."""

import pytest
from django.db import IntegrityError, transaction

from competencies.domain.contributions import ContributionSpec, ContributionsRefused, set_contributions
from competencies.enums import EarnedBy
from competencies.models import Contribution
from competencies.projections import EvidenceStage
from tests.factories.competencies import (
    CompletionFactory,
    ContributionFactory,
    EvidenceFactory,
    ModuleVersionFactory,
    load_framework,
)
from xapi.models import PendingLearner

pytestmark = pytest.mark.django_db

ANSWERS = ContributionSpec("IDE-1", 1, EarnedBy.ANSWERS)
PRACTICE = ContributionSpec("IDE-1", 2, EarnedBy.CONFIRMED_PRACTICE)


@pytest.fixture
def version():
    load_framework()
    return ModuleVersionFactory()


def stored(version):
    rows = Contribution.objects.filter(version=version).order_by("level")
    return list(rows.values_list("competency__code", "level", "earned_by"))


def test_contributions_are_set(version):
    set_contributions(version, contributions=[ANSWERS, PRACTICE])
    assert stored(version) == [("IDE-1", 1, "answers"), ("IDE-1", 2, "confirmed_practice_task")]


def test_the_same_again_changes_nothing_even_where_evidence_rests_on_them(version):
    set_contributions(version, contributions=[ANSWERS, PRACTICE])
    keys = set(Contribution.objects.values_list("pk", flat=True))
    EvidenceFactory(version=version)
    set_contributions(version, contributions=[PRACTICE, ANSWERS])
    assert set(Contribution.objects.values_list("pk", flat=True)) == keys


def test_others_replace_them_until_evidence_rests_on_them(version):
    set_contributions(version, contributions=[ANSWERS, PRACTICE])
    set_contributions(version, contributions=[ANSWERS])
    assert stored(version) == [("IDE-1", 1, "answers")]
    EvidenceFactory(version=version)
    with pytest.raises(ContributionsRefused, match=r"Publish a new version of the module instead\.$"):
        set_contributions(version, contributions=[PRACTICE])
    assert stored(version) == [("IDE-1", 1, "answers")]


def test_who_had_completed_the_version_waits_to_be_recomputed(version):
    completion = CompletionFactory(enrolment__edition__version=version)
    set_contributions(version, contributions=[ANSWERS])
    assert list(PendingLearner.objects.values_list("learner", flat=True)) == [completion.learner]
    EvidenceStage().project(completion.learner)
    assert len(EvidenceStage().rows(completion.learner)) == 1


@pytest.mark.parametrize(
    ("specs", "sentence"),
    [
        (
            [ContributionSpec("HEL-99", 1, EarnedBy.ANSWERS)],
            "“HEL-99” is not a competency of the framework in use. Correct the code.",
        ),
        (
            [ContributionSpec("IDE-1", 2, EarnedBy.ANSWERS)],
            "IDE-1: answers shows level 1 to 1, not 2. Correct it.",
        ),
        (
            [ContributionSpec("IDE-1", 3, EarnedBy.CONFIRMED_PRACTICE)],
            "IDE-1: confirmed_practice_task shows level 1 to 2, not 3. Correct it.",
        ),
        (
            [ContributionSpec("IDE-1", 0, EarnedBy.COURSE_OR_SIGN_OFF)],
            "IDE-1: course_or_sign_off shows level 1 to 3, not 0. Correct it.",
        ),
        (
            [ANSWERS, ANSWERS],
            "A competency stands there twice with the same way of earning it. Keep one.",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(version, specs, sentence):
    with pytest.raises(ContributionsRefused) as refused:
        set_contributions(version, contributions=specs)
    assert str(refused.value) == sentence
    assert stored(version) == []


def test_without_a_framework_it_says_to_import_one():
    with pytest.raises(ContributionsRefused, match="No framework is in use"):
        set_contributions(ModuleVersionFactory(), contributions=[ANSWERS])


@pytest.mark.parametrize(
    ("earned_by", "level", "fits"),
    [
        (EarnedBy.ANSWERS, 1, True),
        (EarnedBy.ANSWERS, 2, False),
        (EarnedBy.CONFIRMED_PRACTICE, 1, True),
        (EarnedBy.CONFIRMED_PRACTICE, 2, True),
        (EarnedBy.CONFIRMED_PRACTICE, 3, False),
        (EarnedBy.COURSE_OR_SIGN_OFF, 3, True),
        (EarnedBy.COURSE_OR_SIGN_OFF, 0, False),
        ("hearsay", 1, False),
    ],
)
def test_the_database_holds_what_earns_which_level(version, earned_by, level, fits):
    def store():
        with transaction.atomic():
            ContributionFactory(version=version, earned_by=earned_by, level=level)

    if fits:
        store()
    else:
        with pytest.raises(IntegrityError, match="contribution_level_fits_what_earns_it"):
            store()
    assert len(stored(version)) == fits
