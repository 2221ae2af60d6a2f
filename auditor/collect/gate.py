"""Which task may begin: never more at once of a zone or group than the inventory allows."""

import threading
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from auditor.model.inventory import Inventory
from auditor.plan import Task

Place: TypeAlias = tuple[str, str]
"""What has a limit: ("zone", id) or ("group", id)."""

TICK = 0.2
"""Seconds between two looks at whether the run was stopped."""


def limits_of(inventory: Inventory) -> dict[Place, int]:
    """Return how many visits at once each zone and group allows, where one says so."""
    zones = {("zone", zone.id): zone.at_once for zone in inventory.zones}
    groups = {("group", group.id): group.at_once for group in inventory.groups}
    return {place: limit for place, limit in (zones | groups).items() if limit is not None}


class Gate:
    """Tasks that wait in one line for each combination of limited places. Safe among threads."""

    def __init__(
        self, tasks: Iterable[Task], limits: Mapping[Place, int], stopped: threading.Event
    ) -> None:
        self._limits = limits
        self._stopped = stopped
        self._inside: Counter[Place] = Counter()
        self._running: Counter[tuple[Place, ...]] = Counter()
        self._changed = threading.Condition()
        self._lines: dict[tuple[Place, ...], deque[Task]] = {}
        for task in tasks:
            self._lines.setdefault(self._places(task), deque()).append(task)

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def enter(self) -> Task | None:
        """Wait for a task that may begin; None when none is left or the run was stopped."""
        with self._changed:
            while not self._stopped.is_set() and any(self._lines.values()):
                places = self._next()
                if places is not None:
                    self._inside.update(places)
                    self._running[places] += 1
                    return self._lines[places].popleft()
                self._changed.wait(TICK)
            return None

    def leave(self, task: Task) -> None:
        """Make room again; to be called once for each task that entered."""
        places = self._places(task)
        with self._changed:
            self._inside.subtract(places)
            self._running[places] -= 1
            self._changed.notify_all()

    def _next(self) -> tuple[Place, ...] | None:
        """Return the open line that has least under way, of these the longest."""
        ready = [
            places
            for places, line in self._lines.items()
            if line and all(self._inside[place] < self._limits[place] for place in places)
        ]
        if not ready:
            return None
        return min(ready, key=lambda places: (self._running[places], -len(self._lines[places])))

    def _places(self, task: Task) -> tuple[Place, ...]:
        named = {("zone", target.zone) for target in task.targets}
        named |= {("group", target.group) for target in task.targets if target.group}
        return tuple(sorted(place for place in named if place in self._limits))
