"""Every kind of activity in a browser: by mouse, by keyboard alone, without script, and as axe sees it."""

import pytest
from playwright.sync_api import expect

from courses.models import Attempt, FreeText
from tests.conftest import DESK, PHONE, follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}


def item(page, kind):
    return page.locator(f".content-item--{kind}")


def feedback(page, kind):
    return item(page, kind).locator(".content-feedback")


def results():
    return list(Attempt.objects.order_by("pk").values_list("item", "success"))


@pytest.mark.parametrize("width", [PHONE, DESK, NARROW])
def test_the_dot_of_what_is_chosen_stands_in_the_middle_of_its_ring(page, open_step, width):
    page.set_viewport_size(width)
    open_step(3)
    item(page, "likert").locator("label").nth(1).click()
    middles = (
        item(page, "likert")
        .locator("label")
        .nth(1)
        .evaluate(
            """label => ["::before", "::after"].map(part => {
            const style = getComputedStyle(label, part);
            const [top, margin, height] = ["top", "marginTop", "height"].map(name => parseFloat(style[name]));
            return top + margin + height / 2;
        })"""
        )
    )
    assert middles[0] == middles[1]


def test_by_mouse(page, open_step):
    open_step(1)
    several = item(page, "multiple_choice")
    several.locator("label").nth(0).click()
    several.get_by_role("button").click()
    expect(feedback(page, "multiple_choice")).to_be_focused()
    expect(feedback(page, "multiple_choice")).to_contain_text("der er mere")
    several.locator("label").nth(2).click()
    several.get_by_role("button").click()
    expect(feedback(page, "multiple_choice")).to_contain_text("Rigtigt")
    claim = item(page, "true_false")
    claim.get_by_label("Falsk").check(force=True)
    claim.get_by_role("button").click()
    expect(feedback(page, "true_false")).to_contain_text("behovet er nok")

    open_step(2)
    order = item(page, "ordering")
    for text in ("Give det videre", "Skrive det ned", "Spørge ham"):
        # Each in its turn to the top: the last is the first.
        entry = order.locator("li", has_text=text)
        while entry.locator("[data-up]").is_enabled():
            entry.locator("[data-up]").click()
    expect(order.locator("[data-order-said]")).to_contain_text("nummer 1 af 3")
    order.get_by_role("button", name="Svar, og se hvorfor").click()
    expect(feedback(page, "ordering")).to_contain_text("Rigtigt")
    pairs = item(page, "matching")
    for number, word in enumerate(("Fysisk", "Socialt", "Fysisk")):
        pairs.locator("select").nth(number).select_option(label=word)
    pairs.get_by_role("button").click()
    expect(feedback(page, "matching")).to_contain_text("Rigtigt")

    open_step(3)
    item(page, "short_answer").locator("textarea").fill("Jeg lytter først.")
    item(page, "short_answer").get_by_role("button").click()
    expect(item(page, "short_answer")).to_contain_text("Hvad har fået dig til at tænke på det?")
    stand = item(page, "likert")
    stand.locator("label").nth(3).click()
    stand.get_by_role("button").click()
    expect(stand).to_contain_text("Gemt.")
    assert [success for _item, success in results()] == [False, True, True, True, True, None]
    assert FreeText.objects.get().text == "Jeg lytter først."


@pytest.mark.parametrize(
    ("kind", "step", "wrong", "first", "second"),
    [
        ("branching_case", 4, "det kan vente", "spørger begge", "ringer til sygeplejersken"),
        ("conversation", 5, "ikke tænke", "Hvad tænkte du", "betyder lindring"),
    ],
)
def test_a_case_is_walked_gone_back_in_and_walked_again(page, open_step, kind, step, wrong, first, second):
    open_step(step)
    case = item(page, kind)
    case.locator("label", has_text=wrong).click()
    case.get_by_role("button").click()
    expect(case).to_contain_text("Det kunne være endt bedre")
    expect(case.locator(".content-came")).to_be_focused()
    case.locator(".content-back").click()
    expect(case.locator("label", has_text=first)).to_be_visible()
    for choice in (first, second):
        case.locator("label", has_text=choice).click()
        case.get_by_role("button").click()
        expect(case.locator(".content-way__step", has_text=choice)).to_be_visible()
    expect(case).to_contain_text("Det endte godt")
    page.reload()
    expect(case).to_contain_text("Det endte godt")
    assert [success for _item, success in results()] == [False, True]


def tab_to(page, selector):
    """Press Tab until the focus is on what the selector finds. Fails when it never comes."""
    for _press in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The keyboard never reached {selector}")


def test_by_keyboard_alone(page, open_step):
    open_step(1)
    tab_to(page, ".content-item--multiple_choice input")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, ".content-item--multiple_choice button")
    page.keyboard.press("Enter")
    expect(feedback(page, "multiple_choice")).to_contain_text("Rigtigt")
    tab_to(page, ".content-item--true_false input")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".content-item--true_false button")
    page.keyboard.press("Enter")
    expect(feedback(page, "true_false")).to_be_focused()

    open_step(2)
    tab_to(page, ".content-order__button[data-down]")
    page.keyboard.press("Enter")
    # The buttons keep the focus while the entry moves.
    assert page.evaluate("document.activeElement.matches('.content-order__button')")
    expect(item(page, "ordering").locator("[data-order-said]")).to_contain_text("nummer 2 af 3")
    tab_to(page, ".content-item--ordering button[type=submit]")
    page.keyboard.press("Enter")
    expect(feedback(page, "ordering")).to_be_focused()
    for number, key in ((0, "F"), (1, "S"), (2, "F")):
        tab_to(page, f".content-pair:nth-of-type({number + 1}) select")
        page.keyboard.press(key)
    tab_to(page, ".content-item--matching button")
    page.keyboard.press("Enter")
    expect(feedback(page, "matching")).to_contain_text("Rigtigt")

    open_step(4)
    for round_, downs in enumerate((1, 0), start=1):
        tab_to(page, ".content-item--branching_case input[type=radio]")
        page.keyboard.press("Space")
        for _press in range(downs):
            page.keyboard.press("ArrowDown")
        tab_to(page, ".content-item--branching_case button")
        page.keyboard.press("Enter")
        expect(item(page, "branching_case").locator(".content-way__step")).to_have_count(round_)
    expect(item(page, "branching_case")).to_contain_text("Det endte godt")
    tab_to(page, ".content-back")


