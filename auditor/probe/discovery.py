"""Unknown hosts in networks."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class DiscoveryArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="discovery",
    via=Via.PORTS,
    args=DiscoveryArgs,
    gives=record("Host tak dikenal di jaringan", "Unknown hosts in networks", {}),
    doc=Text(id="Host tak dikenal di jaringan", en="Unknown hosts in networks"),
)
