import datetime as dt
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from organisations.domain.reference import DATA, load_reference_data
from organisations.domain.units import correct_place, move_unit, rebuild_ancestry
from organisations.enums import AreaKind, UnitKind, Verification
from organisations.models import Area, AreaMembership, OrgUnit, Profession, UnitParent
from tests.factories.organisations import AreaMembershipFactory, OrgUnitFactory
from tests.snapshot import loaded_once

pytestmark = pytest.mark.django_db

NOW = dt.date(2026, 11, 22)
REFORM = dt.date(2027, 1, 1)
DAY_AFTER = dt.date(2027, 1, 2)


@pytest.fixture
def loaded():
    return loaded_once(load_reference_data)


@pytest.fixture
def folder(tmp_path):
    """A copy of the files, to be spoilt."""
    for path in DATA.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


def names(units):
    return sorted(unit.name for unit in units)


def area(code):
    return Area.objects.get(code=code)


def replace(folder, file, old, new, count=1):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def refusal(folder):
    """The problems that the command names; nothing may have been written."""
    with pytest.raises(CommandError) as error:
        call_command("load_reference_data", "--data", str(folder))
    assert not OrgUnit.objects.exists()
    assert not Area.objects.exists()
    assert not Profession.objects.exists()
    first, *problems = str(error.value).split("\n")
    assert first == "Nothing was loaded. Put this right and load again:"
    return [problem.strip() for problem in problems]


# --- What is there ------------------------------------------------------------------------------


def test_the_country_is_there(loaded):
    def count(kind):
        return OrgUnit.objects.of_kind(kind).count()

    assert count(UnitKind.MUNICIPALITY) == 98
    assert count(UnitKind.REGION) == 6
    assert count(UnitKind.HOSPITAL) == 5
    assert count(UnitKind.HOSPICE) == 4
    assert count(UnitKind.WARD) == 4
    assert count(UnitKind.DEPARTMENT) == 10
    assert Area.objects.of_kind(AreaKind.HEALTH_COUNCIL).count() == 17
    assert Area.objects.of_kind(AreaKind.CLUSTER).count() == 5
    assert Profession.objects.count() == 10


def test_a_municipality_says_what_it_is_and_how_sure_that_is(loaded):
    aarhus = OrgUnit.objects.get(code="municipality-751")
    assert (aarhus.name, aarhus.official_name, aarhus.cvr) == ("Aarhus", "Aarhus Kommune", "55133018")
    assert aarhus.municipality_code == "751"
    assert aarhus.population > 350_000
    assert aarhus.verification == Verification.CROSS_CHECKED


def test_professions_are_the_registers(loaded):
    codes = dict(Profession.objects.values_list("code", "authorisation_education_code"))
    assert codes == {
        "nurse": "5166",
        "doctor": "7170",
        "sosu_assistant": "5152",
        "sosu_helper": "",
        "physiotherapist": "5151",
        "occupational_therapist": "5153",
        "social_worker": "",
        "psychologist": "",
        "clergy": "",
        "gp_staff": "",
    }


def test_before_the_reform_there_are_five_regions_and_after_it_four(loaded):
    def regions(day):
        rows = Area.objects.of_kind(AreaKind.REGION).existing(on=day)
        return {
            row.name: OrgUnit.objects.of_kind(UnitKind.MUNICIPALITY).in_area(row, on=day).count()
            for row in rows
        }

    assert regions(dt.date(2026, 12, 31)) == {
        "Region Hovedstaden": 29,
        "Region Midtjylland": 19,
        "Region Nordjylland": 11,
        "Region Sjælland": 17,
        "Region Syddanmark": 22,
    }
    after = {
        "Region Midtjylland": 19,
        "Region Nordjylland": 11,
        "Region Syddanmark": 22,
        "Region Østdanmark": 46,
    }
    assert regions(REFORM) == after
    assert regions(DAY_AFTER) == after
    assert area("region-oestdanmark").region_code == ""


def test_the_employers_called_region_change_with_the_reform_too(loaded):
    def regions(day):
        return names(OrgUnit.objects.of_kind(UnitKind.REGION).existing(on=day))

    assert len(regions(NOW)) == 5
    assert "Region Østdanmark" not in regions(NOW)
    assert regions(DAY_AFTER) == [
        "Region Midtjylland",
        "Region Nordjylland",
        "Region Syddanmark",
        "Region Østdanmark",
    ]


