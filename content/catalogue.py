"""Loading the site and its modules from data files, through the functions that the editor uses.

Every block gets a deterministic id (`block_data`). A page that exists is left as its editors made it.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from competencies.models import Competency, Framework
from courses.domain.paths import define_path
from courses.models import LearningPath, Module
from organisations.domain.groups import (
    ADMINISTRATORS,
    CLINICAL_REVIEWERS,
    EDUCATORS,
    PUBLISHERS,
    make_group,
)
from organisations.models import Profession

from .block_data import DATA, NAMESPACE, CatalogueError, Data, block_value, id_of
from .domain.glossary import keep_term
from .missing import NotReady
from .models import (
    ClinicalReview,
    GlossaryTerm,
    HomePage,
    InfoPage,
    ModuleIndexPage,
    ModuleOutcome,
    ModulePage,
    Publication,
)

ORIGINAL = settings.LANGUAGE_CODE
TRANSLATIONS = [code for code, _name in settings.LANGUAGES if code != ORIGINAL]

# --- The site ---------------------------------------------------------------------------------------------


@transaction.atomic
def load_site(data: Data) -> ModuleIndexPage:
    """The front page, the list of modules and the plain pages, in every language; groups may edit them."""
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES
    }
    home = HomePage.objects.filter(locale=locales[ORIGINAL]).first() or _make_home(data["home"], locales)
    index = ModuleIndexPage.objects.child_of(home).first()
    if index is None:
        index = _make_child(home, ModuleIndexPage, data["modules"], lambda _language: {}, show_in_menus=True)
    for row in data["pages"]:
        if not InfoPage.objects.child_of(home).filter(slug=row["slug"]).exists():
            bodies: dict[str, str] = row["body"]
            _make_child(home, InfoPage, row, _texts_of("body", bodies))
    _let_groups_edit()
    _set_up_review(data["review"])
    return index


def _texts_of(field: str, texts: dict[str, str]) -> Callable[[str], Data]:
    return lambda language: {field: texts[language]}


def _make_home(data: Data, locales: dict[str, Locale]) -> HomePage:
    root = Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locales[ORIGINAL])
    )
    # What Wagtail's first migration leaves: a page that welcomes to Wagtail.
    Page.objects.child_of(root).filter(slug="home", content_type__model="page").delete()
    root.refresh_from_db()

    def texts(language: str) -> Data:
        return {
            "title": data["title"][language],
            "lead": data["lead"][language],
            "body": data["body"][language],
        }

    home = HomePage(slug="forside", locale=locales[ORIGINAL], **texts(ORIGINAL))
    root.add_child(instance=home)
    home.save_revision().publish()
    for language in TRANSLATIONS:
        _translate(home, language, texts)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "Lindra"},
    )
    return home


def _make_child(
    parent: Page, model: type[Page], data: Data, fields: Callable[[str], Data], **common: Any
) -> Any:
    def texts(language: str) -> Data:
        return {"title": data["title"][language], **fields(language)}

    page = model(slug=data["slug"], locale=parent.locale, **common, **texts(ORIGINAL))
    parent.add_child(instance=page)
    page.save_revision().publish()
    for language in TRANSLATIONS:
        _translate(page, language, texts)
    return page


def _translate(page: Page, language: str, texts: Callable[[str], Data]) -> Any:
    translation = page.copy_for_translation(
        Locale.objects.get(language_code=language), copy_parents=True
    ).specific
    for field, value in texts(language).items():
        setattr(translation, field, value)
    # Under its own root the copy keeps the slug; the front page gets one of its own from Wagtail.
    translation.save_revision().publish()
    return translation


def _let_groups_edit() -> None:
    """Educators write modules; administrators edit the whole site. Membership follows the grants.

    Nobody publishes a module by such a right: that is the end of its review (`models.review`).
    """
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    pages = Permission.objects.filter(
        content_type__app_label="wagtailcore",
        codename__in=["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
    )
    writing = pages.exclude(codename="publish_page")
    translate = Permission.objects.get(
        content_type__app_label="wagtail_localize", codename="submit_translation"
    )
    files = Permission.objects.filter(
        codename__in=[
            "add_image",
            "change_image",
            "choose_image",
            "add_document",
            "change_document",
            "choose_document",
        ]
    )
    reach = {
        EDUCATORS: list(ModuleIndexPage.objects.all()),
        ADMINISTRATORS: list(HomePage.objects.all()),
    }
    files_root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for name, roots in reach.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(enter, translate)
        for root in roots:
            for permission in writing if name == EDUCATORS else pages:
                GroupPagePermission.objects.get_or_create(
                    group=group, page=root.page_ptr, permission=permission
                )
        if name == EDUCATORS:
            GroupPagePermission.objects.filter(
                group=group, page__in=roots, permission__codename="publish_page"
            ).delete()
        for permission in files:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=files_root, permission=permission
            )


def _set_up_review(names: Data) -> None:
    """Author, clinical reviewer, publisher: Wagtail's workflow on every list of modules.

    What an installation has changed of it, or switched off, stays so.
    """
    workflow = Workflow.objects.filter(workflow_tasks__task__clinicalreview__isnull=False).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=names["name"][ORIGINAL])
        for order, (model, group_name, key) in enumerate(
            ((ClinicalReview, CLINICAL_REVIEWERS, "approval"), (Publication, PUBLISHERS, "publication"))
        ):
            task = model.objects.create(name=names[key][ORIGINAL])
            task.groups.add(make_group(group_name))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    if workflow.active:
        for index in ModuleIndexPage.objects.filter(workflowpage__isnull=True):
            WorkflowPage.objects.create(page=index.page_ptr, workflow=workflow)


# --- The paths ---------------------------------------------------------------------------------------------


@transaction.atomic
def load_paths(data: list[Data]) -> list[str]:
    """Define the paths that aren't there yet; a sentence for each that waits for a module to be loaded.

    A path is whole or not there: with a module left out it would be completed too soon.
    """
    keys = {uuid.uuid5(NAMESPACE, code): code for row in data for code in row["modules"]}
    loaded = {keys[module.key]: module for module in Module.objects.filter(key__in=keys)}
    there = set(LearningPath.objects.values_list("code", flat=True))
    waiting = []
    for order, row in enumerate(data, start=1):
        missing = [code for code in row["modules"] if code not in loaded]
        if row["code"] in there:
            continue
        if missing:
            waiting.append(
                f"The path {row['code']} isn't loaded: it waits for the modules {', '.join(missing)}. "
                "Load them, and run load_modules again."
            )
            continue
        define_path(
            code=row["code"],
            name=(row["name"]["da"], row["name"]["en"]),
            summary=(row["summary"]["da"], row["summary"]["en"]),
            modules=[loaded[code] for code in row["modules"]],
            professions=_professions(row),
            for_key_persons=row["for_key_persons"],
            deadline_days=row["deadline_days"],
            order=order,
        )
    return waiting


# --- The glossary -----------------------------------------------------------------------------------------


@transaction.atomic
def load_glossary(data: list[Data]) -> int:
    """Make the words that aren't there yet, in every language; the number of words made."""
    before = GlossaryTerm.objects.count()
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES
    }
    for row in data:
        for language, locale in locales.items():
            said = row[language]
            try:
                keep_term(
                    locale,
                    key=uuid.uuid5(NAMESPACE, f"glossary/{row['code']}"),
                    term=said["term"],
                    forms=", ".join(said.get("forms", [])),
                    definition=said["definition"],
                    source=row["source"],
                    source_year=row["year"],
                    is_linked=row.get("linked", True),
                )
            except ValidationError as refused:
                raise CatalogueError(f"{row['code']} ({language}): {refused}") from refused
    return GlossaryTerm.objects.count() - before


