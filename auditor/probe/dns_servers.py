"""The name servers of a zone: where they stand, whether they serve it, agree, and give it away."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from auditor.model.base import Value
from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_answer import Answer
from auditor.probe.dns_names import parents
from auditor.probe.dns_talk import Ask, Handed, Heard, Mute, Talk, Transfer, ask, gap, settled

MAX_SERVERS = 13
"""Names of servers that are looked up."""
MAX_ADDRESSES = 16
"""Addresses of servers that are asked directly."""
Covers = Callable[[str], bool]
"""Tells whether the authority letter covers an address or name."""


class Server(Value, frozen=True):
    """One address of one name server."""

    name: str
    address: str


def servers(zone: str, listed: list[str], covers: Covers) -> Talk[Record]:
    """Return the facts about the servers of a zone whose NS records are `listed`."""
    rows: list[Record] = []
    for name in listed[:MAX_SERVERS]:
        rows += [(yield from _server(name))]
    cut = {"why": Why.CUT, "detail": f"more than {MAX_SERVERS} name servers"}
    rows += [{"name": name, GAP: cut} for name in listed[MAX_SERVERS:]]
    places = [Server(name=r["name"], address=a) for r in rows for a in r.get("addresses", ())]
    found: Record = {"ns_count": len(listed), "ns": rows}
    gaps = [row[GAP] for row in rows if GAP in row]
    if gaps:
        found[GAP] = gaps[0]
    else:
        networks = sorted({network(place.address) for place in places})
        new = sum(":" in one for one in networks)
        found |= {"networks": networks, "network_count": max(new, len(networks) - new)}
        found["ns_ipv6"] = any(":" in place.address for place in places)
    asked: list[Record] = [{"server": row["name"], GAP: row[GAP]} for row in rows if GAP in row]
    left = MAX_ADDRESSES
    for place in places:
        asked += [(yield from _direct(zone, place, sorted(listed), covers, left > 0))]
        left -= covers(place.address)
    delegation = yield from settled(_delegation(zone, sorted(listed), covers))
    return {**found, "servers": asked, "delegation": delegation}


def network(address: str) -> str:
    """Return the network of an address that counts as one place: /24, of IPv6 /48."""
    size = 24 if ip_address(address).version == 4 else 48  # noqa: PLR2004
    return str(ip_network(f"{address}/{size}", strict=False))


def _server(name: str) -> Talk[Record]:
    row: Record = {"name": name}
    try:
        four = yield from ask(name, "A")
        six = yield from ask(name, "AAAA")
    except Unseen as error:
        return {**row, GAP: gap(error)}
    addresses = [*four.addresses(), *six.addresses()][: MAX_ADDRESSES + 1]
    return {
        **row,
        "addresses": addresses,
        "resolves": bool(addresses),
        "alias": bool(four.chain or six.chain),
    }


def _direct(
    zone: str,
    place: Server,
    listed: list[str],
    covers: Covers,
    spare: bool,  # noqa: FBT001
) -> Talk[Record]:
    """Ask a server itself, where the letter covers it and questions are left."""
    row: Record = {"server": f"{place.name} {place.address}", "in_scope": covers(place.address)}
    if not row["in_scope"]:
        detail = f"{place.address}: not asked, the authority letter does not cover it"
        return {**row, GAP: {"why": Why.SCOPE, "detail": detail}}
    if not spare:
        return {**row, GAP: {"why": Why.CUT, "detail": f"more than {MAX_ADDRESSES} addresses"}}
    heard: Heard = yield Ask(name=zone, kind="SOA", server=place.address)
    if isinstance(heard, Mute):
        if heard.rcode or heard.why is Why.REFUSED:
            row |= {"authoritative": False, "disagreement": ""}
        else:
            return {**row, GAP: {"why": heard.why, "detail": heard.detail}}
    else:
        assert isinstance(heard, Answer)  # noqa: S101 - a question is answered or not at all
        row["authoritative"] = heard.authoritative and heard.rrset is not None and not heard.chain
        row |= yield from settled(_disagreement(zone, place, listed))
    given: Heard = yield Transfer(zone=zone, server=place.address)
    if isinstance(given, Mute) and given.why is not Why.REFUSED:
        row.setdefault(GAP, {"why": given.why, "detail": given.detail})
    else:
        row["transfer"] = isinstance(given, Handed) and given.open
    return row


def _disagreement(zone: str, place: Server, listed: list[str]) -> Talk[Record]:
    own = yield from ask(zone, "NS", place.address)
    names = sorted(own.names())
    return {"disagreement": "" if names == listed else ", ".join(names) or "-"}


def _delegation(zone: str, listed: list[str], covers: Covers) -> Talk[Record]:
    """Ask a server of the parent zone where it leads to, if the letter covers zone and server."""
    unasked: Record = {"asked": False}
    for parent in parents(zone)[1:-1]:
        if not covers(parent):
            return unasked
        answer = yield from ask(parent, "NS")
        if answer.rrset is None or answer.chain:
            continue
        for name in answer.names()[:MAX_SERVERS]:
            addresses = (yield from ask(name, "A")).addresses()
            for address in filter(covers, addresses[:1]):
                return (yield from _referral(zone, address, listed))
        return unasked
    return unasked


def _referral(zone: str, address: str, listed: list[str]) -> Talk[Record]:
    answer = yield from ask(zone, "NS", address)
    names = sorted(answer.names() or answer.referral())
    return {"asked": True, "agrees": names == listed, "names": names}
