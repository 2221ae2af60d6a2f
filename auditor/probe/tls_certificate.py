"""What a server's certificate says, and whether it fits the site, the day and the rules.

A certificate comes from the target: it may lie, be cut, or carry anything in its names.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from threading import Lock
from warnings import catch_warnings, simplefilter

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import (
    Certificate,
    DNSName,
    DuplicateExtension,
    ExtensionNotFound,
    InvalidVersion,
    IPAddress,
    SubjectAlternativeName,
    UnsupportedGeneralNameType,
    load_der_x509_certificate,
)
from cryptography.x509.oid import SignatureAlgorithmOID

from auditor.model.fact import GAP, Why
from auditor.model.text import inert
from auditor.probe.base import Record
from auditor.probe.tls_certificate_more import (
    ct_scts,
    lifetime_days,
    must_staple,
    sent_order,
    server_auth,
    spki,
)
from auditor.probe.tls_makers import made_by_software
from auditor.probe.tls_trust import Roots, issues, trust

MAX_NAMES = 200
MAX_SHOWN = 300
LEAST_RSA_BITS = 2048
LEAST_EC_BITS = 256

UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    UnsupportedAlgorithm,
    UnsupportedGeneralNameType,
    DuplicateExtension,
    InvalidVersion,
)
"""What `cryptography` raises for a certificate that it cannot make sense of."""


def judge(chain: Sequence[bytes], names: Sequence[str], roots: Roots, now: datetime) -> Record:
    """Return the `cert` record of a chain (DER, the server's own first).

    It is to carry one of `names`; without any that is no question. What cannot be read is missing,
    and `gap` says why.
    """
    with quiet():
        return _judge(chain, names, roots, now)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what `cryptography` has to say of a target's certificate on the operator's terminal.

    Filters of warnings belong to the process, so one thread at a time sets them.
    """
    with _QUIET, catch_warnings():
        simplefilter("ignore")
        yield


_QUIET = Lock()


def _judge(chain: Sequence[bytes], names: Sequence[str], roots: Roots, now: datetime) -> Record:
    if not chain:
        return {GAP: {"why": Why.NO_DATA, "detail": "the server shows no certificate"}}
    try:
        leaf = load_der_x509_certificate(chain[0])
    except UNREADABLE as error:
        return {GAP: _unreadable(error)}
    parts: tuple[Callable[[], Record], ...] = (
        lambda: {"fingerprint": leaf.fingerprint(SHA256()).hex()},
        lambda: {"subject": _shown(leaf.subject.rfc4514_string())},
        lambda: {"issuer": _shown(leaf.issuer.rfc4514_string())},
        lambda: {"self_signed": leaf.issuer == leaf.subject and issues(leaf, leaf)},
        lambda: _dates(leaf, now),
        lambda: _key(leaf),
        lambda: {"signature": _signature(leaf)},
        lambda: _names(leaf, names),
        lambda: {"spkis": [spki(leaf)]},
        lambda: {"lifetime_days": lifetime_days(leaf)},
        lambda: {"server_auth": server_auth(leaf)},
        lambda: {"ct_scts": ct_scts(leaf)},
        lambda: {"must_staple": must_staple(leaf)},
        lambda: {"snakeoil": made_by_software(leaf)},
        lambda: sent_order(leaf, [_loaded(der) for der in chain[1:]]),
        lambda: _trust(leaf, chain[1:], roots, now),
    )
    record: Record = {}
    for part in parts:
        try:
            record |= part()
        except UNREADABLE as error:
            record.setdefault(GAP, _unreadable(error))
    return record


def _unreadable(error: Exception) -> Record:
    return {"why": Why.UNREADABLE, "detail": f"malformed certificate: {_shown(str(error))}"}


def _shown(text: str) -> str:
    """Return text of a certificate on one line, short and inert."""
    return " ".join(inert(text).split())[:MAX_SHOWN]


def _dates(leaf: Certificate, now: datetime) -> Record:
    begins, ends = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    return {
        "not_before": begins.isoformat(),
        "not_after": ends.isoformat(),
        "days_left": (ends - now).days,
        "valid_now": begins <= now <= ends,
    }


def _key(leaf: Certificate) -> Record:
    match leaf.public_key():
        case rsa.RSAPublicKey(key_size=bits):
            kind, good = "RSA", bits >= LEAST_RSA_BITS
        case ec.EllipticCurvePublicKey(key_size=bits):
            kind, good = "EC", bits >= LEAST_EC_BITS
        case ed25519.Ed25519PublicKey():
            kind, bits, good = "Ed25519", 256, True
        case ed448.Ed448PublicKey():
            kind, bits, good = "Ed448", 456, True
        case dsa.DSAPublicKey(key_size=bits):
            kind, good = "DSA", False
        case _:
            raise ValueError("a key of a kind that no server uses")
    return {"key_type": kind, "key_bits": bits, "key_ok": good}


def _signature(leaf: Certificate) -> str:
    """Return the hash that the issuer signed, or the scheme where it has one of its own."""
    hash_ = leaf.signature_hash_algorithm
    return hash_.name if hash_ else _WITHOUT_HASH[leaf.signature_algorithm_oid]


_WITHOUT_HASH = {
    SignatureAlgorithmOID.ED25519: "ed25519",
    SignatureAlgorithmOID.ED448: "ed448",
}


def _names(leaf: Certificate, names: Sequence[str]) -> Record:
    try:
        listed = leaf.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        domains, addresses = [], []
    else:
        domains = listed.get_values_for_type(DNSName)
        addresses = listed.get_values_for_type(IPAddress)
    shown = [_shown(str(part)) for part in (*domains, *addresses)[:MAX_NAMES]]
    if more := len(domains) + len(addresses) - len(shown):
        shown.append(f"(+{more} more)")
    record: Record = {
        "names": shown,
        "san_present": bool(domains or addresses),
        "wildcard": any(domain.startswith("*.") for domain in domains),
    }
    if names:
        record["name_matches"] = any(names_site(name, domains, addresses) for name in names)
    return record


def names_site(name: str, domains: Sequence[str], addresses: Sequence[object]) -> bool:
    """Tell whether one of a certificate's names is the site's (RFC 9525; the CN does not count).

    A wildcard stands for exactly one whole label, the first, above at least two others. A NUL in
    any name is an attempt to deceive, and nothing in that certificate counts.
    """
    if any("\0" in domain for domain in domains):
        return False
    try:
        return ip_address(name) in addresses
    except ValueError:
        site = name.lower().rstrip(".")
    return any(_covers(domain.lower().rstrip("."), site) for domain in domains)


def _covers(domain: str, site: str) -> bool:
    first, _, parent = domain.partition(".")
    if first != "*":
        return domain == site and "*" not in domain
    label, _, rest = site.partition(".")
    return bool(label) and rest == parent and "." in parent and "*" not in parent


def _trust(leaf: Certificate, sent: Sequence[bytes], roots: Roots, now: datetime) -> Record:
    """Judge the chain within the leaf's own dates: those are a question of their own."""
    if roots.missing:
        return {GAP: {"why": Why.NO_DATA, "detail": roots.missing}}
    moment = min(max(now, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
    judged = trust(leaf, _readable(sent), roots, moment)
    return {
        "chain_complete": judged.complete,
        "trusted": judged.trusted,
        "trust_message": judged.message,
    }


def _readable(sent: Sequence[bytes]) -> tuple[Certificate, ...]:
    """Return the certificates that can be used as issuers; broken ones lead nowhere."""
    return tuple(one for der in sent if (one := _loaded(der)) is not None)


def _loaded(der: bytes) -> Certificate | None:
    try:
        certificate = load_der_x509_certificate(der)
        certificate.subject.public_bytes()
        certificate.issuer.public_bytes()
    except UNREADABLE:
        return None
    return certificate
