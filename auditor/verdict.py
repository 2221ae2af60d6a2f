"""What was seen of one target becomes its visit: facts joined, every check judged, how it went."""

from datetime import datetime

from auditor.bind import BoundCheck
from auditor.evaluate import evaluate
from auditor.model.fact import WAITING, Evidence, Fact, Gap, Observation, Why
from auditor.model.feed import Feeds, Library
from auditor.model.inventory import Target
from auditor.model.result import Result, Status, TargetState, Visit
from auditor.patch.ecosystem import release_of
from auditor.plan import Plan
from auditor.probe import os_release
from auditor.probe.base import Derivation, Probe, Seen, Unseen


def join(
    target: Target, probes: tuple[Probe, ...], seen: Seen, library: Library, now: datetime
) -> Seen:
    """Add the derived probes that are not there yet, each after those that it needs."""
    joined = dict(seen)
    feeds = library.of(*_system(seen)) if probes else Feeds()
    for probe in probes:
        if probe.key not in joined:
            joined[probe.key] = _derive(target, probe, joined, feeds, now)
    return joined


_OS = Probe(type=os_release.PROBE, args=os_release.PROBE.args()).key


def _system(seen: Seen) -> tuple[str, str]:
    """Return distribution and release of what was seen, as feeds name them; "" unknown."""
    os = seen.get(_OS)
    told = os.value.items() if isinstance(os, Fact) else ()
    return release_of({name: value for name, value in told if isinstance(value, str)})


def _derive(target: Target, probe: Probe, seen: Seen, feeds: Feeds, now: datetime) -> Observation:
    assert probe.type.needs is not None  # noqa: S101 - a derived probe has both
    assert probe.type.derive is not None  # noqa: S101
    needed = tuple(p.key for p in probe.type.needs(probe.args))
    needed += tuple(key for key in seen if key.partition("{")[0] in probe.type.joins)
    facts = {key: o.value for key in needed if isinstance(o := seen.get(key), Fact)}
    gaps = {key: (o.why, o.detail) for key in needed if isinstance(o := seen.get(key), Gap)}
    gaps |= {key: (Why.NO_DATA, "not collected") for key in needed if key not in seen}
    derivation = Derivation(target=target, facts=facts, gaps=gaps, feeds=feeds, now=now)
    try:
        value = probe.type.derive(probe.args, derivation)
    except Unseen as unseen:
        return Gap(target=target.id, probe=probe.key, why=unseen.why, detail=unseen.detail)
    return Fact(
        target=target.id,
        probe=probe.key,
        value=value,
        evidence=Evidence(source=" + ".join(needed), seen_at=now),
    )


def judge(
    target: Target, checks: tuple[BoundCheck, ...], seen: Seen, now: datetime
) -> tuple[Result, ...]:
    """Answer every check of a target."""
    return tuple(evaluate(bound, target.id, seen, now) for bound in checks)


def faulted(
    target: Target, checks: tuple[BoundCheck, ...], fault: str, now: datetime
) -> tuple[Result, ...]:
    """Answer every check with an error: a fault in the auditor must not look like health."""
    gap = {
        probe.key: Gap(target=target.id, probe=probe.key, why=Why.FAULT, detail=fault)
        for bound in checks
        for probe in bound.questions()
    }
    return judge(target, checks, gap, now)


def visit(
    target: Target, plan: Plan, seen: Seen, started: datetime, ms: int, results: tuple[Result, ...]
) -> Visit:
    """Say how the visit went, in one word and one sentence."""
    state, why, reason = _state(target, plan, seen, results)
    return Visit(
        target=target.id,
        state=state,
        reason=reason,
        why=why,
        started=started,
        ms=ms,
        results=results,
    )


_STATES = {
    Why.HOST_KEY: TargetState.HOST_KEY,
    Why.REFUSED: TargetState.REFUSED,
    Why.TIMEOUT: TargetState.TIMEOUT,
    Why.INTERRUPTED: TargetState.INTERRUPTED,
}
_BARRED = (Why.HOST_KEY, Why.REFUSED)
"""The door stayed shut, whatever could be seen from outside."""


def _state(
    target: Target, plan: Plan, seen: Seen, results: tuple[Result, ...]
) -> tuple[TargetState, Why | None, str]:
    """Return the worst word that the visit earned, with the first reason for it and its detail."""
    derived = {probe.key for probe in plan.derived.get(target.id, ())}
    asked = [o for o in seen.values() if o.probe not in derived]
    gaps = sorted(
        (o for o in asked if isinstance(o, Gap) and o.why not in WAITING),
        key=lambda gap: tuple(_STATES).index(gap.why) if gap.why in _STATES else len(_STATES),
    )
    saw_nothing = bool(gaps) and not any(isinstance(o, Fact) for o in asked)
    if gaps and (saw_nothing or gaps[0].why in _BARRED):
        state = _STATES.get(gaps[0].why, TargetState.UNREACHABLE)
        return state, gaps[0].why, gaps[0].detail
    unseen = sum(result.status is Status.ERROR for result in results)
    if not unseen:
        return TargetState.SEEN, None, ""
    why, detail = (Why.NO_DATA, f"{unseen} checks lack a fact")
    if gaps:
        why, detail = gaps[0].why, gaps[0].detail
    return TargetState.PARTLY, why, detail
