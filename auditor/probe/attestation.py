"""Statements of officials."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class AttestationArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="attestation",
    via=Via.ATTEST,
    args=AttestationArgs,
    gives=Field(
        kind=Kind.RECORD, label=Text(id="Pernyataan pejabat", en="Statements of officials")
    ),
    doc=Text(id="Pernyataan pejabat.", en="Statements of officials."),
)
