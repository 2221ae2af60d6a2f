"""Certificates and servers for the network tests, on loopback, each at a port of its own.

Good and faulty servers are OpenSSL's and nginx's; what these cannot be made to do is scripted.
"""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SITE = "web.kota.test"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def ec_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve or ec.SECP256R1())


class Issued:
    """A certificate with its key."""

    def __init__(self, certificate: x509.Certificate, key: Key) -> None:
        self.certificate = certificate
        self.key = key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def write(self, folder: Path, stem: str, chain: Sequence["Issued"] = ()) -> tuple[Path, Path]:
        """Return the paths of the certificate (with `chain` behind it) and of the key."""
        certificate, key = folder / f"{stem}.pem", folder / f"{stem}.key"
        certificate.write_bytes(self.pem + b"".join(issuer.pem for issuer in chain))
        key.write_bytes(self.key_pem)
        return certificate, key


def issue(
    subject: str = SITE,
    issuer: Issued | None = None,
    *,
    names: Sequence[str] | None = (SITE,),
    key: Key | None = None,
    ca: bool = False,
    begins: datetime = NOW - timedelta(days=1),
    days: float = 90,
    hash_: hashes.HashAlgorithm | None = None,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
) -> Issued:
    """Make a certificate that is valid for `days`; without an issuer it signs itself."""
    key = key or ec_key()
    signer = issuer.key if issuer else key
    title = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(issuer.certificate.subject if issuer else title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names and not ca:
        listed = x509.SubjectAlternativeName([_general(name) for name in names])
        builder = builder.add_extension(listed, critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hash_ or hashes.SHA256()
    return Issued(builder.sign(signer, algorithm), key)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


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
