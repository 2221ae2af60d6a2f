"""An SSH server on loopback that does as it is told up to a point, and then nothing more."""

import contextlib
import socket
import subprocess
import threading
from collections.abc import Iterator
from enum import StrEnum

import paramiko


class Stop(StrEnum):
    """Where the server falls silent."""

    BANNER = "banner"
    KEX = "kex"
    AUTH = "auth"
    COMMAND = "command"
    PAYLOAD = "payload"
    CLOSED = "closed"
    """It breaks the connection in the middle of the answer."""


class _Server(paramiko.ServerInterface):
    def __init__(self, stop: Stop, over: threading.Event) -> None:
        self._stop = stop
        self._over = over

    def get_allowed_auths(self, username):
        return "publickey"

    def check_auth_publickey(self, username, key):
        if self._stop is Stop.KEX:
            self._over.wait()
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, chanid):
        if self._stop is Stop.AUTH:
            self._over.wait()
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel, command):
        if self._stop is Stop.COMMAND:
            self._over.wait()
        threading.Thread(target=self._answer, args=(channel, command), daemon=True).start()
        return True

    def _answer(self, channel, command):
        """Run the real command on what it is sent, and pass on a part of its answer."""
        text = bytearray()
        while chunk := channel.recv(65_536):
            text += chunk
        done = subprocess.run(
            ["sh", "-c", command], input=bytes(text), capture_output=True, check=False
        )
        channel.sendall(done.stdout[: len(done.stdout) // 2])
        if self._stop is Stop.CLOSED:
            channel.get_transport().close()
        self._over.wait()


@contextlib.contextmanager
def silent_after(stop: Stop) -> Iterator[tuple[int, str]]:
    """Run the server; yield its port and its known_hosts line."""
    key = paramiko.ECDSAKey.generate()
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    held: list[object] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            if stop is Stop.BANNER:
                connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")
                continue
            transport = paramiko.Transport(connection)
            held.append(transport)
            transport.add_server_key(key)
            with contextlib.suppress(paramiko.SSHException, EOFError):
                transport.start_server(server=_Server(stop, over))

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield port, f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n"
    finally:
        over.set()
        listener.close()
        for one in held:
            one.close()
