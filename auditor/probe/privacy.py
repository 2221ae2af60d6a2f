"""Treatment of visitors."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class PrivacyArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="privacy",
    via=Via.PAGES,
    args=PrivacyArgs,
    gives=Field(
        kind=Kind.RECORD, label=Text(id="Perlakuan terhadap pengunjung", en="Treatment of visitors")
    ),
    doc=Text(id="Perlakuan terhadap pengunjung.", en="Treatment of visitors."),
)
