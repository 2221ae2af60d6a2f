"""Hear what SSH servers offer before anyone logs in."""

from collections.abc import Iterator

from auditor.collect import Limit, Settings
from auditor.model.fact import Observation
from auditor.plan import Task


class SshServerCollector:
    """Answers the `ssh_server` probe."""

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:
        """Yield one observation for each probe of the task on each of its targets."""
        yield from ()
