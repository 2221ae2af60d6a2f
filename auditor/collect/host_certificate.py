"""Host certificates of OpenSSH: whose key an authority vouches for, under which names, how long.

paramiko agrees on a certificate and checks that the server holds its key, but judges nothing else
of it. cryptography reads it and checks the authority's signature.
"""

import base64
from datetime import UTC, datetime

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    SSHCertificate,
    SSHCertificateType,
    load_ssh_public_identity,
)

SUFFIX = "-cert-v01@openssh.com"
_RSA_LEAST = 2048
"""Bits of an authority's RSA key."""


class BadCertificate(Exception):  # noqa: N818 - an answer of a target
    """What a server showed is no certificate that can be read."""


class HostCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate whose signature holds. Keys are blobs; times are seconds since 1970."""

    key: bytes
    authority: bytes
    for_hosts: bool
    names: tuple[str, ...]
    begins: int
    ends: int
    conditions: tuple[str, ...]
    """Critical options: one that is not understood makes a certificate void."""


def read_certificate(blob: bytes) -> HostCertificate:
    """Read a certificate and check its authority's signature; raises `BadCertificate`."""
    kind = blob[4 : 4 + int.from_bytes(blob[:4], "big")]
    try:
        read = load_ssh_public_identity(kind + b" " + base64.b64encode(blob))
        if not isinstance(read, SSHCertificate):
            raise BadCertificate("it is no certificate")
        read.verify_cert_signature()
        return _values(read, blob)
    except InvalidSignature as error:
        raise BadCertificate("its signature does not hold") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadCertificate("it cannot be read") from error


def objection(certificate: HostCertificate, name: str, now: datetime) -> str:
    """Say why a certificate does not vouch for a host of this name now, or nothing."""
    seconds = int(now.timestamp())
    names, conditions = ", ".join(certificate.names), ", ".join(certificate.conditions)
    objections = (
        (not certificate.for_hosts, "it certifies a user, not a host"),
        (conditions, f"it sets conditions that are not known here: {conditions}"),
        (not names, "it names no host"),
        (name.lower() not in certificate.names, f"it is for {names}"),
        (seconds < certificate.begins, f"it holds only from {_day(certificate.begins)} on"),
        (seconds >= certificate.ends, f"it ended on {_day(certificate.ends)}"),
    )
    return next((text[:200] for holds, text in objections if holds), "")


def _values(read: SSHCertificate, blob: bytes) -> HostCertificate:
    authority = read.signature_key()
    if isinstance(authority, RSAPublicKey):
        _check_rsa(authority, blob)
    return HostCertificate(
        key=_blob(read.public_key()),
        authority=_blob(authority),
        for_hosts=read.type is SSHCertificateType.HOST,
        names=tuple(name.decode("utf-8", "replace") for name in read.valid_principals),
        begins=read.valid_after,
        ends=read.valid_before,
        conditions=tuple(name.decode("utf-8", "replace") for name in read.critical_options),
    )


def _check_rsa(authority: RSAPublicKey, blob: bytes) -> None:
    """Refuse what cryptography still takes: short keys, and signatures with SHA-1.

    A signature ends the certificate: algorithm, length, as many bytes as the key has.
    """
    algorithm = blob[: -(4 + (authority.key_size + 7) // 8)]
    if authority.key_size < _RSA_LEAST or algorithm.endswith(b"ssh-rsa"):
        raise BadCertificate("its signature is too weak (SHA-1, or a short RSA key)")


def _blob(key: object) -> bytes:
    text: bytes = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)  # type: ignore[attr-defined]
    return base64.b64decode(text.split()[1])


def _day(seconds: int) -> str:
    """Return a day as 2026-11-24; a time that no calendar reaches as such."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "a day that no calendar has"
