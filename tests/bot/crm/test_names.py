"""Names that are nearly another."""

import pytest

from bot.crm.names import near, suspects

KNOWN = ["GTX Pro", "GTX Basic", "GTK 500", "宏达医疗", "Acme Corporation", "anna", "Anna Berg"]
NEAR = [
    ("GTXPro", "GTX Pro"),
    ("gtx-pro", "GTX Pro"),
    ("ＧＴＸ　Ｐｒｏ", "GTX Pro"),
    ("GTK 600", ""),
    ("Acme Corporatoin", "Acme Corporation"),
    ("宏达 医疗", "宏达医疗"),
    ("华为", ""),
    ("Bob", ""),
    ("---", ""),
    ("Ana Berg", "Anna Berg"),
]


@pytest.mark.parametrize(("name", "meant"), NEAR)
def test_the_name_that_was_perhaps_meant(name: str, meant: str) -> None:
    assert near(name, KNOWN) == meant


SUSPECTS: list[tuple[str, dict[str, int], list[str], dict[str, str]]] = [
    (
        "run together",
        {"GTXPro": 1480, "GTX Plus Pro": 968, "GTX Basic": 1866, "MG Special": 5},
        [],
        {"GTXPro": "GTX Pro"},
    ),
    ("on the roster", {"GTXPro": 1480}, ["GTX Pro"], {"GTXPro": "GTX Pro"}),
    ("written otherwise", {"Med-Tech": 3, "MedTech": 90}, [], {"Med-Tech": "MedTech"}),
    ("a letter left out", {"technolgy": 2, "technology": 80}, [], {"technolgy": "technology"}),
    ("two letters changed places", {"retial store": 1, "retail store": 50}, [], {"retial store": "retail store"}),
    ("as many of both", {"technolgy": 12, "technology": 12}, [], {}),
    ("another one", {"North East": 2, "North West": 90}, [], {}),
    ("another number", {"Series 500": 1, "Series 600": 900}, [], {}),
    ("short", {"East": 1, "Best": 99}, [], {}),
    ("one word", {"SalesForce": 9, "Cloud": 9}, [], {}),
    ("nothing in it", {"-": 1, "--": 2}, [], {}),
]


@pytest.mark.parametrize(("story", "counts", "known", "found"), SUSPECTS, ids=[row[0] for row in SUSPECTS])
def test_slips_among_names_that_no_file_lists(
    story: str, counts: dict[str, int], known: list[str], found: dict[str, str]
) -> None:
    assert suspects(counts, known) == found
