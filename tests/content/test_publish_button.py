"""The button that sends a module on: what it refuses, where it says what, and that nothing is lost."""

import copy
import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from config.management.commands.tick import tick
from content import catalogue
from content.blocks import StepBodyBlock, StepsBlock
from content.models import ModulePage
from courses.models import Edition
from tests.content.test_blocks import FAULTS, picture
from tests.factories import editor
from tests.factories import kinds as written
from tests.files import text

pytestmark = pytest.mark.django_db
STEPS = StepsBlock()
#: An empty text as the editor's own field for it sends it.
NOTHING = '{"blocks": [], "entityMap": {}}'


@pytest.fixture
def browser(client, author):
    client.force_login(author)
    return client


def press(browser, page, *, button="action-submit", steps=None, **fields):
    raw = None if steps is None else steps.get_prep_value()
    data = editor.posted(page, button=button, steps=raw, **{"is_new_substance": "True", **fields})
    return browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def steps_with(*blocks, last=written.LAST):
    """A step of these blocks, then the last one, as the editor has them."""
    data = written.every_kind()
    data["steps"] = [
        {"title": written.both(title, title), "minutes": 3, "blocks": list(of_step)}
        for title, of_step in (("Et", blocks), ("Sidste", last))
        if of_step
    ]
    return STEPS.to_python(catalogue._steps(data, "da"))


def told(response):
    """The lines of the list at the top."""
    return [text(line) for line in BeautifulSoup(response.content, "html.parser").select(".errorlist li")]


def refused(browser, page, **kwargs):
    """What the button said; nothing waits for a review, and what was written stands in the form."""
    response = press(browser, page, **kwargs)
    assert response.status_code == 200
    assert ModulePage.objects.get(pk=page.pk).current_workflow_state is None
    return told(response)


def test_what_is_whole_is_sent_to_its_review(kinds, browser):
    response = press(browser, kinds, title="Alle slags, rettet")
    assert response.status_code == 302, told(response)
    assert ModulePage.objects.get(pk=kinds.pk).current_workflow_state is not None


def test_every_fault_of_every_kind_is_refused_with_its_place_and_its_words(kinds, browser):
    for name, block, change in FAULTS:
        faulty = copy.deepcopy(block)
        change(faulty)
        lines = refused(browser, kinds, steps=steps_with(written.MANY, faulty))
        placed = [line for line in lines if line.startswith("Trin 1, ")]
        assert len(placed) == 1, (name, lines)
        assert "Validation error" not in " ".join(lines), name


def test_every_field_that_must_be_filled_is_named_for_every_kind(kinds, browser):
    for block in [
        written.QUESTION,
        written.MANY,
        written.TRUE_FALSE,
        written.ORDERING,
        written.MATCHING,
        written.SHORT,
        written.LIKERT,
        written.CASE,
        written.TALK,
        *written.READ,
        *written.LAST,
    ]:
        steps = steps_with(block)
        data = editor.posted(kinds, button="action-submit", steps=steps.get_prep_value())
        value = "steps-0-value-body-0-value"
        emptied = [field for field in data if field.startswith(value) and data[field] not in ("", "on")]
        kept = ("-count", "-order", "-type", "-id", "-deleted")
        for field in emptied:
            if not field.endswith(kept):
                data[field] = NOTHING if str(data[field]).startswith("{") else ""
        response = browser.post(reverse("wagtailadmin_pages:edit", args=[kinds.pk]), data)
        lines = [line for line in told(response) if line.startswith("Trin 1, ")]
        assert lines, block["type"]
        assert ModulePage.objects.get(pk=kinds.pk).current_workflow_state is None


def test_all_that_is_missing_is_said_in_one_list(kinds, browser):
    question = copy.deepcopy(written.QUESTION)
    question["options"][1].pop("correct")
    steps = steps_with(question, {**written.LIKERT, "prompt": written.both("", "")}, last=[])
    lines = refused(
        browser,
        kinds,
        steps=steps,
        title="",
        summary="",
        professions=[],
        **{"outcomes-0-DELETE": "on"},
    )
    said = " | ".join(lines)
    for words in (
        "Titel",
        "Kort om modulet",
        "Trin 1, Spørgsmål, Svarmuligheder: Sæt kryds ved netop ét rigtigt svar. Nu er der sat 0.",
        "Trin 1, Hvor jeg står, Sætning: ",
        "Ingen trin nævner kilderne",
        "Ingen kompetence er nævnt",
    ):
        assert words in said


def test_a_draft_of_the_same_is_saved_with_all_its_gaps(kinds, browser):
    question = copy.deepcopy(written.QUESTION)
    question["options"][1].pop("correct")
    response = press(browser, kinds, button="action-save", steps=steps_with(question, last=[]), summary="")
    assert response.status_code == 302
    draft = ModulePage.objects.get(pk=kinds.pk).get_latest_revision_as_object()
    assert draft.steps[0].value["body"][0].value["question"] == "Hvad giver du videre?"


