"""A running site for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.web.site import Site, running


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path) as site:
        yield site