def test_without_script(browser, live_server, let_in, kinds):
    context = browser.new_context(
        base_url=live_server.url, locale="da-DK", viewport=PHONE, java_script_enabled=False
    )
    let_in(context)
    page = context.new_page()

    def send(kind):
        follow(page, item(page, kind).locator("button[type=submit]"))

    page.goto(f"{kinds.url}trin/1/")
    for number in (0, 2):
        item(page, "multiple_choice").locator("label").nth(number).click()
    send("multiple_choice")
    expect(feedback(page, "multiple_choice")).to_contain_text("Rigtigt")
    item(page, "true_false").locator("label").nth(1).click()
    send("true_false")
    expect(feedback(page, "true_false")).to_contain_text("Rigtigt")
    page.goto(f"{kinds.url}trin/2/")
    order = item(page, "ordering")
    for place, text in enumerate(("Spørge ham", "Skrive det ned", "Give det videre"), start=1):
        order.locator("li", has_text=text).locator("select").select_option(str(place))
    send("ordering")
    expect(feedback(page, "ordering")).to_contain_text("Rigtigt")
    for number, word in enumerate(("Fysisk", "Socialt", "Fysisk")):
        item(page, "matching").locator("select").nth(number).select_option(label=word)
    send("matching")
    expect(feedback(page, "matching")).to_contain_text("Rigtigt")
    page.goto(f"{kinds.url}trin/3/")
    item(page, "short_answer").locator("textarea").fill("Jeg lytter først.")
    send("short_answer")
    expect(item(page, "short_answer")).to_contain_text("Spørger, før der svares")
    item(page, "likert").locator("label").nth(0).click()
    send("likert")
    expect(item(page, "likert")).to_contain_text("Gemt.")
    for step, kind, words in (
        (4, "branching_case", ("det kan vente", "spørger begge", "ringer til")),
        (5, "conversation", ("ikke tænke", "Hvad tænkte du", "betyder lindring")),
    ):
        page.goto(f"{kinds.url}trin/{step}/")
        for number, word in enumerate(words):
            item(page, kind).locator("label", has_text=word).click()
            send(kind)
            if number == 0:
                follow(page, item(page, kind).locator(".content-back"))
        expect(item(page, kind)).to_contain_text("Det endte godt")
    context.close()
    assert [success for _item, success in results()] == [*[True] * 4, None, False, True, False, True]


@pytest.mark.parametrize("width", [NARROW, PHONE, DESK], ids=["narrow", "phone", "desk"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(page, open_step, assert_accessible, width):
    page.set_viewport_size(width)
    for step in range(1, 8):
        open_step(step)
        look(page, assert_accessible)
    # And with feedback on the page: answered wrongly, refused, and in the middle of a case.
    open_step(1)
    for kind in ("single_choice", "multiple_choice", "true_false"):
        item(page, kind).locator("label").nth(0).click()
        item(page, kind).locator("button").click()
        expect(feedback(page, kind)).to_be_visible()
    look(page, assert_accessible)
    open_step(2)
    item(page, "ordering").locator("button[type=submit]").click()
    expect(feedback(page, "ordering")).to_be_visible()
    item(page, "matching").locator("button").click()
    expect(item(page, "matching").locator(".form-error-message")).to_be_focused()
    look(page, assert_accessible)
    for step, kind in ((4, "branching_case"), (5, "conversation")):
        open_step(step)
        for _choice in range(2):
            item(page, kind).locator("label").nth(1).click()
            item(page, kind).locator("button").click()
            expect(item(page, kind).locator(".content-came").last).to_be_focused()
        look(page, assert_accessible)


def look(page, assert_accessible):
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


VOICES = """
    window.said = [];
    speechSynthesis.getVoices = () => [{ lang: "LANG", name: "A voice" }];
    speechSynthesis.speak = (utterance) => window.said.push(utterance.text);
"""


@pytest.mark.parametrize(("lang", "is_offered"), [("da-DK", True), ("da_DK", True), ("en-GB", False)])
def test_a_step_is_read_aloud_where_the_browser_has_a_voice_for_it(page, open_step, lang, is_offered):
    page.add_init_script(VOICES.replace("LANG", lang))
    open_step(6)
    button = page.locator("[data-aloud]")
    assert button.is_visible() == is_offered
    if is_offered:
        button.click()
        said = page.evaluate("window.said")
        assert [said.count(words) for words in ("Læse", "Læs dette.", "Husk dette.")] == [1, 1, 1]
        expect(button).to_have_text("Stop oplæsningen")
        button.click()
        expect(button).to_have_text("Læs højt")
