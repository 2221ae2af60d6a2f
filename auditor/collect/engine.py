"""Run visits on threads: limits, a watchdog, and the one place where a fault is caught.

Zones and groups limit visits, not scans: one nmap asks many targets, and a few packets of each.
Threads are daemons of our own: a visit that hangs in a library is given up, never joined.
"""

import gc
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import msgspec

from auditor.collect import Collector, Limit, Settings
from auditor.collect.gate import Gate, limits_of
from auditor.collect.one_arena import share_one_arena
from auditor.collect.opener import open_collector
from auditor.model.fact import Gap, Observation, Why
from auditor.plan import Task
from auditor.probe.base import Via

SCANS_AT_ONCE = 2
"""nmap processes at a time: each sends as fast as the network allows."""
BROWSERS_AT_ONCE = 2
"""Browsers at a time: each takes most of a processor and half a gigabyte."""
SITES_IN_TIME = 8
"""Sites of a target that a visit's time is meant for; with more it may take longer."""
_BY_SITE = (Via.HTTP, Via.TLS, Via.PAGES, Via.BROWSER)
GRACE = 15.0
"""Seconds that a collector may take beyond its limit before it is given up."""
TICK = 0.2

Opener = Callable[..., Collector]
_log = logging.getLogger(__name__)


class Done(msgspec.Struct, frozen=True):
    """A visit that has ended, with one observation for each probe on each target."""

    task: Task
    observations: tuple[Observation, ...]
    ms: int


class _Started(msgspec.Struct):
    task: Task
    gate: Gate
    since: float
    until: float
    over: bool = False
    inside: bool = True
    """Its place in the zone and group is taken."""


def settle() -> None:
    """Keep the garbage collector from looking, at every visit, at all that was loaded before.

    Measured: a visit in seven took half as long again for it. All threads share one heap.
    """
    share_one_arena()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def boundary(action: Callable[[], None], failed: Callable[[str], None]) -> None:
    """Run `action`; a bug in it is logged with its traceback and told to `failed`."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - the one boundary: a bug must not end the run
        _log.exception("internal fault")
        failed(f"{type(error).__name__}: {error}")


class Engine:
    """Threads that work off tasks; iterate `run()` once."""

    def __init__(
        self,
        settings: Settings,
        *,
        jobs: int,
        stopped: threading.Event,
        opener: Opener = open_collector,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._stopped = stopped
        self._opener = opener
        self._clock = clock
        self._results: queue.SimpleQueue[tuple[_Started, tuple[Observation, ...]]] = (
            queue.SimpleQueue()
        )
        self._running: list[_Started] = []
        self._lock = threading.Lock()

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Yield every task when it is done, in the order of ending.

        After `stopped` is set no further task is begun; those under way end as gaps.
        """
        known = tuple(tasks)
        scans = Gate(
            (t for t in known if t.via is Via.PORTS),
            {("zone", zone.id): 1 for zone in self._settings.inventory.zones if zone.rate},
            self._stopped,
        )
        visits = Gate(
            (t for t in known if t.via not in (Via.PORTS, Via.BROWSER)),
            limits_of(self._settings.inventory),
            self._stopped,
        )
        browsers = Gate((t for t in known if t.via is Via.BROWSER), {}, self._stopped)
        gates = ((scans, SCANS_AT_ONCE), (visits, self._jobs), (browsers, BROWSERS_AT_ONCE))
        for gate, threads in gates:
            for _ in range(min(threads, len(gate))):
                self._start(gate, self._settings.jitter)
        done = 0
        while done < len(known) and not (self._stopped.is_set() and not self._running):
            try:
                started, observations = self._results.get(timeout=TICK)
            except queue.Empty:
                for lost in self._overdue():
                    done += 1
                    yield self._given_up(lost)
                    self._start(lost.gate, 0)
                continue
            if self._close(started):
                done += 1
                ms = int((self._clock() - started.since) * 1000)
                yield Done(started.task, observations, ms)

    def _start(self, gate: Gate, jitter: float) -> None:
        threading.Thread(target=self._work, args=(gate, jitter), daemon=True).start()

    def _work(self, gate: Gate, jitter: float) -> None:
        self._stopped.wait(random.uniform(0, jitter))  # noqa: S311 - no secret hangs on it
        while (task := gate.enter()) is not None:
            seconds = self._seconds(task)
            now = self._clock()
            started = _Started(task, gate, now, now + seconds + GRACE)
            with self._lock:
                self._running.append(started)
            observations = self._collect(task, seconds)
            self._leave(started)
            self._results.put((started, observations))
            if started.over:
                return

    def _seconds(self, task: Task) -> float:
        if task.via is Via.PORTS:
            return self._settings.scan_timeout
        sites = max((len(target.sites) for target in task.targets), default=0)
        often = max(1, sites / SITES_IN_TIME) if task.via in _BY_SITE else 1
        return self._settings.task_timeout * often

    def _collect(self, task: Task, seconds: float) -> tuple[Observation, ...]:
        found: dict[tuple[str, str], Observation] = {}
        fault: list[str] = []
        limit = Limit(seconds, self._stopped, self._clock)

        def collect() -> None:
            local = all(target.local for target in task.targets)
            for seen in self._opener(task.via, local=local).collect(task, self._settings, limit):
                found.setdefault((seen.target, seen.probe), seen)

        boundary(collect, fault.append)
        return tuple(self._complete(task, found, fault, limit))

    def _complete(
        self,
        task: Task,
        found: dict[tuple[str, str], Observation],
        fault: list[str],
        limit: Limit,
    ) -> Iterator[Observation]:
        """Answer every probe that was asked, and no other."""
        why, detail = _why_missing(fault, limit)
        for target in task.targets:
            for probe in task.probes:
                yield found.get((target.id, probe.key)) or Gap(
                    target=target.id, probe=probe.key, why=why, detail=detail
                )

    def _overdue(self) -> list[_Started]:
        now = self._clock()
        with self._lock:
            lost = [started for started in self._running if now > started.until]
            for started in lost:
                started.over = True
                self._running.remove(started)
        for started in lost:
            self._leave(started)
        return lost

    def _leave(self, started: _Started) -> None:
        """Make room for others, once: a task that was given up may still end."""
        with self._lock:
            inside, started.inside = started.inside, False
        if inside:
            started.gate.leave(started.task)

    def _close(self, started: _Started) -> bool:
        """Take a result in, unless its task was given up before."""
        with self._lock:
            if started.over:
                return False
            self._running.remove(started)
        return True

    def _given_up(self, lost: _Started) -> Done:
        _log.warning("%s was given up", lost.task.via)
        gaps = tuple(
            Gap(target=target.id, probe=probe.key, why=Why.TIMEOUT, detail="gave no answer in time")
            for target in lost.task.targets
            for probe in lost.task.probes
        )
        return Done(lost.task, gaps, int((self._clock() - lost.since) * 1000))


def _why_missing(fault: list[str], limit: Limit) -> tuple[Why, str]:
    if fault:
        return Why.FAULT, f"fault in the auditor: {fault[0]}"
    if limit.stopped:
        return Why.INTERRUPTED, "the run was stopped"
    if limit.left <= 0:
        return Why.TIMEOUT, "gave no answer in time"
    return Why.NO_DATA, "no answer"
