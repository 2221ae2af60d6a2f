"""OpenSSH servers on loopback, each at an address or port of its own, and keys for them."""

import getpass
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.servers.tls_servers import free_port

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
USER = getpass.getuser()
CONFIG = """\
ListenAddress {address}
Port {port}
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
LogLevel DEBUG1
MaxStartups 100
"""


class Server(msgspec.Struct, frozen=True):
    """A running server."""

    address: str
    port: int
    folder: Path

    @property
    def public(self) -> str:
        """The host key as known_hosts writes it: type and blob."""
        return " ".join((self.folder / "host.pub").read_text().split()[:2])

    @property
    def known(self) -> str:
        """A line of known_hosts."""
        return f"[{self.address}]:{self.port} {self.public}\n"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


def keygen(*options):
    return subprocess.run(
        ["ssh-keygen", "-q", *map(str, options)], check=True, capture_output=True, text=True
    ).stdout


def new_key(path, kind="ed25519", *options):
    keygen("-t", kind, "-N", "", "-C", "test", "-f", path, *options)
    return path


def certify(
    authority, public, *options, principals="127.0.0.1", validity="always:forever", user=False
):
    """Make a certificate of a host or user beside a public key; returns its path."""
    names = ("-n", principals) if principals else ()
    kind = () if user else ("-h",)
    keygen("-s", authority, "-I", "test", "-V", validity, *kind, *names, *options, public)
    return public.with_name(f"{public.stem}-cert.pub")


@contextmanager
def ssh_server(folder: Path, client_key: Path, config="", *, address="127.0.0.1", kind="ed25519"):
    """Run sshd with a key of its own (or the one that lies there) until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "host").exists():
        new_key(folder / "host", kind)
    public = client_key.with_name(f"{client_key.name}.pub").read_text()
    (folder / "authorized").write_text(public)
    port = free_port()
    text = CONFIG.format(address=address, port=port, folder=folder)
    (folder / "config").write_text(config + text)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [SSHD, "-D", "-e", "-f", str(folder / "config")], stderr=log, stdin=subprocess.DEVNULL
        )
    server = Server(address, port, folder)
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait()


def _wait_for(server, process):
    until = time.monotonic() + 10
    while "Server listening" not in server.log:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"sshd did not start: {server.log}")
        time.sleep(0.02)
