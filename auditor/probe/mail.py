"""Mail of a domain."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class MailArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="mail",
    via=Via.DNS,
    args=MailArgs,
    gives=record("Surel domain", "Mail of a domain", {}),
    doc=Text(id="Surel domain", en="Mail of a domain"),
)
