"""Personal data in the open."""

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, ProbeType, Via


class PersonalDataArgs(Args, frozen=True):
    """Takes no arguments."""


PROBE = ProbeType(
    name="personal_data",
    via=Via.PAGES,
    args=PersonalDataArgs,
    gives=Field(
        kind=Kind.RECORD, label=Text(id="Data pribadi yang terbuka", en="Personal data in the open")
    ),
    doc=Text(id="Data pribadi yang terbuka.", en="Personal data in the open."),
)
