"""What no target shows by itself: facts of all targets of a run, joined when it ends."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from auditor.bind import BoundCheck
from auditor.evaluate import evaluate
from auditor.model.base import CheckId, ProbeKey
from auditor.model.fact import Evidence, Fact, Gap, Observation, Why
from auditor.model.inventory import Target
from auditor.model.result import Result, Status, Visit
from auditor.probe.base import Gathering, Member, Seen, Via
from auditor.probe.catalogue import CATALOGUE


def over_fleet(bound: BoundCheck) -> bool:
    """Tell whether a check can be judged only when all targets were seen."""
    return any(probe.type.via is Via.FLEET for probe in bound.questions())


def unsettled(results: Iterable[Result]) -> frozenset[CheckId]:
    """Return the checks over the fleet for which some target was not seen.

    Where they show nothing on the others, it may be for want of that target.
    """
    return frozenset(
        result.check
        for result in results
        if result.status is Status.ERROR and any(_is_fleets(key) for key in result.probes)
    )


def _is_fleets(key: ProbeKey) -> bool:
    kind = CATALOGUE.get(key.partition("{")[0])
    return kind is not None and kind.via is Via.FLEET


class Fleet:
    """Takes in what was seen of each target; answers what is asked over all once they are in.

    `checks` holds the checks of each target id. False where none is over the fleet.
    """

    def __init__(self, checks: Mapping[str, tuple[BoundCheck, ...]]) -> None:
        self._checks = {
            target: chosen
            for target, bound in checks.items()
            if (chosen := tuple(one for one in bound if over_fleet(one)))
        }
        self._fault = ""
        self._gathered: dict[ProbeKey, tuple[tuple[ProbeKey, ...], Gathering]] = {}
        for bound in {one.check.id: one for c in self._checks.values() for one in c}.values():
            for probe in bound.questions():
                if probe.type.gather is not None and probe.type.needs is not None:
                    needed = tuple(one.key for one in probe.type.needs(probe.args))
                    self._gathered[probe.key] = (needed, probe.type.gather(probe.args))

    def __bool__(self) -> bool:
        return bool(self._checks)

    def add(
        self, target: Target, observations: Iterable[Observation], results: tuple[Result, ...] = ()
    ) -> None:
        """Take in what was seen of a target, and what its checks said; each once."""
        facts = {seen.probe: seen.value for seen in observations if isinstance(seen, Fact)}
        for needed, gathering in self._gathered.values():
            mine = {key: facts[key] for key in needed if key in facts}
            gathering.add(Member(target=target, facts=mine, results=results))

    def failed(self, fault: str) -> None:
        """Give up all that is joined, after a fault on the way: it may have gone in by halves."""
        self._fault = fault

    def amended(self, visit: Visit, target: Target, now: datetime) -> Visit:
        """Return a target's visit with the results of its checks over the fleet, by check id."""
        seen = self._seen(target)
        results: dict[str, Result] = {result.check: result for result in visit.results}
        for bound in self._checks.get(target.id, ()):
            results[bound.check.id] = evaluate(bound, target.id, seen, now)
        ordered = tuple(results[check] for check in sorted(results))
        return msgspec.structs.replace(visit, results=ordered)

    def _seen(self, target: Target) -> Seen:
        return {key: self._observation(key, target) for key in self._gathered}

    def _observation(self, key: ProbeKey, target: Target) -> Observation:
        if self._fault:
            detail = f"fault in the auditor: {self._fault}"
            return Gap(target=target.id, probe=key, why=Why.FAULT, detail=detail)
        needed, gathering = self._gathered[key]
        named = ", ".join(needed)
        value = gathering.record(target)
        if value is None:
            detail = f"not seen on this target: {named}"
            return Gap(target=target.id, probe=key, why=Why.NO_DATA, detail=detail)
        source = f"{named} of all targets of the run"
        return Fact(target=target.id, probe=key, value=value, evidence=Evidence(source=source))
