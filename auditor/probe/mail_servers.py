"""The mail servers of a domain: do their names lead somewhere, and do they speak TLS."""

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_answer import Answer
from auditor.probe.dns_talk import Door, Heard, Knock, Mute, Talk, ask, gap

MAX_SERVERS = 10
"""Mail servers that are looked at, those that are tried first."""
_SHOWN = 16


def exchanges(mx: Answer) -> Talk[list[Record]]:
    """Return a record for each mail server that the MX records name."""
    ordered = sorted(
        (r.preference, host) for r, host in zip(mx.records, mx.names("exchange"), strict=True)
    )
    hosts = list(dict.fromkeys(host for _, host in ordered if host))
    rows: list[Record] = []
    for host in hosts[:MAX_SERVERS]:
        rows += [(yield from _exchange(host))]
    cut = {"why": Why.CUT, "detail": f"more than {MAX_SERVERS} mail servers"}
    return [*rows, *({"host": host, GAP: cut} for host in hosts[MAX_SERVERS : MAX_SERVERS + 1])]


def _exchange(host: str) -> Talk[Record]:
    row: Record = {"host": host}
    try:
        four = yield from ask(host, "A")
        six = yield from ask(host, "AAAA")
        pinned = yield from ask(f"_25._tcp.{host}", "TLSA")
    except Unseen as error:
        return {**row, GAP: gap(error)}
    addresses = [*four.addresses(), *six.addresses()]
    return {
        **row,
        "addresses": addresses[:_SHOWN],
        "resolves": bool(addresses),
        "alias": bool(four.chain or six.chain),
        "dane": pinned.rrset is not None,
    }


def doors(rows: list[Record]) -> Talk[list[Record]]:
    """Ask each mail server for TLS, as far as the authority letter covers it."""
    found: list[Record] = []
    for row in rows:
        found += [{"host": row["host"], **(yield from _door(row))}]
    return found


def _door(row: Record) -> Talk[Record]:
    if GAP in row:
        return {GAP: row[GAP]}
    if not row["addresses"]:
        return {"in_scope": False, GAP: {"why": Why.NO_DATA, "detail": "has no address"}}
    heard: Heard = yield Knock(host=row["host"], addresses=tuple(row["addresses"]))
    if isinstance(heard, Door):
        return {"in_scope": True, "encrypts": heard.encrypts, "lowest": heard.lowest} | (
            {"cert": heard.certificate} if heard.certificate else {}
        )
    assert isinstance(heard, Mute)  # noqa: S101 - a knock is answered by a door or not at all
    return {
        "in_scope": heard.why is not Why.SCOPE,
        GAP: {"why": heard.why, "detail": heard.detail},
    }
