"""What is spoken on the TLS ports of a target: versions, suites, groups and the certificate."""

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address

from auditor.model.base import Text, Value
from auditor.model.fact import Kind
from auditor.model.inventory import Target
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import leaf, record, table

HTTPS = 443
TLS_PORTS = (HTTPS, 8443, 465, 993, 995, 636, 989, 990)
"""TCP ports that speak TLS from the first byte."""


class TlsArgs(Args, frozen=True):
    """Takes no arguments: the inventory names the sites and ports."""


class StartTls(StrEnum):
    """A protocol that goes over to TLS after a few words in clear."""

    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"
    FTP = "ftp"
    LDAP = "ldap"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    RDP = "rdp"


class Endpoint(Value, frozen=True):
    """A name asked for at a port of the target's address; `starttls`: the words before TLS."""

    name: str
    port: int
    starttls: StartTls | None = None

    @property
    def key(self) -> str:
        """The name and port as one word, such as "web.go.id:443"."""
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"

    @property
    def sni(self) -> str:
        """The name as TLS carries it: none for an address (RFC 6066)."""
        try:
            ip_address(self.name)
        except ValueError:
            return self.name.rstrip(".")
        return ""


def endpoints(target: Target, https: int = HTTPS) -> tuple[Endpoint, ...]:
    """Return each site at the HTTPS port, and the other TLS ports that may be open."""
    return tuple(dict.fromkeys(_endpoints(target, https)))


def _endpoints(target: Target, https: int) -> Iterator[Endpoint]:
    for site in target.sites:
        yield Endpoint(name=site, port=https)
    expected = {int(number) for number, _, kind in _split(target) if kind == "tcp"}
    first = target.sites[0] if target.sites else target.address
    for port in TLS_PORTS:
        if port in expected and not (port == HTTPS and target.sites):
            yield Endpoint(name=first, port=port)


def _split(target: Target) -> Iterator[tuple[str, str, str]]:
    for port in target.ports:
        yield port.partition("/")


_CERTIFICATE = record(
    "Sertifikat",
    "Certificate",
    {
        "subject": leaf(Kind.TEXT, "Pemilik sertifikat", "Certificate subject"),
        "issuer": leaf(Kind.TEXT, "Penerbit sertifikat", "Certificate issuer"),
        "names": leaf(
            Kind.TEXTS, "Nama dalam sertifikat", "Names in the certificate", may_be_empty=True
        ),
        "not_before": leaf(Kind.TIME, "Sertifikat berlaku sejak", "Certificate valid from"),
        "not_after": leaf(Kind.TIME, "Sertifikat berlaku sampai", "Certificate valid until"),
        "days_left": leaf(
            Kind.INT, "Sisa masa berlaku sertifikat (hari)", "Days until the certificate expires"
        ),
        "valid_now": leaf(
            Kind.BOOL, "Sertifikat dalam masa berlaku", "Certificate is within its validity period"
        ),
        "self_signed": leaf(
            Kind.BOOL, "Sertifikat ditandatangani sendiri", "Certificate is self-signed"
        ),
        "key_type": leaf(Kind.TEXT, "Jenis kunci sertifikat", "Certificate key type"),
        "key_bits": leaf(Kind.INT, "Panjang kunci sertifikat (bit)", "Certificate key size (bits)"),
        "key_ok": leaf(
            Kind.BOOL, "Kunci sertifikat cukup kuat", "Certificate key is strong enough"
        ),
        "signature": leaf(
            Kind.TEXT, "Algoritma tanda tangan sertifikat", "Certificate signature algorithm"
        ),
        "chain_complete": leaf(
            Kind.BOOL, "Rantai sertifikat lengkap", "Certificate chain is complete"
        ),
        "trusted": leaf(Kind.BOOL, "Sertifikat tepercaya", "Certificate is trusted"),
        "trust_message": leaf(
            Kind.TEXT, "Keterangan kepercayaan sertifikat", "About the certificate's trust"
        ),
        "name_matches": leaf(
            Kind.BOOL, "Sertifikat memuat nama situs", "Certificate names the site"
        ),
        "fingerprint": leaf(
            Kind.TEXT, "Sidik jari SHA-256 sertifikat", "Certificate SHA-256 fingerprint"
        ),
    },
)

_ENDPOINTS = table(
    "Titik layanan TLS",
    "TLS endpoints",
    "endpoint",
    {
        "endpoint": leaf(Kind.TEXT, "Titik layanan", "Endpoint"),
        "name": leaf(Kind.TEXT, "Nama yang diminta", "Name asked for"),
        "versions": leaf(Kind.TEXTS, "Versi TLS yang dilayani", "TLS versions offered"),
        "lowest": leaf(
            Kind.VERSION, "Versi TLS terendah yang dilayani", "Lowest TLS version offered"
        ),
        "suites": leaf(Kind.TEXTS, "Rangkaian sandi yang dilayani", "Cipher suites offered"),
        "weak_suites": leaf(
            Kind.TEXTS,
            "Rangkaian sandi lemah yang dilayani",
            "Weak cipher suites offered",
            may_be_empty=True,
        ),
        "forward_secrecy": leaf(
            Kind.BOOL,
            "Semua rangkaian sandi menjamin kerahasiaan ke depan (forward secrecy)",
            "All cipher suites have forward secrecy",
        ),
        "groups": leaf(
            Kind.TEXTS,
            "Grup pertukaran kunci TLS 1.3",
            "Key exchange groups of TLS 1.3",
            may_be_empty=True,
        ),
        "cert": _CERTIFICATE,
    },
)

PROBE = ProbeType(
    name="tls",
    via=Via.TLS,
    args=TlsArgs,
    gives=record("Layanan TLS", "TLS services", {"endpoints": _ENDPOINTS}),
    doc=Text(
        id="Versi TLS, rangkaian sandi, dan sertifikat di setiap situs dan port TLS target, "
        "dibaca dari jawaban server atas pembuka sambungan (ClientHello).",
        en="TLS versions, cipher suites and certificate at each site and TLS port of a target, "
        "read from what the server answers to an opening message (ClientHello).",
    ),
)
