"""The same events again and again over many connections: one effect each."""

from pathlib import Path

from tests.storms.retries import storm


def test_a_storm_of_retries_has_one_effect_each(tmp_path: Path) -> None:
    found = storm(tmp_path, events=60, connections=64)
    assert (found.refused, found.stored, found.answered, found.said) == (0, 60, 60, 60)
