"""Files and pages that must not be open."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class ExposedArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="exposed",
    via=Via.HTTP,
    args=ExposedArgs,
    gives=record(
        "Berkas dan halaman yang tidak boleh terbuka", "Files and pages that must not be open", {}
    ),
    doc=Text(
        id="Berkas dan halaman yang tidak boleh terbuka", en="Files and pages that must not be open"
    ),
)
