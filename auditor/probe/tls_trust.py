"""Does a certificate lead to a root that is trusted here.

Paths are built from what the server sent and the trusted roots alone; nothing is fetched. Their
number is bounded: a server may send certificates that all issue each other. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import MD5, SHA1
from cryptography.x509 import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    KeyUsage,
    Name,
    SubjectKeyIdentifier,
    UnsupportedGeneralNameType,
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

MAX_STEPS = 64

Path: TypeAlias = tuple[Certificate, ...]


class Roots:
    """Certificates that are trusted without an issuer; `missing` says why some are not known."""

    def __init__(self, certificates: Iterable[Certificate], missing: str = "") -> None:
        self.missing = missing
        self._by_subject: dict[bytes, list[Certificate]] = {}
        for certificate in certificates:
            subject = certificate.subject.public_bytes()
            self._by_subject.setdefault(subject, []).append(certificate)

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
    """Judge the chain of a server at a moment; whether it names the site is judged elsewhere."""
    if leaf in roots:
        return Trust(complete=True, trusted=True, message="the certificate itself is trusted here")
    reasons: list[str] = []
    for path in _paths(leaf, sent, roots):
        reason = _fault(path, roots, moment)
        if not reason:
            return Trust(
                complete=True, trusted=True, message=f"leads to {_shown(path[-1].subject)}"
            )
        reasons.append(reason)
    if reasons:
        return Trust(complete=True, trusted=False, message=reasons[0])
    return Trust(
        complete=False,
        trusted=False,
        message=f"no path from {_shown(leaf.issuer)} to a root: neither sent nor trusted here",
    )


def issues(issuer: Certificate, child: Certificate) -> bool:
    """Tell whether one certificate has signed another, be it with a hash that is broken."""
    try:
        if child.issuer != issuer.subject:
            return False
        hash_, key = child.signature_hash_algorithm, issuer.public_key()
        if isinstance(hash_, SHA1 | MD5) and isinstance(key, RSAPublicKey):
            key.verify(child.signature, child.tbs_certificate_bytes, PKCS1v15(), hash_)
        else:
            child.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _paths(leaf: Certificate, sent: Sequence[Certificate], roots: Roots) -> Iterator[Path]:
    """Yield paths that end in a certificate without an issuer, those to trusted roots first."""
    stack: list[Path] = [(leaf,)]
    steps = 0
    while stack and steps < MAX_STEPS:
        steps += 1
        path = stack.pop()
        last = path[-1]
        if last in roots or issues(last, last):
            yield path
            continue
        known = (*roots.named(last.issuer.public_bytes()), *sent)
        stack += [
            (*path, issuer)
            for issuer in reversed(known)
            if issuer not in path and issues(issuer, last)
        ]


def _fault(path: Path, roots: Roots, moment: datetime) -> str:
    """Say why a path is not to be trusted, or ""."""
    leaf, *between = path
    if leaf is path[-1]:
        return "the certificate is signed by itself"
    root = between.pop()
    if root not in roots:
        return f"{_shown(root.subject)} is no root that is trusted here"
    verifier = (
        PolicyBuilder()
        .store(Store([root]))
        .time(moment)
        .extension_policies(ca_policy=_ISSUERS, ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        _serves(leaf)
        verifier.verify(leaf, between)
    except (VerificationError, UnsupportedGeneralNameType, ValueError) as error:
        return _words(str(error))
    return ""


def _serves(leaf: Certificate) -> None:
    try:
        purposes = leaf.extensions.get_extension_for_class(ExtendedKeyUsage).value
    except ExtensionNotFound:
        return
    if {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}.isdisjoint(
        purposes
    ):
        raise ValueError("the certificate is not meant for servers")


def _may_sign(_policy: Policy, _issuer: Certificate, usage: KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("an issuer's key is not meant to sign certificates")


_ISSUERS = (
    ExtensionPolicy.webpki_defaults_ca()
    .require_present(BasicConstraints, Criticality.AGNOSTIC, None)
    .may_be_present(KeyUsage, Criticality.AGNOSTIC, _may_sign)
    .may_be_present(SubjectKeyIdentifier, Criticality.AGNOSTIC, None)
    .may_be_present(AuthorityKeyIdentifier, Criticality.AGNOSTIC, None)
)
"""As browsers judge: internal authorities often lack what the Web PKI's rules ask for beside."""


def _words(error: str) -> str:
    """Shorten the verifier's sentence; the certificate that it prints is left out."""
    return inert(re.sub(_AROUND, "", error))[:300]


_AROUND = re.compile(
    r"^(validation failed: )?(candidates exhausted: )?| \(encountered processing .*", re.DOTALL
)


def _shown(name: Name) -> str:
    return inert(name.rfc4514_string())[:200] or "(no name)"
