"""A fleet of TLS servers on loopback: healthy ones, and one for every fault.

Certificates are of the real day, as the tools that the verdicts are compared with know no other.
"""

import inspect
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dh
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, ParameterFormat
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseBuilder
from cryptography.x509.oid import ExtendedKeyUsageOID
from tlslite.mathtls import FFDHE2048, RFC2409_GROUP2

from tests.servers.certificates import SITE, Issued, Key, ec_key, issue, rsa_key
from tests.servers.legacy_tls import KINDS, legacy_server
from tests.servers.peers import Server
from tests.servers.tls_servers import free_port, openssl_server
from tests.servers.tls_services import services

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
APACHE = shutil.which("apache2") or "/usr/sbin/apache2"
MODULES = Path("/usr/lib/apache2/modules")

INTERMEDIATE = ":".join(
    f"{exchange}-{cipher}"
    for exchange in ("ECDHE-ECDSA", "ECDHE-RSA", "DHE-RSA")
    for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
)
"""Mozilla's intermediate profile, guideline 5."""


class Papers:
    """The certificates that the fleet shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.day = _ago(1)
        self.root = self._authority("Otoritas Uji", None, 900)
        self.outer = self._authority("Antara Luar Uji", self.root, 800)
        self.middle = self._authority("Antara Uji", self.outer, 700)
        self.root_file = folder / "root.pem"
        self.root_file.write_bytes(self.root.pem)
        self._keys = {"rsa": rsa_key(), "rsa1024": rsa_key(1024), "ec": ec_key()}

    def _authority(self, name: str, issuer: Issued | None, days: int) -> Issued:
        return self.issue(name, issuer, ca=True, days=days, begins=_ago(400), key=rsa_key())

    def issue(self, subject: str = SITE, issuer: Issued | None = None, **details) -> Issued:
        """Issue a certificate as public authorities do, that began yesterday."""
        details = {"begins": self.day, **details}
        key = details.setdefault("key", ec_key())
        extensions = _extensions(key, issuer, ca=details.get("ca", False))
        return issue(subject, issuer, extensions=extensions, **details)

    def leaf(self, key: str = "rsa", issuer: Issued | None = None, **details) -> Issued:
        """Issue a certificate for one of the fleet's keys."""
        return self.issue(issuer=issuer or self.middle, key=self._keys[key], **details)

    def write(self, stem: str, leaf: Issued, chain: Sequence[Issued]) -> tuple[Path, Path]:
        """Return the files of a certificate with its chain, and of its key."""
        return leaf.write(self.folder, stem, chain)

    @property
    def chain(self) -> tuple[Issued, Issued]:
        """What belongs behind a leaf."""
        return self.middle, self.outer

    def signed_by_root(self, name: str, key: str, **details) -> tuple[Path, Path]:
        """Make and write a leaf of the root's own."""
        return self.write(name, self.leaf(key, self.root, **details), ())

    def group(self, name: str, generator: int, prime: int) -> Path:
        """Write parameters for Diffie-Hellman."""
        numbers = dh.DHParameterNumbers(prime, generator)
        path = self.folder / f"{name}.dh"
        path.write_bytes(numbers.parameters().parameter_bytes(Encoding.PEM, ParameterFormat.PKCS3))
        return path

    def staple(self, leaf: Issued) -> Path:
        """Write what the issuer's OCSP responder would say of a leaf."""
        now = datetime.now(UTC)
        answer = (
            OCSPResponseBuilder()
            .add_response(
                cert=leaf.certificate,
                issuer=self.middle.certificate,
                algorithm=SHA256(),
                cert_status=OCSPCertStatus.GOOD,
                this_update=now - timedelta(hours=1),
                next_update=now + timedelta(days=5),
                revocation_time=None,
                revocation_reason=None,
            )
            .responder_id(OCSPResponderEncoding.HASH, self.middle.certificate)
            .sign(self.middle.key, SHA256())
        )
        path = self.folder / "staple.der"
        path.write_bytes(answer.public_bytes(Encoding.DER))
        return path


