"""What is replaced in an example, and that days and small counts stay."""

import pytest

from bot.minutes.examples.amounts import amounts
from bot.minutes.examples.disguise import Disguise
from bot.redaction import redactor


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is 12,000 euros a year, 15 percent off, so $4.8k", ["12,000 euros", "15 percent", "$4.8k"]),
        ("twenty five thousand a quarter, fifteen percent", ["twenty five thousand", "fifteen percent"]),
        ("We pay 4800 now, in 2026 5200", ["4800", "5200"]),
        ("40 seats, two weeks, until 12 June 2026 at 10:30, in thirty days", []),
        ("三十八万，含三年保修，打九折，百分之十五，三个点", ["三十八万", "九折", "百分之十五", "三个点"]),
        ("一百二十台，三千五一套，每台 3.5万，返 3%", ["一百二十", "三千五一", "3.5万", "3%"]),
        ("第一个点是，千万别忘了，万一不行，两点开会，百分之百，2026年6月12日", []),
    ],
)
def test_amounts(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in amounts(text)] == found


def disguise(**more: list[str]) -> Disguise:
    names, companies = ["Anna Berg", "Omar Said", "Maria Rossi", "孟凡"], ["Acme", "宏达医疗"]
    return Disguise(
        redactor(names, companies=companies, speakers=["Anna Berg", "Maria Rossi"]),
        "en",
        speakers=["Anna Berg", "Maria Rossi"],
        ours=["Anna Berg", "Omar Said"],
        theirs=["Maria Rossi", "孟凡"],
        customers=companies,
        **more,  # type: ignore[arg-type]
    )


def test_the_same_reads_the_same_throughout() -> None:
    hidden = disguise()
    assert hidden.hide("Maria, Anna here: Acme pays 900 euros.") == "Contact A, Rep A here: Customer A pays [amount 1]."
    assert hidden.hide("Maria Rossi of ACME pays 900 euros, not 950 euros.") == (
        "Contact A of Customer A pays [amount 1], not [amount 2]."
    )
    assert hidden.hide("Omar and 孟总 know") == "Rep B and Contact B know"
    assert (hidden.speaker("Maria Rossi"), hidden.speaker("Speaker 3"), hidden.speaker("")) == (
        "Contact A",
        "Person A",
        "",
    )


def test_words_that_are_left_out_by_hand_win() -> None:
    assert (
        disguise(more=["Acme pays", "harbour"]).hide("Acme pays at the Harbour") == "[left out 1] at the [left out 2]"
    )


def test_letters_go_on_after_z() -> None:
    hidden = disguise()
    assert [hidden.speaker(f"Speaker {n}") for n in range(28)][24:] == [
        "Person Y",
        "Person Z",
        "Person AA",
        "Person AB",
    ]
