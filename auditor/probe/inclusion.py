"""Accessibility and freshness."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class InclusionArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="inclusion",
    via=Via.PAGES,
    args=InclusionArgs,
    gives=Field(
        kind=Kind.RECORD,
        label=Text(id="Keterbacaan dan kemutakhiran", en="Accessibility and freshness"),
    ),
    doc=Text(id="Keterbacaan dan kemutakhiran.", en="Accessibility and freshness."),
)
