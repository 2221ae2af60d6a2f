from datetime import UTC, datetime

import pytest

from auditor.model.fact import Evidence, Fact, Gap, Why
from auditor.model.feed import Feeds
from auditor.model.inventory import Target
from auditor.model.result import Status, TargetState
from auditor.plan import Plan
from auditor.probe.base import Probe, ProbeType, Unseen, Via
from auditor.verdict import faulted, join, judge, visit
from tests.unit.evaluate.world import (
    NOW,
    WORLD,
    WORLD_PROBE,
    WORLD_TYPE,
    WorldArgs,
    bound,
    gap,
    seen,
    text,
    that,
)

WEB = Target(id="web1", opd="kominfo", address="10.0.0.1")
OTHER = Probe(type=WORLD_TYPE, args=WorldArgs(which="other"))
NUMBER_IS_ONE = bound(that("w.number", "eq", 1))


def derived(derive):
    kind = ProbeType(
        name="joined",
        via=Via.DERIVED,
        args=WorldArgs,
        gives=WORLD,
        doc=text("gabungan"),
        needs=lambda _: (WORLD_PROBE, OTHER),
        derive=derive,
    )
    return Probe(type=kind, args=WorldArgs())


def test_a_derived_probe_sees_facts_and_the_reasons_for_gaps():
    told = {}

    def derive(_args, derivation):
        told.update(facts=dict(derivation.facts), gaps=dict(derivation.gaps))
        return {"number": 1}

    probe = derived(derive)
    joined = join(WEB, (probe,), seen(number=7), Feeds(), NOW)

    assert told["facts"] == {"world": {"number": 7}}
    assert told["gaps"] == {OTHER.key: (Why.NO_DATA, "not collected")}
    assert joined["joined"].value == {"number": 1}
    assert joined["joined"].evidence.source == f"world + {OTHER.key}"


def test_gaps_below_reach_the_derived_probe():
    def derive(_args, derivation):
        raise Unseen(*derivation.gaps["world"])

    joined = join(WEB, (derived(derive),), gap(), Feeds(), NOW)

    assert joined["joined"] == Gap(
        target="web1", probe="joined", why=Why.NEEDS_ROOT, detail="perlu root"
    )


def test_what_was_joined_before_is_kept():
    def derive(_args, _derivation):
        raise AssertionError("must not be asked")

    probe = derived(derive)
    before = Fact(target="web1", probe=probe.key, value={}, evidence=Evidence(source="stored"))

    assert join(WEB, (probe,), {probe.key: before}, Feeds(), NOW) == {probe.key: before}


def test_a_fault_makes_every_check_an_error():
    results = faulted(WEB, (NUMBER_IS_ONE,), "ZeroDivisionError", NOW)

    assert [r.status for r in results] == [Status.ERROR]
    assert results[0].reasons[0].detail == "ZeroDivisionError"


def gone(why):
    return {"session": Gap(target="web1", probe="session", why=why, detail="sebab")}


FROM_OUTSIDE = {
    "ports": Fact(target="web1", probe="ports", value={}, evidence=Evidence(source="nmap"))
}


@pytest.mark.parametrize(
    ("observations", "state"),
    [
        (seen(number=1), TargetState.SEEN),
        (seen(number=2), TargetState.SEEN),
        (seen(word="x"), TargetState.PARTLY),
        ({}, TargetState.PARTLY),
        (gap(why=Why.TIMEOUT), TargetState.TIMEOUT),
        (gap(why=Why.UNREACHABLE), TargetState.UNREACHABLE),
        (gap(why=Why.INTERRUPTED), TargetState.INTERRUPTED),
        (gap(why=Why.REFUSED) | FROM_OUTSIDE, TargetState.REFUSED),
        (gap(why=Why.HOST_KEY) | FROM_OUTSIDE, TargetState.HOST_KEY),
        (gap(why=Why.TIMEOUT) | FROM_OUTSIDE, TargetState.PARTLY),
        (gap(why=Why.UNREACHABLE) | gone(Why.HOST_KEY), TargetState.HOST_KEY),
    ],
)
def test_a_visit_is_named_by_what_was_not_seen(observations, state):
    made = Plan(tasks=(), checks={"web1": (NUMBER_IS_ONE,)}, derived={})
    results = judge(WEB, (NUMBER_IS_ONE,), observations, NOW)

    ended = visit(WEB, made, observations, datetime(2026, 11, 24, tzinfo=UTC), 5, results)

    assert ended.state is state
    assert bool(ended.reason) is (state is not TargetState.SEEN)
