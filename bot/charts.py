"""Pictures for chat, and the only home of matplotlib: it loads with the first picture.

A picture is 1200 x 675 pixels and shows one idea, for a phone: a heading that says it, few lines or rows, what is usual
as a band behind them, numbers at their ends, and no legend. What strays is told by colour, by lightness and by a mark.
All words come from whoever asks; they are plain text, and a character that no font here has is left out.

Nothing is laid out by matplotlib: its axes would cost three times as much as the drawing itself, its text twice as much
again. Letters are drawn once and then set one beside the other. One picture is drawn at a time, since matplotlib is not
safe among threads. The same input gives the same bytes.
"""

import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT, MARGIN = 1200, 675, 48
HEADING, TITLE, VALUE, NOTE = 38, 30, 46, 26  # sizes of text in pixels
PAPER, INK, SOFT, BAND, RULE = "#ffffff", "#1c2530", "#5a6472", "#e4e8ed", "#9aa4b0"
MOST_LINES, MOST_STEPS = 4, 6


class Tone(StrEnum):
    """How a number stands to what is usual. The values are colours that also differ in lightness."""

    USUAL = "#6b7582"
    WORSE = "#c2410c"
    BETTER = "#0b4a8f"


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over time, oldest point first, None where there was nothing to count. `low` to `high` is usual.

    `value` is the last point as people write it, `notes` what stands beside it ("usual 38%").
    """

    title: str
    points: Sequence[float | None]
    value: str
    notes: Sequence[str] = ()
    low: float | None = None
    high: float | None = None
    tone: Tone = Tone.USUAL


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a journey: the share that went on, what is usual there, and both in words."""

    title: str
    share: float | None
    value: str
    note: str = ""
    usual: float | None = None
    low: float | None = None
    high: float | None = None
    tone: Tone = Tone.USUAL


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


def carried_font() -> Path:
    """The font that comes along, Latin and Chinese in one. Its package is found and not imported: that would change
    how everything else here is drawn. Raises FileNotFoundError."""
    found = find_spec("zhplot")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "fonts" / "NotoSansSC-Regular.ttf"
        if path.exists():
            return path
    raise FileNotFoundError("the font of pictures is missing: install zhplot")


def lines(heading: str, shown: Sequence[Line], begins: str, ends: str, *, font: Path | None = None) -> bytes:
    """At most four measures over the same weeks as small pictures in one; `begins`, `ends`: what the ends of time are
    called. A PNG. Raises OSError or RuntimeError when the font cannot be read."""
    with _lock:
        page = _Page(font or carried_font())
        top = page.heading(heading)
        shown = shown[:MOST_LINES]
        columns = 2 if len(shown) == MOST_LINES else 1
        boxes = list(_grid(len(shown), columns, top))
        for line, box in zip(shown, boxes, strict=True):
            page.line(line, box)
        for box in boxes[-columns:]:
            page.text(box.x, MARGIN - 8, begins, NOTE, SOFT)
            page.text(box.x + page.plot(box), MARGIN - 8, ends, NOTE, SOFT, at="right")
        return page.png()


def journey(heading: str, steps: Sequence[Step], *, font: Path | None = None) -> bytes:
    """At most six stages one below the other, and how many in a hundred went on from each. A PNG; raises as `lines`."""
    with _lock:
        page = _Page(font or carried_font())
        top, steps = page.heading(heading), steps[:MOST_STEPS]
        known = [one for step in steps for one in (step.share, step.high, step.usual) if one is not None]
        most = max([*known, 0.01]) * 1.06
        for step, box in zip(steps, _grid(len(steps), 1, top, gap=12, below=0), strict=True):
            page.step(step, box, most)
        return page.png()


_lock = Lock()


