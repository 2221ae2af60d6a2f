"""What a certificate is meant for, how long it lives, and in which order its chain was sent."""

from collections.abc import Sequence
from datetime import timedelta

from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import (
    Certificate,
    ExtendedKeyUsage,
    ExtensionNotFound,
    PrecertificateSignedCertificateTimestamps,
    TLSFeature,
    TLSFeatureType,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from auditor.probe.base import Record
from auditor.probe.tls_trust import issues

_DAY = timedelta(days=1)


def spki(leaf: Certificate) -> str:
    """Return the SHA-256 of the key (SubjectPublicKeyInfo) in hexadecimal: the same wherever."""
    digest = Hash(SHA256())
    digest.update(leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()


def lifetime_days(leaf: Certificate) -> int:
    """Return the days from the first to the last moment; a part of a day counts as one."""
    return -((leaf.not_valid_before_utc - leaf.not_valid_after_utc) // _DAY)


def server_auth(leaf: Certificate) -> bool:
    """Tell whether servers may use it: it says so, or it names no purpose at all."""
    try:
        purposes = leaf.extensions.get_extension_for_class(ExtendedKeyUsage).value
    except ExtensionNotFound:
        return True
    return not {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    }.isdisjoint(purposes)


def ct_scts(leaf: Certificate) -> int:
    """Return how many logs say in the certificate that they know it (RFC 6962)."""
    try:
        listed = leaf.extensions.get_extension_for_class(PrecertificateSignedCertificateTimestamps)
    except ExtensionNotFound:
        return 0
    return len(list(listed.value))


def must_staple(leaf: Certificate) -> bool:
    """Tell whether browsers refuse it without a status from its issuer (RFC 7633)."""
    try:
        listed = leaf.extensions.get_extension_for_class(TLSFeature).value
    except ExtensionNotFound:
        return False
    return TLSFeatureType.status_request in listed


def sent_order(leaf: Certificate, sent: Sequence[Certificate | None]) -> Record:
    """Judge the certificates behind the first; None is one that cannot be read.

    In order: each issued the one before it. A root need not be sent, but does no harm.
    """
    whole = (leaf, *sent)
    return {
        "chain_ordered": all(
            before is not None and issuer is not None and issues(issuer, before)
            for before, issuer in zip(whole, sent, strict=False)
        ),
        "chain_sends_root": any(one is not None and issues(one, one) for one in sent),
    }
