"""The order and the pace of what waits in a lane, over any traffic."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Limits
from bot.outbox.model import Waiting
from bot.outbox.queue import Queue

NOW = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
LIMITS = Limits(overall=((10, 1.0),), chat=((1, 1.0),), group=((5, 20.0),))
CHATS = ("-group", "-other", "a", "b", "c")


def waiting(id: int, chat: str, due: datetime = NOW, *, fresh: bool = True, urgent: bool = False) -> Waiting:
    return Waiting(id, chat, due, fresh, urgent, doubt=False)


def drained(queue: Queue, took: float) -> list[tuple[float, str, int]]:
    """Everything that the queue gives, (when it arrived, chat, id), when each takes so many seconds to arrive."""
    at, arrived = 0.0, []
    while True:
        for one in queue.take(100, at):
            queue.sent(at)
            arrived.append((at + took, one.chat, one.id))
            queue.back(one.chat, at + took)
        free_at = queue.free_at()
        if free_at is None:
            return arrived
        at = max(free_at, at + 0.001)


@given(st.lists(st.sampled_from(CHATS), max_size=60), st.floats(0.0, 0.3))
def test_no_limit_is_broken_and_each_chat_keeps_its_order(chats: list[str], took: float) -> None:
    queue = Queue(LIMITS, lambda chat: chat.startswith("-"))
    queue.load([waiting(n, chat) for n, chat in enumerate(chats)], NOW, 0.0)
    arrived = drained(queue, took)
    assert len(arrived) == len(chats)
    for count, seconds, mine in (
        (10, 1.0, lambda chat: True),
        *((1, 1.0, lambda chat, c=c: chat == c) for c in CHATS),
        *((5, 20.0, lambda chat, c=c: chat == c) for c in CHATS[:2]),
    ):
        times = [at for at, chat, _ in arrived if mine(chat)]
        assert all(b - a > seconds for a, b in zip(times, times[count:], strict=False))
    for chat in CHATS:
        ids = [id for _, where, id in arrived if where == chat]
        assert ids == sorted(ids)


def test_with_limits_it_takes_hardly_longer_than_the_limits_need() -> None:
    queue = Queue(LIMITS, lambda chat: False)
    queue.load([waiting(n, f"p{n}") for n in range(300)], NOW, 0.0)
    assert drained(queue, 0.02)[-1][0] < 30 * 1.1


def test_the_longest_line_is_not_left_for_last() -> None:
    queue = Queue(LIMITS, lambda chat: False)
    lines = [waiting(n, f"p{n}") for n in range(200)] + [waiting(n, "channel") for n in range(200, 220)]
    queue.load(lines, NOW, 0.0)
    assert drained(queue, 0.02)[-1][0] < 22 * 1.1


def test_who_waits_for_an_answer_comes_first() -> None:
    queue = Queue(LIMITS, lambda chat: False)
    bulk = [waiting(n, f"p{n}") for n in range(20)]
    queue.load([*bulk, waiting(98, "rep"), waiting(99, "rep", urgent=True)], NOW, 0.0)
    ids = [id for _, _, id in drained(queue, 0.0)]
    assert ids.index(98) == 0
    assert ids.index(99) < 15  # a second later: the chat keeps its order and its pace


def test_new_ones_wait_for_older_ones_and_edits_do_not() -> None:
    queue = Queue(Limits(), lambda chat: False)
    later = NOW + timedelta(seconds=30)
    queue.load(
        [waiting(1, "a", later), waiting(2, "a"), waiting(3, "a", fresh=False), waiting(4, "b", later, fresh=False)],
        NOW,
        0.0,
    )
    assert [id for _, _, id in drained(queue, 0.0)] == [3]


def test_a_refusal_slows_the_pace_and_success_brings_it_back() -> None:
    queue = Queue(LIMITS, lambda chat: False)
    queue.pace.refused()
    queue.sent(0.0)
    slow = queue.pace.free_at()
    for _ in range(100):
        queue.pace.taken()
    queue.sent(10.0)
    assert slow > 1.9 * (queue.pace.free_at() - 10.0)
