"""The SSH session itself: did the target show the key that was confirmed, are we root there."""

from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via


class SessionArgs(Args, frozen=True):
    """Takes no arguments."""


def _sections(_args: Sequence[SessionArgs]) -> tuple[Section, ...]:
    return ()


def _local(_args: SessionArgs, _frames: Frames) -> Record:
    """The answer for the auditor's own machine; over SSH the collector itself answers."""
    return {"host_key": "local", "fingerprint": ""}


PROBE = ProbeType(
    name="session",
    via=Via.SSH,
    args=SessionArgs,
    doc=Text(
        id="Sesi SSH: kunci host dan hak akses yang diperoleh",
        en="The SSH session: host key and privilege that was gained",
    ),
    gives=Field(
        kind=Kind.RECORD,
        label=Text(id="Sesi SSH", en="SSH session"),
        fields={
            "host_key": Field(kind=Kind.TEXT, label=Text(id="Kunci host", en="Host key")),
            "fingerprint": Field(kind=Kind.TEXT, label=Text(id="Sidik jari", en="Fingerprint")),
            "root": Field(kind=Kind.BOOL, label=Text(id="Hak root", en="Root privilege")),
        },
    ),
    sections=_sections,
    parse=_local,
)
