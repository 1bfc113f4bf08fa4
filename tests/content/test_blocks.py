"""What an author is told: a block that isn't whole is refused with words, and a draft may be anything."""

import copy
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import get_template
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from content import catalogue
from content.block_data import CatalogueError
from content.blocks import StepBodyBlock
from content.blocks.files import DocumentBlock, ImageBlock
from content.file_types import MEGABYTE, PAPERS, find_fault
from content.models import ModulePage
from courses.models import Edition
from organisations.domain.groups import sync_groups
from tests.factories import kinds as written

BODY = StepBodyBlock()


@pytest.mark.parametrize("name", list(BODY.child_blocks))
def test_every_block_shows_itself_to_an_editor_before_she_chooses_it(name):
    block = BODY.child_blocks[name]
    assert block.meta.icon not in {"placeholder", ""}
    assert block.meta.description
    get_template(block.meta.template)
    value = block.get_preview_value()
    # Without a file from the library, an image or a document has nothing to show but its words.
    assert block.render(value).strip()


def load(module, *blocks, **changes):
    """Load a module of one step with these blocks and a source, as the editor's own functions would."""
    data = written.every_kind(**changes)
    data["steps"] = [{"title": written.both("Et", "One"), "minutes": 3, "blocks": [*blocks, written.SOURCES]}]
    return catalogue.load_module(data, index=module.get_parent().specific)


def changed(block, change):
    made = copy.deepcopy(block)
    change(made)
    return made


def no_right(block):
    for option in block["options"]:
        option.pop("correct", None)


def all_right(block):
    for option in block["options"]:
        option["correct"] = True


def same_options(block):
    block["options"][0].update(da="Det samme", en="The same")
    block["options"][1].update(da="det  SAMME", en="the  SAME")


def choice_of(block, node, choice):
    return block["nodes"][node]["choices"][choice]


FAULTS = [
    ("a question without a right option", written.QUESTION, no_right),
    ("two right in a question with one", written.QUESTION, all_right),
    ("several with none right", written.MANY, no_right),
    ("several with all right", written.MANY, all_right),
    ("two options alike", written.MANY, same_options),
    (
        "entries alike",
        written.ORDERING,
        lambda block: block["entries"].__setitem__(1, block["entries"][0]),
    ),
    (
        "a distractor that is a right answer",
        written.MATCHING,
        lambda block: block.update(distractors=[block["pairs"][0]["right"]]),
    ),
    (
        "a choice that leads nowhere",
        written.CASE,
        lambda block: choice_of(block, 0, 1).pop("next"),
    ),
    (
        "a choice that both leads on and ends",
        written.CASE,
        lambda block: choice_of(block, 0, 0).update(next="plan"),
    ),
    (
        "a choice that leads to what isn't there",
        written.CASE,
        lambda block: choice_of(block, 0, 1).update(next="borte"),
    ),
    (
        "a situation that nothing leads to",
        written.CASE,
        lambda block: choice_of(block, 0, 1).update(next=None, end="good", reason=written.both("x", "y")),
    ),
    (
        "round in a circle",
        written.CASE,
        lambda block: (choice_of(block, 1, 0).pop("end"), choice_of(block, 1, 0).update(next="start")),
    ),
    (
        "an end without a reason",
        written.CASE,
        lambda block: choice_of(block, 0, 0).pop("reason"),
    ),
    (
        "no good end",
        written.CASE,
        lambda block: choice_of(block, 1, 0).update(end="other"),
    ),
    (
        "two situations of one name",
        written.CASE,
        lambda block: block["nodes"][1].update(key="start"),
    ),
    (
        "a last turn that goes on",
        written.TALK,
        lambda block: block["turns"][1]["replies"][1].pop("end"),
    ),
    (
        "a turn where nothing opens",
        written.TALK,
        lambda block: block["turns"][0]["replies"][1].update(effect="holds"),
    ),
    (
        "a source without its year",
        {**written.SHORT, "source": written.both("Kilde", "Source"), "year": "", "quote": ""},
        lambda _block: None,
    ),
]


