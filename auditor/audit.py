"""The pipeline: the only module that knows all steps."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from threading import Event
from typing import Protocol

import msgspec

from auditor import __version__
from auditor.collect import Settings
from auditor.collect.engine import Done, Engine, boundary, settle
from auditor.findings import track
from auditor.fleet import Fleet, over_fleet, unsettled
from auditor.model.base import CheckId, FindingId, ProbeKey, RunId, TargetId
from auditor.model.check import Check
from auditor.model.fact import Observation
from auditor.model.feed import Library
from auditor.model.inventory import Target
from auditor.model.policy import Framework, Policy
from auditor.model.result import Finding, Result, Run, RunState, Status, Visit
from auditor.model.waiver import Waiver
from auditor.plan import Plan, plan
from auditor.probe.catalogue import CATALOGUE
from auditor.redact import redact
from auditor.store import Store
from auditor.store.context import Context
from auditor.verdict import faulted, join, judge, visit


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be audited, by what, within which limits; `scope` names it for comparison."""

    settings: Settings
    policies: tuple[Policy, ...]
    checks: Mapping[CheckId, Check]
    frameworks: tuple[Framework, ...]
    feeds: Library
    targets: tuple[Target, ...]
    scope: str
    waivers: tuple[Waiver, ...] = ()
    jobs: int = 16


class Watcher(Protocol):
    """Is told how a run goes; shows it or stays quiet."""

    def begun(self, run: Run, total: int, left: int) -> None:
        """A run begins, or is resumed with `left` of `total` targets to visit."""
        ...

    def visited(self, visit: Visit) -> None:
        """A target is done and stored."""
        ...


def new_run_id(now: datetime) -> RunId:
    """Return an id that sorts by time and never collides: 20261124-0100-1f3a."""
    return RunId(f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}")


def scan(
    request: Request, store: Store, stopped: Event, watcher: Watcher, resumed: Run | None = None
) -> Run:
    """Visit all targets, storing each as it is done, and end the run.

    Where `stopped` is set in between, the run is kept as aborted and can be resumed.
    """
    run = resumed or _begin(request, store)
    done = store.visited(run.id) if resumed else frozenset()
    left = tuple(target for target in request.targets if target.id not in done)
    settle()
    watcher.begun(run, len(request.targets), len(left))
    work = _plan(request, left)
    fleet = Fleet((_plan(request, request.targets) if done else work).checks)
    for target in request.targets if fleet else ():
        if target.id in done:
            before = store.visit(run.id, target.id)
            _add(fleet, target, store.observations(run.id, target.id), before)
    for target, visited, observations in _visits(request, work, left, run, stopped):
        store.put(run.id, visited, observations)
        _add(fleet, target, observations, visited)
        watcher.visited(visited)
    if fleet and not stopped.is_set():
        by_id = {target.id: target for target in request.targets}
        store.amend(
            run.id,
            (
                _amended(fleet, visited, by_id[visited.target], run.started)
                for visited in store.visits(run.id)
            ),
        )
    return _finish(request, store, run, aborted=stopped.is_set())


def _add(fleet: Fleet, target: Target, observations: Iterable[Observation], visited: Visit) -> None:
    """Take a target in; a fault in it makes the checks over the fleet an error, not the run."""
    boundary(lambda: fleet.add(target, observations, visited.results), fleet.failed)


def _amended(fleet: Fleet, visited: Visit, target: Target, now: datetime) -> Visit:
    found: list[Visit] = []
    boundary(lambda: found.append(fleet.amended(visited, target, now)), fleet.failed)
    return found[0] if found else fleet.amended(visited, target, now)


def _plan(request: Request, targets: tuple[Target, ...]) -> Plan:
    return plan(request.settings.inventory, request.policies, request.checks, CATALOGUE, targets)


def _begin(request: Request, store: Store) -> Run:
    now = request.settings.now()
    run = Run(
        id=new_run_id(now),
        started=now,
        ended=None,
        state=RunState.RUNNING,
        scope=request.scope,
        policy=request.policies[-1].id,
        tool_version=__version__,
    )
    store.begin(
        run,
        Context(
            inventory=request.settings.inventory,
            policies=request.policies,
            checks=tuple(request.checks.values()),
            frameworks=request.frameworks,
            targets=tuple(target.id for target in request.targets),
            waivers=request.waivers,
        ),
    )
    return run


