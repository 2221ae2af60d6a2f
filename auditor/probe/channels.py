"""Channels of complaint and openness."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class ChannelsArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="channels",
    via=Via.PAGES,
    args=ChannelsArgs,
    gives=Field(
        kind=Kind.RECORD,
        label=Text(id="Kanal pengaduan dan keterbukaan", en="Channels of complaint and openness"),
    ),
    doc=Text(id="Kanal pengaduan dan keterbukaan.", en="Channels of complaint and openness."),
)
