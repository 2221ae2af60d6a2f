"""Is a set of records signed by a zone's keys: bounded, however many keys and signatures it has."""

from collections.abc import Iterable
from datetime import UTC, datetime

import dns.dnssec
import dns.exception
import dns.flags
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
from cryptography.exceptions import UnsupportedAlgorithm
from dns.name import Name
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.RRSIG import RRSIG
from dns.rrset import RRset

from auditor.model.base import Value
from auditor.probe.dns_answer import Answer, shown

MAX_SIGNATURES = 8
MAX_KEYS = 32
MAX_SAME_TAG = 4
"""Keys with one number that are tried on a signature: making them costs an attacker nothing."""
DAY = 86_400
_RSA = frozenset({1, 5, 7, 8, 10})
_WEAK = {
    1: "RSAMD5",
    3: "DSA",
    5: "RSASHA1",
    6: "DSA-NSEC3-SHA1",
    7: "RSASHA1-NSEC3-SHA1",
    12: "GOST",
}
_RSA_LEAST = 2048
_LONG_HEAD = 3
"""Bytes that say how long an exponent of more than 255 bytes is."""
_ZONE, _REVOKED, _PROTOCOL = 0x100, 0x80, 3
KNOWN = frozenset({5, 7, 8, 10, 13, 14, 15, 16})
"""Algorithms whose signatures are verified here."""


class Proof(Value, frozen=True):
    """`problem` is empty where a signature holds, which ends at `until` (seconds since 1970)."""

    problem: str = ""
    until: int = 0


def prove(answer: Answer, zone: Name, keys: Iterable[DNSKEY], now: float) -> Proof:
    """Say whether the records of an answer are signed by keys of their zone."""
    rrset = answer.rrset
    assert rrset is not None  # noqa: S101 - asked only where there is one
    return prove_set(answer.message.answer, rrset, zone, keys, now)


def prove_set(
    section: list[RRset], rrset: RRset, zone: Name, keys: Iterable[DNSKEY], now: float
) -> Proof:
    """The same for one set of a section of a message."""
    keys = tuple(keys)
    problems = []
    for signature in signatures(section, rrset)[:MAX_SIGNATURES]:
        problem = _fault(rrset, signature, zone, keys, now)
        if not problem:
            return Proof(until=signature.expiration)
        problems.append(problem)
    kind = dns.rdatatype.to_text(rrset.rdtype)
    return Proof(problem=f"{kind}: {problems[0] if problems else 'no signature'}")


def signatures(section: list[RRset], rrset: RRset) -> list[RRSIG]:
    """Return the signatures over a set, in order."""
    return [
        signature
        for other in section
        if other.rdtype == dns.rdatatype.RRSIG
        and other.covers == rrset.rdtype
        and other.name == rrset.name
        for signature in other
    ]


def _fault(rrset: RRset, signature: RRSIG, zone: Name, keys: tuple[DNSKEY, ...], now: float) -> str:
    if signature.signer != zone:
        return f"signed in the name of {shown(signature.signer)[:80] or 'the root'}"
    if signature.expiration < now:
        return f"the signature ended on {_day(signature.expiration)}"
    if signature.inception > now:
        return f"the signature begins only on {_day(signature.inception)}"
    if signature.algorithm not in KNOWN:
        return f"algorithm {int(signature.algorithm)} is not known here"
    return _mismatch(rrset, signature, zone, keys, now)


def _mismatch(
    rrset: RRset, signature: RRSIG, zone: Name, keys: tuple[DNSKEY, ...], now: float
) -> str:
    tag = signature.key_tag
    fitting = [
        key
        for key in keys
        if key.algorithm == signature.algorithm and usable(key) and key_tag(key) == tag
    ]
    if not fitting:
        return f"the key {tag} that signed it is not among the zone's trusted keys"
    bundle = dns.rdataset.from_rdata_list(0, fitting[:MAX_SAME_TAG])
    try:
        dns.dnssec.validate_rrsig(rrset, signature, {zone: bundle}, now=now)
    except (dns.exception.DNSException, ValueError, UnsupportedAlgorithm):
        return f"the signature of key {tag} does not match"
    return ""


def usable(key: DNSKEY) -> bool:
    """Tell whether a key may sign the data of a zone."""
    return bool(key.flags & _ZONE) and not key.flags & _REVOKED and key.protocol == _PROTOCOL


def key_tag(key: DNSKEY) -> int:
    """Return the number by which signatures name a key; several keys may have it."""
    return dns.dnssec.key_id(key)


def algorithms(keys: Iterable[DNSKEY]) -> list[str]:
    """Return the names of the algorithms of keys, each once."""
    return sorted({dns.dnssec.algorithm_to_text(key.algorithm) for key in keys})


def weaknesses(keys: Iterable[DNSKEY]) -> list[str]:
    """Say which keys are too weak, one entry for each algorithm or key."""
    found = {_WEAK[key.algorithm] for key in keys if key.algorithm in _WEAK}
    for key in keys:
        bits = rsa_bits(key)
        if 0 < bits < _RSA_LEAST:
            found.add(f"RSA {bits} bit (key {key_tag(key)})")
    return sorted(found)


def rsa_bits(key: DNSKEY) -> int:
    """Return the size of an RSA key's modulus, 0 of other keys and what is no key (RFC 3110)."""
    if key.algorithm not in _RSA or len(key.key) < _LONG_HEAD:
        return 0
    length, start = key.key[0], 1
    if length == 0:
        length, start = int.from_bytes(key.key[1:3], "big"), 3
    return int.from_bytes(key.key[start + length :], "big").bit_length()


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
