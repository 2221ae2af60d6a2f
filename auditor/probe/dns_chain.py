"""Follow DNSSEC from a key that is trusted down to a domain, verifying each step."""

from collections.abc import Iterable
from enum import StrEnum

import dns.dnssec
import msgspec
from dns.name import Name
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.dns_anchors import Anchors
from auditor.probe.dns_answer import Answer, named, shown
from auditor.probe.dns_denial import Below, denial
from auditor.probe.dns_names import parents
from auditor.probe.dns_signatures import KNOWN, MAX_KEYS, key_tag, prove, signatures, usable
from auditor.probe.dns_talk import Talk, ask

MAX_DS = 16
"""DS records of a zone that are looked at."""
_SHA1 = 1
_DIGESTS = frozenset({_SHA1, 2, 4})


class State(StrEnum):
    """What DNSSEC says of a domain."""

    SECURE = "secure"
    INSECURE = "insecure"
    """The parent does not vouch for its keys: nobody can verify its answers."""
    BOGUS = "bogus"
    """It is signed, and the signatures do not hold: resolvers that verify refuse it."""


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """How far a chain reaches; `until` is when the first of its signatures ends."""

    state: State
    zone: Name
    words: str = ""
    keys: tuple[DNSKEY, ...] = ()
    until: int = 2**32
    weak: tuple[str, ...] = ()
    """What of the parent's DS records is weak."""


class _Ended(Exception):  # noqa: N818 - an answer, not a failure
    """The chain ends before the domain."""

    def __init__(self, state: State, zone: Name, words: str) -> None:
        super().__init__(words)
        self.chain = Chain(state=state, zone=zone, words=words)


def follow(domain: str, anchors: Anchors, now: float) -> Talk[Chain]:
    """Return where the chain to a domain ends; `Unseen` where an answer or an anchor is missing."""
    above = parents(domain)
    start = next((name for name in above if named(name) in anchors), None)
    if start is None:
        raise Unseen(Why.NO_DATA, f"no trust anchor covers {domain}")
    try:
        here = yield from _zone(start, anchors[named(start)], now, anchored=True)
        for name in reversed(above[: above.index(start)]):
            here = yield from _step(name, here, now)
    except _Ended as end:
        return end.chain
    return here


def _step(name: str, here: Chain, now: float) -> Talk[Chain]:
    """Go on from a zone to a name below it, which may be a zone of its own."""
    answer = yield from ask(name, "DS")
    if answer.chain or not answer.exists:
        return here
    if answer.rrset is None:
        found = denial(answer, named(name), here.zone, here.keys, now)
        if found.below is Below.INSIDE:
            return here
        if found.below is Below.UNSIGNED:
            words = f"the parent zone has no DS record for {name}"
            raise _Ended(State.INSECURE, named(name), words)
        if found.problem:
            words = f"that {name} has no DS record is not proven: {found.problem}"
            raise _Ended(State.BOGUS, named(name), words)
        detail = f"the resolver gives no proof that {name} has no DS record"
        raise Unseen(Why.UNREADABLE, detail)
    proof = prove(answer, here.zone, here.keys, now)
    if proof.problem:
        raise _Ended(State.BOGUS, named(name), f"{name}: {proof.problem}")
    below = yield from _zone(name, tuple(answer.rrset)[:MAX_DS], now)
    return msgspec.structs.replace(below, until=min(below.until, here.until, proof.until))


def _zone(name: str, vouched: tuple[DS, ...], now: float, *, anchored: bool = False) -> Talk[Chain]:
    """Return a zone with its keys, verified by the DS records that vouch for them."""
    zone = named(name)
    label = name or "the root"
    fitting = [ds for ds in vouched if ds.algorithm in KNOWN and ds.digest_type in _DIGESTS]
    if not fitting:
        raise _Ended(State.INSECURE, zone, f"{label}: only algorithms that are not known here")
    answer = yield from _keys(name, label, anchored=anchored)
    entry = _matching(zone, answer.records, fitting)
    if not entry and anchored:
        raise Unseen(Why.STALE, f"the trust anchor fits no key of {label}")
    if not entry:
        tags = ", ".join(str(ds.key_tag) for ds in fitting[:4])
        raise _Ended(State.BOGUS, zone, f"{label}: no key fits the parent's DS record ({tags})")
    proof = prove(answer, zone, entry, now)
    if proof.problem:
        raise _Ended(State.BOGUS, zone, f"{label}: {proof.problem}")
    only_sha1 = all(ds.digest_type == _SHA1 for ds in fitting)
    return Chain(
        state=State.SECURE,
        zone=zone,
        keys=tuple(key for key in answer.records if usable(key)),
        until=proof.until,
        weak=(f"DS SHA-1 ({shown(zone)})",) if only_sha1 else (),
    )


def _keys(name: str, label: str, *, anchored: bool) -> Talk[Answer]:
    answer = yield from ask(name, "DNSKEY")
    if answer.rrset is None or answer.chain:
        if anchored:
            raise Unseen(Why.UNSUPPORTED, f"the resolver gives no DNSSEC keys of {label}")
        words = f"{label}: has no DNSKEY, though the parent has a DS record"
        raise _Ended(State.BOGUS, named(name), words)
    if len(answer.rrset) > MAX_KEYS:
        raise Unseen(Why.CUT, f"{label} has more than {MAX_KEYS} keys")
    if anchored and not signatures(answer.message.answer, answer.rrset):
        raise Unseen(Why.UNSUPPORTED, "the resolver does not pass on signatures (DNSSEC)")
    return answer


def _matching(zone: Name, keys: Iterable[DNSKEY], vouched: list[DS]) -> list[DNSKEY]:
    """Return the keys that a DS record names; SHA-1 does not count beside better ones."""
    best = [ds for ds in vouched if ds.digest_type != _SHA1] or vouched
    return [
        key
        for key in keys
        if usable(key)
        and any(
            ds.key_tag == key_tag(key) and ds.algorithm == key.algorithm and _names(ds, zone, key)
            for ds in best
        )
    ]


def _names(record: DS, zone: Name, key: DNSKEY) -> bool:
    made = dns.dnssec.make_ds(zone, key, record.digest_type, validating=True)
    return bool(made.digest == record.digest)
