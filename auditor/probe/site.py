"""A web site as a citizen sees it."""

from auditor.model.base import Text
from auditor.probe.base import Args, ProbeType, Via
from auditor.probe.fields import record


class SiteArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="site",
    via=Via.HTTP,
    args=SiteArgs,
    gives=record("Situs web sebagaimana dilihat warga", "A web site as a citizen sees it", {}),
    doc=Text(id="Situs web sebagaimana dilihat warga", en="A web site as a citizen sees it"),
)
