"""Pictures for chat: their size, their words in both languages, odd values, a font that breaks."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot import charts
from bot.charts import Line, Step, Tone

FALLING = (0.38, 0.41, 0.36, 0.4, None, 0.35, 0.42, 0.39, 0.33, 0.36, 0.28, 0.22, 0.17)
DEMO = Line("Conversion from Demo", FALLING, "17%", ("usual 38%", "target 40%"), 0.31, 0.45, Tone.WORSE)
CHINESE = Line("演示阶段转化率", FALLING, "17%", ("往常 38%", "目标 40%"), 0.31, 0.45, Tone.WORSE)
STEPS = [
    Step("Demo", 0.27, "27%", "usual 38%, 7 fewer", 0.38, 0.31, 0.45, Tone.WORSE),
    Step("报价", 0.49, "49%", "往常 47%", 0.47, 0.4, 0.55),
    Step("Contract", None, "–"),
]


def drawn(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def edges(png: bytes, room: int) -> set[int]:
    """The greys of the outermost pixels on all sides."""
    sheet = drawn(png)
    wide, high = sheet.size
    boxes = ((0, 0, room, high), (wide - room, 0, wide, high), (0, 0, wide, room), (0, high - room, wide, high))
    return {grey for box in boxes for _, grey in sheet.crop(box).getcolors() or ()}


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_picture_is_as_large_as_a_phone_wants_it(count: int) -> None:
    for line in (DEMO, CHINESE):
        png = charts.lines("East, week 24", [line] * count, "30 Mar", "22 Jun")
        assert drawn(png).size == (1200, 675)
        assert len(png) < 60_000
        assert min(edges(png, 16)) > 250  # the margin stays free


def test_a_journey_is_one_row_a_stage() -> None:
    png = charts.journey("5月：从演示往下走的商机比往常少 7 个", STEPS)
    assert drawn(png).size == (1200, 675)
    assert min(edges(png, 16)) > 250


def test_nothing_is_smaller_than_a_phone_can_show() -> None:
    assert min(charts.HEADING, charts.TITLE, charts.VALUE, charts.NOTE) >= 24


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 has it, 0..1."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_differ_in_lightness_and_stand_out_from_the_paper() -> None:
    lights = sorted(luminance(tone) for tone in Tone)
    assert all(1.05 / (light + 0.05) >= 4.5 for light in (*lights, luminance(charts.SOFT)))
    assert all(high - low > 0.02 for low, high in pairwise(lights))


ODD = [
    Line("🔥 Hot $x^2$ stage\nof two lines", (1.0, 2.0), "2 🔥"),
    Line("عرض تجريبي · Предложение · 데모", (1.0, 2.0), "2"),
    Line("", (), ""),
    Line("nothing counted", (None, None), "–", ("usual 3",)),
    Line("one point", (5.0,), "5", (), 4.0, 6.0),
    Line("all alike", (5.0,) * 13, "5", (), 5.0, 5.0),
    Line("all zero", (0.0,) * 13, "0", (), 0.0, 0.0),
    Line("huge", (1e15, -1e15), "1,000,000,000,000,000 CNY", ("usual 999,999,999,999,999 CNY",)),
    Line("a title that goes on and on " * 9, (1.0, None, 2.0), "a value that goes on", ("a note that goes on " * 9,)),
]


@pytest.mark.parametrize("line", ODD, ids=lambda line: line.title[:12])
@pytest.mark.parametrize("count", [4])
def test_odd_values_stay_on_the_page(line: Line, count: int) -> None:
    png = charts.lines("h" * 300, [line] * count, "", "")
    assert min(edges(png, 8)) > 250


@settings(max_examples=10)
@given(
    heading=st.text(max_size=200),
    title=st.text(max_size=60),
    value=st.text(max_size=20),
    points=st.lists(st.none() | st.floats(-1e12, 1e12), max_size=15),
    band=st.none() | st.tuples(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12)),
)
def test_whatever_people_call_things_a_picture_comes_of_it(
    heading: str, title: str, value: str, points: list[float | None], band: tuple[float, float] | None
) -> None:
    low, high = sorted(band) if band else (None, None)
    line = Line(title, points, value, (value,), low, high, Tone.BETTER)
    assert drawn(charts.lines(heading, [line], title, value)).size == (1200, 675)


def test_the_same_input_gives_the_same_bytes_in_any_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = {*pool.map(lambda _: charts.lines("East", [DEMO, CHINESE], "30 Mar", "22 Jun"), range(8))}
    assert len(made) == 1


def test_a_broken_font_is_an_error_for_whoever_asked(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font at all")
    with pytest.raises((OSError, RuntimeError)):
        charts.lines("East", [DEMO], "", "", font=broken)
    assert charts.lines("East", [DEMO], "", "")  # the next picture is none the worse


def test_matplotlib_waits_for_the_first_picture_and_stays_as_it_was() -> None:
    script = (
        "import sys; from bot import charts; assert 'matplotlib' not in sys.modules\n"
        "charts.journey('x', [charts.Step('a', .5, '50%')])\n"
        "import matplotlib; assert 'zhplot' not in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
