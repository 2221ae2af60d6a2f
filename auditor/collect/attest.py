"""What people have stated: the caller has it at hand, nothing is asked of a target."""

from collections.abc import Iterator

from auditor.collect import Limit, Settings
from auditor.model.fact import Evidence, Fact, Gap, Observation, Why
from auditor.plan import Task


class AttestCollector:
    """Answers the probe of statements for offices."""

    def collect(self, task: Task, settings: Settings, limit: Limit) -> Iterator[Observation]:  # noqa: ARG002 - a collector's
        """Yield the statements of each office, or that none are at hand."""
        for target in task.targets:
            for probe in task.probes:
                if settings.attested is None:
                    detail = "no store of statements is at hand"
                    yield Gap(target=target.id, probe=probe.key, why=Why.UNANSWERED, detail=detail)
                    continue
                yield Fact(
                    target=target.id,
                    probe=probe.key,
                    value=settings.attested(target),
                    evidence=Evidence(
                        source=f"statements of {target.opd} in the store", seen_at=settings.now()
                    ),
                )
