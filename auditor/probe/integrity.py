"""Integrity of the site."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class IntegrityArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="integrity",
    via=Via.PAGES,
    args=IntegrityArgs,
    gives=Field(kind=Kind.RECORD, label=Text(id="Keutuhan situs", en="Integrity of the site")),
    doc=Text(id="Keutuhan situs.", en="Integrity of the site."),
)
