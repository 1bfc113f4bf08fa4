import datetime as dt
import json
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from certification.domain import agreement
from certification.domain.agreement import AgreementError, load_agreement
from certification.domain.targets import Decision, adopt_target, end_target
from certification.models import Target
from organisations.enums import UnitKind
from tests.factories.certification import TargetFactory
from tests.factories.organisations import AreaFactory, ProfessionFactory

pytestmark = pytest.mark.django_db
DECISION = Decision(text_da="Regionsrådet", text_en="The regional council", year=2025)


@pytest.fixture
def midtjylland():
    ProfessionFactory(code="nurse")
    ProfessionFactory(code="doctor")
    return AreaFactory(code="region-midtjylland", name="Region Midtjylland")


def adopt(area, **fields):
    return adopt_target(
        area,
        **{
            "code": "T1",
            "unit_kind": UnitKind.MUNICIPALITY,
            "profession": ProfessionFactory(),
            "minimum": 1,
            "text_da": "Mindst 1",
            "text_en": "At least 1",
            "decision": DECISION,
            "starts_on": dt.date(2025, 1, 1),
            **fields,
        },
    )


def test_adopting_the_same_target_twice_is_once():
    area = AreaFactory()
    assert adopt(area) == adopt(area)
    assert Target.objects.count() == 1


def test_a_target_may_follow_one_that_has_ended():
    area = AreaFactory()
    first = adopt(area, ends_on=dt.date(2026, 1, 1))
    second = adopt(area, minimum=2, starts_on=dt.date(2026, 1, 1))
    assert list(Target.objects.all()) == [first, second]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"minimum": 2}, "target_overlaps"),
        ({"starts_on": dt.date(2030, 1, 1)}, "target_overlaps"),
        ({"code": "T9", "minimum": 0}, "target_minimum"),
        ({"code": "T9", "unit_kind": "planet"}, "target_level"),
        ({"code": "T9", "decision": Decision(text_da=" ", text_en="", year=2025)}, "target_without_decision"),
        ({"code": "T9", "ends_on": dt.date(2025, 1, 1)}, "target_interval"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(fields, code):
    area = AreaFactory()
    adopt(area)
    with pytest.raises(ValidationError) as refusal:
        adopt(area, **fields)
    assert refusal.value.code == code
    assert Target.objects.count() == 1


def test_a_target_for_a_profession_without_key_persons_is_refused():
    with pytest.raises(ValidationError) as refusal:
        adopt(AreaFactory(), profession=ProfessionFactory(code="clergy"))
    assert refusal.value.code == "target_profession"


def test_a_target_ends_once_and_stays_as_history():
    target = TargetFactory()
    end_target(target, on=dt.date(2026, 1, 1))
    target.refresh_from_db()
    assert target.ends_on == dt.date(2026, 1, 1)
    with pytest.raises(ValidationError) as refusal:
        end_target(target, on=dt.date(2027, 1, 1))
    assert refusal.value.code == "target_ended"
    with pytest.raises(ValidationError) as refusal:
        end_target(target, on=target.starts_on)
    assert refusal.value.code == "target_interval"


def test_the_agreements_targets_are_loaded_as_history_each_naming_its_level(midtjylland):
    assert load_agreement() == (5, 0)
    assert list(
        Target.objects.order_by("code", "unit_kind").values_list(
            "code", "unit_kind", "profession__code", "minimum", "relevant_only", "source_year"
        )
    ) == [
        ("T1", "municipality", "nurse", 1, False, 2011),
        ("T2", "department", "nurse", 1, True, 2011),
        ("T3", "department", "doctor", 1, True, 2011),
        ("T4", "municipality", "nurse", None, False, 2011),
        ("T4", "ward", "nurse", None, False, 2011),
    ]
    days = set(Target.objects.values_list("area__code", "starts_on", "ends_on"))
    assert days == {("region-midtjylland", dt.date(2011, 1, 1), dt.date(2015, 1, 1))}


def test_each_target_names_the_decision_that_adopted_it(midtjylland):
    load_agreement()
    named = "Sundhedsaftale om samarbejde om den palliative indsats, 2011–2014"
    assert [named in target.decision_da for target in Target.objects.all()] == [True] * 5


def test_the_command_may_run_again_and_leaves_what_is_there(midtjylland):
    load_agreement()
    kept = Target.objects.get(code="T1")
    end_target(kept, on=dt.date(2013, 1, 1))
    out = StringIO()
    call_command("load_targets", stdout=out)
    assert out.getvalue() == "Targets: 0 loaded, 5 already there.\n"
    kept.refresh_from_db()
    assert kept.ends_on == dt.date(2013, 1, 1)


def test_the_command_says_what_is_missing_before_the_reference_data():
    with pytest.raises(CommandError, match="Run load_reference_data first"):
        call_command("load_targets")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"area": "region-atlantis"}, "region-atlantis"),
        ({"minimum": 0}, "targets.json: "),
        ({"profession": "clergy"}, "Run load_reference_data"),
        ({"levels": ["planet"]}, "planet"),
        ({"text_da": None}, "lacks the field 'text_da'"),
        ({"starts_on": "1. januar"}, "1. januar"),
    ],
)
def test_a_broken_file_is_refused_whole_with_a_sentence(midtjylland, tmp_path, change, sentence):
    data = json.loads(agreement.AGREEMENT.read_text())
    for key, value in change.items():
        place = data if key in data else data["targets"][1]
        if value is None:
            del place[key]
        else:
            place[key] = value
    path = tmp_path / "targets.json"
    path.write_text(json.dumps(data))
    with pytest.raises(AgreementError) as refusal:
        load_agreement(path)
    assert sentence in str(refusal.value)
    assert Target.objects.count() == 0


def test_a_file_that_is_no_json_is_refused(tmp_path):
    path = tmp_path / "targets.json"
    path.write_text("{")
    with pytest.raises(AgreementError, match="can't be read"):
        load_agreement(path)
