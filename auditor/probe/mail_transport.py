"""Ask whether a domain makes senders encrypt: MTA-STS with its policy, and TLS-RPT."""

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_talk import Fetch, Heard, Mute, Page, Talk, addresses_of, gap, look_up
from auditor.probe.mail_sts import covers, parse_policy, record_errors, report_errors
from auditor.probe.mail_tags import starts

PATH = "/.well-known/mta-sts.txt"
POLICY_LIMIT = 65_536
"""Bytes of a policy that are read."""
_OK = 200


def strict_transport(domain: str, hosts: list[str], stray: frozenset[str]) -> Talk[Record]:
    """Return the MTA-STS facts; `hosts` are the mail servers that the policy must cover."""
    answer = yield from look_up(f"_mta-sts.{domain}", "TXT")
    records = [text for text in answer.texts() if starts(text, "STSv1") and text not in stray]
    if not records:
        return {"present": False}
    errors = record_errors(records[0]) + (["several records"] if len(records) > 1 else [])
    host = f"mta-sts.{domain}"
    try:
        found = yield from addresses_of(host)
    except Unseen as error:
        return {"present": True, GAP: gap(error)}
    if not found:
        problem = f"{host} has no address"
        return {
            "present": True,
            "errors": [*errors, problem],
            "uncovered": [],
            "mode": "",
            "max_age": 0,
        }
    heard: Heard = yield Fetch(host=host, addresses=found, path=PATH, most=POLICY_LIMIT)
    return {"present": True, **_policy(heard, hosts, errors)}


def _policy(heard: Heard, hosts: list[str], errors: list[str]) -> Record:
    if isinstance(heard, Mute) and heard.why is not Why.REFUSED:
        return {GAP: {"why": heard.why, "detail": heard.detail}}
    problem = _problem(heard)
    if problem or not isinstance(heard, Page):
        return {"errors": [*errors, problem], "uncovered": [], "mode": "", "max_age": 0}
    policy = parse_policy(heard.body)
    errors = [*errors, *policy.errors]
    uncovered = [host for host in hosts if not any(covers(one, host) for one in policy.mx)]
    return {
        "errors": errors,
        "mode": policy.mode,
        "max_age": policy.max_age,
        "uncovered": uncovered if policy.mode != "none" else [],
    }


def _problem(heard: Heard) -> str:
    """Say why senders get no policy, though the server was reached."""
    if isinstance(heard, Mute):
        return f"the policy is not served: {heard.detail}"
    if isinstance(heard, Page) and not heard.trusted:
        return f"the policy's server has no valid certificate: {heard.problem}"
    if isinstance(heard, Page) and heard.status != _OK:
        return f"the policy is not served: status {heard.status}"
    return heard.problem if isinstance(heard, Page) else ""


def reports(domain: str, stray: frozenset[str]) -> Talk[Record]:
    """Return the TLS-RPT facts."""
    answer = yield from look_up(f"_smtp._tls.{domain}", "TXT")
    records = [text for text in answer.texts() if starts(text, "TLSRPTv1") and text not in stray]
    if not records:
        return {"present": False}
    errors = report_errors(records[0]) + (["several records"] if len(records) > 1 else [])
    return {"present": True, "errors": errors}
