"""Hear what SSH servers offer before anyone logs in."""

from collections.abc import Iterator

from auditor.collect import Limit, Settings
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import reach
from auditor.collect.refusal import Refusal
from auditor.collect.ssh_server_doors import SSH_PORT, house
from auditor.collect.ssh_server_view import View
from auditor.model.fact import Evidence, Fact, Gap, Observation
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Record

EXCERPT_LIMIT = 4000


class SshServerCollector:
    """Answers the `ssh_server` probe. `port` is where SSH usually is; others serve the tests."""

    def __init__(self, port: int = SSH_PORT) -> None:
        self._port = port

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        for target in task.targets:
            for probe in task.probes:
                yield self._observe(target, probe, settings, limit)

    def _observe(
        self, target: Target, probe: Probe, settings: Settings, limit: Limit
    ) -> Observation:
        try:
            place = house(target, settings, self._port)
            deadline = Deadline(limit, settings.connect_timeout)
            ip = reach(place.address, settings, deadline, local=target.local)
        except (Refusal, Unreached) as error:
            return Gap(target=target.id, probe=probe.key, why=error.why, detail=error.detail)
        views = [View(ip, door, place, settings, limit) for door in place.doors]
        rows = [row for view in views if (row := view.look()) is not None]
        vantage = settings.inventory.seen_from(target)
        evidence = Evidence(
            source=f"SSH to {ip}, {', '.join(str(view.door) for view in views)}, before login; "
            f"seen from {vantage}",
            excerpt="\n".join(line for view in views for line in view.notes)[:EXCERPT_LIMIT],
            seen_at=settings.now(),
        )
        mute = next((view.mute for view in views if view.mute is not None), None)
        if mute is not None and not any("banner" in row for row in rows):
            return Gap(
                target=target.id,
                probe=probe.key,
                why=mute.why,
                detail=mute.detail,
                evidence=evidence,
            )
        value: Record = {
            "exists": bool(rows),
            "vantage": vantage,
            "servers": rows,
            "host_keys": [key for view in views for key in view.keys],
        }
        return Fact(target=target.id, probe=probe.key, value=value, evidence=evidence)
