"""Countries of the services."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class HostingArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="hosting",
    via=Via.DNS,
    args=HostingArgs,
    gives=Field(
        kind=Kind.RECORD, label=Text(id="Negara tempat layanan", en="Countries of the services")
    ),
    doc=Text(id="Negara tempat layanan.", en="Countries of the services."),
)
