"""The chat as people use it, in a real browser: what they see, press, lose and get back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import prompts
from bot.message import Button, Choices
from tests.bot.web.site import Site

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


class Visit:
    """Opens the chat for somebody; a script that fails anywhere fails the test."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.broken: list[str] = []
        self.contexts: list[Any] = []

    def __call__(self, key: str, **options: Any) -> Page:
        context = self.browser.new_context(viewport=options.pop("viewport", DESK), **options)
        self.contexts.append(context)
        page: Page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.goto(self.site.link(key))
        page.wait_for_url("**/chat")
        return page


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    visit = Visit(browser, site)
    yield visit
    for context in visit.contexts:
        context.close()
    assert visit.broken == []


def write(page: Page, text: str) -> None:
    page.locator("#main .text").fill(text)
    page.locator("#main .text").press("Enter")


def test_typed_text_is_shown_and_never_run(site: Site, visit: Visit) -> None:
    page = visit("anna")
    for text in ("<script>window.hit=1</script><img src=x onerror=window.hit=1>", "שלום 👩🏽‍💻", "字" * 20_000):
        write(page, text)
        expect(page.locator("#main .said.plain").last).to_have_text(text)
    expect(page.locator("#main .message.pending")).to_have_count(0)
    assert page.evaluate("window.hit") is None
    page.locator("#main .text").fill("x" * 20_001)
    expect(page.locator("#main .composer .fault")).to_contain_text("over the limit of 20,000")
    expect(page.locator("#main .send")).to_be_disabled()


def test_double_click_has_one_effect(site: Site, visit: Visit) -> None:
    site.says(site.bot("anna"), "Choose", "c:1", Button("Take it", "/take"))
    page = visit("anna")
    page.get_by_role("button", name="Take it").dblclick()
    expect(page.get_by_text("Heard button: 5")).to_have_count(1)
    page.wait_for_timeout(300)
    assert [m.text for m in site.ear.heard] == ["/take"]


def test_a_lost_answer_is_asked_for_again(site: Site, visit: Visit) -> None:
    page = visit("anna")
    lost: list[str] = []

    def lose(route: Route) -> None:
        if len(lost) < 2:
            lost.append(str(route.request.post_data))
            route.fetch()  # the server did it; its answer never arrives
            route.abort()
        else:
            route.continue_()

    page.route("**/chat/say", lose)
    write(page, "just once")
    expect(page.get_by_text("Heard typed: 9")).to_have_count(1)
    expect(page.locator("#main .message.pending")).to_have_count(0)
    expect(page.get_by_text("just once")).to_have_count(1)
    page.wait_for_timeout(3000)  # both lost answers have been asked for again by then
    expect(page.get_by_text("Heard typed: 9")).to_have_count(1)
    assert len(lost) == 2
    assert len(set(lost)) == 1
    assert len(site.ear.heard) == 1


def test_an_edit_is_seen_live(site: Site, visit: Visit) -> None:
    sent = site.says(site.channel("anna"), "0 of 2", "b:1")
    page = visit("anna")
    page.get_by_role("link", name=re.compile("East")).click()
    expect(page.get_by_text("0 of 2")).to_be_visible()
    site.edits(site.channel("anna"), sent, "1 of 2")
    expect(page.get_by_text("1 of 2")).to_be_visible()
    site.says(site.channel("anna"), "Anna has answered", "b:2", thread=sent)
    page.get_by_role("link", name="1 reply").click()
    expect(page.locator("#thread").get_by_text("Anna has answered")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#thread")).to_be_hidden()


def test_a_refused_form_keeps_what_was_typed(site: Site, visit: Visit) -> None:
    site.says(site.bot("anna"), "Asked", "a:1", Button("Answer", "/form", "primary"))
    page = visit("anna")
    page.get_by_role("button", name="Answer").click()
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_text("Please fill this in.")).to_be_visible()
    form.get_by_label("What is next?").fill("no")
    form.get_by_text("Price").click()
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_text("Say more than no.")).to_be_visible()
    expect(form.get_by_label("What is next?")).to_have_value("no")
    page.keyboard.press("Escape")
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Answer").click()
    expect(form.get_by_label("What is next?")).to_have_value("no")
    expect(form.get_by_label("Price")).to_be_checked()
    form.get_by_label("What is next?").fill("pilot")
    form.get_by_role("button", name="Send").click()
    expect(form).to_be_hidden()
    expect(page.get_by_text("Heard form: 5")).to_be_visible()


