"""`paceline demo` as a stranger meets it: two links, a standup that fills, an answer, a change, the manager's view.

With PACELINE_PICTURES set it also takes the pictures that the README shows.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"


@dataclass
class Demo:
    process: subprocess.Popen[str]
    rep: str
    manager: str


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    temp = {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | temp,
    )
    assert process.stdout is not None
    links: list[str] = []
    while len(links) < 2 and (line := process.stdout.readline()):
        links += re.findall(r"http://\S+", line)
    yield Demo(process, *links)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert not list(tmp_path.glob("paceline-demo-*")), "Ctrl-C leaves nothing behind"


def take(page: Page, name: str) -> None:
    if os.environ.get("PACELINE_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")


def open_page(browser: Browser, link: str, **options: object) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, **options).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(15_000)
    page.goto(link)
    page.wait_for_url("**/chat*")
    return page


def test_a_new_user_answers_changes_and_sees_the_managers_view(browser: Browser, demo: Demo) -> None:
    page = open_page(browser, demo.rep)
    expect(page.get_by_text("Yesterday you planned", exact=False).or_(page.get_by_text("you planned:"))).to_be_visible()
    take(page, "chat-en")

    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_label("demo for Bright Dental").check()
    page.get_by_label("What is next?").fill("pilot for Bright Dental")
    page.get_by_label("No blocker").check()
    take(page, "form-en")
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.get_by_text("Noted", exact=False)).to_be_visible()

    page.get_by_role("button", name="Edit", exact=True).last.click()
    page.get_by_label("What is next?").fill("pilot for Bright Dental\ncall Suhe Textiles")
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.get_by_text("Changed.", exact=False)).to_be_visible()

    manager = open_page(browser, demo.manager)
    manager.goto(manager.url.split("/chat")[0] + "/chat")
    manager.locator("a, button").filter(has_text="Asia").first.click()
    board = manager.get_by_text("next: pilot for Bright Dental; call Suhe Textiles", exact=False)
    expect(board).to_be_visible(timeout=20_000)
    expect(manager.get_by_text("竞品在做促销", exact=False).first).to_be_visible(timeout=40_000)
    take(manager, "board-en")
    manager.locator("a, button").filter(has_text="Paceline").last.click()
    expect(manager.get_by_role("button", name="Acknowledge").first).to_be_visible()
    take(manager, "manager-en")
    _calls(page, manager)
    _in_chinese(browser, page, demo)


def _calls(page: Page, manager: Page) -> None:
    """The rep decides about a draft beside what was said; their manager reads what was posted, and the example."""
    chat, home = page.url, page.url.split("/chat")[0]
    page.goto(f"{home}/minutes")
    page.get_by_role("listitem").filter(has_text="draft").get_by_role("link").click()
    page.wait_for_load_state()  # what listens to the click comes with the page
    page.locator(".item", has_text="SOC 2 report").first.locator("p").first.click()
    expect(page.locator(".stretch li.on")).to_be_in_viewport()
    take(page, "minutes-en")
    expect(page.get_by_role("button", name="Post to Asia")).to_be_visible()
    page.goto(chat)
    at = manager.url.split("/chat")[0]
    manager.goto(f"{at}/minutes")
    expect(manager.get_by_role("link", name="宏达医疗")).to_be_visible()
    manager.goto(f"{at}/examples")
    expect(manager.get_by_role("link", name="先认预算", exact=False)).to_be_visible()


def _in_chinese(browser: Browser, page: Page, demo: Demo) -> None:
    """The same person, who has chosen Chinese, at the desk and on a phone."""
    composer = page.locator("#main .text")
    composer.fill("/me")
    composer.press("Enter")
    page.get_by_label("中文").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("保存", exact=False).first).to_be_visible()
    page.reload()
    composer.fill("/standup")
    composer.press("Enter")
    expect(page.get_by_label("没有卡点")).to_be_visible()
    take(page, "chat-zh")
    home = page.url.split("/chat")[0]
    phone = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        storage_state=page.context.storage_state(),
    ).new_page()
    phone.goto(f"{home}/chat")
    phone.locator("a, button").filter(has_text="Asia").first.click()
    expect(phone.get_by_text("王浩", exact=False).first).to_be_visible()
    take(phone, "phone-zh")


def test_one_browser_can_hold_both_people(demo: Demo) -> None:
    assert demo.rep.startswith("http://127.0.0.1:")
    assert demo.manager.startswith("http://localhost:")  # cookies are kept by host
