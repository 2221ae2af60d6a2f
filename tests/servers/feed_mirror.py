"""A Debian mirror, or the site of any feed, on loopback; it can be told to err."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "lab" / "data" / "debian-indexes"

Answer = bytes | int | Callable[[BaseHTTPRequestHandler], None]


class Mirror:
    """Serves the lab's copies; `answers` by path (below `dists/`) or by file name come first.

    An answer is a body, a status, or a function that writes what it likes. `asked` are the paths
    of all requests with their headers; `ended` is set when the mirror is closed.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.headers: dict[str, str] = {"Content-Type": "application/octet-stream"}
        self.asked: list[tuple[str, Any]] = []
        self.ended = threading.Event()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.asked.append((self.path, self.headers))
                mirror.answer(self)

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}/debian-security"

    @property
    def files(self) -> list[str]:
        """Names of the files that were asked for."""
        return [path.rpartition("/")[2] for path, _ in self.asked]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.rpartition("/dists/")[2]
        name = path.rpartition("/")[2]
        given = self.answers.get(path, self.answers.get(name))
        if given is None:
            suite = path.partition("/")[0]
            copy = DATA / f"{suite}.{name}"
            there = copy.is_file() and (name == "InRelease" or "/main/" in path)
            given = copy.read_bytes() if there else 404
        if callable(given):
            given(handler)
        elif isinstance(given, int):
            handler.send_response(given)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            self.send(handler, given)

    def send(self, handler: BaseHTTPRequestHandler, body: bytes, length: int | None = None) -> None:
        handler.send_response(200)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Mirror]:
    """A mirror that runs, behind TLS if there is a context."""
    mirror = Mirror()
    if context is not None:
        mirror.server.socket = context.wrap_socket(mirror.server.socket, server_side=True)
        mirror.base = mirror.base.replace("http:", "https:")
    thread = threading.Thread(target=mirror.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield mirror
    finally:
        mirror.ended.set()
        mirror.server.shutdown()
        mirror.server.server_close()
        thread.join()
