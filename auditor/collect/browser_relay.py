"""The browser's only way out: a SOCKS5 proxy on loopback that asks the guard for each connection.

The browser gives names; only here do they become addresses, which the authority letter covers.
"""

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Self

from auditor.collect import Limit
from auditor.collect.dial import SLICE, Deadline, Unreached
from auditor.model.fact import Why

Guide = Callable[[str, Deadline], str]
"""Gives an address that may be asked for a name, or raises `Unreached`."""

MOST_AT_ONCE = 48
MOST_BYTES = 64 * 2**20
"""What a site may send in all."""
MOST_NAMED = 50
_CHUNK = 65_536
_ASK = 5.0
_USUAL = frozenset({80, 443})
_CODES = {Why.SCOPE: 2, Why.REFUSED: 5}
_UNREACHABLE = 4
_GRANTED = b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"


class Relay:
    """Listens while it is used as a context manager; `ports` leads 80 and 443 elsewhere."""

    def __init__(
        self, guide: Guide, limit: Limit, seconds: float, ports: dict[int, int] | None = None
    ) -> None:
        self._guide = guide
        self._limit = limit
        self._seconds = seconds
        self._ports = ports or {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(SLICE)
        self.port: int = self._listener.getsockname()[1]
        """Where it listens, on 127.0.0.1."""
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._lock = threading.Lock()
        self._open = True
        self._bytes = 0
        self.reached: set[tuple[str, str, int]] = set()
        """Name, address and port of what was connected to."""
        self.refused: dict[str, tuple[Why, str]] = {}
        """Names that were not connected to, and why."""

    @property
    def full(self) -> bool:
        """More was sent than a site may send."""
        return self._bytes > MOST_BYTES

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._listener.close()

    @property
    def _going(self) -> bool:
        return self._open and self._limit.left > 0 and not self.full

    def _accept(self) -> None:
        while self._going:
            if not self._room.acquire(timeout=SLICE):
                continue
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                self._room.release()
                continue
            except OSError:
                self._room.release()
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client, suppress(OSError):
                client.settimeout(_ASK)
                self._answer(client)
        finally:
            self._room.release()

    def _answer(self, client: socket.socket) -> None:
        asked = _read_request(client)
        if asked is None:
            return
        try:
            server = self._connect(*asked)
        except Unreached as error:
            self._refuse(asked[0], error)
            client.sendall(bytes((5, _CODES.get(error.why, _UNREACHABLE))) + _GRANTED[2:])
            return
        with server:
            client.sendall(_GRANTED)
            self._pass(client, server)

    def _connect(self, name: str, port: int) -> socket.socket:
        if port not in _USUAL:
            raise Unreached(Why.SCOPE, f"port {port} of {name}: only 80 and 443 are asked")
        ip = self._guide(name, Deadline(self._limit, self._seconds))
        wait = min(self._seconds, self._limit.left) or SLICE
        try:
            server = socket.create_connection((ip, self._ports.get(port, port)), timeout=wait)
        except ConnectionRefusedError as error:
            raise Unreached(Why.REFUSED, f"port {port}: connection refused") from error
        except OSError as error:
            raise Unreached(Why.UNREACHABLE, f"port {port}: no connection") from error
        with self._lock:
            self.reached.add((name, ip, port))
        return server

    def _refuse(self, name: str, error: Unreached) -> None:
        with self._lock:
            if len(self.refused) < MOST_NAMED:
                self.refused.setdefault(name, (error.why, error.detail))

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        """Carry bytes both ways until one side ends."""
        other = {client: server, server: client}
        while self._going:
            ready, _, _ = select.select(list(other), (), (), SLICE)
            for one in ready:
                data = one.recv(_CHUNK)
                if not data:
                    return
                if one is server:
                    self._count(len(data))
                other[one].sendall(data)

    def _count(self, size: int) -> None:
        with self._lock:
            self._bytes += size


def _read_request(client: socket.socket) -> tuple[str, int] | None:
    """Read a SOCKS5 greeting and request (RFC 1928): name or address, and port."""
    version, count = _exactly(client, 2)
    _exactly(client, count)
    if version != 5:  # noqa: PLR2004 - SOCKS5
        return None
    client.sendall(b"\x05\x00")
    _, command, _, kind = _exactly(client, 4)
    if kind == 3:  # noqa: PLR2004 - a name
        name = _exactly(client, _exactly(client, 1)[0]).decode("ascii", "replace")
    else:
        name = str(ip_address(_exactly(client, 16 if kind == 4 else 4)))  # noqa: PLR2004 - IPv6
    port = int.from_bytes(_exactly(client, 2), "big")
    return (name.lower().rstrip("."), port) if command == 1 else None


def _exactly(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = client.recv(count - len(data))
        if not piece:
            raise ConnectionResetError
        data += piece
    return data