def test_health_councils_begin_with_the_reform_and_hold_each_municipality_once(loaded):
    councils = Area.objects.of_kind(AreaKind.HEALTH_COUNCIL)
    assert councils.existing(on=NOW).count() == 0
    assert not OrgUnit.objects.in_area(councils, on=NOW).exists()
    assert councils.existing(on=DAY_AFTER).count() == 17
    held = AreaMembership.objects.filter(area__in=councils).values_list("unit__code", flat=True)
    assert len(held) == 98
    assert len(set(held)) == 98


def test_ikast_brande_is_in_two_clusters_while_the_agreement_says_so(loaded):
    ikast = OrgUnit.objects.get(code="municipality-756")

    def clusters(day):
        return {
            row.code
            for row in Area.objects.of_kind(AreaKind.CLUSTER)
            if OrgUnit.objects.in_area(row, on=day).contains(ikast)
        }

    assert clusters(dt.date(2011, 1, 1)) == {"klynge-vest", "klynge-horsens"}
    assert clusters(dt.date(2014, 12, 31)) == {"klynge-vest", "klynge-horsens"}
    assert clusters(NOW) == {"klynge-vest"}
    assert clusters(REFORM) == set()
    notes = ikast.area_memberships.filter(area__kind=AreaKind.CLUSTER).values_list("note", flat=True)
    assert len(notes) == 2
    assert all(note.startswith("Aftalen har Ikast-Brande i både") for note in notes)


def test_a_cluster_is_its_municipalities_and_its_hospital_with_all_that_lies_under_it(loaded):
    assert names(OrgUnit.objects.in_area(area("klynge-horsens"), on=NOW)) == [
        "Hedensted",
        "Horsens",
        "Odder",
        "Regionshospitalet Horsens",
        "Sengeafdeling for Kvindesygdomme og Fødsler",
        "Skanderborg",
    ]


def test_what_a_part_of_a_hospital_is_stands_in_its_name(loaded):
    wards = OrgUnit.objects.of_kind(UnitKind.WARD)
    assert names(wards) == [
        "Afsnit for Kvindesygdomme",
        "Blodsygdomme Sengeafsnit",
        "Neurologisk Afsnit",
        "Sengeafdeling for Kvindesygdomme og Fødsler",
    ]
    assert {ward.parent_links.get().parent.kind for ward in wards} == {UnitKind.HOSPITAL}


def test_hospitals_lie_under_the_region_and_hospices_only_in_its_area(loaded):
    region = OrgUnit.objects.get(code="region-1082")
    hospitals = OrgUnit.objects.of_kind(UnitKind.HOSPITAL)
    hospices = OrgUnit.objects.of_kind(UnitKind.HOSPICE)
    under = OrgUnit.objects.under(region, on=NOW)
    assert set(under.of_kind(UnitKind.HOSPITAL)) == set(hospitals)
    assert under.of_kind(UnitKind.HOSPICE).count() == 0
    inside = OrgUnit.objects.in_area(area("region-midtjylland"), on=NOW)
    assert set(inside.of_kind(UnitKind.HOSPICE)) == set(hospices)
    assert set(inside.of_kind(UnitKind.HOSPITAL)) == set(hospitals)


def test_the_ancestry_is_what_a_rebuild_would_make_it(loaded):
    assert rebuild_ancestry() == 0


# --- Again --------------------------------------------------------------------------------------


def test_the_second_load_changes_nothing(loaded):
    assert loaded["created"] == 460
    again = load_reference_data()
    assert (again["created"], again["updated"], again["removed"]) == (0, 0, 0)
    assert again["unchanged"] == 460


def test_the_command_says_what_it_did():
    out = StringIO()
    call_command("load_reference_data", stdout=out)
    call_command("load_reference_data", stdout=out)
    assert out.getvalue().splitlines() == [
        "Reference data: 460 created, 0 updated, 0 removed, 0 unchanged.",
        "Reference data: 0 created, 0 updated, 0 removed, 460 unchanged.",
    ]


def test_what_people_entered_stays(loaded):
    odder = OrgUnit.objects.get(code="municipality-727")
    odder.contact_name, odder.contact_phone = "Palliation, Odder", "87 80 33 33"
    odder.save()
    team = OrgUnitFactory(kind=UnitKind.TEAM, code="team-odder", parent=odder)
    local = AreaMembershipFactory(area=area("klynge-aarhus"), unit=odder)
    department = OrgUnitFactory(
        kind=UnitKind.DEPARTMENT, code="hud", parent=OrgUnit.objects.get(code="hospital-auh")
    )
    ward = OrgUnit.objects.get(code="sor-440781000016009")
    move_unit(ward, parent=department, on=NOW)
    again = load_reference_data()
    assert (again["created"], again["updated"], again["removed"]) == (0, 0, 0)
    odder.refresh_from_db()
    assert (odder.contact_name, odder.contact_phone) == ("Palliation, Odder", "87 80 33 33")
    assert OrgUnit.objects.under(odder, on=NOW).contains(team)
    assert AreaMembership.objects.contains(local)
    assert OrgUnit.objects.above(ward, on=NOW).contains(department)


