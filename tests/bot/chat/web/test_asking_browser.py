"""The question "What do I say?" as people use it, in a real browser, wide and narrow."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.message import Button
from tests.bot.web.site import Site

pytestmark = pytest.mark.browser
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SAID = "Hongda says our competitor is 15% cheaper and can deliver in two weeks."


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens the chat for somebody at their team's channel, where a colleague and the bot have written."""
    contexts: list[Any] = []
    broken: list[str] = []
    site.says(site.channel("anna"), "East standup · 3 of 4", "board:1", Button("Answer", "/form"))
    with site.signed_in("li") as li:
        for n, text in enumerate((SAID, "What would you tell them?")):
            li.post("/chat/say", json={"id": f"act-000{n}", "chat": site.channel("li"), "text": text})

    def open_channel(key: str = "anna", **options: Any) -> Page:
        context = browser.new_context(**(options or DESK))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(site.link(key))
        page.wait_for_url("**/chat")
        page.goto(f"{site.url}/chat/{site.channel(key)}")
        expect(page.locator("#main .message").nth(2)).to_be_visible()
        return page

    yield open_channel
    for context in contexts:
        context.close()
    assert broken == []


def asked(page: Page) -> Locator:
    return page.get_by_role("button", name="What do I say?")


def answered(site: Site, page: Page, text: str = SAID) -> None:
    """It stands in the asker's own chat, once, with its answer."""
    page.wait_for_url(f"**/chat/{site.bot('anna')}")
    expect(page.get_by_text(f"/ask {text}")).to_have_count(1)
    expect(page.get_by_text(f"Heard typed: {len(text) + 5}")).to_have_count(1)
    expect(page.locator("#main .message.pending")).to_have_count(0)
    assert [(m.text, m.place.chat) for m in site.ear.heard] == [(f"/ask {text}", site.bot("anna"))]


def test_wide_it_shows_when_pointed_at(site: Site, visit: Callable[..., Page]) -> None:
    page = visit()
    message = page.locator("#main .message", has_text=SAID)
    tool = message.locator(".tools [data-do=ask]")
    expect(page.locator("#main .below:visible")).to_have_count(0)
    expect(message.locator(".tools")).to_have_css("opacity", "0")
    message.hover()
    expect(message.locator(".tools")).to_have_css("opacity", "1")
    expect(tool).to_be_visible()
    expect(page.locator("#main .message", has_text="East standup").locator("[data-do=ask]:visible")).to_have_count(0)
    tool.dblclick()
    answered(site, page)
    page.go_back()
    expect(message).to_be_visible()


def test_by_keyboard(site: Site, visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator("#main .scroll").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.do") == "ask":
            break
    expect(asked(page).and_(page.locator(":focus"))).to_be_visible()
    expect(page.locator(".tools:has(:focus)")).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    answered(site, page)
    expect(page.locator("#main .text")).to_be_focused()


def test_narrow_it_stands_under_what_people_say_in_a_channel(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(**PHONE)
    expect(asked(page)).to_have_count(2)  # one for each message of a colleague, none twice, none under the board
    link = page.locator("#main .message", has_text=SAID).get_by_role("button", name="What do I say?")
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 28
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    link.tap()
    answered(site, page)
    page.go_back()
    expect(link).to_be_visible()


def test_in_a_thread_too(site: Site, visit: Callable[..., Page]) -> None:
    page = visit()
    with site.signed_in("li") as li:
        root = next(m["id"] for m in li.get("/chat/history", params={"chat": site.channel("li")}).json()["messages"])
        li.post("/chat/say", json={"id": "act-0009", "chat": site.channel("li"), "text": "In here", "thread": root})
    site.ear.heard.clear()  # it is under the bot's own message, so the bot heard it
    page.get_by_role("link", name=re.compile("repl")).click()
    message = page.locator("#thread .message", has_text="In here")
    message.hover()
    message.locator(".tools [data-do=ask]").click()
    answered(site, page, "In here")


def test_in_chinese_and_in_the_dark(site: Site, visit: Callable[..., Page]) -> None:
    with site.signed_in("anna") as anna:
        anna.post("/chat/say", json={"id": "act-0007", "chat": site.channel("anna"), "text": "宏达说我们太贵了"})
    page = visit("li", **PHONE, color_scheme="dark")
    link = page.locator("#main .message", has_text="宏达说我们太贵了").locator("[data-do=ask]:visible")
    expect(link).to_have_text("这句怎么回？")
