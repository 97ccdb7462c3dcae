"""Whose side somebody is on is read from what is known, never guessed."""

from dataclasses import dataclass

import pytest

from bot.crm.model import Account
from bot.minutes.model import Side
from bot.minutes.transcripts import read, sides
from tests.bot.minutes import renderings
from tests.bot.minutes.renderings import Said


@dataclass(frozen=True)
class Someone:
    name: str
    email: str = ""


ROSTER = [Someone("Dana Lee", "dana@brightline.example.com"), Someone("李娜", "lina@brightline.cn"), Someone("Sam Ode")]
ACCOUNTS = [Account("1", "Kraftwerk GmbH", contact="Jürgen Groß"), Account("2", "宏达医疗有限公司", contact="王强")]
ACCOUNTS += [Account("3", "TechFlow", contact="Sam Ode")]


@pytest.mark.parametrize(
    ("label", "side"),
    [
        ("Dana Lee", Side.OURS),
        ("DANA LEE", Side.OURS),
        ("Lee, Dana", Side.OURS),
        ("Dana", Side.UNKNOWN),  # somebody else may be called so
        ("李娜", Side.OURS),
        ("李娜（华东）", Side.OURS),
        ("王强", Side.CUSTOMER),
        ("宏达-王强", Side.CUSTOMER),
        ("Jurgen Gross", Side.CUSTOMER),
        ("Sam Ode", Side.UNKNOWN),  # on the roster and a contact
        ("Kim (External)", Side.CUSTOMER),
        ("Kim (Guest)", Side.UNKNOWN),
        ("Kim (Kraftwerk)", Side.CUSTOMER),
        ("Kim (Head of IT, TechFlow Inc.)", Side.CUSTOMER),
        ("张伟（宏达医疗 采购）", Side.CUSTOMER),
        ("Kim (Brightline Account Executive)", Side.OURS),
        ("Kim | Bright Line", Side.OURS),
        ("Kim (Orbit)", Side.UNKNOWN),
        ("kim@brightline.cn", Side.OURS),
        ("Kim Park <kim@techflow.io>", Side.CUSTOMER),
        ("kim@gmail.com", Side.UNKNOWN),
        ("Customer", Side.CUSTOMER),
        ("客户2", Side.CUSTOMER),
        ("销售", Side.OURS),
        ("说话人 1", Side.UNKNOWN),
        ("Speaker 1", Side.UNKNOWN),
    ],
)
def test_one_side(label: str, side: Side) -> None:
    (speaker,) = sides(read(f"{label}: Good morning.".encode()), ROSTER, ACCOUNTS, ["brightline.cn"]).speakers
    assert speaker.side is side


def test_nothing_known_nothing_said() -> None:
    found = sides(read(b"Dana Lee (Acme): Hi.\nTom: Yes."))
    assert {speaker.side for speaker in found.speakers} == {Side.UNKNOWN}


def test_gong_knows_its_parties() -> None:
    found = sides(read(renderings.gong([Said("Tom Baker", "Hi there.", 0, 1)]).encode()))
    assert found.side_of("Tom Baker") is Side.OURS


def test_participants_of_a_head_lend_their_company() -> None:
    head = "**Participants:**\n- Lee (Brightline)\n- Jennifer Wu (Director, TechFlow Inc)\n\n---\n\n"
    text = head + "**Lee:** Hi.\n\n**Jennifer:** Hi."
    found = sides(read(text.encode()), ROSTER, ACCOUNTS, ["brightline.cn"])
    assert (found.side_of("Lee"), found.side_of("Jennifer")) == (Side.OURS, Side.CUSTOMER)


def test_a_name_is_spelled_as_the_roster_spells_it() -> None:
    found = sides(read(b"0:00:00.000,0:00:09.000\n>> DANA LEE: Hi Tom.\n"), [Someone("Dana LEE")])
    assert found.turns[0].speaker == found.speakers[0].name == "Dana LEE"


def test_two_people_never_become_one() -> None:
    found = sides(read(b"Dana Lee: Hi.\ndana lee: Yes.\nDana Lee: So.\ndana lee: No."), ROSTER)
    assert [turn.speaker for turn in found.turns] == ["Dana Lee", "dana lee"] * 2