def test_everything_by_keyboard(site: Site, visit: Visit) -> None:
    later = Choices("Later", (Button("In 15 minutes", "/later 15"), Button("In an hour", "/later 60")))
    site.says(site.bot("anna"), "Asked", "a:1", later)
    page = visit("anna")
    expect(page.get_by_text("Asked")).to_be_visible()
    expect(page.locator("#main .text")).to_be_focused()
    page.keyboard.type("/he")
    expect(page.get_by_role("option", name="/help")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Heard typed: 6")).to_be_visible()
    page.get_by_role("button", name="Later").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="In 15 minutes")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Heard button: 9")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("李")
    expect(page.locator("#found li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#main .name")).to_have_text("李伟")
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect(page.locator("#main .said", has_text="hello")).to_be_visible()
    expect(page.locator("#main .message.pending")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.type(" there")
    page.keyboard.press("Enter")
    expect(page.locator("#main .said")).to_have_text("hello there (edited)")


def test_a_phone_shows_one_pane_at_a_time(site: Site, visit: Visit) -> None:
    site.says(site.bot("anna"), "Asked", "a:1", Button("Answer", "/form", "primary"))
    page = visit("anna", viewport=PHONE, has_touch=True)
    expect(page.locator(".list")).to_be_visible()
    expect(page.locator("#main")).to_be_hidden()
    page.locator(".chats a").first.click()
    expect(page.locator(".list")).to_be_hidden()
    page.get_by_role("button", name="Answer").click()
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    pick = page.locator(".pick").first.bounding_box()
    assert pick is not None
    assert pick["height"] >= 44
    page.get_by_role("button", name=re.compile("^Close")).click()
    page.go_back()
    expect(page.locator(".list")).to_be_visible()


def test_chinese_pages_speak_chinese(site: Site, visit: Visit) -> None:
    page = visit("li")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    _ = prompts.words("zh")
    expect(page.get_by_role("banner")).to_contain_text("李伟")
    expect(page.locator("#main .text")).to_have_attribute("placeholder", _("Write to Paceline, or type / for commands"))
    page.goto(f"{site.url}/team")
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_dropped_file_goes_with_the_message(site: Site, visit: Visit) -> None:
    page = visit("anna")
    page.locator("#main .chooser").set_input_files({"name": "plan.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    expect(page.locator("#main .uploads li")).to_contain_text("plan.csv · 1 KB")
    page.locator("#main .text").fill("the plan")
    page.locator("#main .text").press("Enter")
    expect(page.locator("#main .file")).to_contain_text("plan.csv")
    expect(page.get_by_text("Heard typed: 8")).to_be_visible()
    assert [f.name for f in site.ear.heard[0].files] == ["plan.csv"]


def test_a_page_that_was_away_catches_up(site: Site, visit: Visit) -> None:
    page = visit("anna")
    expect(page.locator("#main .text")).to_be_focused()
    page.context.set_offline(True)
    write(page, "while away")
    expect(page.locator("#main .message.pending")).to_be_visible()
    site.says(site.bot("anna"), "Said meanwhile", "m:1")
    page.context.set_offline(False)
    expect(page.get_by_text("Said meanwhile")).to_be_visible()
    expect(page.get_by_text("Heard typed: 10")).to_have_count(1)
    expect(page.get_by_text("while away")).to_have_count(1)
