"""Hold conversations of the DNS surveys with answers made in memory, signed ones too."""

from collections.abc import Callable, Mapping
from typing import Any

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from auditor.probe.dns_answer import Answer, read_answer
from auditor.probe.dns_talk import Ask, Mute

NOW = 1_795_500_000
"""Seconds since 1970, in November 2026."""
DAY = 86_400


def said(
    name: str,
    kind: str,
    *records: str,
    chain: tuple[str, ...] = (),
    rcode: int = 0,
    authority: tuple[dns.rrset.RRset, ...] = (),
    extra: tuple[dns.rrset.RRset, ...] = (),
    flags: int = 0,
) -> Answer | Mute:
    """Return what is read from an answer; `chain` are aliases, the records stand at its end."""
    message = dns.message.make_response(dns.message.make_query(name or ".", kind))
    message.flags |= flags
    message.set_rcode(rcode)
    here = name
    for alias in chain:
        message.answer.append(rrset(here, "CNAME", f"{alias}."))
        here = alias
    if records:
        message.answer.append(rrset(here, kind, *records))
    message.answer += extra
    message.authority += authority
    return read_answer(received(message))


def received(message: dns.message.Message) -> dns.message.Message:
    """Return a message as it comes over the wire."""
    return dns.message.from_wire(message.to_wire(max_size=65_535))


def rrset(name: str, kind: str, *records: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(dns.name.from_text(name or "."), 300, "IN", kind, *records)


SOA = "ns1.batu.go.id. h.batu.go.id. 1 7200 900 1209600 3600"
Book = Mapping[tuple[str, ...], Any]


def converse(talk: Any, book: Book, asked: list[Any] | None = None) -> Any:
    """Hold a conversation; what the book does not name does not exist.

    Keys: (name, kind), (name, kind, server), and for other requests (type name, host or server).
    """
    try:
        request = next(talk)
        while True:
            if asked is not None:
                asked.append(request)
            request = talk.send(_heard(request, book))
    except StopIteration as end:
        return end.value


def _heard(request: Any, book: Book) -> Any:
    if not isinstance(request, Ask):
        return book[type(request).__name__, getattr(request, "host", "") or request.server]
    key = (request.name, request.kind, *([request.server] if request.server else []))
    heard = book.get(key)
    if heard is None:
        return said(request.name, request.kind, rcode=3)
    if isinstance(heard, tuple):
        return said(request.name, request.kind, *heard)
    return said(request.name, request.kind, heard) if isinstance(heard, str) else heard


class Signer:
    """A zone with one key."""

    def __init__(self, zone: str, algorithm: int = 13, bits: int = 0, flags: int = 257) -> None:
        self.zone = dns.name.from_text(zone or ".")
        self.private = (
            rsa.generate_private_key(65537, bits)
            if bits
            else ec.generate_private_key(ec.SECP256R1())
        )
        self.key = dns.dnssec.make_dnskey(self.private.public_key(), algorithm, flags=flags)

    def ds(self, digest: str = "SHA256") -> Any:
        return dns.dnssec.make_ds(self.zone, self.key, digest)

    def sign(
        self,
        records: dns.rrset.RRset,
        *,
        begins: int = NOW - DAY,
        ends: int = NOW + 10 * DAY,
        signer: "Signer | None" = None,
    ) -> dns.rrset.RRset:
        """Return the signature over a set, in the name of `signer`'s zone."""
        zone = (signer or self).zone
        made = dns.dnssec.sign(
            records, self.private, zone, self.key, inception=begins, expiration=ends, verify=False
        )
        return dns.rrset.from_rdata(records.name, 300, made)

    def says(self, name: str, kind: str, *records: Any, **times: int) -> Answer | Mute:
        """Return a signed answer; records as text or as they are."""
        texts = [one if isinstance(one, str) else one.to_text() for one in records]
        found = rrset(name, kind, *texts)
        return said(name, kind, *texts, extra=(self.sign(found, **times),))

    def denies(self, name: str, *proofs: dns.rrset.RRset, **times: int) -> Answer | Mute:
        """Return that there is no DS record, with signed proofs."""
        sections = [part for proof in proofs for part in (proof, self.sign(proof, **times))]
        return said(name, "DS", authority=tuple(sections))

    def keys(self, **times: int) -> Answer | Mute:
        """Return the zone's own keys, signed."""
        name = self.zone.to_text(omit_final_dot=True) if len(self.zone) > 1 else ""
        return self.says(name, "DNSKEY", self.key, **times)


Change = Callable[[dict[Any, Any]], None]
