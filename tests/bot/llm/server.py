"""A small server with OpenAI's chat completions that answers what it is told to, misbehaviour included."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Answer = Callable[[Json], "str | bytes | int"]
"""Of a request: the model's text, raw bytes to be sent with a 200, or a status to fail with. Raises to hang up."""


class Server:
    """`asked`: the bodies of all requests so far. `answer` may be changed while it runs."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Json] = []
        outer = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append(body)
                outer._reply(self, outer.answer(body))

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    @staticmethod
    def _reply(door: BaseHTTPRequestHandler, said: "str | bytes | int") -> None:
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
