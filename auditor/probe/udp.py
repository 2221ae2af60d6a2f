"""UDP services."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class UdpArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="udp",
    via=Via.PORTS,
    args=UdpArgs,
    gives=record("Layanan UDP", "UDP services", {}),
    doc=Text(id="Layanan UDP", en="UDP services"),
)