def test_a_place_that_somebody_has_corrected_no_longer_follows_the_file(loaded):
    ward = OrgUnit.objects.get(code="sor-440781000016009")
    link = ward.parent_links.get()
    other = OrgUnit.objects.of_kind(UnitKind.HOSPITAL).exclude(pk=link.parent_id)[0]
    correct_place(link, parent=other)
    assert load_reference_data()["updated"] == 0
    assert ward.parent_links.get().parent == other


def test_a_changed_file_updates(loaded, folder):
    replace(folder, "municipalities.csv", "Odder Kommune", "Odder Kommune!")
    replace(folder, "hospitals_midtjylland.json", "Stroke", "Apopleksi")
    again = load_reference_data(folder)
    assert (again["created"], again["updated"], again["removed"]) == (0, 2, 0)
    assert OrgUnit.objects.get(code="municipality-727").official_name == "Odder Kommune!"
    assert OrgUnit.objects.get(sor="440081000016006").name == "Apopleksi"


def test_a_municipality_that_a_file_moves_to_another_council_leaves_the_first(loaded, folder):
    line = '{"kommunekode": "727", "name": "Odder"}'
    text = (folder / "sundhedsraad.json").read_text(encoding="utf-8")
    assert "        " + line + ",\n" in text
    text = text.replace("        " + line + ",\n", "")
    samsoe = '{"kommunekode": "741", "name": "Samsø"}'
    text = text.replace(samsoe, samsoe + ",\n        " + line)
    (folder / "sundhedsraad.json").write_text(text, encoding="utf-8")
    rows = (folder / "municipalities.csv").read_text(encoding="utf-8").splitlines()
    rows = [row.replace(",horsens,", ",aarhus,") if row.startswith("727,") else row for row in rows]
    (folder / "municipalities.csv").write_text("\n".join(rows), encoding="utf-8")
    again = load_reference_data(folder)
    assert (again["created"], again["updated"], again["removed"]) == (1, 0, 1)
    council = AreaMembership.objects.get(unit__code="municipality-727", area__kind="health_council").area
    assert council.code == "sundhedsraad-aarhus"


def test_a_place_that_the_file_got_wrong_is_corrected(loaded, folder):
    path = folder / "hospitals_midtjylland.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    ward = data["units"][0]["sample_wards"].pop(0)
    data["units"][1]["sample_wards"].append(ward)
    path.write_text(json.dumps(data), encoding="utf-8")
    again = load_reference_data(folder)
    assert (again["created"], again["updated"], again["removed"]) == (0, 1, 0)
    assert UnitParent.objects.get(unit__sor=ward["sor"]).parent.code == "hospital-hem"
    assert rebuild_ancestry() == 0


# --- Refused whole --------------------------------------------------------------------------------


def test_a_missing_column(folder):
    replace(folder, "municipalities.csv", "cvr", "cvrnummer")
    assert refusal(folder) == [
        "municipalities.csv, line 1: the column “cvr” is missing. Add it to the first line."
    ]


def test_a_wrong_cvr_number(folder):
    replace(folder, "municipalities.csv", "64942212", "64942213")
    assert refusal(folder) == [
        (
            "municipalities.csv, line 2: The CVR number 64942213 has a wrong check digit. A digit "
            "was probably "
            "mistyped. Correct “cvr”."
        )
    ]


def test_a_wrong_municipality_code_is_named_wherever_it_leads(folder):
    replace(folder, "municipalities.csv", "\n751,", "\n951,")
    problems = refusal(folder)
    assert problems[0] == (
        "municipalities.csv, line 83: “951” is not a municipality code: it has three digits, from 101 to "
        "860. Correct “kommunekode”."
    )
    assert {problem.split(",")[0] for problem in problems} == {
        "municipalities.csv",
        "sundhedsraad.json",
        "clusters_midtjylland.json",
    }


def test_a_wrong_sor_code(folder):
    replace(folder, "hospitals_midtjylland.json", "440781000016009", "440781000016008")
    assert refusal(folder) == [
        (
            "hospitals_midtjylland.json, line 25: The SOR code 440781000016008 has a wrong check "
            "digit. A digit "
            "was probably mistyped. Correct “sor”."
        )
    ]


