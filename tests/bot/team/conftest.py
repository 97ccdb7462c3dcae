"""People made by hand, and a roster in a real database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.db import Connection
from bot.team import store  # noqa: F401  (its tables must be known before they are made)
from bot.team.model import Person, Role
from tests.databases import migrated

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)


def make_person(id: int = 1, **fields: Any) -> Person:
    plain = Person(id, 1, f"p{id}", f"Person {id}", "", 1, Role.REP, "Asia/Shanghai", "en")
    return replace(plain, **fields)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    database = migrated(f"sqlite:///{tmp_path}/t.db")
    with database.begin() as db:
        yield db
    database.close()
