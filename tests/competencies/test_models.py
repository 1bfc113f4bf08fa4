"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from competencies.models import Evidence, ProfessionProfile
from organisations.models import Profession
from tests.factories.competencies import EvidenceFactory, load_framework

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({"kind": "profession", "profession": True, "role": ""}, True),
        ({"kind": "profession", "profession": False, "role": ""}, False),
        ({"kind": "profession", "profession": True, "role": "leader"}, False),
        ({"kind": "role", "profession": False, "role": "leader"}, True),
        ({"kind": "role", "profession": True, "role": "key_person"}, True),
        ({"kind": "role", "profession": True, "role": ""}, False),
    ],
)
def test_a_profile_is_of_a_profession_or_of_a_role(fields, fits):
    framework = load_framework()
    fields["profession"] = Profession.objects.get(code="nurse") if fields["profession"] else None

    def store():
        with transaction.atomic():
            ProfessionProfile.objects.create(framework=framework, code="NEW", **fields)

    if fits:
        store()
    else:
        with pytest.raises(IntegrityError, match="profile_kind_fits"):
            store()
    assert ProfessionProfile.objects.filter(code="NEW").count() == fits


def test_a_contribution_is_shown_once():
    load_framework()
    row = EvidenceFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceFactory(learner=row.learner, version=row.version)
    EvidenceFactory(learner=row.learner)
    assert Evidence.objects.count() == 2


def test_names_follow_the_language():
    framework = load_framework()
    level = framework.levels.get(number=2)
    with translation.override("da"):
        assert (level.name, str(framework.profiles.get(code="SSH"))) == (
            "Udøvende",
            "Social- og sundhedshjælper",
        )
    with translation.override("en"):
        assert (level.name, str(framework.profiles.get(code="SSH"))) == (
            "Practising",
            "Social and health care helper",
        )
