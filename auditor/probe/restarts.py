"""Which processes still run what was replaced: an update that is installed, but not in force."""

from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.mapped import SECTIONS, read_mapped


class RestartsArgs(Args, frozen=True):
    """Takes no arguments."""


def _sections(_args: Sequence[RestartsArgs]) -> tuple[Section, ...]:
    return SECTIONS


def _parse(_args: RestartsArgs, frames: Frames) -> Record:
    """Name the package of each replaced file; one that is of none any more stands for itself.

    That none is found says nothing where not all processes were looked at.
    """
    seen = read_mapped(frames)
    processes: dict[str, set[str]] = {}
    for path, names in seen.replaced.items():
        for package in seen.packages((path,)) or (path,):
            processes.setdefault(package, set()).update(names)
    found: Record = {"complete": seen.root and seen.whole}
    if processes or found["complete"]:
        found["services"] = [
            {"package": name, "processes": sorted(processes[name])} for name in sorted(processes)
        ]
    else:
        why = Why.NO_DATA if seen.root else Why.NEEDS_ROOT
        found[GAP] = {"why": why, "detail": "not all processes were looked at"}
    return found


PROBE = ProbeType(
    name="restarts",
    via=Via.SSH,
    args=RestartsArgs,
    doc=Text(
        id="Proses yang masih memakai berkas lama sesudah paketnya diperbarui",
        en="Processes that still use the old files of a package that was updated",
    ),
    gives=record(
        "Proses yang perlu dijalankan ulang",
        "Processes to restart",
        {
            "services": table(
                "Paket yang berkasnya diganti",
                "Packages whose files were replaced",
                "package",
                {
                    "package": leaf(Kind.TEXT, "Paket atau berkas", "Package or file"),
                    "processes": leaf(Kind.TEXTS, "Proses", "Processes"),
                },
                may_be_empty=True,
            ),
            "complete": leaf(Kind.BOOL, "Semua proses dilihat", "All processes were looked at"),
        },
    ),
    sections=_sections,
    parse=_parse,
    shared=True,
)
