"""Prove a check by its own examples: facts as the probes would give them, and the verdict."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from auditor.bind import BoundCheck
from auditor.errors import ConfigError
from auditor.evaluate import evaluate
from auditor.model.base import OpdId, ProbeKey, TargetId
from auditor.model.check import Check, Example
from auditor.model.fact import GAP, Evidence, Fact, Gap, Json, Observation, Why
from auditor.model.inventory import Target
from auditor.model.result import Result
from auditor.model.shape import misfits
from auditor.plan import Catalogue, Chosen, bind
from auditor.probe.base import Probe

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""Examples with dates are judged as of this moment."""
ORDINARY = Target(
    id=TargetId("web1"),
    opd=OpdId("kominfo"),
    address="10.0.0.1",
    roles=("web",),
    ports=("22/tcp", "80/tcp", "443/tcp"),
    sites=("web1.batu.lab",),
    domains=("batu.lab",),
    networks=("10.0.0.0/24",),
)
"""The server that examples speak of, where they do not say otherwise."""
_DEBIAN = {"id": "debian", "version": "12", "codename": "bookworm", "container": False}


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """A check bound to the target of an example, and what is seen there."""

    bound: BoundCheck
    target: Target
    observations: Mapping[ProbeKey, Observation]


def run_example(check: Check, example: Example, catalogue: Catalogue) -> Result:
    """Judge a check on an example's facts; compare `status` with `example.verdict`.

    Probes that the example does not give are gaps. What `applies` asks of the system is true of
    a Debian 12 server with the named packages, unless the example gives `os` or `package`.
    Raises `ConfigError` where the example gives what its probe could not.
    """
    case = situation(check, example, catalogue)
    return evaluate(case.bound, case.target.id, case.observations, NOW)


def situation(check: Check, example: Example, catalogue: Catalogue) -> Situation:
    """Return what an example speaks of; raises as `run_example`."""
    target = example_target(example)
    chosen = Chosen(check=check.id, params=example.params, severity=None)
    bound = bind(check, chosen, target, catalogue)
    seen = _observations(bound, example, target.id)
    return Situation(bound=bound, target=target, observations=seen)


def example_target(example: Example) -> Target:
    """Return the ordinary server with what the example changes; raises ValidationError."""
    return msgspec.convert({**msgspec.to_builtins(ORDINARY), **example.target}, Target)


def _observations(
    bound: BoundCheck, example: Example, target: TargetId
) -> Mapping[ProbeKey, Observation]:
    given = {alias: (probe, example.given.get(alias)) for alias, probe in bound.probes.items()}
    if bound.applies_os is not None:
        given["os"] = (bound.applies_os, example.given.get("os", _DEBIAN))
    if bound.applies_package is not None:
        names = msgspec.to_builtins(bound.applies_package.args)["name"]
        installed = {"packages": [{"name": name, "installed": True} for name in names]}
        given["package"] = (bound.applies_package, example.given.get("package", installed))
    return {
        probe.key: _observation(bound.check, alias, probe, value, target)
        for alias, (probe, value) in given.items()
    }


def _observation(
    check: Check, alias: str, probe: Probe, value: Json, target: TargetId
) -> Observation:
    if value is None:
        detail = "the example does not give it"
        return Gap(target=target, probe=probe.key, why=Why.NO_DATA, detail=detail)
    if isinstance(value, dict) and value.get(GAP) in list(Why):
        why = Why(value[GAP])
        return Gap(target=target, probe=probe.key, why=why, detail=f"gap in the example: {why}")
    misfit = next(misfits(value, probe.type.gives), None)
    if misfit is not None:
        place = f"{alias}.{misfit}".rstrip(".")
        raise ConfigError(check.id, f"an example gives {place} as its probe would not")
    return Fact(target=target, probe=probe.key, value=value, evidence=Evidence(source="example"))
