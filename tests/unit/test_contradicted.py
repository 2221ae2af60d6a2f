"""A statement against a measurement, from the answer to the finding."""

import datetime as dt

import pytest

from auditor.findings import track
from auditor.fleet import Fleet, over_fleet
from auditor.load.checks import load_checks
from auditor.load.questionnaires import load_questionnaires
from auditor.model.attest import Answer, EvidenceFile
from auditor.model.check import Foundation, Severity
from auditor.model.fact import Evidence, Fact
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope, Target
from auditor.model.policy import Entry, Policy
from auditor.model.result import Result, Status, TargetState, Visit
from auditor.plan import plan
from auditor.probe.attestation import attested
from auditor.probe.catalogue import CATALOGUE
from auditor.verdict import judge
from tests.unit.evaluate.world import text

NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
CHECKS = load_checks()
QUESTIONS = [q for one in load_questionnaires() for q in one.questions]
FILE = EvidenceFile(name="a.pdf", sha256="ab" * 32, size=1)
INVENTORY = Inventory(
    city=City(name="K"),
    authority=Authority(letter="1", date=NOW.date(), valid_until=NOW.date(), scope=Scope()),
    opds=(Opd(id="kominfo", name="K"), Opd(id="dinkes", name="D")),
    targets=(Target(id="web1", opd="dinkes", address="10.0.0.1"),),
).with_offices()


def stated(said):
    answer = Answer(
        question="restore-drill",
        said=said,
        role="Kepala Dinas",
        date=NOW.date(),
        letter="1",
        note="x",
        evidence=(FILE,),
    )
    value = attested(QUESTIONS, {"restore-drill": answer}, NOW)
    return Fact(
        target="opd.dinkes", probe="attestation", value=value, evidence=Evidence(source="t")
    )


def measured(status):
    return Result(
        check="backup.recent",
        target="web1",
        status=status,
        severity=Severity.HIGH,
        foundation=Foundation.SECURITY,
    )


def judged(said, status):
    """Return the result of the check of contradictions for dinkes."""
    policy = Policy(id="p", title=text("p"), checks=(Entry(use="attest.*"),))
    made = plan(INVENTORY, (policy,), CHECKS, CATALOGUE)
    fleet = Fleet(made.checks)
    office = INVENTORY.target("opd.dinkes")
    fact = stated(said)
    own = tuple(bound for bound in made.checks[office.id] if not over_fleet(bound))
    results = judge(office, own, {fact.probe: fact}, NOW)
    fleet.add(office, [fact], results)
    fleet.add(INVENTORY.target("web1"), [], (measured(status),))
    visit = Visit(
        target=office.id, state=TargetState.SEEN, reason="", started=NOW, ms=1, results=results
    )
    found = {one.check: one for one in fleet.amended(visit, office, NOW).results}
    return found["attest.contradiction"]


@pytest.mark.parametrize(
    ("said", "status", "verdict"),
    [
        ("2026-10-01", Status.FAIL, Status.FAIL),
        ("2026-10-01", Status.PASS, Status.PASS),
        ("2026-10-01", Status.ERROR, Status.ERROR),
        ("2026-10-01", Status.NOT_CHECKED, Status.NOT_CHECKED),
        ("2026-10-01", Status.NOT_APPLICABLE, Status.NOT_APPLICABLE),
        ("2020-10-01", Status.FAIL, Status.NOT_APPLICABLE),
        ("not_applicable", Status.FAIL, Status.NOT_APPLICABLE),
    ],
)
def test_a_good_answer_and_a_measurement(said, status, verdict):
    assert judged(said, status).status is verdict


def test_the_finding_names_question_check_and_target():
    result = judged("2026-10-01", Status.FAIL)

    (finding,) = track({}, [result], NOW)
    assert finding.item == "restore-drill backup.recent"
    assert finding.message.id == "restore-drill backup.recent: Gagal pada: web1"
    assert finding.message.en == "restore-drill backup.recent: Failed on: web1"
