"""What is spoken on the TLS ports of a target: versions, suites, groups and the certificate."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from ipaddress import ip_address

from auditor.model.base import Text, Value
from auditor.model.fact import Kind
from auditor.model.inventory import Target
from auditor.probe.base import Args, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table

HTTPS = 443


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


KNOWN: Mapping[int, StartTls | None] = {
    **dict.fromkeys((HTTPS, 8443, 465, 993, 995, 636, 989, 990, 853, 6443, 10000)),
    25: StartTls.SMTP,
    587: StartTls.SMTP,
    143: StartTls.IMAP,
    110: StartTls.POP3,
    21: StartTls.FTP,
    389: StartTls.LDAP,
    5432: StartTls.POSTGRESQL,
    3306: StartTls.MYSQL,
    3389: StartTls.RDP,
}
"""TCP ports that speak TLS from the first byte, or after the words of a protocol."""


class Endpoint(Value, frozen=True):
    """A name asked for at a port of the target's address; `starttls`: the words before TLS.

    `expected`: the inventory names it. `bare`: the address is asked without a name. `also`: other
    names that a certificate may carry. `unnamed`: nobody says by which name clients call it.
    """

    name: str
    port: int
    starttls: StartTls | None = None
    expected: bool = True
    bare: bool = False
    also: tuple[str, ...] = ()
    unnamed: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The names of which its certificate is to carry one."""
        return () if self.bare or self.unnamed else (self.name, *self.also)

    @property
    def key(self) -> str:
        """The name and port as one word, such as "web.go.id:443"."""
        bare = "/bare" if self.bare and not is_address(self.name) else ""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"{name}:{self.port}{bare}"

    @property
    def sni(self) -> str:
        """The name as TLS carries it: none for an address (RFC 6066)."""
        return "" if self.bare or is_address(self.name) else self.name.rstrip(".")

    @property
    def told(self) -> Record:
        """What its record begins with."""
        return {
            "endpoint": self.key,
            "name": self.name,
            "protocol": self.starttls.value if self.starttls else "tls",
            "expected": self.expected,
            "named": bool(self.named),
        }