@pytest.mark.parametrize(
    ("block", "change"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_what_is_not_whole_is_not_published(module, block, change):
    before = ModulePage.objects.count()
    with pytest.raises(CatalogueError):
        load(module, changed(block, change))
    assert ModulePage.objects.count() == before


def test_the_words_name_what_is_wrong_and_where(module):
    block = BODY.child_blocks["branching_case"]
    page = load(module, written.CASE)
    value = page.steps[0].value["body"][0].value
    value["nodes"][0]["choices"][1]["next"] = "borte"
    with pytest.raises(ValidationError) as refused:
        block.clean(value)
    assert "borte" in str(refused.value.as_json_data())


def test_a_draft_may_be_as_unfinished_as_it_is(module):
    page = load(module, written.CASE, written.MANY)
    page.steps[0].value["body"][0].value["nodes"][0]["choices"][1]["next"] = "borte"
    page.steps[0].value["body"][1].value["options"][0]["is_correct"] = False
    page.steps.stream_block.clean_deferred(page.steps)
    with pytest.raises(ValidationError):
        page.steps.stream_block.clean(page.steps)


def test_a_key_that_no_block_has_is_said_when_a_file_is_loaded(module):
    with pytest.raises(CatalogueError, match="promt"):
        load(module, {**written.LIKERT, "promt": "?"})


def test_a_block_that_is_taken_out_stays_in_the_edition_that_was_begun(module):
    page = load(module, written.MANY, written.LAST[0])
    edition = Edition.objects.filter(version__module__key=page.translation_key, language="da").get()
    page.steps = [
        {
            **page.steps.raw_data[0],
            "value": {**page.steps.raw_data[0]["value"], "body": page.steps.raw_data[0]["value"]["body"][1:]},
        }
    ]
    page.save_revision().publish()
    edition.refresh_from_db()
    assert [block["kind"] for block in edition.items.values()] == ["multiple_choice", "practice_task"]


# --- The opening cases -------------------------------------------------------------------------------------


@pytest.mark.parametrize("marks", [[False, True], [True, False, True]])
def test_opening_cases_are_the_first_steps(module, marks):
    data = written.every_kind()
    for step, mark in zip(data["steps"], marks, strict=False):
        step["opening"] = mark
    with pytest.raises(CatalogueError):
        catalogue.load_module(data, index=module.get_parent().specific)


def test_opening_cases_ask_two_things_at_least_and_lead_to_a_practice_task(module):
    for steps in ([[written.QUESTION], written.LAST], [[written.QUESTION, written.MANY], written.READ]):
        data = written.every_kind()
        data["steps"] = [
            {"title": written.both("T", "T (en)"), "minutes": 3, "blocks": blocks, "opening": number == 0}
            for number, blocks in enumerate(steps)
        ]
        with pytest.raises(CatalogueError):
            catalogue.load_module(data, index=module.get_parent().specific)


# --- Files -------------------------------------------------------------------------------------------------


def document(name, content):
    return get_document_model().objects.create(title=name, file=ContentFile(content, name=name))


@pytest.fixture
def files(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("skema.pdf", b"MZ\x90\x00 a program", "pdf"),
        ("skema.docx", b"%PDF-1.7", "docx"),
        ("skema.exe", b"MZ", "docx, odt, pdf"),
        ("skema", b"%PDF-1.7", "docx, odt, pdf"),
    ],
)
def test_a_file_is_told_by_what_is_in_it(files, name, content, said):
    value = {"title": "Skema", "document": document(name, content), "description": ""}
    with pytest.raises(ValidationError) as refused:
        DocumentBlock().clean(DocumentBlock().normalize(value))
    assert said in str(refused.value.as_json_data())


def test_a_file_that_is_what_it_says_is_fine(files):
    value = {"title": "Skema", "document": document("skema.PDF", b"%PDF-1.7 ..."), "description": ""}
    assert DocumentBlock().clean(DocumentBlock().normalize(value))["title"] == "Skema"


def test_a_file_that_takes_too_much_is_refused_with_its_size():
    fault = find_fault("skema.pdf", 11 * MEGABYTE, b"%PDF-", PAPERS)
    assert "11" in fault
    assert "10" in fault


def editor_of(client, educator):
    sync_groups(educator)
    client.force_login(educator)
    return client


def picture(name="billede.png"):
    made = io.BytesIO()
    Picture.new("RGB", (8, 8), "white").save(made, "PNG")
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/png")


def test_an_image_of_80_megabytes_is_refused_with_words(files, module, educator, client):
    browser = editor_of(client, educator)
    big = picture()
    big.file.seek(0, io.SEEK_END)
    big.file.write(b"\0" * (80 * MEGABYTE))
    big.size = 80 * MEGABYTE
    big.file.seek(0)
    sent = browser.post(reverse("wagtailimages:add"), {"title": "Stort", "file": big})
    assert sent.status_code == 200
    assert "MB" in str(sent.context["form"].errors["file"])
    assert get_image_model().objects.count() == 0


@pytest.mark.parametrize("name", ["virus.png", "virus.jpg"])
def test_an_image_that_is_none_is_refused_with_words(files, module, educator, client, name):
    browser = editor_of(client, educator)
    false = SimpleUploadedFile(name, b"MZ\x90\x00 a program", content_type="image/png")
    sent = browser.post(reverse("wagtailimages:add"), {"title": "Falsk", "file": false})
    assert "file" in sent.context["form"].errors
    assert get_image_model().objects.count() == 0


def test_a_document_with_a_false_extension_is_refused_when_it_is_uploaded(files, module, educator, client):
    browser = editor_of(client, educator)
    false = SimpleUploadedFile("skema.pdf", b"MZ\x90\x00 a program", content_type="application/pdf")
    sent = browser.post(reverse("wagtaildocs:add"), {"title": "Falsk", "file": false})
    assert "file" in sent.context["form"].errors
    assert get_document_model().objects.count() == 0


def test_an_image_without_words_is_refused(files):
    image = get_image_model().objects.create(title="Billede", file=picture())
    value = {"image": image, "alt": "", "caption": "", "credit": ""}
    with pytest.raises(ValidationError):
        ImageBlock().clean(ImageBlock().normalize(value))


# Wagtail leaves the file of a rendition for the garbage collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_image_travels_with_its_words_and_its_size(files, module, settings, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "kuffert.png").write_bytes(picture().read())
    (folder / "files" / "skema.pdf").write_bytes(b"%PDF-1.7 ...")
    monkeypatch.setattr("content.block_data.DATA", folder)
    load(
        module,
        {"type": "image", "file": "kuffert.png", "alt": written.both("En kuffert", "A case")},
        {"type": "document", "file": "skema.pdf", "title": written.both("Skema", "Form")},
    )
    image, paper, _sources = Edition.objects.filter(language="en").latest("pk").steps[0]["blocks"]
    assert (image["image"]["alt"], image["image"]["width"]) == ("A case", 8)
    assert (paper["title"], paper["type"], paper["size"]) == ("Form", "PDF", 12)
    assert get_image_model().objects.count() == 1


# --- In the editor -----------------------------------------------------------------------------------------


def test_a_module_of_every_kind_opens_in_the_editor_and_in_its_preview(kinds, educator, client):
    browser = editor_of(client, educator)
    assert browser.get(reverse("wagtailadmin_pages:edit", args=[kinds.pk])).status_code == 200
    shown = kinds.make_preview_request(preview_mode="").content.decode()
    for words in ("Jeg spørger begge.", "Hvad tænkte du?", "Smerter om natten", "Spørge ham", "Falsk"):
        assert words in shown
