"""Ask what the DNS says of one domain: its zone, servers, signatures, issuers and aliases."""

from datetime import datetime

import msgspec

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_aliases import aliases
from auditor.probe.dns_anchors import Anchors
from auditor.probe.dns_answer import Answer, joined
from auditor.probe.dns_chain import Chain, State, follow
from auditor.probe.dns_names import absent, parents, suffix
from auditor.probe.dns_servers import Covers, servers
from auditor.probe.dns_signatures import DAY, algorithms, prove, weaknesses
from auditor.probe.dns_talk import Ask, Talk, ask, gap, look_up, settled

MAX_CLIMB = 6
"""Names above a domain at which its zone and its issuers are looked for."""
_SEEN_NAMES = 100
"""Entries of a list that are kept."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a survey knows besides the domain. `sites` are the names that the inventory lists."""

    anchors: Anchors | Unseen
    now: datetime
    covers: Covers
    sites: tuple[str, ...] = ()


def honest(domain: str) -> Talk[None]:
    """Raise `Unseen` where the resolver has an address for a name that cannot exist (RFC 6761)."""
    heard = yield Ask(name=f"{absent(domain)}.invalid", kind="A")
    if isinstance(heard, Answer) and (heard.rrset is not None or heard.chain):
        raise Unseen(Why.UNREADABLE, "the resolver invents addresses for names that nobody has")


def survey(domain: str, view: View) -> Talk[Record]:
    """Return the record of a domain."""
    row: Record = {"domain": domain, "suffix": suffix(domain)}
    try:
        first = yield from ask(domain, "SOA")
        if not first.exists:
            return {**row, "exists": False}
        zone, soa = (domain, first) if _is_apex(first) else (yield from _zone_of(domain))
        named_servers = yield from ask(zone, "NS")
    except Unseen as error:
        return {**row, GAP: gap(error)}
    row |= {"exists": True, "zone": zone, "apex": zone == domain, "soa": _soa(soa)}
    row["dnssec"] = yield from settled(_dnssec(domain, zone, (soa, named_servers), view))
    row |= yield from servers(zone, named_servers.names()[:_SEEN_NAMES], view.covers)
    row["caa"] = yield from settled(_caa(domain))
    row["wildcard"] = yield from settled(_wildcard(domain))
    row["aliases"] = yield from aliases(domain, view.sites)
    row["ipv6"] = yield from settled(_ipv6(domain))
    return row


def _is_apex(answer: Answer) -> bool:
    return answer.rrset is not None and not answer.chain


def _zone_of(domain: str) -> Talk[tuple[str, Answer]]:
    for name in parents(domain)[1 : MAX_CLIMB + 1]:
        answer = yield from ask(name, "SOA")
        if _is_apex(answer):
            return name, answer
    raise Unseen(Why.UNREADABLE, f"{domain}: the resolver names no zone that holds it")


_SOA_RANGES = {
    "refresh": (1200, 86_400),
    "retry": (180, 28_800),
    "expire": (604_800, 4_838_400),
    "minimum": (60, 86_400),
}
"""Seconds that servers do well with (RFC 1912, RFC 2308)."""


def _soa(answer: Answer) -> Record:
    soa = answer.records[0]
    odd = [
        f"{field} {getattr(soa, field)}"
        for field, (least, most) in _SOA_RANGES.items()
        if not least <= getattr(soa, field) <= most
    ]
    if soa.retry >= soa.refresh:
        odd.append("retry >= refresh")
    return {"serial": soa.serial, "odd": odd}


def _dnssec(domain: str, zone: str, answers: tuple[Answer, ...], view: View) -> Talk[Record]:
    if isinstance(view.anchors, Unseen):
        raise view.anchors
    now = view.now.timestamp()
    chain = yield from follow(domain, view.anchors, now)
    own = (yield from ask(zone, "DNSKEY")).records if not chain.keys else list(chain.keys)
    found: Record = {
        "signed": bool(own),
        "algorithms": algorithms(own)[:_SEEN_NAMES],
        "weak": [*chain.weak, *weaknesses(own)][:_SEEN_NAMES],
        "iterations": (yield from _iterations(zone)) if own else 0,
    }
    if chain.state is State.SECURE:
        chain = _with_data(chain, answers, now)
    if chain.state is State.SECURE:
        found["days_left"] = int((chain.until - now) // DAY)
    words = chain.words
    if chain.state is State.INSECURE and own:
        words = f"{words}, though the zone is signed"
    return {**found, "state": chain.state.value, "words": words}


def _with_data(chain: Chain, answers: tuple[Answer, ...], now: float) -> Chain:
    """Go on from a domain's keys to its records."""
    until = chain.until
    for answer in (a for a in answers if a.rrset is not None):
        proof = prove(answer, chain.zone, chain.keys, now)
        if proof.problem:
            return msgspec.structs.replace(chain, state=State.BOGUS, words=proof.problem)
        until = min(until, proof.until)
    return msgspec.structs.replace(chain, until=until)


def _iterations(zone: str) -> Talk[int]:
    """Return how often names are hashed beside once, the most of several; 0 without NSEC3."""
    answer = yield from ask(zone, "NSEC3PARAM")
    return max((record.iterations for record in answer.records), default=0)


def _caa(domain: str) -> Talk[Record]:
    """Look for CAA records at the domain and above (RFC 8659)."""
    for name in parents(domain)[: min(MAX_CLIMB, len(parents(domain)) - 1)]:
        answer = yield from look_up(name, "CAA")
        if answer.rrset is not None:
            return {"present": True, "found_at": name, **_properties(answer)}
    return {"present": False, "issuers": [], "wild_issuers": [], "report": False, "unknown": []}


_KNOWN_TAGS = frozenset(
    {"issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc"}
)


def _properties(answer: Answer) -> Record:
    told = [(r.flags, _word(r.tag).lower(), _word(r.value)) for r in answer.records]
    issue = [value.partition(";")[0].strip() or ";" for _, tag, value in told if tag == "issue"]
    wild = [value.partition(";")[0].strip() or ";" for _, tag, value in told if tag == "issuewild"]
    unknown = [tag for flags, tag, _ in told if flags & 0x80 and tag not in _KNOWN_TAGS]
    return {
        "issuers": issue[:_SEEN_NAMES],
        "wild_issuers": wild[:_SEEN_NAMES],
        "report": any(tag == "iodef" for _, tag, _ in told),
        "unknown": unknown[:_SEEN_NAMES],
    }


def _word(data: bytes) -> str:
    return joined((data[:200],))


def _wildcard(domain: str) -> Talk[Record]:
    """Ask for a name that the domain does not have."""
    answer = yield from ask(f"{absent(domain)}.{domain}", "A")
    return {"answers": answer.rrset is not None or bool(answer.chain)}


def _ipv6(domain: str) -> Talk[Record]:
    for name in (f"www.{domain}", domain):
        if (yield from look_up(name, "AAAA")).rrset is not None:
            return {"reachable": True}
    return {"reachable": False}
