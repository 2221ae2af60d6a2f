"""The site inside a browser."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class BrowserViewArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="browser_view",
    via=Via.BROWSER,
    args=BrowserViewArgs,
    gives=Field(
        kind=Kind.RECORD, label=Text(id="Situs di dalam peramban", en="The site inside a browser")
    ),
    doc=Text(id="Situs di dalam peramban.", en="The site inside a browser."),
)
