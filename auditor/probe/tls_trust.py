"""Does a certificate lead to a root that is trusted here, and does it name the site.

Paths are built from what the server sent and the trusted roots alone; nothing is fetched. Their
number is bounded: a server may send certificates that all issue each other. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    KeyUsage,
    SubjectKeyIdentifier,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from auditor.model.base import Value
from auditor.model.text import inert

MAX_PATHS = 16
MAX_STEPS = 64

Path = tuple[Certificate, ...]


class Roots:
    """Certificates that are trusted without an issuer."""

    def __init__(self, certificates: Iterable[Certificate]) -> None:
        self._by_subject: dict[bytes, list[Certificate]] = {}
        for certificate in certificates:
            subject = certificate.subject.public_bytes()
            self._by_subject.setdefault(subject, []).append(certificate)

    def __bool__(self) -> bool:
        return bool(self._by_subject)

    def __contains__(self, certificate: Certificate) -> bool:
        return certificate in self._by_subject.get(certificate.subject.public_bytes(), ())

    def named(self, subject: bytes) -> Sequence[Certificate]:
        """Return the roots that bear a name (DER)."""
        return self._by_subject.get(subject, ())


class Trust(Value, frozen=True):
    """Whether a path to some root can be built, whether one is trusted, and why not."""

    complete: bool
    trusted: bool
    message: str


def trust(leaf: Certificate, sent: Sequence[Certificate], roots: Roots, moment: datetime) -> Trust:
    """Judge the chain of a server at a moment; its own dates and name are judged elsewhere."""
    if leaf in roots:
        return Trust(complete=True, trusted=True, message="the certificate itself is trusted here")
    complete = False
    reasons: list[str] = []
    for number, path in enumerate(_paths((leaf,), tuple(sent), roots, [MAX_STEPS])):
        if number == MAX_PATHS:
            break
        complete = True
        reason = _fault(path, roots, moment)
        if not reason:
            return Trust(complete=True, trusted=True, message=f"leads to {_name(path[-1])}")
        reasons.append(reason)
    if not complete:
        issuer = inert(leaf.issuer.rfc4514_string())[:200]
        reasons.append(f"no path to a root: the server did not send all issuers ({issuer})")
    return Trust(complete=complete, trusted=False, message=reasons[0])
