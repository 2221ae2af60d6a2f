"""Collectors: code that talks to targets through one protocol each."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Protocol

import msgspec

from auditor.model.base import ProbeKey, TargetId
from auditor.model.fact import Fact, Json, Observation
from auditor.model.inventory import Inventory, Target
from auditor.plan import Task


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What collectors are told besides the task. Times are seconds, sizes bytes.

    `password` gives the password of the audit account for a target (login and sudo), or None.
    `ssh_config` are files of OpenSSH's client in the order in which they count. `keepalive` is the
    silence after which a sign of life is sent, 0: never. `jitter` is the longest time that a thread
    waits before its first visit, so that a run does not knock on all doors in one instant.
    """

    inventory: Inventory
    known_hosts: tuple[Path, ...] = ()
    ssh_config: tuple[Path, ...] = ()
    password: Callable[[Target], str | None] = lambda _target: None
    connect_timeout: float = 10.0
    task_timeout: float = 120.0
    scan_timeout: float = 1800.0
    keepalive: float = 15.0
    jitter: float = 0.0
    answer_limit: int = 16 * 2**20
    attested: Callable[[Target], Mapping[str, Json]] | None = None
    """Gives the record of the probe `attestation` for an office."""
    before: Callable[[TargetId, ProbeKey], Fact | None] = lambda _target, _probe: None
    """Gives what a probe saw of a target in the run before."""
    now: Callable[[], datetime]


class Limit:
    """The end of a task: its time is over, or the run was stopped."""

    def __init__(self, seconds: float, stopped: Event, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = clock() + seconds
        self._stopped = stopped

    @property
    def left(self) -> float:
        """Seconds left, 0 when over or stopped."""
        return 0.0 if self._stopped.is_set() else max(0.0, self._until - self._clock())

    @property
    def stopped(self) -> bool:
        """Whether the run was stopped from outside."""
        return self._stopped.is_set()


class Collector(Protocol):
    """Answers the probes of one `Via`."""

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets.

        Never raises for what a target does: a refusal, a timeout or nonsense is a `Gap`.
        Returns soon after `limit.left` reaches 0.
        """
        ...
