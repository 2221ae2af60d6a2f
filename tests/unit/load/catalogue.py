"""A catalogue for lint: a probe type with every kind of fact, and those behind `applies`."""

from auditor.probe import os_release, package
from auditor.probe.base import ProbeType
from tests.unit.evaluate.world import WORLD_TYPE

CATALOGUE: dict[str, ProbeType] = {
    kind.name: kind for kind in (WORLD_TYPE, os_release.PROBE, package.PROBE)
}