def is_address(name: str) -> bool:
    """Tell an IP address from a name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def endpoints(target: Target, https: int = HTTPS) -> tuple[Endpoint, ...]:
    """Return each site at the HTTPS port, and the other TLS ports that the inventory names."""
    sites = (Endpoint(name=site, port=https) for site in target.sites)
    listed = {int(number) for number, _, kind in _split(target) if kind == "tcp"}
    taken = {https, HTTPS} if target.sites else set()
    named = (at_port(target, port, kind) for port, kind in KNOWN.items() if port in listed - taken)
    return tuple(dict.fromkeys((*sites, *named)))


def at_port(
    target: Target, port: int, starttls: StartTls | None, *, expected: bool = True
) -> Endpoint:
    """Return the endpoint of a port under the target's first name.

    Its certificate may carry any of the target's names; of an address without sites none is known.
    """
    first, *others = (*target.sites, target.address)
    return Endpoint(
        name=first,
        port=port,
        starttls=starttls,
        expected=expected,
        also=tuple(name for name in others if not is_address(name)),
        unnamed=not target.sites and is_address(target.address),
    )


def bare(target: Target, https: int = HTTPS) -> Endpoint | None:
    """Return the HTTPS port without a name, for a target that has sites of other names."""
    if not target.sites or (is_address(target.address) and target.address in target.sites):
        return None
    return Endpoint(name=target.address, port=https, expected=False, bare=True)


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
        "spkis": leaf(Kind.TEXTS, "Sidik jari SHA-256 kunci", "SHA-256 fingerprints of the keys"),
        "lifetime_days": leaf(
            Kind.INT, "Masa berlaku sertifikat (hari)", "Lifetime of the certificate (days)"
        ),
        "wildcard": leaf(Kind.BOOL, "Sertifikat wildcard", "Wildcard certificate"),
        "san_present": leaf(
            Kind.BOOL,
            "Sertifikat memuat Subject Alternative Name",
            "Certificate has a Subject Alternative Name",
        ),
        "server_auth": leaf(
            Kind.BOOL, "Sertifikat diperuntukkan bagi server", "Certificate is meant for servers"
        ),
        "chain_ordered": leaf(
            Kind.BOOL, "Rantai sertifikat berurutan", "Certificate chain is in order"
        ),
        "chain_sends_root": leaf(
            Kind.BOOL, "Rantai memuat sertifikat akar", "Chain carries a root certificate"
        ),
        "snakeoil": leaf(
            Kind.BOOL, "Sertifikat bawaan perangkat lunak", "Certificate that came with software"
        ),
        "must_staple": leaf(
            Kind.BOOL,
            "Sertifikat mewajibkan status OCSP disertakan",
            "Certificate demands a stapled OCSP status",
        ),
        "ct_scts": leaf(
            Kind.INT,
            "Bukti pencatatan Certificate Transparency dalam sertifikat",
            "Proofs of Certificate Transparency in the certificate",
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
        "protocol": leaf(Kind.TEXT, "Protokol", "Protocol"),
        "expected": leaf(Kind.BOOL, "Tercatat di inventaris", "Named by the inventory"),
        "named": leaf(
            Kind.BOOL, "Nama dalam sertifikat dinilai", "The certificate's names are judged"
        ),
        "offered": leaf(Kind.BOOL, "TLS dilayani", "TLS is offered"),
        "injected": leaf(
            Kind.BOOL,
            "Teks terang menyusul persetujuan TLS",
            "Clear text follows the go-ahead for TLS",
        ),
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
        "cbc_suites": leaf(
            Kind.TEXTS,
            "Rangkaian sandi CBC yang dilayani",
            "CBC cipher suites offered",
            may_be_empty=True,
        ),
        "static_rsa": leaf(
            Kind.TEXTS,
            "Rangkaian sandi RSA statis yang dilayani",
            "Static RSA cipher suites offered",
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
        "curves": leaf(
            Kind.TEXTS,
            "Kurva pertukaran kunci sampai TLS 1.2",
            "Key exchange curves up to TLS 1.2",
            may_be_empty=True,
        ),
        "pq": leaf(
            Kind.BOOL,
            "Pertukaran kunci tahan komputer kuantum",
            "Key exchange that withstands quantum computers",
        ),
        "dh": record(
            "Diffie-Hellman",
            "Diffie-Hellman",
            {
                "used": leaf(Kind.BOOL, "DHE dilayani", "DHE is offered"),
                "bits": leaf(Kind.INT, "Panjang prima DHE (bit)", "Size of DHE's prime (bits)"),
            },
        ),
        "server_order": leaf(
            Kind.BOOL, "Server menentukan rangkaian sandi", "Server's order of suites counts"
        ),
        "secure_renegotiation": leaf(
            Kind.BOOL, "Negosiasi ulang aman (RFC 5746)", "Secure renegotiation (RFC 5746)"
        ),
        "compression": leaf(Kind.BOOL, "Kompresi TLS dilayani", "TLS compression is offered"),
        "fallback_scsv": leaf(
            Kind.BOOL, "Penurunan versi ditolak (RFC 7507)", "Downgrades are refused (RFC 7507)"
        ),
        "ocsp_staple": leaf(Kind.BOOL, "OCSP disertakan", "OCSP response is stapled"),
        "extended_master_secret": leaf(
            Kind.BOOL, "Extended Master Secret (RFC 7627)", "Extended master secret (RFC 7627)"
        ),
        "heartbeat": leaf(Kind.BOOL, "Heartbeat TLS diterima", "TLS heartbeats are accepted"),
        "cert": _CERTIFICATE,
    },
    may_be_empty=True,
)

_BARE = record(
    "Alamat tanpa nama situs",
    "Address without a site's name",
    {
        "asked": leaf(Kind.BOOL, "Alamat ditanyai tanpa nama", "Address asked without a name"),
        "endpoint": leaf(Kind.TEXT, "Titik layanan", "Endpoint"),
        "offered": leaf(
            Kind.BOOL, "TLS dilayani tanpa nama situs", "TLS is offered without a site's name"
        ),
        "cert": _CERTIFICATE,
    },
)

PROBE = ProbeType(
    name="tls",
    via=Via.TLS,
    args=TlsArgs,
    gives=record(
        "Layanan TLS",
        "TLS services",
        {
            "exists": leaf(
                Kind.BOOL,
                "Ada layanan yang dapat memakai TLS",
                "There is a service that can speak TLS",
            ),
            "spoken": leaf(Kind.BOOL, "Ada layanan TLS", "There is a TLS service"),
            "starttls": leaf(
                Kind.BOOL,
                "Ada layanan yang dimulai tanpa enkripsi",
                "There is a service that begins in clear",
            ),
            "endpoints": _ENDPOINTS,
            "bare": _BARE,
        },
    ),
    doc=Text(
        id="Versi TLS, rangkaian sandi, dan sertifikat di setiap situs dan port TLS target, "
        "juga setelah STARTTLS, dibaca dari jawaban server atas pembuka sambungan (ClientHello).",
        en="TLS versions, cipher suites and certificate at each site and TLS port of a target, "
        "behind STARTTLS too, read from what the server answers to an opening message.",
    ),
)
