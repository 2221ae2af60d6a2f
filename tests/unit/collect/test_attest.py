from datetime import UTC, datetime
from threading import Event

import pytest

from auditor.collect import Limit, Settings
from auditor.collect.attest import AttestCollector
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Target, TargetKind
from auditor.plan import Task
from auditor.probe.attestation import PROBE
from auditor.probe.base import Probe, Via
from tests.unit.load.asking import INVENTORY

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OFFICE = Target(id="opd.dinkes", opd="dinkes", address="", kind=TargetKind.OPD, ssh=None)
TASK = Task(via=Via.ATTEST, targets=(OFFICE,), probes=(Probe(type=PROBE, args=PROBE.args()),))


def collected(attested):
    settings = Settings(inventory=INVENTORY, now=lambda: NOW, attested=attested)
    return list(AttestCollector().collect(TASK, settings, Limit(1, Event(), lambda: 0.0)))


def test_the_statements_of_an_office_are_a_fact():
    (seen,) = collected(lambda target: {"answers": {"of": {"role": target.opd}}})

    assert isinstance(seen, Fact)
    assert (seen.target, seen.probe) == ("opd.dinkes", "attestation")
    assert seen.value == {"answers": {"of": {"role": "dinkes"}}}
    assert seen.evidence.seen_at == NOW


@pytest.mark.parametrize("attested", [None])
def test_without_a_store_nobody_has_answered(attested):
    (seen,) = collected(attested)

    assert isinstance(seen, Gap)
    assert seen.why is Why.UNANSWERED
