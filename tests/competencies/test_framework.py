"""Importing the framework's file: all of it, or a sentence for everything that is wrong."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from competencies.domain.framework import FrameworkRefused, import_framework
from competencies.management.commands.import_framework import SHIPPED
from competencies.models import (
    Competency,
    CompetencyLevel,
    Domain,
    Framework,
    KeyPersonTask,
    Level,
    ProfessionProfile,
    RequiredLevel,
    RequiredLevelException,
)
from tests.factories.competencies import load_professions, shipped_data

pytestmark = pytest.mark.django_db

MODELS = [
    Framework,
    Level,
    Domain,
    Competency,
    CompetencyLevel,
    ProfessionProfile,
    RequiredLevel,
    RequiredLevelException,
    KeyPersonTask,
]


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


SHIPPED_COUNTS = {
    "Framework": 1,
    "Level": 3,
    "Domain": 10,
    "Competency": 43,
    "CompetencyLevel": 129,
    "ProfessionProfile": 15,
    "RequiredLevel": 150,
    "RequiredLevelException": 8,
    "KeyPersonTask": 6,
}


@pytest.fixture
def _professions():
    load_professions()


@pytest.mark.usefixtures("_professions")
def test_the_shipped_file_is_imported_whole():
    framework = import_framework(shipped_data(), source_name="framework.json")
    assert counts() == SHIPPED_COUNTS
    assert (framework.is_proposal, str(framework.review_due_on)) == (True, "2029-11-22")
    assert "Ingen myndighed har godkendt" in framework.status_da
    leader = framework.profiles.get(code="LED")
    assert (leader.kind, leader.role, leader.profession) == ("role", "leader", None)
    nurse = framework.profiles.get(code="SPL_KOM")
    assert (nurse.kind, nurse.role, nurse.profession.code, nurse.sectors) == (
        "profession",
        "",
        "nurse",
        ["municipality"],
    )
    task = KeyPersonTask.objects.get(code="NP-5")
    assert sorted(task.competencies.values_list("code", flat=True)) == ["ETI-2", "ETI-3", "PAA-3"]


@pytest.mark.usefixtures("_professions")
def test_importing_again_changes_nothing():
    first = import_framework(shipped_data(), source_name="framework.json")
    competencies = set(Competency.objects.values_list("pk", flat=True))
    # Another order of keys says the same.
    data = dict(reversed(shipped_data().items()))
    assert import_framework(data, source_name="framework.json") == first
    assert counts() == SHIPPED_COUNTS
    assert set(Competency.objects.values_list("pk", flat=True)) == competencies


@pytest.mark.usefixtures("_professions")
def test_the_same_version_with_other_content_is_refused():
    import_framework(shipped_data(), source_name="framework.json")
    data = shipped_data()
    data["domains"][0]["name_da"] = "Et andet navn"
    with pytest.raises(FrameworkRefused) as refused:
        import_framework(data, source_name="changed.json")
    assert refused.value.faults == [
        (
            "meta: version “0.1-forslag” is stored already, with other content. What was shown against it "
            "must keep its meaning: give the changed file a new “version”."
        )
    ]
    assert Domain.objects.filter(name_da="Et andet navn").count() == 0


@pytest.mark.usefixtures("_professions")
def test_a_new_version_ends_the_one_before():
    import_framework(shipped_data(), source_name="framework.json")
    data = shipped_data()
    data["meta"] |= {"version": "0.2", "date": "2027-06-01"}
    import_framework(data, source_name="framework.json")
    assert list(Framework.objects.order_by("starts_on").values_list("version", "ends_on")) == [
        ("0.1-forslag", dt.date(2027, 6, 1)),
        ("0.2", None),
    ]


@pytest.mark.usefixtures("_professions")
def test_a_new_version_with_an_earlier_date_is_refused():
    import_framework(shipped_data(), source_name="framework.json")
    data = shipped_data()
    data["meta"] |= {"version": "0.2", "date": "2026-11-22"}
    with pytest.raises(FrameworkRefused) as refused:
        import_framework(data, source_name="framework.json")
    assert refused.value.faults == [
        "meta: a version dated 2026-11-22 is stored. Give the new version a later “date”."
    ]


def drop_title(data):
    del data["competencies"][2]["title_da"]


def strange_domain(data):
    data["competencies"][0]["domain"] = "XYZ"


def strange_dimension(data):
    data["competencies"][0]["dimension"] = "faglig praksis"


def strange_profession(data):
    data["professional_groups"][0]["profession"] = "wizard"


def level_out_of_range(data):
    data["professional_groups"][1]["required_level_by_domain"]["SYM"] = 4


def level_that_is_true(data):
    data["professional_groups"][1]["required_level_by_domain"]["SYM"] = True


def domain_without_a_level(data):
    del data["role_overlays"][0]["required_level_by_domain"]["UDV"]


def slash_in_a_code(data):
    data["key_person"]["tasks"][0]["code"] = "NP/1"


def duplicate_competency(data):
    data["competencies"].append(data["competencies"][0])


def strange_task_competency(data):
    data["key_person"]["tasks"][0]["competencies_level_3"] = ["HEL-99"]


def strange_exception(data):
    data["required_level_exceptions"][0] |= {"group": "NOBODY", "competency": "HEL-99"}


def strange_sector(data):
    data["professional_groups"][0]["sectors"] = ["kommune"]


def role_without_a_role(data):
    data["role_overlays"][0]["role"] = None


def no_third_level(data):
    del data["competencies"][0]["levels"]["3"]


def no_english(data):
    data["competencies"][0]["levels"]["3"]["en"] = ""


def no_date(data):
    data["meta"]["date"] = "22. november 2026"


def review_in_five_years(data):
    data["meta"]["review_within_months"] = 60


def sources_in_a_list(data):
    data["meta"]["sources"] = ["REHPA-2026"]


def document_without_a_year(data):
    del data["meta"]["sources"]["documents"]["REHPA-2026"]["year"]


def no_tasks(data):
    del data["key_person"]["tasks"]


def no_domains(data):
    del data["domains"]


def domains_by_code(data):
    data["domains"] = {"HEL": data["domains"][0]}


@pytest.mark.usefixtures("_professions")
@pytest.mark.parametrize(
    ("spoil", "sentences"),
    [
        (drop_title, ["competencies no. 3 (HEL-3) has no “title_da”. Add it."]),
        (
            strange_domain,
            ["competencies no. 1 (HEL-1): the domain “XYZ” is unknown. Correct it, or add it to domains."],
        ),
        (
            strange_dimension,
            [
                (
                    "competencies no. 1 (HEL-1): the dimension “faglig praksis” is not one of frames, "
                    "practice, experience. Use one."
                )
            ],
        ),
        (
            strange_profession,
            [
                (
                    "professional_groups no. 1 (SPL_KOM): the profession “wizard” is unknown. "
                    "Correct it to one of clergy, doctor, gp_staff, nurse, occupational_therapist, "
                    "physiotherapist, psychologist, social_worker, sosu_assistant, sosu_helper."
                )
            ],
        ),
        (
            level_out_of_range,
            [
                (
                    "professional_groups no. 2 (SPL_HOSP), domain SYM: the level 4 is not 0, 1, 2 or 3. "
                    "Correct it."
                )
            ],
        ),
        (
            level_that_is_true,
            [
                (
                    "professional_groups no. 2 (SPL_HOSP), domain SYM: the level True is not 0, 1, 2 or 3. "
                    "Correct it."
                )
            ],
        ),
        (
            domain_without_a_level,
            [
                (
                    "role_overlays no. 1 (NP_SPL) has no level for the domain UDV. Add it, 0 if nothing "
                    "is required."
                )
            ],
        ),
        (
            slash_in_a_code,
            ["key_person.tasks: “NP/1” holds a “/”, and a code stands in addresses. Write another sign."],
        ),
        (
            duplicate_competency,
            ["competencies: “HEL-1” stands there twice. Remove one, or give it a code of its own."],
        ),
        (
            strange_task_competency,
            [
                (
                    "key_person.tasks no. 1 (NP-1): the competency “HEL-99” is unknown. Correct it, or add "
                    "it to competencies."
                )
            ],
        ),
        (
            strange_exception,
            [
                (
                    "required_level_exceptions no. 1 (NOBODY, HEL-99): the professional group “NOBODY” is "
                    "unknown. Correct it, or add it to professional_groups."
                ),
                (
                    "required_level_exceptions no. 1 (NOBODY, HEL-99): the competency “HEL-99” is unknown. "
                    "Correct it, or add it to competencies."
                ),
            ],
        ),
        (
            strange_sector,
            [
                (
                    "professional_groups no. 1 (SPL_KOM): the sector “kommune” is not one of municipality, "
                    "hospital, general_practice, hospice. Use one."
                )
            ],
        ),
        (
            role_without_a_role,
            [
                (
                    "role_overlays no. 1 (NP_SPL): the role “None” is not one of leader, deputy, key_person, "
                    "coordinator, educator, clinical_reviewer, local_editor, administrator. Use one."
                )
            ],
        ),
        (
            no_third_level,
            ["competencies no. 1 (HEL-1): levels must be 1, 2 and 3. Add or remove texts until they are."],
        ),
        (
            no_english,
            ["competencies no. 1 (HEL-1): level 3 lacks its text in “da” or “en”. Write both."],
        ),
        (no_date, ["meta: “22. november 2026” is not a date. Write it as 2026-11-22."]),
        (
            review_in_five_years,
            ["meta: review_within_months is 60. A framework is reviewed within 1 to 36 months."],
        ),
        (
            sources_in_a_list,
            [
                (
                    "meta: “sources” is not an object with “documents”. Write each document under a key "
                    "of its own."
                )
            ],
        ),
        (document_without_a_year, ["meta.sources.documents REHPA-2026 has no “year”. Add it."]),
        (no_tasks, ["key_person has no “tasks”. Add the list, empty if there are none."]),
        (no_domains, ["The file has no “domains”. Add it at the top level."]),
        (domains_by_code, ["domains is not a list. Write it as a list of objects."]),
    ],
)
def test_a_file_with_a_fault_is_refused_with_a_sentence_and_nothing_is_written(spoil, sentences):
    data = shipped_data()
    spoil(data)
    with pytest.raises(FrameworkRefused) as refused:
        import_framework(data, source_name="framework.json")
    assert refused.value.faults == sentences
    assert counts() == dict.fromkeys(SHIPPED_COUNTS, 0)


@pytest.mark.usefixtures("_professions")
def test_every_fault_is_told_at_once():
    data = shipped_data()
    strange_domain(data)
    level_out_of_range(data)
    no_date(data)
    with pytest.raises(FrameworkRefused) as refused:
        import_framework(data, source_name="framework.json")
    assert len(refused.value.faults) == 3


@pytest.mark.usefixtures("_professions")
@pytest.mark.parametrize("data", [None, [], "framework", 3])
def test_a_file_that_is_no_object_is_refused(data):
    with pytest.raises(FrameworkRefused) as refused:
        import_framework(data, source_name="framework.json")
    assert refused.value.faults == [
        "The file is not a JSON object. Take the shipped framework.json as the pattern."
    ]


@pytest.mark.usefixtures("_professions")
def test_the_command_takes_the_shipped_file_when_none_is_named():
    out = StringIO()
    call_command("import_framework", stdout=out)
    assert out.getvalue() == (f"{Framework.objects.get().name} (0.1-forslag): 10 domains.\n")


@pytest.mark.usefixtures("_professions")
def test_a_file_that_an_editor_on_windows_has_saved_is_read(tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(shipped_data(), ensure_ascii=False), encoding="utf-8-sig")
    call_command("import_framework", str(file), stdout=StringIO())
    assert counts() == SHIPPED_COUNTS


@pytest.mark.usefixtures("_professions")
def test_the_command_says_where_and_what(tmp_path):
    file = tmp_path / "mine.json"
    data = shipped_data()
    drop_title(data)
    file.write_text(json.dumps(data))
    with pytest.raises(CommandError) as refused:
        call_command("import_framework", str(file))
    assert str(refused.value) == (
        "mine.json was not imported:\ncompetencies no. 3 (HEL-3) has no “title_da”. Add it."
    )


def test_the_command_says_that_a_file_is_missing_or_no_json(tmp_path):
    with pytest.raises(CommandError, match=r"can't be read: No such file or directory\.$"):
        call_command("import_framework", str(tmp_path / "nowhere.json"))
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(CommandError, match=r"bad\.json is not JSON: "):
        call_command("import_framework", str(tmp_path / "bad.json"))


def test_without_the_professions_the_shipped_file_says_to_load_the_reference_data():
    with pytest.raises(FrameworkRefused) as refused:
        import_framework(shipped_data(), source_name="framework.json")
    assert refused.value.faults[0] == (
        "professional_groups no. 1 (SPL_KOM): the profession “nurse” is unknown. Load the reference data "
        "first."
    )


def test_the_shipped_file_names_documents_and_never_files():
    text = SHIPPED.read_text(encoding="utf-8")
    assert (text.count(".txt"), text.count('"seed'), text.count("003")) == (0, 0, 0)
    documents = set(shipped_data()["meta"]["sources"]["documents"])
    cited = {
        source["document"]
        for competency in shipped_data()["competencies"]
        for source in competency["source"]
        if source["type"] == "document"
    }
    assert cited <= documents
