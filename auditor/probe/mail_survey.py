"""Ask what a domain publishes about its mail: servers, who may send, what becomes of the rest."""

import msgspec

from auditor.model.fact import GAP
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_answer import Answer
from auditor.probe.dns_names import absent
from auditor.probe.dns_talk import Talk, ask, gap, look_up, settled
from auditor.probe.mail_keys import keys
from auditor.probe.mail_policy import dmarc
from auditor.probe.mail_servers import doors, exchanges
from auditor.probe.mail_spf_walk import spf
from auditor.probe.mail_transport import reports, strict_transport


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """What a survey knows besides the domain: the selectors that the inventory lists."""

    selectors: tuple[str, ...] = ()


def survey(domain: str, view: Mail) -> Talk[Record]:
    """Return the record of a domain."""
    row: Record = {"domain": domain}
    try:
        mx = yield from look_up(domain, "MX")
        if not mx.exists:
            return {**row, "exists": False}
        stray = yield from _wild(domain)
    except Unseen as error:
        return {**row, GAP: gap(error)}
    row |= {"exists": True, **_kind(mx)}
    row["mx"] = yield from exchanges(mx)
    row["spf"] = yield from settled(spf(domain))
    row["dmarc"] = yield from settled(dmarc(domain, stray))
    row["dkim"] = yield from settled(keys(domain, view.selectors))
    row |= _used(row)
    if row["receives"]:
        hosts = [host for host in dict.fromkeys(mx.names("exchange")) if host]
        row["mta_sts"] = yield from settled(strict_transport(domain, hosts, stray))
        row["tls_rpt"] = yield from settled(reports(domain, stray))
        row["doors"] = yield from doors(row["mx"])
    else:
        row["doors"] = []
    return row


def _wild(domain: str) -> Talk[frozenset[str]]:
    """Return the TXT records that every name of the domain has: they mean no name in particular."""
    answer = yield from ask(f"{absent(domain)}.{domain}", "TXT")
    return frozenset(answer.texts())


def _kind(answer: Answer) -> Record:
    """Tell mail servers, the word that there are none (RFC 7505), and silence about it."""
    hosts = answer.names("exchange")
    real = [host for host in hosts if host]
    kind = "mx" if real else "null" if hosts else "none"
    return {
        "receives": bool(real),
        "mx_kind": kind,
        "mx_mixed": bool(real) and len(real) < len(hosts),
    }


def _used(row: Record) -> Record:
    """Tell whether the domain sends or receives mail, as far as it is seen."""
    spf_record, dkim_record = row["spf"], row["dkim"]
    if row["receives"] or dkim_record.get("found", 0):
        return {"used": True}
    if "refuses" not in spf_record:
        return {GAP: spf_record[GAP]}
    return {"used": spf_record["count"] > 0 and not spf_record["refuses"]}
