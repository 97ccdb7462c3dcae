"""A small server with OpenAI's chat completions that answers what it is told to, misbehaviour included."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Door = BaseHTTPRequestHandler
Answer = Callable[[Json], "str | bytes | int | Callable[[Door], None]"]
"""Of a request: the model's text, raw bytes to be sent with a 200, a status to fail with, or what to do at the door."""


class Server:
    """`asked`: the bodies of all requests so far. `answer` may be changed while it runs."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Json] = []
        outer = self

        class Door(BaseHTTPRequestHandler):  # one a request
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append(body)
                outer._reply(self, outer.answer(body))

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    @staticmethod
    def _reply(door: BaseHTTPRequestHandler, said: "str | bytes | int | Callable[[Door], None]") -> None:
        if callable(said):
            with suppress(OSError):
                said(door)
            return
        if isinstance(said, int):
            door.send_response(said)
            data = b'{"error": {"message": "no"}}'
        else:
            door.send_response(200)
            data = said if isinstance(said, bytes) else json.dumps(completion(said)).encode()
        door.send_header("Content-Type", "text/html" if data.startswith(b"<") else "application/json")
        door.send_header("Content-Length", str(len(data)))
        door.end_headers()
        with suppress(BrokenPipeError):  # whoever asked may have stopped waiting
            door.wfile.write(data)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def run(self) -> None:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


def completion(text: str, finish: str = "stop") -> Json:
    """A whole answer around a model's text."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    server = Server(answer)
    server.run()
    try:
        yield server
    finally:
        server.close()


def slowly(seconds: float, text: str) -> Answer:
    def answer(_: Json) -> str:
        time.sleep(seconds)
        return text

    return answer


def hangs_up(door: Door) -> None:
    """Half a body, and the line is dead."""
    door.send_response(200)
    door.send_header("Content-Type", "application/json")
    door.send_header("Content-Length", "5000")
    door.end_headers()
    door.wfile.write(b'{"choices": [{"index": 0, "message": {"role": "assist')
    door.close_connection = True


def trickles(door: Door) -> None:
    """A byte now and then, for longer than anybody waits."""
    door.send_response(200)
    door.send_header("Content-Type", "application/json")
    door.end_headers()
    for _ in range(60):
        door.wfile.write(b" ")
        door.wfile.flush()
        time.sleep(0.05)
    door.close_connection = True


def choice(**message: Any) -> bytes:
    """A whole answer around a message of one's own making."""
    body = completion("")
    body["choices"][0]["message"] = {"role": "assistant", **message}
    return json.dumps(body).encode()


WRONG: dict[str, "str | bytes | int | Callable[[Door], None]"] = {
    "html": b"<html><body>Bad gateway</body></html>",
    "an error told with a 200": b'{"error": {"message": "out of memory"}}',
    "no choices": b'{"choices": null}',
    "empty choices": b'{"choices": []}',
    "a list": b"[1, 2, 3]",
    "nothing": b"",
    "half a body": b'{"choices": [{"index": 0, "mess',
    "a dead line": hangs_up,
    "a tool call": choice(content=None, tool_calls=[{"id": "1", "type": "function", "function": {"name": "send"}}]),
    "a refusal": choice(content=None, refusal="I can't help with that."),
    "a filter": json.dumps(completion("{}", "content_filter")).encode(),
    "a cut answer": json.dumps(completion('{"todos": [{"lines": [1', "length")).encode(),
    "an empty answer": "",
    "thoughts alone": "<think>Let me see. There are three lines",
    "prose": "Sure, here are the minutes.",
    "another object": '{"answer": 42}',
    "lists of nonsense": '{"todos": [1, null, "x", {"lines": "all"}], "summary": [[]], "decisions": [{}]}',
    "no lists": '{"todos": "none", "summary": 7}',
    "a deep hole": "{" * 5000,
    "401": 401,
    "403": 403,
    "429": 429,
    "500": 500,
    "503": 503,
}
"""Every way to be wrong that servers and models have been seen to have."""
