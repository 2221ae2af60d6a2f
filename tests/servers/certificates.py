"""Certificates for the tests, good and faulty, made in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SITE = "web.kota.test"

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
    subject: str | x509.Name = SITE,
    issuer: Issued | None = None,
    *,
    names: Sequence[str] | None = (SITE,),
    key: Key | None = None,
    ca: bool = False,
    begins: datetime = NOW - timedelta(days=1),
    days: float = 90,
    hash_: str = "sha256",
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
) -> Issued:
    """Make a certificate that is valid for `days`; without an issuer it signs itself."""
    key = key or ec_key()
    signer = issuer.key if issuer else key
    title = subject
    if isinstance(subject, str):
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
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    certificate = builder.sign(signer, algorithm)
    if hash_ != "sha256":
        certificate = _signed_again(certificate, signer, *_OLD_HASHES[hash_])
    return Issued(certificate, key)


_RSA_WITH_SHA256 = bytes.fromhex("2a864886f70d01010b")
_OLD_HASHES = {"sha1": (5, hashes.SHA1()), "md5": (4, hashes.MD5())}


def _signed_again(
    certificate: x509.Certificate,
    signer: rsa.RSAPrivateKey,
    number: int,
    hash_: hashes.HashAlgorithm,
) -> x509.Certificate:
    """Sign with a hash that `cryptography` no longer signs certificates with."""
    der = certificate.public_bytes(Encoding.DER)
    der = der.replace(_RSA_WITH_SHA256, _RSA_WITH_SHA256[:-1] + bytes([number]))
    body = x509.load_der_x509_certificate(der).tbs_certificate_bytes
    signature = signer.sign(body, PKCS1v15(), hash_)
    return x509.load_der_x509_certificate(der[: -len(signature)] + signature)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
