"""DNS zone."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class DnsArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="dns",
    via=Via.DNS,
    args=DnsArgs,
    gives=record("Zona DNS", "DNS zone", {}),
    doc=Text(id="Zona DNS", en="DNS zone"),
)
