"""What a signed zone proves of a name that has no DS record (NSEC, NSEC3)."""

from enum import StrEnum

import dns.dnssec
import dns.rdatatype
from dns.name import Name
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rrset import RRset

from auditor.model.base import Value
from auditor.probe.dns_answer import Answer
from auditor.probe.dns_signatures import prove_set

MAX_PROOFS = 8
"""Sets of a message that are looked at."""
MAX_ITERATIONS = 500
"""Rounds of hashing for which a proof is computed; RFC 9276 asks for none."""
_OPT_OUT = 1
_SHA1_BYTES = 20


class Below(StrEnum):
    """What lies at a name."""

    INSIDE = "inside"
    """The zone goes on: no other begins here."""
    UNSIGNED = "unsigned"
    """Another zone begins that the parent does not vouch for."""
    UNPROVEN = "unproven"


class Denial(Value, frozen=True):
    """What is proven; `problem` says what is wrong with the proof that was given."""

    below: Below
    problem: str = ""


def denial(answer: Answer, name: Name, zone: Name, keys: tuple[DNSKEY, ...], now: float) -> Denial:
    """Read the proof that `name` has no DS record in `zone`."""
    problem = ""
    authority = answer.message.authority
    proofs = [rrset for rrset in authority if rrset.rdtype in _READERS][:MAX_PROOFS]
    for rrset in proofs:
        proof = prove_set(authority, rrset, zone, keys, now)
        if proof.problem:
            problem = problem or proof.problem
            continue
        below = _READERS[rrset.rdtype](rrset, name, zone)
        if below is not None:
            return Denial(below=below)
    return Denial(below=Below.UNPROVEN, problem=problem)


def _nsec(rrset: RRset, name: Name, zone: Name) -> Below | None:
    record = rrset[0]
    if rrset.name == name:
        return _types(record.windows)
    last = record.next == zone
    if rrset.name < name and (last or name < record.next):
        return Below.INSIDE
    return None


def _nsec3(rrset: RRset, name: Name, zone: Name) -> Below | None:
    record = rrset[0]
    if record.iterations > MAX_ITERATIONS:
        return Below.UNSIGNED
    odd = record.algorithm != 1 or len(record.next) != _SHA1_BYTES
    if odd or rrset.name.parent() != zone:
        return None
    wanted = dns.dnssec.nsec3_hash(name, record.salt, record.iterations, record.algorithm).lower()
    owner = rrset.name.labels[0].decode("ascii", "replace").lower()
    if owner == wanted:
        return _types(record.windows)
    following = record.next_name().labels[0].decode("ascii", "replace").lower()
    covers = owner < wanted < following if owner < following else not following <= wanted <= owner
    if not covers:
        return None
    return Below.UNSIGNED if record.flags & _OPT_OUT else Below.INSIDE


_READERS = {dns.rdatatype.NSEC: _nsec, dns.rdatatype.NSEC3: _nsec3}


def _types(windows: object) -> Below | None:
    """Judge the list of types that a name has; one that has a DS record proves nothing."""
    if _has(windows, dns.rdatatype.DS):
        return None
    cut = _has(windows, dns.rdatatype.NS) and not _has(windows, dns.rdatatype.SOA)
    return Below.UNSIGNED if cut else Below.INSIDE


def _has(windows: object, kind: int) -> bool:
    byte, bit = divmod(kind & 0xFF, 8)
    return any(
        window == kind >> 8 and byte < len(bitmap) and bitmap[byte] & (0x80 >> bit)
        for window, bitmap in windows  # type: ignore[attr-defined]
    )