def test_a_duplicate(folder):
    path = folder / "municipalities.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    assert refusal(folder) == [
        (
            "municipalities.csv, line 100: the CVR number 64942212 is already in municipalities.csv, line 2. "
            "Remove one of them."
        ),
        (
            "municipalities.csv, line 100: the municipality code 101 is already in "
            "municipalities.csv, line 2. "
            "Remove one of them."
        ),
    ]


def test_an_unknown_municipality_in_a_council(folder):
    replace(folder, "sundhedsraad.json", '"kommunekode": "101"', '"kommunekode": "102"')
    assert refusal(folder) == [
        (
            "sundhedsraad.json, line 14: no municipality has the code 102. Correct it, or add the "
            "municipality "
            "to municipalities.csv."
        ),
        "municipalities.csv, line 2: 101 is in no health council. Add it to one in sundhedsraad.json.",
    ]


def test_a_municipality_in_two_councils(folder):
    member = '{"kommunekode": "147", "name": "Frederiksberg"}'
    replace(folder, "sundhedsraad.json", '{"kommunekode": "151", "name": "Ballerup"}', member)
    problems = refusal(folder)
    assert problems[0] == (
        "sundhedsraad.json, line 27: the municipality 147 is already in sundhedsraad.json, line 15. Remove "
        "one of them."
    )


def test_a_code_with_another_municipalitys_name(folder):
    replace(folder, "clusters_midtjylland.json", '"name": "Samsø"', '"name": "Odder"')
    assert refusal(folder) == [
        (
            "clusters_midtjylland.json, line 22: 741 is called “Samsø” in municipalities.csv, line 81, not "
            "“Odder”. Correct the code or the name."
        )
    ]


def test_a_file_that_is_not_there(folder):
    (folder / "regions.csv").unlink()
    problems = refusal(folder)
    assert problems == [
        f"regions.csv, line 1: the file can't be read (No such file or directory). Put it in {folder}."
    ]


def test_a_file_that_is_not_json(folder):
    replace(folder, "sundhedsraad.json", '"source":', '"source"')
    assert refusal(folder) == [
        "sundhedsraad.json, line 3: this isn't JSON (Expecting ':' delimiter). Correct the line."
    ]


def test_a_file_that_is_not_utf8(folder):
    path = folder / "municipalities.csv"
    path.write_bytes(path.read_bytes().decode("utf-8").encode("latin-1"))
    assert refusal(folder) == ["municipalities.csv, line 2: the file isn't UTF-8. Save it as UTF-8."]


def test_a_row_with_too_few_cells(folder):
    replace(folder, "professions.csv", "nurse,Sygeplejerske,Nurse,5166", "nurse,Sygeplejerske")
    assert refusal(folder) == [
        "professions.csv, line 2: there are 2 cells, but 4 columns. Add or remove cells."
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "regions.csv",
            "2007-01-01",
            "1.1.2007",
            "“1.1.2007” is not a day. Give “starts_on” like 2027-01-01.",
        ),
        ("regions.csv", "2007-01-01,,", "2007-01-01,2006-01-01,", "“ends_on” is not after “starts_on”."),
        ("municipalities.csv", "671714", "671.714", "“671.714” is not a number."),
        ("municipalities.csv", ",1084,", ",1089,", "no region has the code 1089."),
        ("municipalities.csv", "København,", ",", "“name” is empty. Fill it in."),
        ("sundhedsraad.json", '"single_source"', '"sure"', "“sure” is not one of cross_checked,"),
        ("sundhedsraad.json", '"municipalities"', '"members"', "“municipalities” is missing"),
        ("sundhedsraad.json", '"starts_on": "2027-01-01"', '"starts_on": 2027', "“starts_on” is missing or"),
        ("clusters_midtjylland.json", '"hospital": "auh"', '"hospital": "x"', "no hospital has the id “x”."),
        (
            "hospitals_midtjylland.json",
            '"region_code": "1082"',
            '"region_code": "1"',
            "no region has the code",
        ),
    ],
)
def test_other_wrong_cells(folder, file, old, new, sentence):
    replace(folder, file, old, new)
    first = refusal(folder)[0]
    assert first.startswith(f"{file}, line ")
    assert first.split(": ", 1)[1].startswith(sentence)


def test_a_folder_that_is_not_there():
    problems = refusal(Path("/nowhere"))
    assert {problem.split(",")[0] for problem in problems} == {
        "professions.csv",
        "regions.csv",
    }
