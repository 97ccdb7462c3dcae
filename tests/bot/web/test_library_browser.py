"""The library's pages as people use them: on a phone, without a script, in Chinese, by keyboard."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.library import service, store
from tests.bot.web.site import Site
from tests.bot.web.test_library import asked, card, filled

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def phone(browser: Browser, site: Site, who: str) -> Page:
    """A phone that runs no scripts, signed in by the button."""
    page = browser.new_context(viewport=PHONE, has_touch=True, java_script_enabled=False).new_page()
    page.set_default_timeout(8000)
    page.goto(site.link(who))
    page.get_by_role("button", name="Sign in").click()
    return page


def fits(page: Page) -> bool:
    """Nothing sticks out at the side, and every button is large enough for a thumb."""
    page.wait_for_load_state()
    expect(page.locator("main")).to_be_visible()
    wide = max(box["x"] + box["width"] for each in page.locator("main *").all() if (box := each.bounding_box()))
    high = [box["height"] for each in page.locator("main .button").all() if (box := each.bounding_box())]
    return wide <= PHONE["width"] and all(height >= 44 for height in high)


def test_a_card_is_written_from_a_gap_on_a_phone_without_scripts(browser: Browser, site: Site) -> None:
    filled(site)
    asked(site, "anna", "do you speak German", gap=True)
    page = phone(browser, site, "sue")
    page.goto(f"{site.url}/library")
    assert fits(page)
    page.get_by_role("link", name="Gaps 1").click()
    expect(page.get_by_role("heading", name="“do you speak German”")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Write the card").click()
    expect(page.get_by_label("How customers put it, one a line")).to_have_value("do you speak German")
    assert fits(page)
    page.get_by_label("The objection, in a few words").fill("Wants German")
    page.get_by_role("group", name="Stage").get_by_label("demo").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("all that you typed is still here")
    expect(page.get_by_text("Please fill this in.")).to_be_visible()
    expect(page.get_by_label("The objection, in a few words")).to_have_value("Wants German")
    expect(page.get_by_role("radio", name="demo")).to_be_checked()
    page.get_by_label("What to say").fill("Yes, from May.\n\nShall I show you, {{ contact }}?")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved as card wants-german")
    expect(page.get_by_role("heading", name="Wants German")).to_be_visible()
    expect(page.get_by_text("Shall I show you, [contact]?")).to_be_visible()
    assert fits(page)
    new = card(site, "wants-german")
    assert (new.stage, new.answer) == ("demo", "Yes, from May.\n\nShall I show you, {{ contact }}?")
    page.goto(f"{site.url}/library/gaps")
    expect(page.get_by_role("heading", name="No gaps")).to_be_visible()
    page.context.close()


def test_a_table_is_a_list_on_a_phone(browser: Browser, site: Site) -> None:
    filled(site)
    for who in ("anna", "li", "omar"):
        asked(site, who, "your price is too high")
        asked(site, who, "xyzzy plugh " * 20)
    page = phone(browser, site, "boss")
    page.goto(f"{site.url}/library/usage")
    expect(page.locator("td", has_text=re.compile(r"^3$")).first).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="3 not in the library").click()
    expect(page.get_by_text("xyzzy plugh").first).to_be_visible()
    assert fits(page)
    page.goto(f"{site.url}/library/card?id={card(site, 'price').id}")
    expect(page.get_by_role("button", name="Still right")).to_be_visible()
    assert fits(page)
    page.context.close()


def test_hostile_cards_run_nothing(browser: Browser, site: Site) -> None:
    filled(site)
    with site.app.db.begin() as db:
        evil = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
        one = store.by_key(db, 1, "price")
        assert one is not None
        service.save(
            db,
            site.person("boss"),
            replace(one, title=evil, answer=evil, phrasings=(evil, "\u202eliated")),
            site.app.now(),
        )
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.link("boss"))
    page.wait_for_url("**/chat")
    for path in ("/library", f"/library/card?id={one.id}", "/library?q=price"):
        page.goto(site.url + path)
        expect(page.get_by_text("<img src=x").first).to_be_visible()
        assert page.evaluate("window.hit") is None
    context.close()


def test_by_keyboard_from_the_question_to_the_card(browser: Browser, site: Site) -> None:
    filled(site)
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.link("li"))
    page.wait_for_url("**/chat")
    page.goto(f"{site.url}/library")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.locator("#q").focus()
    page.keyboard.type("your price is too high")
    page.keyboard.press("Enter")
    expect(page.locator(".answer").get_by_role("link").first).to_have_text("Price too high")
    page.locator(".answer").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Price too high")).to_be_visible()
    context.close()
