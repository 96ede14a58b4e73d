"""An OpenAI-compatible chat server on 127.0.0.1 that answers what a test tells it to, and remembers what it was asked."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One HTTP response; `delay` seconds pass before it is sent, `drip` between its characters."""

    body: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One HTTP request."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        return self.body["messages"]


def completion(
    content: object, *, finish_reason: str = "stop", refusal: str | None = None, usage: tuple[int, int] = (100, 20)
) -> Reply:
    """A chat completion with `content` (what is no string is sent as JSON)."""
    text = content if isinstance(content, str) else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    prompt, generated = usage
    return Reply(
        json.dumps(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": "test-model",
                "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
                "usage": {
                    "prompt_tokens": prompt,
                    "completion_tokens": generated,
                    "total_tokens": prompt + generated,
                },
            }
        )
    )


def failure(status: int, message: str = "it broke", **headers: str) -> Reply:
    """An error as OpenAI's API words it; in the names of `headers` "_" stands for "-"."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps({"error": {"message": message, "type": "error"}}), status, sent)


@dataclass
class LlmServer:
    """A running server: `base_url` for the designer, `asked` what came in so far."""

    base_url: str
    replies: list[Reply]
    asked: list[Asked] = field(default_factory=list)

    def next_reply(self) -> Reply:
        """The replies in turn; the last one for ever."""
        return self.replies[min(len(self.asked), len(self.replies)) - 1]


@contextmanager
def llm_server(*replies: Reply) -> Iterator[LlmServer]:
    """A server that gives `replies` in turn, the last one for ever."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.asked.append(Asked(self.path, dict(self.headers.items()), json.loads(body)))
            reply = state.next_reply()
            time.sleep(reply.delay)
            data = reply.body.encode("utf-8")
            try:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                for piece in [data] if not reply.drip else [data[i : i + 1] for i in range(len(data))]:
                    self.wfile.write(piece)
                    time.sleep(reply.drip)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the client did not wait

        def log_message(self, format: str, *args: object) -> None:
            """Tests read `asked`, not a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = LlmServer(f"http://127.0.0.1:{server.server_address[1]}/v1", list(replies))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