def _extensions(
    key: Key, issuer: Issued | None, *, ca: bool
) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    ]
    if issuer:
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        found.append((known, False))
    usage = dict.fromkeys(inspect.signature(x509.KeyUsage).parameters, False)
    usage |= {"key_cert_sign": True, "crl_sign": True} if ca else {"digital_signature": True}
    usage |= {} if ca or isinstance(key, EllipticCurvePrivateKey) else {"key_encipherment": True}
    found.append((x509.KeyUsage(**usage), True))
    if not ca:
        found.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False))
    return found


Pair = tuple[Path, Path]


def _nginx_servers(papers: Papers) -> dict[str, tuple[list[Pair], str]]:
    """Return certificates and directives of each of nginx's servers by name."""
    leaf = papers.leaf()
    good = papers.write("good", leaf, papers.chain)
    elliptic = papers.write("elliptic", papers.leaf("ec"), papers.chain)
    only_1_2, both = "ssl_protocols TLSv1.2; ", "ssl_protocols TLSv1.2 TLSv1.3; "
    return {
        "modern": ([elliptic], "ssl_protocols TLSv1.3;"),
        "intermediate": (
            [good],
            both + f"ssl_ciphers {INTERMEDIATE}; ssl_stapling on; "
            f"ssl_stapling_file {papers.staple(leaf)}; "
            f"ssl_dhparam {papers.group('2048', *FFDHE2048)};",
        ),
        "two certificates": ([good, elliptic], both),
        "server preference": ([good], both + "ssl_prefer_server_ciphers on;"),
        "TLS 1.2 only": ([good], only_1_2),
        "TLS 1.0 to 1.3, all suites": (
            [good],
            "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0;",
        ),
        "TLS 1.0 only": ([good], "ssl_protocols TLSv1; ssl_ciphers AES:!aNULL:@SECLEVEL=0;"),
        "no encryption": ([good], only_1_2 + "ssl_ciphers AES128-SHA:eNULL:!aNULL:@SECLEVEL=0;"),
        "anonymous": ([good], only_1_2 + "ssl_ciphers AES128-SHA:aNULL:!eNULL:@SECLEVEL=0;"),
        "static RSA": ([good], only_1_2 + "ssl_ciphers kRSA+AESGCM;"),
        "CBC only": ([good], only_1_2 + "ssl_ciphers ECDHE+AES:!AESGCM:!AESCCM;"),
        "DH 1024": (
            [good],
            only_1_2 + "ssl_ciphers DHE+AESGCM:@SECLEVEL=0; "
            f"ssl_dhparam {papers.group('1024', *RFC2409_GROUP2)};",
        ),
        "expired": ([papers.signed_by_root("expired", "ec", begins=_ago(100))], both),
        "not yet valid": ([papers.signed_by_root("early", "ec", begins=_ago(-10))], both),
        "ends next week": ([papers.signed_by_root("soon", "ec", days=8.5)], both),
        "valid too long": ([papers.signed_by_root("long", "ec", days=850)], both),
        "signed by itself": ([papers.write("own", papers.issue(key=rsa_key()), ())], both),
        "another name": ([papers.signed_by_root("other", "ec", names=["lain.kota.test"])], both),
        "wildcard": ([papers.signed_by_root("wild", "ec", names=["*.kota.test"])], both),
        "no issuers sent": ([papers.write("bare", leaf, ())], both),
        "issuers out of order": ([papers.write("order", leaf, papers.chain[::-1])], both),
        "SHA-1": (
            [papers.signed_by_root("sha1", "rsa", hash_="sha1")],
            both + "ssl_ciphers DEFAULT:@SECLEVEL=0;",
        ),
        "RSA 1024": (
            [papers.signed_by_root("rsa1024", "rsa1024")],
            both + "ssl_ciphers DEFAULT:@SECLEVEL=0;",
        ),
    }


def _ago(days: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)


