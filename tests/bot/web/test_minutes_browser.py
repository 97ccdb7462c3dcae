"""The pages about calls as people use them: an item leads to its lines, by mouse, thumb and keyboard, with a script or
without."""

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.minutes.examples import service as examples
from tests.bot.web.site import Site
from tests.bot.web.test_library import filled
from tests.bot.web.test_library_browser import PHONE, fits, phone
from tests.bot.web.test_minutes import posted, taken

pytestmark = pytest.mark.browser


def opened(browser: Browser, site: Site, who: str, path: str, **size: int) -> Page:
    """A page of somebody who is signed in, with scripts."""
    page = browser.new_context(viewport=size or {"width": 1280, "height": 800}).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(8000)
    page.goto(site.link(who))
    page.wait_for_url("**/chat*")
    page.goto(f"{site.url}{path}")
    return page


def test_every_page_fits_a_phone_without_a_script(browser: Browser, site: Site) -> None:
    filled(site, "")
    draft, out = taken(site, "anna", key="d"), posted(site, "anna", "p")
    with site.app.db.begin() as db:
        one = examples.ask(db, site.person("boss"), out, site.app.now(), lesson="Hold the price " * 9)
    page = phone(browser, site, "anna")
    for path in ("/minutes", f"/minutes/{draft.id}", f"/minutes/{out.id}", "/examples", f"/examples/{one.id}"):
        page.goto(f"{site.url}{path}")
        assert fits(page), path
    page.goto(f"{site.url}/minutes/{draft.id}")
    page.locator(".cite").first.click()
    expect(page.locator(".stretch li:target")).to_be_in_viewport()
    page.get_by_role("button", name="Drop").first.click()
    expect(page.locator(".item.off")).to_be_in_viewport()
    page.context.close()


def test_an_item_leads_to_its_lines_beside_it(browser: Browser, site: Site) -> None:
    filled(site, "")
    page = opened(browser, site, "anna", f"/minutes/{taken(site, 'anna').id}")
    item = page.locator("#minutes section", has_text="To-dos").locator(".item").first
    item.locator("p").first.click()
    lines = page.locator(".stretch li.on")
    expect(lines.first).to_be_in_viewport()
    expect(lines.first).to_be_focused()
    expect(item).to_have_class("item on")
    page.keyboard.press("Escape")
    expect(item.locator(".cite").first).to_be_focused()
    second = page.locator("#minutes .cite").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(str(second.get_attribute("href")))
    expect(page.locator(f"{second.get_attribute('href')}.on")).to_be_focused()
    expect(item).to_have_class("item")
    page.context.close()


def test_on_a_phone_one_pane_is_shown_at_a_time(browser: Browser, site: Site) -> None:
    filled(site, "")
    path = f"/minutes/{taken(site, 'anna').id}"
    page = opened(browser, site, "anna", path, **PHONE)
    expect(page.locator("#transcript")).to_be_hidden()
    page.locator("#minutes .cite").last.click()
    expect(page.locator("#minutes")).to_be_hidden()
    expect(page.locator(".stretch li.on").first).to_be_in_viewport()
    page.get_by_role("button", name="Minutes", exact=True).click()
    expect(page.locator("#minutes")).to_be_visible()
    page.goto(f"{site.url}{path}#line-2")
    page.reload()
    expect(page.locator("#line-2")).to_be_in_viewport()
    page.context.close()