def _visits(
    request: Request, work: Plan, targets: tuple[Target, ...], run: Run, stopped: Event
) -> Iterator[tuple[Target, Visit, tuple[Observation, ...]]]:
    """Yield each target when the last of its tasks has ended."""
    waiting = {target.id: 0 for target in targets}
    for task in work.tasks:
        for target in task.targets:
            waiting[target.id] += 1
    seen: dict[TargetId, dict[ProbeKey, Observation]] = {target.id: {} for target in targets}
    spent = dict.fromkeys(waiting, 0)
    for target in targets:
        if not waiting[target.id]:
            yield target, *_judged(request, work, target, {}, run, 0)
    for done in Engine(request.settings, jobs=request.jobs, stopped=stopped).run(work.tasks):
        for target in _ended(done, waiting, seen, spent):
            if not stopped.is_set():
                seen_here, ms = seen.pop(target.id), spent[target.id]
                yield target, *_judged(request, work, target, seen_here, run, ms)


def _ended(
    done: Done,
    waiting: dict[TargetId, int],
    seen: dict[TargetId, dict[ProbeKey, Observation]],
    spent: dict[TargetId, int],
) -> Iterator[Target]:
    """Take a task's observations in and return the targets that wait for no other."""
    for observation in done.observations:
        seen[observation.target][observation.probe] = redact(observation)
    for target in done.task.targets:
        waiting[target.id] -= 1
        spent[target.id] = max(spent[target.id], done.ms)
        if not waiting[target.id]:
            yield target


def _judged(
    request: Request,
    work: Plan,
    target: Target,
    seen: Mapping[ProbeKey, Observation],
    run: Run,
    ms: int,
) -> tuple[Visit, tuple[Observation, ...]]:
    """Judge a target; a fault on the way makes every check of it an error, not the run."""
    checks = tuple(bound for bound in work.checks[target.id] if not over_fleet(bound))
    results: list[tuple[Result, ...]] = []
    joined = dict(seen)

    def judging() -> None:
        joined.update(join(target, work.derived[target.id], seen, request.feeds, run.started))
        results.append(judge(target, checks, joined, run.started))

    boundary(judging, lambda fault: results.append(faulted(target, checks, fault, run.started)))
    ended = visit(target, work, joined, run.started, ms, results[-1])
    return ended, tuple(joined[key] for key in sorted(joined))


def _finish(request: Request, store: Store, run: Run, *, aborted: bool) -> Run:
    """Compare with the run before and close this one."""
    incomplete = False
    results: list[Result] = []
    visited: list[TargetId] = []
    for seen in store.visits(run.id):
        results += seen.results
        visited.append(seen.target)
        incomplete = incomplete or any(r.status is Status.ERROR for r in seen.results)
    state = RunState.COMPLETE
    if aborted:
        state = RunState.ABORTED
    elif incomplete or len(visited) < len(request.targets):
        state = RunState.INCOMPLETE
    previous = store.previous(run)
    before: Mapping[FindingId, Finding] = (
        {finding.id: finding for finding in store.findings(previous.id)} if previous else {}
    )
    findings = track(before, results, run.started, unsettled(results))
    return store.finish(run.id, state, request.settings.now(), findings)


def judge_again(
    request: Request, store: Store, run: Run
) -> Iterator[tuple[Visit, tuple[Observation, ...]]]:
    """Judge what a run has seen by another policy, without a connection, as of that run's time."""
    work = _plan(request, request.targets)
    fleet = Fleet(work.checks)
    targets = {target.id: target for target in request.targets}

    def judged() -> Iterator[tuple[Target, Visit, tuple[Observation, ...]]]:
        for old in store.visits(run.id):
            if (target := targets.get(old.target)) is not None:
                seen = {o.probe: o for o in store.observations(run.id, target.id)}
                yield target, *_judged(request, work, target, seen, run, old.ms)

    for target, visited, observations in judged() if fleet else ():
        _add(fleet, target, observations, visited)
    for target, visited, observations in judged():
        yield _amended(fleet, visited, target, run.started), observations
