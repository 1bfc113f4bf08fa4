"""The order of the rooms holds: in imports, relations, templates and the strings that stand for them.

import-linter sees imports. It does not see a string foreign key, a `{% url %}` or a template that
extends another room's: those are walked here. Each checker is also fed a violation, so that it is
known to catch one.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps
from importlinter import configuration
from importlinter.application.use_cases import lint_imports, read_user_options

ROOT = Path(__file__).resolve().parents[1]
#: The height of each room: `config` is highest. Rooms beside each other have the same height.
HEIGHT = {room: -depth for depth, rooms in enumerate(settings.ROOMS) for room in rooms}

#: Templates that every room may use: the base layout of `config` and its parts, and that of the back office.
SHARED_TEMPLATES = re.compile(
    r"base\.html|lindra/[\w/.-]+|wagtailadmin/(generic/base|admin_base|pages/action_menu/workflow_menu_item)\.html"
)
#: Addresses without a room's namespace that `config` sets for all.
SHARED_URL_NAMES = re.compile(
    r"home|search|glossary|account_\w+|mfa_\w+|wagtail\w*:\w+|wagtail_serve|wagtaildocs_serve"
)

TEMPLATE_TAG = re.compile(r"{%-?\s*(extends|include|url|load)\s+(.*?)\s*-?%}", re.DOTALL)
QUOTED = re.compile(r"""["']([^"']+)["']""")
#: A dotted model, a URL name or a template, written as a string: `content.ModulePage`, `reports:team`.
ROOM_STRING = re.compile(rf"({'|'.join(HEIGHT)})[.:/][\w.:/-]+")
#: What only `content` may use: design, "only content imports Page and blocks".
PAGES = {"wagtail.blocks", "wagtail.fields", "wagtail.images", "wagtail.contrib"}


def is_upward(room: str, other: str) -> bool:
    """Whether `room` may not know `other`: it stands above, or beside."""
    return other in HEIGHT and other != room and HEIGHT[other] >= HEIGHT[room]


def room_of(python_path: str) -> str:
    return python_path.split(".", 1)[0]


# --- The checkers: each yields one sentence a violation -----------------------------------------------


def upward_relations(model: type[models.Model]) -> Iterator[str]:
    room = room_of(model.__module__)
    for field in model._meta.get_fields(include_hidden=True):
        if not field.is_relation or field.auto_created or field.related_model is None:
            continue
        targets = [field.related_model]
        if field.many_to_many:
            targets.append(field.remote_field.through)
        for target in targets:
            name = target if isinstance(target, str) else target.__module__
            if is_upward(room, room_of(name)):
                yield f"{model._meta.label}.{field.name} points up to {name}"


def upward_templates(room: str, name: str, source: str) -> Iterator[str]:
    """What a template extends, includes, loads or links to in a room that it may not know."""
    for tag, rest in TEMPLATE_TAG.findall(source) if room != "config" else []:
        first_argument = QUOTED.match(rest)
        if tag == "load":
            for library in rest.split(" from ")[-1].split():
                if is_upward(room, TAG_LIBRARIES.get(library, "")):
                    yield f"{name} loads {library} of {TAG_LIBRARIES[library]}"
        elif first_argument:  # else a variable: whoever fills it is held by the import contract
            value = first_argument[1]
            owner, shared = (":", SHARED_URL_NAMES) if tag == "url" else ("/", SHARED_TEMPLATES)
            owner = value.split(owner)[0] if owner in value else ""
            if is_upward(room, owner):
                yield f"{name}: {tag} {value}"
            elif owner not in HEIGHT and not shared.fullmatch(value):
                yield f"{name}: {tag} {value}, which no room owns"


def upward_strings(room: str, name: str, source: str) -> Iterator[str]:
    """Strings in Python that name a model, an address or a template of a room above."""
    if room == "config":
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            match = ROOM_STRING.fullmatch(node.value)
            if match and is_upward(room, match[1]):
                yield f"{name}:{node.lineno} names {node.value}"


def page_imports(room: str, name: str, source: str) -> Iterator[str]:
    """Imports of Wagtail's pages and blocks outside `content`."""
    if room in {"config", "content"}:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for path in imported:
            if ".".join(path.split(".")[:2]) in PAGES or path == "wagtail.models.Page":
                yield f"{name}:{node.lineno} imports {path}"


