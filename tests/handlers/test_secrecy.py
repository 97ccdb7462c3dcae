"""Nobody hears of another team's deals: not by command, not by button, not by a guessed id or name.

Every command of the menu is said by everybody, with all that could name a deal of the other team.
"""

from pathlib import Path

import pytest

from bot.crm.imports import import_folder
from bot.errors import FormError
from bot.library.search import Search
from handlers import MENU
from tests.conftest import HEAD, Office

NAME = "Zephyrine"  # what one may have heard of
SECRET = "Quillfeather"  # what stands in the CRM beside it
FILES = {
    "stages": "stage,position,stall_days,touch_days\nDemo,1,5,3\nOffer,2,5,3\n",
    "accounts": f"account,name,industry,owner,contact\nA9,{NAME} Mills,{SECRET}ry,wu,{SECRET} Ray\n",
    "deals": "deal,name,account,owner,product_line,stage,status,created,expected_close,next_step,amount,currency\n"
    f"D9,{NAME} {SECRET},A9,wu,{SECRET},Demo,open,2026-01-05,2026-02-01,Call {SECRET},70000,EUR\n"
    f"D8,{NAME} {SECRET} old,A9,wu,{SECRET},Demo,won,2026-01-05,2026-02-01,,70000,EUR\n",
    "moves": "deal,from_stage,to_stage,at\nD9,,Demo,2026-01-05T00:00:00Z\nD8,Demo,won,2026-02-05T00:00:00Z\n",
    "touches": f"deal,owner,kind,at,note\nD9,wu,call,2026-01-06T00:00:00Z,{SECRET} rang\n",
    "leads": f"lead,source,owner,created,deal\nL-1,{SECRET},wu,2026-01-05,D9\n",
}
NAMES = ["D9", "D8", NAME, f"{NAME} Mills", f"{NAME} rollout", "West", "wu", "Wu Min"]
PRESSED = ["ack", "show", "why", "known", "assign", "explain", "done", "change", "hand", "notmine"]
DEAL = ["step", "move", "remark", "dead", "owner", "show"]
ASKED = ["", *NAMES, "1", "2", "2026-06-11", *(f"{verb} 1" for verb in PRESSED), *(f"#{verb} D9" for verb in DEAL)]
ASKED += [
    "price D9",
    f"price {NAME} Mills",
    "card 1 D9",
    "conversion West",
    "stalled West",
    "now",
    "week",
    "month",
    "team",
]


@pytest.fixture
def house(east: Office, tmp_path: Path) -> Office:
    east.hire(
        HEAD + "chief,Chief West,West,manager,Europe/Berlin,en,DE,,\nwu,Wu Min,West,rep,Europe/Berlin,en,DE,chief,\n"
        "sue,Sue Lang,East,support,Europe/Berlin,en,DE,weber,\n"
    )
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    assert not import_folder(east.app.db, 1, tmp_path, east.app.now()).faults
    east.say("wu", f"/todo add see {SECRET} tomorrow")
    east.app.shelf.search = Search(east.app.db, 1, east.app.settings.home, None)  # words are enough here
    return east


def form(house: Office, who: str, text: str, how: str = "typed") -> str:
    """The form that opens when somebody says this, and what it refuses."""
    try:
        reply = house.say(who, text, how=how)
    except FormError as refused:
        return str(refused.faults)
    return repr(reply.form) if reply else ""


@pytest.mark.parametrize("who", ["anna", "weber", "sue", "olga"])
def test_no_command_tells_of_another_teams_deals(house: Office, who: str) -> None:
    for command in MENU:
        for asked in ASKED:
            assert SECRET not in form(house, who, f"{command} {asked}".strip(), "button"), f"{command} {asked}"
    heard = house.heard(f"bot:{who}")
    assert len(heard) > len(MENU)
    assert [text for text in heard if SECRET in text] == []


def test_whose_they_are_hears_of_them(house: Office) -> None:
    for who in ("wu", "chief"):
        form(house, who, "/deal D9")
        assert SECRET in "".join(house.heard(f"bot:{who}"))