# --- A module ----------------------------------------------------------------------------------------------


def read(name: str) -> Any:
    """A data file of this room."""
    data: Any = json.loads((DATA / name).read_text(encoding="utf-8"))
    return data


@transaction.atomic
def load_module(data: Data, *, index: ModuleIndexPage) -> ModulePage:
    """Make and publish a module in every language; one that is there already is left alone."""
    key = uuid.uuid5(NAMESPACE, data["code"])
    existing = ModulePage.objects.filter(translation_key=key, locale=index.locale).first()
    if existing is not None:
        return existing
    page = ModulePage(slug=data["slug"], locale=index.locale, translation_key=key, **_fields(data, ORIGINAL))
    page.professions = _professions(data)
    page.outcomes = _outcomes(data)
    index.add_child(instance=page)
    _publish(page)
    for language in TRANSLATIONS:
        translation = page.copy_for_translation(Locale.objects.get(language_code=language)).specific
        for field, value in _fields(data, language).items():
            setattr(translation, field, value)
        _publish(translation)
    return page


def _publish(page: ModulePage) -> None:
    """As the editor does: what the form would refuse isn't loaded either."""
    try:
        page.full_clean()
        page.steps.stream_block.clean(page.steps)
        for outcome in page.outcomes.all():
            outcome.clean()
        page.save_revision().publish()
    except (ValidationError, NotReady) as refused:
        raise CatalogueError(f"{page.code}: {refused}") from refused


def _fields(data: Data, language: str) -> Data:
    return {
        "code": data["code"],
        "title": data["title"][language],
        "summary": data["summary"][language],
        "minutes": data["minutes"],
        "steps": json.dumps(_steps(data, language)),
    }


def _professions(data: Data) -> list[Profession]:
    found = {
        profession.code: profession for profession in Profession.objects.filter(code__in=data["professions"])
    }
    return [_known(found, code, f"{data['code']}: profession") for code in data["professions"]]


def _outcomes(data: Data) -> list[ModuleOutcome]:
    framework = Framework.objects.in_use().first()
    found = {row.code: row for row in Competency.objects.filter(domain__framework=framework)}
    return [
        ModuleOutcome(
            sort_order=order,
            competency=_known(found, row["competency"], f"{data['code']}: competency"),
            level=row["level"],
            earned_by=row["earned_by"],
        )
        for order, row in enumerate(data["outcomes"])
    ]


def _known(found: dict[str, Any], code: str, what: str) -> Any:
    try:
        return found[code]
    except KeyError as unknown:
        raise CatalogueError(
            f"{what} {code} isn't known. Load the reference data and the framework first."
        ) from unknown


def _steps(data: Data, language: str) -> list[Data]:
    return [
        {
            "type": "step",
            "id": id_of(data, "step", number),
            "value": {
                "title": step["title"][language],
                "minutes": step["minutes"],
                "is_opening": step.get("opening", False),
                "body": [
                    {
                        "type": block["type"],
                        "id": id_of(data, "step", number, "block", place),
                        "value": block_value(data, block, language, ("step", number, "block", place)),
                    }
                    for place, block in enumerate(step["blocks"], start=1)
                ],
            },
        }
        for number, step in enumerate(data["steps"], start=1)
    ]
