"""Ask for a domain's DMARC record, or that of the organisation above it (RFC 7489)."""

from auditor.probe.base import Record
from auditor.probe.dns_names import organisation
from auditor.probe.dns_talk import Talk, look_up
from auditor.probe.mail_dmarc import parse_dmarc, without_people
from auditor.probe.mail_tags import starts

VERSION = "DMARC1"


def dmarc(domain: str, stray: frozenset[str]) -> Talk[Record]:
    """Return the DMARC facts; records in `stray` stand at every name and are none."""
    for name in dict.fromkeys((domain, organisation(domain))):
        answer = yield from look_up(f"_dmarc.{name}", "TXT")
        records = [text for text in answer.texts() if starts(text, VERSION) and text not in stray]
        if len(records) == 1:
            return (yield from _judged(domain, name, records[0]))
        if records:
            return {"count": len(records), "record": "", "inherited": name != domain}
    return {"count": 0, "record": "", "inherited": False}


def _judged(domain: str, name: str, text: str) -> Talk[Record]:
    found = parse_dmarc(text)
    inherited = name != domain
    unwilling = []
    for report in found.reports:
        if organisation(report) != organisation(name):
            answer = yield from look_up(f"{name}._report._dmarc.{report}", "TXT")
            if not any(starts(one, VERSION) for one in answer.texts()):
                unwilling.append(report)
    return {
        "count": 1,
        "record": without_people(text)[:1000],
        "inherited": inherited,
        "errors": list(found.errors),
        "policy": found.subdomains if inherited else found.policy,
        "subdomain_policy": found.subdomains,
        "percent": found.percent,
        "testing": found.testing,
        "reports": list(found.reports),
        "unwilling": unwilling,
    }
