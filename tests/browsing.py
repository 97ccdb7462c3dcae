"""The one real browser of a test run, where one is found."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PLACES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    named = os.environ.get("PACELINE_CHROMIUM", "")
    found = named or next((path for place in PLACES if (path := shutil.which(place))), "")
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail("No Chromium: install chromium, or name one with PACELINE_CHROMIUM.")
        pytest.skip("No Chromium found: the browser tests were left out.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