# --- What is walked ---------------------------------------------------------------------------------


def template_tag_libraries() -> dict[str, str]:
    return {
        path.stem: room
        for room in HEIGHT
        for path in (ROOT / room / "templatetags").glob("*.py")
        if path.stem != "__init__"
    }


TAG_LIBRARIES = template_tag_libraries()


def templates() -> list[tuple[str, Path]]:
    return [
        (room, path)
        for room in HEIGHT
        for path in sorted((ROOT / room / "templates").rglob("*"))
        if path.is_file()
    ]


def python_files() -> list[tuple[str, Path]]:
    return [(room, path) for room in HEIGHT for path in sorted((ROOT / room).rglob("*.py"))]


# --- The house --------------------------------------------------------------------------------------


def test_the_import_contracts_hold():
    configuration.configure()
    # What is broken is printed, and shown by pytest.
    assert lint_imports(str(ROOT / "pyproject.toml"), cache_dir=None, no_logo=True)


def test_the_contract_and_the_settings_name_the_same_rooms_in_the_same_order():
    options = read_user_options(str(ROOT / "pyproject.toml"))
    between = next(contract for contract in options.contracts_options if contract["id"] == "rooms")
    assert [[room.strip() for room in layer.split("|")] for layer in between["layers"]] == settings.ROOMS


def test_no_relation_points_up():
    models_of_all = apps.get_models(include_auto_created=True)
    ours = [model for model in models_of_all if room_of(model.__module__) in HEIGHT]
    assert [sentence for model in ours for sentence in upward_relations(model)] == []


def test_no_template_extends_includes_loads_or_links_upward():
    assert [
        sentence
        for room, path in templates()
        for sentence in upward_templates(room, str(path.relative_to(ROOT)), path.read_text())
    ] == []


def test_every_room_keeps_its_templates_in_a_folder_of_its_own_name():
    strangers = [
        str(path.relative_to(ROOT))
        for room, path in templates()
        if room != "config" and path.relative_to(ROOT / room / "templates").parts[0] != room
    ]
    assert strangers == []


def test_no_string_in_python_names_a_room_above():
    assert [
        sentence
        for room, path in python_files()
        for sentence in upward_strings(room, str(path.relative_to(ROOT)), path.read_text())
    ] == []


def test_only_content_imports_pages_and_blocks():
    assert [
        sentence
        for room, path in python_files()
        for sentence in page_imports(room, str(path.relative_to(ROOT)), path.read_text())
    ] == []


# --- The checkers catch what they are for ------------------------------------------------------------


