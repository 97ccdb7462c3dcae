"""Text as search sees it: words and pieces of words, the same for Chinese and for languages with spaces."""

import re
import threading
import unicodedata
from functools import lru_cache
from sys import intern

_LATIN = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")

# Words that say nothing of what a question is about.
_STOP = frozenset(
    re.findall(
        r"\w+",
        """a about all am an and any are as at be been being but by can could did do does doing for from get give had
        has have he her here him his how i if in into is it its just know let like may me might must my need no not of
        on or our please s shall she should so t tell than that the their them then there these they this those to up us
        want was we were what when where which who why will with would you your ll re ve m d don""",
    )
)
_SAID_ZH = frozenset("的了吗呢吧啊是我你您他她它们在和就都也有这那个把被给让跟与请问么呀嘛哦")


LONGEST = 600  # characters that are looked at: a pasted page must not hold up the others (a second of CPU in Chinese)
LONGEST_WORD = 40
_ENDS = " \t\r\n\u3000.,;!?…。，；！？"


def sound(text: str) -> str:
    """A text as every database and model takes it: without NULs, and `?` for halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def bare(text: str) -> str:
    """Without the marks at its end: they tell how somebody types, not what about, and a model makes much of them."""
    return text.rstrip(_ENDS) or text


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def speaks(text: str) -> str:
    """`zh` for what is written in Chinese characters, else `en`."""
    cjk = sum(len(run) for run in _CJK.findall(text))
    return "zh" if cjk and cjk * 3 >= len(re.sub(r"[\W\d_]+", "", text)) else "en"


_one_at_a_time = threading.Lock()


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    with _one_at_a_time:  # the stemmer works on itself: two threads in it would mix their words
        return _stemmer().stemWord(word)  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def tokens(text: str) -> tuple[list[str], list[str]]:
    """The words of a text and the pieces of its words, without words that say nothing.

    Words are English stems; of Chinese, characters and pairs of them. Pieces are four letters long, which forgives an
    ending or a typing error; of Chinese, two and three characters.
    """
    words: list[str] = []
    grams: list[str] = []
    for piece in _pieces(text):
        if _CJK.match(piece):
            pairs = _cut(piece, 2)
            words += [c for c in piece if c not in _SAID_ZH]
            words += pairs
            grams += pairs
            grams += _cut(piece, 3)
        elif piece not in _STOP:
            words.append(_stem(piece[:LONGEST_WORD]))
            fenced = f"#{piece}#"
            grams += _cut(fenced, 4) or [fenced]
    return words, grams


def _cut(text: str, many: int) -> list[str]:
    # Of a large library there are millions of them, and few different ones; each is kept once.
    return [intern(text[i : i + many]) for i in range(len(text) - many + 1)]


def _pieces(text: str) -> list[str]:
    """Runs of one script each."""
    pieces: list[str] = []
    for run in _LATIN.findall(folded(text[:LONGEST])):
        at = 0
        for cjk in () if run.isascii() else _CJK.finditer(run):
            if cjk.start() > at:
                pieces.append(run[at : cjk.start()])
            pieces.append(cjk[0])
            at = cjk.end()
        if at < len(run):
            pieces.append(run[at:])
    return pieces
