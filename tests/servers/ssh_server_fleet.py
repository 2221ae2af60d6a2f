"""SSH servers of four makers on loopback, sound and faulty, each at a port of its own."""

import contextlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import paramiko

from tests.servers.ssh_servers import certify, new_key, ssh_server
from tests.servers.tls_servers import free_port

DROPBEAR = shutil.which("dropbear") or "/usr/sbin/dropbear"
TINYSSH = shutil.which("tinysshd") or "/usr/sbin/tinysshd"

OPENSSH = {
    "default": "PasswordAuthentication yes\nHostKey {folder}/rsa\nHostKey {folder}/ecdsa\n",
    "hardened": "KexAlgorithms sntrup761x25519-sha512@openssh.com\nDebianBanner no\n"
    "Ciphers aes256-gcm@openssh.com,aes256-ctr\nMACs hmac-sha2-512-etm@openssh.com\n"
    "KbdInteractiveAuthentication no\n",
    "weak": "KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,"
    "diffie-hellman-group-exchange-sha1\nCiphers +3des-cbc,aes128-cbc,aes192-cbc,aes256-cbc\n"
    "MACs +hmac-md5,hmac-md5-96,hmac-sha1-96,hmac-md5-etm@openssh.com,hmac-md5-96-etm@openssh.com,"
    "hmac-sha1-96-etm@openssh.com\nHostKeyAlgorithms +ssh-rsa\nHostKey {folder}/short\n"
    "RequiredRSASize 1024\nPasswordAuthentication yes\n",
    "old clients only": "KexAlgorithms diffie-hellman-group1-sha1\nCiphers aes128-cbc\n"
    "MACs hmac-sha1\nHostKeyAlgorithms ssh-rsa\nHostKey {folder}/rsa\n",
    "group of its choice": "KexAlgorithms diffie-hellman-group-exchange-sha256\n"
    "HostKeyAlgorithms rsa-sha2-256\nHostKey {folder}/rsa\n",
    "certified": "HostCertificate {folder}/host-cert.pub\n"
    "HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com\nKexAlgorithms ecdh-sha2-nistp521\n",
}
"""Name → what stands in sshd_config before what all have."""
OTHERS = ("dropbear", "tinysshd", "paramiko, not strict")


@contextmanager
def fleet(folder: Path) -> Iterator[dict[str, int]]:
    """Run them all; yield their ports by name."""
    client = new_key(folder / "client")
    keys = _keys(folder)
    with ExitStack() as stack:
        ports = {}
        for name, config in OPENSSH.items():
            home = folder / name.replace(" ", "-")
            home.mkdir()
            for path in keys:
                shutil.copy(path, home)
            server = ssh_server(home, client, config.format(folder=home))
            ports[name] = stack.enter_context(server).port
        ports["dropbear"] = stack.enter_context(dropbear(folder))
        ports["tinysshd"] = stack.enter_context(tinyssh(folder / "tiny"))
        ports["paramiko, not strict"] = stack.enter_context(loose_paramiko())
        yield ports


def _keys(folder: Path) -> list[Path]:
    authority = new_key(folder / "authority")
    host = new_key(folder / "host")
    made = [new_key(folder / "rsa", "rsa", "-b", 3072), new_key(folder / "ecdsa", "ecdsa")]
    made += [
        new_key(folder / "short", "rsa", "-b", 1024),
        host,
        certify(authority, host.with_suffix(".pub")),
    ]
    return made + [Path(f"{path}.pub") for path in made if path.suffix != ".pub"]


@contextmanager
def dropbear(folder: Path, *options: str) -> Iterator[int]:
    """Run Dropbear with an RSA key of 1024 bits and two others."""
    port = free_port()
    keys: list[str] = []
    for kind, size in {"rsa": ["-s", "1024"], "ed25519": [], "ecdsa": []}.items():
        path = folder / f"dropbear-{kind}"
        subprocess.run(
            ["dropbearkey", "-t", kind, *size, "-f", path], check=True, capture_output=True
        )
        keys += ["-r", str(path)]
    command = [DROPBEAR, "-F", "-E", "-p", f"127.0.0.1:{port}", "-P", str(folder / "pid")]
    with subprocess.Popen([*command, *keys, *options], stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(500):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.02):
            return
        threading.Event().wait(0.02)
    raise RuntimeError(f"{process.args[0]} did not start")


@contextmanager
def tinyssh(keys: Path) -> Iterator[int]:
    """Run TinySSH, one process for each connection."""
    subprocess.run(["tinysshd-makekey", keys], check=True, capture_output=True)
    running: list[subprocess.Popen] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            running.append(
                subprocess.Popen(
                    [TINYSSH, "-q", str(keys)],
                    stdin=connection,
                    stdout=connection,
                    stderr=subprocess.DEVNULL,
                )
            )

    with _each_connection(serve) as port:
        yield port
    for process in running:
        process.terminate()
        process.wait()


@contextmanager
def loose_paramiko() -> Iterator[int]:
    """Run paramiko's server without strict key exchange; it lets nobody in."""
    key = paramiko.ECDSAKey.generate()
    held: list[paramiko.Transport] = []

    def serve(connection: socket.socket) -> None:
        transport = paramiko.Transport(connection, strict_kex=False)
        held.append(transport)
        transport.add_server_key(key)
        transport.get_security_options().compression = ("zlib", "none")
        with contextlib.suppress(paramiko.SSHException, EOFError):
            transport.start_server(server=_Refusing())

    with _each_connection(serve) as port:
        yield port
    for transport in held:
        transport.close()


class _Refusing(paramiko.ServerInterface):
    def get_allowed_auths(self, username):
        return "password,keyboard-interactive"


@contextmanager
def _each_connection(serve) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
