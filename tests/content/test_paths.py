"""Paths on *Min side* and in the list of modules, and how they are loaded."""

import io
import re

import pytest
from django.core.management import call_command

from content import catalogue
from content.models import ModuleIndexPage, ModulePage
from courses.domain import enrolment
from courses.models import Edition, LearningPath
from tests.factories.courses import answer_all
from tests.factories.organisations import UserFactory

NAME = {"da": "Et kort forløb", "en": "A short path"}


def data(*codes, code="KORT", **fields):
    return {
        "code": code,
        "name": NAME,
        "summary": {"da": "Kort fortalt", "en": "In short"},
        "professions": ["sosu_assistant", "nurse"],
        "for_key_persons": False,
        "deadline_days": 30,
        "modules": list(codes),
        **fields,
    }


def another(code="M04", title="Lindring i hverdagen", **changes):
    """A second module: the first with another name."""
    row = catalogue.read("modules/M02.json")
    row.update(code=code, slug=code.lower(), title={"da": title, "en": title}, **changes)
    return catalogue.load_module(row, index=ModuleIndexPage.objects.get(locale__language_code="da"))


@pytest.fixture
def second(module):
    return another()


@pytest.fixture
def path(second):
    assert catalogue.load_paths([data("M02", "M04")]) == []
    return LearningPath.objects.get()


@pytest.fixture
def browser_of(client, learner):
    client.force_login(learner)
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_path_that_names_a_module_which_is_not_loaded_is_left_out_with_words(second):
    said = catalogue.load_paths([data("M02", "M77", "M78"), data("M02", code="HEL")])
    assert said == [
        (
            "The path KORT isn't loaded: it waits for the modules M77, M78. "
            "Load them, and run load_modules again."
        )
    ]
    assert [path.code for path in LearningPath.objects.all()] == ["HEL"]


def test_a_path_that_is_there_is_left_as_it_is(path):
    assert catalogue.load_paths([data("M02", name={"da": "Andet", "en": "Other"})]) == []
    path.refresh_from_db()
    assert (path.name_da, path.places.count()) == (NAME["da"], 2)


def test_a_path_for_a_profession_that_is_not_known_is_refused(second):
    with pytest.raises(catalogue.CatalogueError, match="KORT: profession smith"):
        catalogue.load_paths([data("M02", professions=["smith"])])


def test_the_command_says_which_paths_wait(module):
    said = io.StringIO()
    paths = LearningPath.objects.filter(code__in=[row["code"] for row in catalogue.read("paths.json")])
    call_command("load_modules", stdout=io.StringIO(), stderr=said)
    waiting = re.findall(r"The path (\w+) isn't loaded", said.getvalue())
    assert sorted([*waiting, *(path.code for path in paths)]) == [
        "GRUND",
        "INTRO",
        "NOEGLE",
        "SAMARB",
        "UDOEV",
    ]


def test_the_home_page_says_how_far_she_is_first_and_what_is_next(browser_of, path, learner):
    edition = Edition.objects.get(language="da", title="Se det i tide")
    going = enrolment.begin(learner.person, edition=edition)
    answer_all(going)
    enrolment.finish(going)
    said = browser_of.get("/mit/")
    assert [(row.progress.done, row.progress.total, row.next[0].title) for row in said.context["paths"]] == [
        (1, 2, "Lindring i hverdagen")
    ]
    assert "1 af 2 moduler er gennemført" in words(said)
    assert '<a href="/moduler/m04/">Lindring i hverdagen</a>' in said.content.decode()


def test_the_home_page_without_a_path_says_nothing_of_paths(browser_of, module):
    assert "paths-heading" not in browser_of.get("/mit/").content.decode()


def test_a_module_whose_page_was_taken_down_is_named_without_a_link(browser_of, path, second):
    ModulePage.objects.get(pk=second.pk).unpublish()
    said = browser_of.get("/mit/").content.decode()
    assert "/moduler/m04/" not in said
    assert "Lindring i hverdagen" in said


def test_the_list_can_be_narrowed_to_a_path(browser_of, path):
    another("M05", "Samtaler")
    everything = browser_of.get("/moduler/")
    assert [row["edition"].title for row in everything.context["rows"]] == [
        "Se det i tide",
        "Lindring i hverdagen",
        "Samtaler",
    ]
    narrowed = browser_of.get("/moduler/", {"forloeb": "KORT"})
    assert [row["edition"].title for row in narrowed.context["rows"]] == [
        "Se det i tide",
        "Lindring i hverdagen",
    ]
    assert len(browser_of.get("/moduler/", {"forloeb": "FINDES-IKKE"}).context["rows"]) == 3


def test_a_learner_is_offered_her_own_paths_and_a_stranger_all(client, browser_of, path, learner):
    catalogue.load_paths([data("M02", code="ANDRE", professions=["physiotherapist"])])
    assert list(browser_of.get("/moduler/").context["paths"]) == ["KORT"]
    assert list(browser_of.get("/moduler/", {"vis": "alle"}).context["paths"]) == ["ANDRE", "KORT"]
    client.logout()
    assert list(client.get("/moduler/").context["paths"]) == ["ANDRE", "KORT"]


def test_a_login_without_a_person_has_no_path(client, path):
    client.force_login(UserFactory(person=None))
    assert client.get("/mit/").context["paths"] == []