@pytest.fixture
def library(settings, tmp_path):
    """A film and its captions, a program that is called a film, and an image."""
    settings.MEDIA_ROOT = tmp_path
    files = {
        "film.mp4": b"\x00\x00\x00\x18ftypmp42",
        "falsk.mp4": b"MZ\x90\x00 a program",
        "film.vtt": b"WEBVTT\n",
    }
    documents = {
        name: get_document_model().objects.create(title=name, file=ContentFile(content, name=name)).pk
        for name, content in files.items()
    }
    return {**documents, "image": get_image_model().objects.create(title="Billede", file=picture()).pk}


# Wagtail leaves the file of a rendition for the garbage collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("video", {"recording": "film.mp4"}, "Undertekster"),
        ("video", {"recording": "falsk.mp4", "captions": "film.vtt"}, "Fil"),
        ("audio", {"recording": "film.mp4", "captions": "film.vtt"}, "Fil"),
        ("document", {"document": "film.mp4"}, "Fil"),
        ("image", {"image": "image"}, "Hvad billedet viser"),
    ],
)
def test_a_file_that_cannot_be_had_by_all_or_is_another_is_refused(
    kinds, browser, library, kind, value, field
):
    chosen = {name: library[file] for name, file in value.items()}
    words = {"title": "En film", "transcript": "<p>Alt, der siges.</p>"} if kind != "image" else {}
    steps = steps_with(written.LIKERT).get_prep_value()
    steps[0]["value"]["body"].append({"type": kind, "value": {**words, **chosen}})
    lines = refused(browser, kinds, steps=STEPS.to_python(steps))
    assert any(line.startswith("Trin 1, ") and f", {field}: " in line for line in lines), lines


def test_a_script_in_any_text_is_words_in_the_preview(kinds, browser):
    def poison(value):
        if isinstance(value, dict):
            kept = {
                "type",
                "id",
                "key",
                "next",
                "end",
                "effect",
                "scale",
                "topic",
                "dimension",
                "minutes",
                "url",
            }
            return {key: child if key in kept else poison(child) for key, child in value.items()}
        if isinstance(value, list):
            return [poison(child) for child in value]
        if not isinstance(value, str) or value in ("true", "false"):
            return value
        return (
            "<p>Ord <script>alert(1)</script></p>"
            if value.startswith("<p>")
            else "Ord <script>alert(1)</script>"
        )

    kinds.steps = STEPS.to_python(poison(kinds.steps.get_prep_value()))
    shown = kinds.make_preview_request(preview_mode="").content.decode()
    assert "alert(1)" in shown
    assert "<script>alert" not in shown


def test_a_draft_with_nothing_in_its_blocks_is_previewed(kinds, browser):
    kinds.steps = STEPS.to_python(
        [
            {
                "type": "step",
                "id": "s",
                "value": {
                    "title": "",
                    "minutes": None,
                    "body": [
                        {"type": kind, "id": kind, "value": {}} for kind in StepBodyBlock().child_blocks
                    ],
                },
            }
        ]
    )
    assert kinds.make_preview_request(preview_mode="").status_code == 200


# --- The editor itself --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(StepBodyBlock().child_blocks))
def test_every_block_is_previewed_as_a_learner_meets_it_before_it_is_chosen(browser, name):
    block = ModulePage.steps.field.stream_block.child_blocks["step"].child_blocks["body"].child_blocks[name]
    assert block.is_previewable
    response = browser.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    shown = BeautifulSoup(response.content, "html.parser")
    assert (response.status_code, shown.html["lang"]) == (200, "da")
    assert text(shown.main)
    assert shown.select_one("link[href*='player']")


def test_two_versions_are_compared_text_by_text(kinds, browser):
    first = kinds.latest_revision
    steps = kinds.steps.get_prep_value()
    steps[0]["value"]["body"][0]["value"]["options"][1]["value"]["feedback"] = "Ja. Også om natten."
    press(browser, kinds, button="action-save", steps=STEPS.to_python(steps), is_new_substance="")
    second = ModulePage.objects.get(pk=kinds.pk).latest_revision
    page = BeautifulSoup(
        browser.get(
            reverse("wagtailadmin_pages:revisions_compare", args=[kinds.pk, first.pk, second.pk])
        ).content,
        "html.parser",
    )
    assert [text(tag) for tag in page.select(".comparison ins, .comparison .addition")] == ["Også om natten."]


def test_what_was_approved_waits_for_its_hour_and_is_then_published_whole(
    kinds, browser, client, reviewer, publisher, noon
):
    before = Edition.objects.count()
    response = press(browser, kinds, title="Når tiden er inde", go_live_at="2026-12-01 08:00")
    assert response.status_code == 302, told(response)
    editor.act(client, reviewer, kinds)
    editor.act(client, publisher, kinds)
    tick()
    assert Edition.objects.count() == before
    noon(dt.date(2026, 12, 1))
    tick()
    assert Edition.objects.latest("pk").title == "Når tiden er inde"


def test_comments_stand_beside_the_fields(kinds, browser):
    html = browser.get(reverse("wagtailadmin_pages:edit", args=[kinds.pk])).content.decode()
    assert "data-comment-add" in html
