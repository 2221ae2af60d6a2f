"""A failure beside something unseen does not call the findings of the unseen part fixed."""

from datetime import UTC, datetime

import pytest

from auditor.evaluate import evaluate
from auditor.findings import track
from auditor.load.checks import load_checks
from auditor.model.fact import GAP, Evidence, Fact
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Target
from auditor.model.policy import Entry, Policy
from auditor.model.result import FindingState, Status
from auditor.plan import plan
from auditor.probe.catalogue import CATALOGUE
from tests.unit.evaluate.world import text

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WEB1 = Target(id="web1", opd="o", address="10.0.0.1")
CHECKS = {c.id: c for c in load_checks().values()}
UNSEEN = {GAP: {"why": "timeout", "detail": "silent"}}


def judged(check, probe, value):
    inventory = Inventory(
        city=City(name="K"),
        authority=Authority(letter="1", date=NOW.date(), valid_until=NOW.date(), scope=Scope()),
        opds=(Opd(id="o", name="O"),),
        targets=(WEB1,),
    )
    policy = Policy(id="p", title=text("p"), checks=(Entry(use=check),))
    (bound,) = plan(inventory, (policy,), CHECKS, CATALOGUE).checks["web1"]
    fact = Fact(target="web1", probe=probe, value=value, evidence=Evidence(source="t"))
    return evaluate(bound, "web1", {probe: fact}, NOW)


def tls(second):
    first = {"endpoint": "a:443", "offered": True, "lowest": "TLSv1.0"}
    rows = [first, {"endpoint": "b:443", **second}]
    return judged("tls.version-min", "tls", {"spoken": True, "exists": True, "endpoints": rows})


def ports(second):
    first = {"port": "21/tcp", "answers": "ftp", "expected": False}
    rows = [first, {"port": "23/tcp", **second}]
    return judged("ports.unexpected", "exposure", {"open": rows})


@pytest.mark.parametrize(
    ("judge", "bad", "unseen", "good"),
    [
        (
            tls,
            {"offered": True, "lowest": "TLSv1.0"},
            UNSEEN,
            {"offered": True, "lowest": "TLSv1.2"},
        ),
        (
            ports,
            {"answers": "telnet", "expected": False},
            {"expected": False, **UNSEEN},
            {"answers": "telnet", "expected": True},
        ),
    ],
    ids=["all", "none"],
)
def test_what_was_not_seen_beside_a_failure_is_not_fixed(judge, bad, unseen, good):
    before = {finding.id: finding for finding in track({}, [judge(bad)], NOW)}
    assert len(before) == 2

    def states(result):
        assert result.status is Status.FAIL
        assert {reason.status for reason in result.reasons} == {Status.FAIL}
        return sorted(finding.state for finding in track(before, [result], NOW))

    assert states(judge(unseen)) == [FindingState.OPEN, FindingState.UNSEEN]
    assert states(judge(good)) == [FindingState.FIXED, FindingState.OPEN]
