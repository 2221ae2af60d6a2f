"""TLS servers on loopback, each at a port of its own.

Good and faulty servers are OpenSSL's and nginx's; what these cannot be made to do is scripted.
"""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificates import Issued

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


@contextmanager
def openssl_server(folder: Path, issued: Issued, *options: str, chain: Sequence[Issued] = ()):
    """Run `openssl s_server` and yield its port."""
    certificate, key = issued.write(folder, "server")
    if chain:
        issuers = folder / "chain.pem"
        issuers.write_bytes(b"".join(issuer.pem for issuer in chain))
        options = ("-cert_chain", str(issuers), *options)
    command = ["openssl", "s_server", "-www", "-accept", "127.0.0.1:0"]
    command += ["-cert", str(certificate), "-key", str(key), *options]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield _announced_port(process)
        finally:
            process.terminate()


def _announced_port(process: subprocess.Popen) -> int:
    lines = []
    for line in process.stdout:
        lines.append(line.decode(errors="replace"))
        if line.startswith(b"ACCEPT "):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return int(line.rsplit(b":", 1)[1])
    raise RuntimeError(f"openssl s_server did not start: {''.join(lines)}")


@contextmanager
def nginx_server(folder: Path, servers: str):
    """Run nginx with the given `server` blocks until the block ends."""
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events { worker_connections 64; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"{servers}\n}}\n"
    )
    with subprocess.Popen([NGINX, "-c", str(config), "-p", str(folder)]) as process:
        try:
            _wait_for(folder / "nginx.pid", process)
            yield
        finally:
            process.terminate()


def _wait_for(path: Path, process: subprocess.Popen) -> None:
    end = time.monotonic() + 10
    while not (path.exists() and path.read_text().strip()):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{process.args[0]} did not start")
        time.sleep(0.02)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def free_ports() -> tuple[int, int]:
    """Return two free ports that differ."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        return one.getsockname()[1], other.getsockname()[1]


@contextmanager
def scripted(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """Answer every connection by `script` in a thread of its own, and yield the port."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        ended = threading.Event()

        def serve(connection: socket.socket) -> None:
            with connection:
                connection.settimeout(5)
                try:
                    script(connection)
                except OSError:
                    return  # the client has seen enough

        def accept() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)
