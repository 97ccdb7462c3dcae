"""Looks for what we said on Slack: by the key that stands in its metadata."""

from collections import OrderedDict
from collections.abc import AsyncIterator

from bot.chat.slack.api import Api, Json
from bot.chat.slack.shape import kept_in

PAGES = 10  # of 200 messages, when one is looked for
_LONG = 8000  # characters; a text that grew from less to more than a message holds has parts that its id does not name
_REMEMBERED = 10_000


class Seek:
    """`grown`: the messages that a text takes by now, where an edit changed how many; by its id."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._opened: OrderedDict[str, str] = OrderedDict()  # user id -> their direct messages
        self.grown: dict[str, list[str]] = {}

    async def direct(self, user: str) -> str:
        """The direct messages with a person."""
        if user not in self._opened:
            body = await self._api.call("conversations.open", users=user)
            self._opened[user] = body["channel"]["id"]
            if len(self._opened) > _REMEMBERED:
                self._opened.popitem(last=False)
        return self._opened[user]

    async def sent_with(self, key: str, channel: str, thread: str) -> list[str]:
        """The messages that were sent with a key, in order; none when there surely are none.

        Raises `NotImplementedError` when there is more than one may look at.
        """
        parts: dict[int, str] = {}
        async for messages in self._history(channel, thread):
            for message in messages:
                payload = kept_in(message)
                if payload.get("key") == key:
                    parts[int(payload.get("part", 0))] = f"{channel}:{message['ts']}"
            if 0 in parts and not thread:  # the newest come first: its other parts were seen
                break
        return [parts[number] for number in sorted(parts)]

    async def standing(self, sent: str, thread: str, parts: int, length: int) -> list[str]:
        """All messages that a text takes now, also those that an edit of an earlier process added. `parts` and
        `length` are the new text's."""
        named = sent.split(",")
        if sent in self.grown:
            return list(self.grown[sent])
        if len(named) == 1 and parts == 1 and length < _LONG:
            return named
        channel, first = named[0].split(":")
        more: dict[int, str] = {}
        async for messages in self._history(channel, thread, first):
            for message in messages:
                payload = kept_in(message)
                if payload.get("of") == first:
                    more[int(payload["part"])] = f"{channel}:{message['ts']}"
        found = [*named, *(more[part] for part in sorted(more) if part >= len(named))]
        self.grown[sent] = found
        return list(found)

    async def _history(self, channel: str, thread: str, since: str = "") -> AsyncIterator[list[Json]]:
        """Messages with what we keep in them, page by page; those of a channel newest first."""
        method = "conversations.replies" if thread else "conversations.history"
        cursor: str | None = None
        for _page in range(PAGES):
            body = await self._api.call(
                method,
                channel=channel,
                ts=thread or None,
                oldest=since or None,
                limit=200,
                include_all_metadata=True,
                cursor=cursor,
            )
            yield body.get("messages") or []
            cursor = (body.get("response_metadata") or {}).get("next_cursor") or None
            if not cursor:
                return
        raise NotImplementedError