@pytest.fixture
def house_in_the_sand(tmp_path):
    """Empty rooms under this project's own contracts, and the command that checks them."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in HEIGHT:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
        for module in ("models.py", "domain.py", "views.py"):
            (tmp_path / room / module).touch()

    def lint() -> int:
        command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    return tmp_path, lint


def test_empty_rooms_keep_the_contracts(house_in_the_sand):
    _, lint = house_in_the_sand
    assert lint() == 0


@pytest.mark.parametrize(
    ("file", "source"),
    [
        pytest.param("courses/domain.py", "import certification.models\n", id="upward"),
        pytest.param(
            "courses/domain.py", "def late():\n    from competencies import models\n", id="inside a function"
        ),
        pytest.param(
            "xapi/domain.py", "from organisations.models import Person\n", id="beside, on the ground"
        ),
        pytest.param("reports/views.py", "from content import models\n", id="beside, on top"),
        pytest.param("organisations/domain.py", "import config\n", id="settings"),
        pytest.param("courses/models.py", "from . import domain\n", id="a model calls the domain"),
        pytest.param("courses/domain.py", "from courses import views\n", id="the domain calls a view"),
    ],
)
def test_an_upward_import_breaks_the_contracts(house_in_the_sand, file, source):
    folder, lint = house_in_the_sand
    (folder / file).write_text(source)
    assert lint() == 1


@isolate_apps("courses", "organisations", "certification")
def test_an_upward_string_foreign_key_is_caught():
    class Certificate(models.Model):
        __module__ = "certification.models"

        class Meta:
            app_label = "certification"

    class Enrolment(models.Model):
        __module__ = "courses.models"
        certificate = models.ForeignKey("certification.Certificate", models.CASCADE)
        certificates = models.ManyToManyField("certification.Certificate", related_name="+")

        class Meta:
            app_label = "courses"

    assert list(upward_relations(Enrolment)) == [
        "courses.Enrolment.certificate points up to certification.models",
        "courses.Enrolment.certificates points up to certification.models",
    ]
    assert list(upward_relations(Certificate)) == []


@isolate_apps("xapi", "organisations")
def test_a_string_foreign_key_between_the_ground_rooms_is_caught():
    class Person(models.Model):
        __module__ = "organisations.models"

        class Meta:
            app_label = "organisations"

    class Statement(models.Model):
        __module__ = "xapi.models"
        person = models.ForeignKey("organisations.Person", models.CASCADE)

        class Meta:
            app_label = "xapi"

    assert list(upward_relations(Statement)) == ["xapi.Statement.person points up to organisations.models"]


@pytest.mark.parametrize(
    "source",
    [
        '{% extends "reports/team.html" %}',
        "{% extends 'content/page.html' %}",
        '{% include "certification/row.html" with a=1 only %}',
        '{% url "reports:team" unit.code as team_url %}',
        "{%- url 'content:module' -%}",
        '{% include\n "reports/row.html" %}',
        '{% extends "elsewhere/base.html" %}',
        '{% url "module_step" %}',
    ],
)
def test_an_upward_template_is_caught(source):
    assert len(list(upward_templates("courses", "courses/x.html", source))) == 1


def test_a_tag_library_of_a_room_above_is_caught(monkeypatch):
    monkeypatch.setitem(TAG_LIBRARIES, "report_tags", "reports")
    source = "{% load i18n report_tags %}{% load figure from report_tags %}"
    assert list(upward_templates("courses", "x", source)) == ["x loads report_tags of reports"] * 2


def test_a_template_may_use_its_own_room_those_below_and_the_base_layout():
    source = """
        {% extends "base.html" %} {% load i18n l10n %} {% include "lindra/field.html" %}
        {% include "courses/row.html" %} {% include "organisations/person.html" %} {% include chosen %}
        {% url "home" %} {% url "account_login" %} {% url "courses:list" %} {% url "organisations:x" %}
    """
    assert list(upward_templates("courses", "x", source)) == []


@pytest.mark.parametrize(
    "source",
    [
        'redirect("reports:team")',
        'apps.get_model("certification.Target")',
        '@receiver(post_save, sender="content.ModulePage")\ndef f(): ...',
        'render(request, "reports/team.html")',
    ],
)
def test_an_upward_string_is_caught(source):
    assert len(list(upward_strings("courses", "courses/x.py", source))) == 1


def test_a_string_that_names_the_own_room_or_a_lower_one_is_fine():
    source = 'redirect("courses:list"); FK("organisations.Person"); say("reports: all of them, in words")'
    assert list(upward_strings("courses", "courses/x.py", source)) == []


@pytest.mark.parametrize(
    "source",
    ["from wagtail import blocks", "from wagtail.models import Page", "import wagtail.images.models"],
)
def test_a_page_or_a_block_outside_content_is_caught(source):
    assert len(list(page_imports("courses", "courses/x.py", source))) == 1
    assert list(page_imports("content", "content/x.py", source)) == []


def test_wagtails_back_office_is_open_to_every_room():
    source = "from wagtail.admin.viewsets.model import ModelViewSet\nfrom wagtail import hooks"
    assert list(page_imports("courses", "courses/x.py", source)) == []
