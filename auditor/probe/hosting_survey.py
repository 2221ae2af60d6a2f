"""Ask the DNS where a domain's servers and a site stand, and look their countries up."""

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.countries import INTERN, Countries
from auditor.probe.dns_names import parents, suffix
from auditor.probe.dns_talk import Talk, addresses_of, ask, gap, look_up

MOST_SERVERS = 13
"""Servers of one kind that are looked up."""
MOST_ADDRESSES = 16
_CLIMB = 6
_HOME = frozenset({"ID", INTERN})


def domain_places(domain: str, table: Countries) -> Talk[list[Record]]:
    """Return a record for each name server and each mail server of a domain."""
    rows: list[Record] = []
    for role, hosts in (("ns", _name_servers(domain)), ("mail", _mail_servers(domain))):
        try:
            names = yield from hosts
        except Unseen as unseen:
            rows.append({"of": domain, "role": role, "name": "", GAP: gap(unseen)})
            continue
        for name in names[:MOST_SERVERS]:
            rows += [(yield from _place(domain, role, name, table))]
        if len(names) > MOST_SERVERS:
            cut = {"why": Why.CUT, "detail": f"more than {MOST_SERVERS} servers"}
            rows.append({"of": domain, "role": role, "name": "", GAP: cut})
    return rows


def site_places(site: str, table: Countries) -> Talk[list[Record]]:
    """Return a record for a site."""
    return [(yield from _place(site, "site", site, table))]


def unseen_places(of: str, roles: tuple[str, ...], unseen: Record) -> list[Record]:
    """Return the records of a name about which nothing could be asked."""
    return [{"of": of, "role": role, "name": "", GAP: unseen} for role in roles]


def _name_servers(domain: str) -> Talk[list[str]]:
    """Return the servers of the zone that a domain lies in."""
    most = len(parents(domain)) - len(parents(suffix(domain)))
    for name in parents(domain)[: min(_CLIMB, most)]:
        answer = yield from ask(name, "NS")
        if answer.rrset is not None and not answer.chain:
            return answer.names()
    raise Unseen(Why.NO_DATA, f"no name servers of {domain} are named")


def _mail_servers(domain: str) -> Talk[list[str]]:
    answer = yield from look_up(domain, "MX")
    return [host for host in dict.fromkeys(answer.names("exchange")) if host]


def _place(of: str, role: str, name: str, table: Countries) -> Talk[Record]:
    row: Record = {"of": of, "role": role, "name": name}
    try:
        every = yield from addresses_of(name)
    except Unseen as unseen:
        return {**row, GAP: gap(unseen)}
    addresses = every[:MOST_ADDRESSES]
    if not addresses:
        return {**row, GAP: {"why": Why.NO_DATA, "detail": f"{name} has no address"}}
    found = {address: table.of(address) for address in addresses}
    countries = sorted({country for country in found.values() if country})
    unknown = [address for address, country in found.items() if not country]
    if unknown and _HOME.issuperset(countries):
        detail = f"the table of countries does not know {unknown[0]}"
        return {**row, GAP: {"why": Why.NO_DATA, "detail": detail}}
    if len(every) > MOST_ADDRESSES and _HOME.issuperset(countries):
        cut = {"why": Why.CUT, "detail": f"more than {MOST_ADDRESSES} addresses"}
        return {**row, GAP: cut}
    return {**row, "countries": countries}
