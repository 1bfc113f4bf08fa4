"""The editor in a real browser: looked at by axe, and a block copied to another module."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from content.models import ModulePage
from organisations.domain.groups import sync_groups

pytestmark = pytest.mark.django_db
#: What Wagtail's own parts of its pages break, which only Wagtail can mend: by rule, what they look like.
WAGTAILS = {
    # Its search in the side bar and its search in a list of pages have one name.
    "landmark-unique": 'action="/cms/pages/sea',
    # The writing field of its rich text isn't tied to the label above it.
    "aria-input-field-name": "public-DraftEditor-content",
}


def test_a_block_is_copied_to_another_module_and_the_editor_is_for_everyone(
    kinds, module, educator, client, page, live_server, assert_accessible
):
    sync_groups(educator)
    client.force_login(educator)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto("/cms/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page, theirs=WAGTAILS)
    page.goto(f"/cms/pages/{kinds.get_parent().pk}/")
    expect(page.get_by_role("link", name="Alle slags", exact=True).first).to_be_visible()
    assert_accessible(page, theirs=WAGTAILS)

    page.goto(f"/cms/pages/{kinds.pk}/edit/")
    copies = page.get_by_role("button", name="Kopiér", exact=True)
    expect(copies).to_have_count(len(kinds.steps) + sum(len(step.value["body"]) for step in kinds.steps))
    expect(page.locator(".lindra-paste").first).to_be_hidden()
    assert_accessible(page, theirs=WAGTAILS)
    # The fourth step holds the case: rich texts, lists in lists, and names that lead from one to another.
    page.evaluate(
        "document.getElementById('steps-root').rootBlock.children[3].block.childBlocks.body.container[0]"
        ".querySelector('.lindra-copy').click()"
    )
    expect(page.get_by_role("button", name="Kopieret", exact=True)).to_be_visible()

    page.goto(f"/cms/pages/{module.pk}/edit/")
    paste = page.get_by_role("button", name="Sæt det kopierede ind her")
    expect(paste).to_have_count(len(module.steps))
    paste.first.click()
    expect(page.locator("[name='steps-0-value-body-count']")).to_have_value(
        str(len(module.steps[0].value["body"]) + 1)
    )

    def is_saved(response):
        return response.request.method == "POST" and response.url.endswith(f"/cms/pages/{module.pk}/edit/")

    with page.expect_response(is_saved):
        page.get_by_role("button", name="Gem skitse").click()

    draft = ModulePage.objects.get(pk=module.pk).get_latest_revision_as_object()
    pasted, original = list(draft.steps[0].value["body"])[-1], kinds.steps[3].value["body"][0]
    assert pasted.block_type == "branching_case"
    nodes, before = pasted.value["nodes"], original.value["nodes"]
    assert [node["key"] for node in nodes] == [node["key"] for node in before]
    assert "Hr. Holm har ondt" in nodes[0]["situation"].source
    assert not {node.id for node in nodes.bound_blocks} & {node.id for node in before.bound_blocks}
    assert pasted.id != original.id
