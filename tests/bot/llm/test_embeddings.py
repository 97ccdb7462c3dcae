"""A server of embeddings that misbehaves: vectors that can be used, or one plain error, and soon."""

import json
import math
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bot.errors import BotError
from bot.library.embed import Remote
from bot.library.model import Wanted
from bot.llm.embeddings import Embeddings
from tests.bot.library.conftest import Grams, Library, first, make_card
from tests.bot.library.conftest import library as library  # the fixture
from tests.bot.llm.server import Json, Server, serving

Body = Callable[[Json], Any]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def answering(*vectors: object, count: int | None = None) -> Body:
    """The same vectors for whatever is asked, one after the other."""

    def answer(asked: Json) -> bytes:
        many = len(asked["input"]) if count is None else count
        data = [{"object": "embedding", "index": i, "embedding": vectors[i % len(vectors)]} for i in range(many)]
        return json.dumps({"object": "list", "model": "m", "data": data, "usage": {}}).encode()

    return answer


def told(asked: Json) -> bytes:
    """What the small encoder of the library's tests makes of the texts, the last one first."""
    rows = Grams().encode(asked["input"]).tolist()
    data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)]
    return json.dumps({"object": "list", "model": "m", "data": data[::-1], "usage": {}}).encode()


def remote(server: Server, **more: Any) -> Remote:
    return Remote(server.url, "", "m", **{"patience": 10, "rest": 0} | more)


def hang_up(_: Json) -> bytes:
    raise ConnectionAbortedError


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda _: b"<html><body>Sign in to the guest network</body></html>", "does not answer"),
        (lambda _: b"", "does not answer"),
        (lambda _: b"{", "does not answer"),
        (lambda _: b"[]", "does not answer"),
        (lambda _: b"null", "does not answer"),
        (lambda _: b'{"error": {"message": "no such model"}}', "does not answer"),
        (lambda _: b'{"data": [{"embedding": [1.0]}, 7]}', "does not answer"),
        (lambda _: 400, "does not answer"),
        (lambda _: 404, "does not answer"),
        (lambda _: 429, "does not answer"),
        (lambda _: 500, "does not answer"),
        (lambda _: 503, "does not answer"),
        (hang_up, "does not answer"),
        (answering([1.0, 0.0], count=0), ""),
        (answering([1.0, 0.0], count=1), "no usable vectors"),
        (answering([1.0, 0.0], count=3), "no usable vectors"),
        (answering([1.0, math.nan]), "no usable vectors"),
        (answering([1.0, math.inf]), "no usable vectors"),
        (answering([1.0, None]), "no usable vectors"),
        (answering([1.0, "x"]), "no usable vectors"),
        (answering([1.0, 0.0], [1.0]), "no usable vectors"),
        (answering([]), "no usable vectors"),
        (answering([[1.0], [2.0]]), "no usable vectors"),
        (answering(None), ""),
        (answering("AAAA"), ""),
    ],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_cannot_be_used_is_one_plain_error(answer: Body, says: str) -> None:
    with serving(answer) as server:
        with pytest.raises(BotError) as error:
            remote(server).encode(["too expensive", "太贵了"])
        assert says in str(error.value)
        assert "PACELINE_EMBED" in str(error.value)
        assert len(server.asked) == 1  # and not again


def test_a_server_that_hangs_is_waited_for_as_long_as_was_said() -> None:
    go_on = threading.Event()

    def hang(_: Json) -> bytes:
        go_on.wait(60)
        return b"{}"

    with serving(hang) as server:
        began = time.monotonic()
        with pytest.raises(BotError, match="does not answer"):
            remote(server, patience=0.3).encode(["too expensive"])
        assert time.monotonic() - began < 20  # openai loads on first use, perhaps on a busy machine
        assert len(server.asked) <= 1
        go_on.set()


def test_nobody_there_is_an_error_too() -> None:
    with pytest.raises(BotError, match="does not answer"):
        Remote("http://127.0.0.1:9/v1", "", "m", patience=0.4).encode(["x"])


@pytest.mark.parametrize("large", [1.0, 1e-3, 1e150, 1e308])
def test_vectors_come_back_in_order_and_of_unit_length(large: float) -> None:
    with serving(answering([0.6 * large, 0.8 * large], [0.0, -large])) as server:
        rows = remote(server).encode(["a", "b"])
    assert rows.dtype == np.float32
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, -1]]))
    with serving(told) as server:
        texts = [f"text number {i}" for i in range(150)]
        assert remote(server).encode(texts) == pytest.approx(Grams().encode(texts), abs=1e-6)
        assert max(len(one["input"]) for one in server.asked) <= 16
        assert {one["model"] for one in server.asked} == {"m"}
        assert remote(server).encode([]).shape[0] == 0


def test_answers_of_different_width_are_no_vectors() -> None:
    with serving(lambda asked: answering([1.0] * len(asked["input"]))(asked)) as server, pytest.raises(BotError):
        remote(server).encode(["x"] * 20)


def test_vectors_of_nothing_stay_nothing() -> None:
    with serving(answering([0.0, 0.0])) as server:
        assert remote(server).encode(["x"]).tolist() == [[0.0, 0.0]]


def test_odd_texts_arrive_as_text() -> None:
    with serving(told) as server:
        remote(server).encode(["a\0b", "\ud800", "x" * 20_000, ""])
        assert [len(text) for text in server.asked[0]["input"]] == [2, 1, 600, 0]


def test_a_server_that_failed_is_left_in_peace_for_a_while() -> None:
    with serving(lambda _: 500) as server:
        one = remote(server, rest=60)
        for _ in range(3):
            with pytest.raises(BotError):
                one.encode(["x"])
        assert len(server.asked) == 1
        again = remote(server, rest=0.05)
        with pytest.raises(BotError):
            again.encode(["x"])
        time.sleep(0.1)
        server.answer = told  # type: ignore[assignment]
        assert again.encode(["x"]).shape == (1, 64)


def test_patience_grows_with_the_number_of_texts() -> None:
    def slow(asked: Json) -> bytes:
        time.sleep(0.08 * len(asked["input"]))
        return told(asked)

    with serving(slow) as server:
        assert len(Embeddings(server.url, "", "m", 1.5).ask(["x"] * 20)) == 20


def test_the_library_goes_on_with_words_and_comes_back(library: Library) -> None:
    library.keep(
        make_card("price", "Price is too high", "It costs too much"),
        make_card("rival", "Another vendor is cheaper"),
        make_card("trust", "Never heard of your company"),
    )
    with serving(lambda _: b"<html>") as server:
        look = library.search(remote(server))
        found = look.find(Wanted("it costs too much"))
        assert (found.semantic, found.hits[0].key) == (False, "price")
        assert look.embed_all() == 4
        server.answer = told  # type: ignore[assignment]
        assert look.embed_all() == 0
        assert look.find(Wanted("it costs too much")).semantic
        server.answer = lambda _: 500
        found = look.find(Wanted("another vendor is much cheaper"))
        assert (found.semantic, found.hits[0].key) == (False, "rival")
        library.keep(make_card("hologram", "Asks for a hologram"))
        assert first(look, "do you have a hologram") == "hologram"


def test_a_long_name_fits_its_column() -> None:
    one = Remote("https://models.example/" + "x" * 300, "", "m" * 200)
    other = Remote("https://models.example/" + "x" * 299 + "y", "", "m" * 200)
    assert len(one.name) <= 120
    assert one.name != other.name
    assert Remote("http://127.0.0.1:8000/v1", "", "bge-m3").name == "bge-m3 at http://127.0.0.1:8000/v1"