def _grid(count: int, columns: int, top: float, gap: float = 36, below: float = 30) -> Iterator[_Box]:
    rows = -(-count // columns)
    width = (WIDTH - 2 * MARGIN - (columns - 1) * 56) / columns
    height = (top - MARGIN - below - (rows - 1) * gap) / max(rows, 1)
    height = min(height, 150) if columns == 1 and below == 0 else height
    for n in range(count):
        row, column = divmod(n, columns)
        yield _Box(MARGIN + column * (width + 56), top - (row + 1) * height - row * gap, width, height)


@dataclass(slots=True)
class _Page:
    """A sheet of pixels, counted from its lower left corner."""

    font: Path
    figure: "Figure" = field(init=False)
    letters: "_Letters" = field(init=False)
    said: list[tuple[float, float, str, float, str]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        from matplotlib.figure import Figure

        self.letters = _letters(self.font)
        self.figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72, facecolor=PAPER)  # a point is a pixel

    def png(self) -> bytes:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        canvas: Any = FigureCanvasAgg(self.figure)
        canvas.draw()
        sheet = Image.frombuffer("RGBA", (WIDTH, HEIGHT), canvas.buffer_rgba()).convert("RGB")
        for x, y, text, size, colour in self.said:
            self.letters.write(sheet, x, HEIGHT - y, text, size, colour)
        written = io.BytesIO()
        # Of a hundred kilobytes these few colours leave thirty, in half the time.
        few = sheet.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.putpalette([255 if one > 252 else one for one in few.getpalette("RGB") or ()], "RGB")  # paper is white
        few.save(written, "png")
        return written.getvalue()

    def heading(self, text: str) -> float:
        """The heading in at most two lines; where the rest may begin, from below."""
        y = HEIGHT - MARGIN - HEADING * 0.8
        for row in self.letters.rows(text, HEADING, WIDTH - 2 * MARGIN, 2):
            self.text(MARGIN, y, row, HEADING, INK, bold=True)
            y -= HEADING * 1.3
        return y + HEADING * 0.5

    def text(
        self, x: float, y: float, text: str, size: float, colour: str, at: str = "left", bold: bool = False
    ) -> None:
        """One line of text whose letters stand on `y`. The font has one weight: bold is the text once more beside
        itself."""
        text = self.letters.known(text)
        left = x - self.letters.width(text, size) if at == "right" else x
        self.said += [(left + n, y, text, size, colour) for n in range(1 + bold)]

    def block(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        from matplotlib.patches import Rectangle

        self.figure.add_artist(Rectangle((x, y), width, height, color=colour, linewidth=0, transform=_pixels()))

    def stroke(self, xs: Sequence[float], ys: Sequence[float], colour: str, width: float, mark: str = "") -> None:
        from matplotlib.lines import Line2D

        self.figure.add_artist(
            Line2D(
                xs,
                ys,
                color=colour,
                linewidth=width,
                marker=mark or "None",
                markersize=22 if mark != "o" else 17,
                markeredgecolor=PAPER,
                markeredgewidth=3,
                solid_capstyle="round",
                solid_joinstyle="round",
                transform=_pixels(),
            )
        )

    def plot(self, box: _Box) -> float:
        """How wide the lines of a box are; the rest is for their numbers."""
        return box.width - (190 if box.width < WIDTH / 2 else 260)

    def line(self, line: Line, box: _Box) -> None:
        """A measure: its title, the band, the line, its number."""
        self.text(box.x, box.y + box.height - TITLE, self.letters.cut(line.title, TITLE, box.width), TITLE, INK)
        width, low, room = self.plot(box), box.y + 6, box.height - TITLE * 1.5 - 12
        known = [one for one in (*line.points, line.low, line.high) if one is not None]
        if not known:
            return
        floor, ceiling = min(known), max(known)
        spread = (ceiling - floor) or abs(ceiling) or 1.0

        def height(value: float) -> float:
            return low + room * (0.08 + 0.84 * (value - floor) / spread)

        if line.low is not None and line.high is not None:
            bottom, top = height(line.low), height(line.high)
            self.block(box.x, bottom, width, max(top - bottom, 4), BAND)
        last = len(line.points) - 1
        places = [(box.x + width * n / max(last, 1), value) for n, value in enumerate(line.points)]
        for piece in _pieces(places):
            self.stroke([x for x, _ in piece], [height(value) for _, value in piece], line.tone, 5)
        if last >= 0 and (end := line.points[last]) is not None:
            self.stroke([box.x + width], [height(end)], line.tone, 0, _mark(line, end))
        end = line.points[last] if last >= 0 else None
        self.numbers(line, box.x + width + 28, height(end if end is not None else floor), low, room + TITLE * 1.5)

    def numbers(self, line: Line, x: float, y: float, low: float, room: float) -> None:
        """The number beside the end of its line, and its notes below it, all within the box."""
        value = self.letters.known(line.value)
        most = (WIDTH - MARGIN + 32 if x > WIDTH / 2 else WIDTH / 2) - x
        sizes = (VALUE, 38, 32, NOTE) if room > 150 else (38, 32, NOTE)
        size = next((one for one in sizes if self.letters.fits(value, one, most)), NOTE)
        notes = [note for note in line.notes if note][: 2 if room > 150 else 1]
        below = len(notes) * NOTE * 1.3
        base = min(max(y - size * 0.35, low + below + 4), low + room - size * 0.8)
        self.text(
            x,
            base,
            self.letters.cut(value, size, most),
            size,
            line.tone if line.tone is not Tone.USUAL else INK,
            bold=True,
        )
        for n, note in enumerate(notes):
            self.text(x, base - NOTE * 1.3 * (n + 1), self.letters.cut(note, NOTE, most), NOTE, SOFT)

    def step(self, step: Step, box: _Box, most: float) -> None:
        """A stage: its title, how many went on, what is usual, and both in words."""
        left, right = 290.0, 300.0
        width, middle = box.width - left - right, box.y + box.height / 2
        begins, tall = box.x + left, min(box.height * 0.5, 44)
        colour = step.tone if step.tone is not Tone.USUAL else INK
        self.text(box.x, middle - TITLE * 0.35, self.letters.cut(step.title, TITLE, left - 24), TITLE, INK)
        self.stroke([begins, begins + width], [middle, middle], BAND, 3)
        if step.low is not None and step.high is not None:
            from_low, to_high = (width * max(one, 0) / most for one in (step.low, step.high))
            self.block(begins + from_low, middle - tall / 2, max(to_high - from_low, 4), tall, BAND)
        if step.usual is not None:
            at = begins + width * step.usual / most
            self.stroke([at, at], [middle - tall / 2, middle + tall / 2], RULE, 4)
        if step.share is not None:
            at = begins + width * step.share / most
            if step.usual is not None and step.tone is not Tone.USUAL:
                self.stroke([begins + width * step.usual / most, at], [middle, middle], step.tone, 5)
            self.stroke([at], [middle], step.tone, 0, "o")
        x = begins + width + 32
        self.text(x, middle + (2 if step.note else -14), step.value, 38, colour, bold=True)
        self.text(x, middle - NOTE - 6, self.letters.cut(step.note, NOTE, right - 32), NOTE, SOFT)


def _mark(line: Line, end: float) -> str:
    """What a line ends in: where it strays an arrow that says whither, else a dot."""
    if line.tone is Tone.USUAL or line.low is None or line.high is None:
        return "o"
    return "^" if end > (line.low + line.high) / 2 else "v"


def _pieces(places: Sequence[tuple[float, float | None]]) -> Iterator[list[tuple[float, float]]]:
    """The parts of a line between which there was nothing to count."""
    piece: list[tuple[float, float]] = []
    for x, value in places:
        if value is not None:
            piece.append((x, value))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


@cache
def _pixels() -> Any:
    from matplotlib.transforms import IdentityTransform

    return IdentityTransform()


# What is set as one: letters that join to words and are written from the right, a letter and the marks above it.
_PIECE = re.compile(r"[\u0590-\u08ff\ufb1d-\ufefc]+(?: +[\u0590-\u08ff\ufb1d-\ufefc]+)*|.[\u0300-\u036f]*")
_REMEMBERED = 20_000  # pieces and neighbours


@dataclass(frozen=True)
class _Letters:
    """The letters of the fonts at hand, and how wide they are. Beside our own stands the one that matplotlib brings."""

    fonts: tuple[Path, ...]
    there: tuple[frozenset[int], ...]

    def write(self, sheet: Any, x: float, y: float, text: str, size: float, colour: str) -> None:
        """A text whose letters stand on `y`, counted from the top."""
        for piece, at in self._placed(text, size):
            letter, (right, down) = self._drawn(piece, size)
            if letter is not None:
                sheet.paste(colour, (round(x + at) + right, round(y) + down), letter)

    def width(self, text: str, size: float) -> float:
        pieces = _PIECE.findall(text)
        return sum(self._step(one, other, size) for one, other in zip(pieces, [*pieces[1:], ""], strict=False))

    def _placed(self, text: str, size: float) -> Iterator[tuple[str, float]]:
        """Each piece of a text, and how far from its begin it stands."""
        pieces, at = _PIECE.findall(text), 0.0
        for piece, following in zip(pieces, [*pieces[1:], ""], strict=False):
            yield piece, at
            at += self._step(piece, following, size)

    @lru_cache(_REMEMBERED)  # noqa: B019 - there is one for each font, and it stays
    def _step(self, piece: str, following: str, size: float) -> float:
        """How far from a piece the next stands: some letters move closer."""
        if not following or self._of(piece) != self._of(following):
            return self._length(piece, size)
        return self._length(piece + following, size) - self._length(following, size)

    def _length(self, piece: str, size: float) -> float:
        return float(self._face(self._of(piece), size).getlength(piece))

    @lru_cache(_REMEMBERED)  # noqa: B019 - the same
    def _drawn(self, piece: str, size: float) -> tuple[Any, tuple[int, int]]:
        """A piece as a mask, None where it is blank, and where that begins, from where the piece stands."""
        from PIL import Image, ImageDraw

        face = self._face(self._of(piece), size)
        left, top, right, bottom = face.getbbox(piece, anchor="ls")
        if right <= left or bottom <= top:
            return None, (0, 0)
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).text((-left, -top), piece, fill=255, font=face, anchor="ls")
        return mask, (left, top)

    def _of(self, piece: str) -> int:
        """Which font has a piece."""
        return next((n for n, there in enumerate(self.there) if there.issuperset(map(ord, piece))), 0)

    @cache  # noqa: B019 - the same
    def _face(self, font: int, size: float) -> Any:
        from PIL import ImageFont

        return ImageFont.truetype(str(self.fonts[font]), size)

    def known(self, text: str) -> str:
        return "".join(letter for letter in " ".join(text.split()) if any(ord(letter) in one for one in self.there))

    def fits(self, text: str, size: float, most: float) -> bool:
        """Whether a text goes into so many pixels. No letter is wider than it is high, so few have to be measured."""
        return len(text) * size <= most or self.width(text, size) <= most

    def cut(self, text: str, size: float, most: float) -> str:
        """The text, or as much of it as goes into so many pixels."""
        text = self.known(text)
        if self.fits(text, size, most):
            return text
        text = text[: self._most(text, size, most, "…")]
        return text.rstrip(" ,;，；·") + "…"

    def _most(self, text: str, size: float, most: float, end: str = "") -> int:
        """How many of its letters go into so many pixels. To measure a text takes a millisecond."""
        return bisect_left(range(1, len(text) + 1), True, key=lambda n: not self.fits(text[:n] + end, size, most))

    def rows(self, text: str, size: float, most: float, count: int) -> list[str]:
        """The text in at most so many rows, broken at spaces, and at any letter where there are none."""
        rows: list[str] = []
        rest = self.known(text)
        while rest and len(rows) < count - 1 and not self.fits(rest, size, most):
            fits = max(self._most(rest, size, most), 1)
            space = rest.rfind(" ", 0, fits + 1)
            at = space if space > fits // 2 else fits
            while at > 1 and at == fits and rest[at : at + 1] in tuple("，。；：、）%"):
                at -= 1  # no row begins with a mark that closes
                fits = at
            rows.append(rest[:at].rstrip())
            rest = rest[at:].lstrip()
        return [*rows, self.cut(rest, size, most)] if rest else rows


@cache
def _letters(path: Path) -> _Letters:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    fonts = path, Path(findfont(FontProperties(family=["DejaVu Sans"])))
    return _Letters(fonts, tuple(frozenset(get_font(str(one)).get_charmap()) for one in fonts))
