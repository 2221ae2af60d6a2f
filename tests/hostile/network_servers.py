"""TCP servers that speak no protocol: what every network collector may meet, at a port each."""

import socket
import struct
import time
from collections.abc import Callable, Mapping

Script = Callable[[socket.socket], None]

FLOOD = 64 * 2**20
"""Bytes that an endless server sends to whoever takes them."""


def says_nothing(connection: socket.socket) -> None:
    while connection.recv(65_536):
        pass


def ends_at_once(connection: socket.socket) -> None:
    """Close before a word."""


def breaks(connection: socket.socket) -> None:
    """Reset the connection after the first words of the client."""
    connection.recv(65_536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def says_garbage(connection: socket.socket) -> None:
    connection.sendall(b"\x00\xff\x80<script>\x1b[2J\r\n" * 50)
    says_nothing(connection)


def says_garbage_and_ends(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b"\x00\xff\x80<script>\x1b[2J\r\n" * 50)


def floods(connection: socket.socket) -> None:
    _flood(connection, b"x" * 65_536)


def floods_lines(connection: socket.socket) -> None:
    _flood(connection, b"220-hello\r\n" * 6000)


def floods_zeros(connection: socket.socket) -> None:
    _flood(connection, bytes(65_536))


def drips(connection: socket.socket) -> None:
    for _ in range(100):
        connection.sendall(b"S")
        time.sleep(0.1)


def alerts(connection: socket.socket) -> None:
    """Answer as a TLS server that wants none of it: internal_error."""
    connection.recv(65_536)
    connection.sendall(b"\x15\x03\x03\x00\x02\x02\x50")


def speaks_ssh(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    says_nothing(connection)


def speaks_mail(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")
    while connection.recv(65_536):
        connection.sendall(b"502 5.5.2 Error: command not recognized\r\n")


def speaks_web(connection: socket.socket) -> None:
    """Answer as a web server to whom the question makes no sense."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def mirrors(connection: socket.socket) -> None:
    """Say what the client said."""
    while data := connection.recv(65_536):
        connection.sendall(data)


def _flood(connection: socket.socket, data: bytes) -> None:
    for _ in range(FLOOD // len(data)):
        connection.sendall(data)


SCRIPTS: Mapping[str, Script] = {
    script.__name__: script
    for script in (
        *(says_nothing, ends_at_once, breaks, says_garbage, says_garbage_and_ends),
        *(floods, floods_lines, floods_zeros, drips, alerts),
        *(speaks_ssh, speaks_mail, speaks_web, mirrors),
    )
}
"""By name; to be run by `tests.servers.tls_servers.scripted`."""
