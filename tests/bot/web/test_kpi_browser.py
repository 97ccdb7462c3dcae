"""The pages about numbers as people use them: on a phone, without a script, in both languages."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.bot.web.site import Site
from tests.bot.web.test_kpi import EVIL, alerted, deal, traded
from tests.bot.web.test_library_browser import fits, phone

pytestmark = pytest.mark.browser


def test_every_page_fits_a_phone(browser: Browser, site: Site, tmp_path: Path) -> None:
    traded(site, tmp_path / "crm")
    alerted(site)
    page = phone(browser, site, "boss")
    for path in (
        "/numbers",
        "/numbers/why?kpi=conversion&stage=Demo",
        "/numbers/why?kpi=lead_conversion",
        "/numbers/deals?kpi=stalled",
        "/numbers/data",
        "/alerts",
        deal("anna-open-0"),
        deal("anna-open-1"),
        deal("anna-open-2"),
    ):
        page.goto(f"{site.url}{path}")
        assert fits(page), path
        links, last = (page.locator(one).last.bounding_box() for one in (".bar .links", ".bar .links a"))
        assert links, path
        assert last, path
        assert last["x"] + last["width"] <= links["x"] + links["width"] + 0.5, "every link of the bar is in sight"
    page.context.close()


def test_from_a_number_to_a_deal_and_its_next_step(browser: Browser, site: Site, tmp_path: Path) -> None:
    traded(site, tmp_path / "crm")
    page = phone(browser, site, "anna")
    page.get_by_role("link", name="Numbers", exact=True).click()
    expect(page.get_by_role("img", name="The last 13 weeks").first).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Stalled deals")
    row.get_by_role("link", name="Deals", exact=True).click()
    page.get_by_role("link", name=f"anna {EVIL}").click()
    expect(page.get_by_role("heading", name=f"anna {EVIL}")).to_be_visible()
    page.get_by_role("button", name="Next step…").click()
    assert fits(page)
    page.get_by_label("What is the next step?").fill("call <b>Chidi</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("call <b>Chidi</b>").first).to_be_visible()
    page.context.close()


def test_the_menu_with_ones_name_opens_on_a_phone(browser: Browser, site: Site) -> None:
    page = phone(browser, site, "boss")
    page.locator("details.me summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.locator("details.me summary").bounding_box()["height"] >= 40  # type: ignore[index]
    page.context.close()