OPENSSL = {
    "openssl, as it comes": (),
    "openssl, all suites": (
        "-no_dhe",
        *("-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"),
    ),
    "openssl, old renegotiation": ("-legacy_renegotiation", "-client_renegotiation", "-tls1_2"),
}
LEGACY = {
    "ssl3": "SSL 3.0 only",
    "rc4": "RC4 only",
    "null": "SSL 3.0 to TLS 1.2, NULL and 3DES",
    "dh768": "DH 768",
    "no-renegotiation-info": "no secure renegotiation",
    "compression": "compression",
    "export": "export and DES",
}
assert {*KINDS, "export"} == set(LEGACY)


@contextmanager
def fleet(folder: Path) -> Iterator[tuple[Path, list[Server]]]:
    """Start all servers, and yield the file of the root that signed them, and the servers."""
    papers = Papers(folder)
    good = papers.write("served", papers.leaf(), papers.chain)
    servers: list[Server] = []
    with ExitStack() as stack:
        servers += stack.enter_context(_nginx(folder, _nginx_servers(papers)))
        servers.append(stack.enter_context(_apache(folder, good)))
        for name, options in OPENSSL.items():
            place = folder / name.replace(" ", "-")
            place.mkdir()
            leaf = papers.leaf()
            started = openssl_server(place, leaf, *options, chain=papers.chain)
            servers.append(Server(name, stack.enter_context(started)))
        for kind, name in LEGACY.items():
            servers.append(Server(name, stack.enter_context(legacy_server(kind, *good))))
        group = papers.group("served", *FFDHE2048)
        servers += stack.enter_context(services(*good, group))
        yield papers.root_file, servers


@contextmanager
def _nginx(folder: Path, wanted: dict[str, tuple[list[Pair], str]]) -> Iterator[list[Server]]:
    servers = [Server(name, free_port()) for name in wanted]
    blocks = "".join(
        f"server {{ listen 127.0.0.1:{server.port} ssl; {wanted[server.name][1]}\n"
        + "".join(
            f"ssl_certificate {certificate}; ssl_certificate_key {key};\n"
            for certificate, key in wanted[server.name][0]
        )
        + "}\n"
        for server in servers
    )
    with running_nginx(folder, blocks):
        yield servers


@contextmanager
def running_nginx(folder: Path, servers: str) -> Iterator[None]:
    """Run nginx with `server` blocks, in one process."""
    home = folder / "nginx"
    home.mkdir()
    kept = " ".join(
        f"{kind}_temp_path {home}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = home / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {home}/pid; error_log {home}/error.log;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ access_log off; {kept}\n{servers}}}\n"
    )
    with _running([NGINX, "-c", config, "-p", home], home / "pid"):
        yield


@contextmanager
def _apache(folder: Path, pair: Pair) -> Iterator[Server]:
    server = Server("apache, intermediate", free_port())
    home = folder / "apache"
    home.mkdir()
    wanted = ("mpm_event", "authz_core", "ssl", "socache_shmcb")
    modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in wanted)
    config = home / "apache.conf"
    config.write_text(
        f"ServerName {SITE}\nListen 127.0.0.1:{server.port}\nPidFile {home}/pid\n"
        f"ErrorLog {home}/error.log\nDocumentRoot {home}\nDefaultRuntimeDir {home}\n{modules}"
        "StartServers 1\nThreadsPerChild 25\n"
        f"SSLEngine on\nSSLProtocol -all +TLSv1.2 +TLSv1.3\nSSLCipherSuite {INTERMEDIATE}\n"
        f"SSLHonorCipherOrder off\nSSLCertificateFile {pair[0]}\nSSLCertificateKeyFile {pair[1]}\n"
    )
    with _running([APACHE, "-D", "FOREGROUND", "-f", config], home / "pid"):
        yield server


@contextmanager
def _running(command: Sequence[str | Path], pid: Path) -> Iterator[None]:
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 10
            while not (pid.exists() and pid.read_text().strip()):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{command[0]} did not start")
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
