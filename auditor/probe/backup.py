"""Backups by the files of a machine: which jobs are due, where they write, when they last did.

Commands are judged on the target: the tool, the place of the line and the destinations leave it,
without user names and passwords in addresses.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe import backup_script as script
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table


class BackupArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="backup",
    text=script.TEXT,
    shown="grep -E 'borg|restic|rsync|mysqldump|…' CRONTABS UNITS; find DESTINATIONS -newer …",
    root=True,
    bounded=True,
)

_HYPERVISOR = ("proxmox-guest",)
"""Says that someone else could copy the whole machine, not that someone does."""
_REMOTE = re.compile(
    r"(ssh|sftp|rest|s3|b2|azure|gs|swift|rclone|rsync|ftps?|webdav|smb|nfs):|[^/].*:"
)
_NETWORK_FS = frozenset(("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "ceph", "9p"))
_STATE_FIELDS = 7


class _Told(NamedTuple):
    jobs: list[tuple[str, str, str, str, list[str]]]
    """Class, kind, tool, place, destinations."""
    targets: list[tuple[str, str]]
    called: set[str]
    timers: set[str]
    agents: list[str]
    states: list[Record]


def _read(text: str) -> _Told:
    told = _Told([], [], set(), set(), [], [])
    for line in text.split("\n"):
        word, *rest = line.split("\t")
        if word == "job" and len(rest) >= 4:  # noqa: PLR2004 - the fields before destinations
            told.jobs.append((rest[0], rest[1], rest[2], rest[3], rest[4:]))
        elif word == "to" and len(rest) == 2:  # noqa: PLR2004
            told.targets.append((rest[0], rest[1]))
        elif word == "call" and rest[1:]:
            told.called.add(rest[1])
        elif word == "timer" and rest:
            told.timers.add(rest[0].removesuffix(".timer"))
        elif word == "agent" and rest and rest[0] not in told.agents:
            told.agents.append(rest[0])
        elif word == "state" and len(rest) == _STATE_FIELDS - 1:
            _state(rest, told.states)
    return told


def _state(rest: Sequence[str], states: list[Record]) -> None:
    device, kind, mode, owner, newest, path = rest
    if newest.isdecimal() and mode.isdecimal():
        states.append(
            {
                "path": path,
                "device": device,
                "fstype": kind,
                "mode": mode.zfill(4)[-4:],
                "owner": owner,
                "newest": int(newest[:11]),
            }
        )


def _is_due(kind: str, place: str, told: _Told) -> bool:
    """Tell whether something starts a job: cron, an enabled timer, or a script that they call."""
    path = place.rpartition(":")[0]
    if kind == "unit":
        return path.rpartition("/")[2].removesuffix(".service") in told.timers
    return kind == "schedule" or path in told.called


def _parse(_args: BackupArgs, frames: Frames) -> Record:
    told = _read(answer(frames, SECTION.key))
    due = [job for job in told.jobs if _is_due(job[0], job[3], told) and job[1] != "transfer"]
    moves = [job for job in told.jobs if _is_due(job[0], job[3], told) and job[1] == "transfer"]
    agents = [name for name in told.agents if name not in _HYPERVISOR]
    root = next((one for one in told.states if one["path"] == "/"), None)
    states = [one for one in told.states if one["path"] != "/"]
    away = {one["path"] for one in states if one["fstype"] in _NETWORK_FS}
    goals = [goal for job in (*due, *moves) for goal in job[4]] + [goal for _, goal in told.targets]
    remote = bool(agents) or any(_is_remote(goal, away) for goal in goals)
    found: Record = {
        "exists": bool(due or moves or agents),
        "jobs": [_job(job, away) for job in (*due, *moves)],
        "agents": agents,
        "off_host": remote and bool(due or moves or agents),
        "databases": any(job[1] == "database" for job in due),
        "destinations": [_destination(one, root) for one in states],
    }
    newest = max((one["newest"] for one in states), default=0)
    if newest:
        found["newest"] = datetime.fromtimestamp(newest, UTC).isoformat()
    else:
        found[GAP] = {"why": Why.NO_DATA, "detail": "no destination or state of a job was found"}
    return found


def _is_remote(goal: str, away: set[str]) -> bool:
    return _REMOTE.match(goal) is not None or any(
        f"{goal}/".startswith(f"{path}/") for path in away
    )


def _job(job: tuple[str, str, str, str, list[str]], away: set[str]) -> Record:
    _, kind, tool, place, goals = job
    return {
        "place": place,
        "tool": tool,
        "kind": kind,
        "destinations": goals,
        "off_host": any(_is_remote(goal, away) for goal in goals),
    }


def _destination(one: Record, root: Record | None) -> Record:
    found: Record = {
        "path": one["path"],
        "mode": one["mode"],
        "owner": one["owner"],
        "fstype": one["fstype"],
        "same_disk": root is not None and one["device"] == root["device"],
    }
    if one["newest"]:
        found["newest"] = datetime.fromtimestamp(one["newest"], UTC).isoformat()
    return found


PROBE = ProbeType(
    name="backup",
    via=Via.SSH,
    args=BackupArgs,
    doc=Text(
        id="Tugas cadangan menurut cron, timer systemd dan skrip yang dipanggilnya, tujuannya "
        "(di luar server atau tidak), dan berkas terbaru di tujuan atau catatan alatnya",
        en="Backup jobs by cron, systemd timers and the scripts that they call, where they write "
        "(off the machine or not), and the newest file there or in the tool's own state",
    ),
    gives=record(
        "Cadangan",
        "Backup",
        {
            "exists": leaf(Kind.BOOL, "Ada cadangan terjadwal", "A backup is scheduled"),
            "jobs": table(
                "Tugas cadangan",
                "Backup jobs",
                "place",
                {
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                    "tool": leaf(Kind.TEXT, "Alat", "Tool"),
                    "kind": leaf(Kind.TEXT, "Isi", "Content"),
                    "destinations": leaf(Kind.TEXTS, "Tujuan", "To", may_be_empty=True),
                    "off_host": leaf(Kind.BOOL, "Di luar server", "Off the machine"),
                },
                may_be_empty=True,
            ),
            "agents": leaf(Kind.TEXTS, "Agen cadangan", "Backup agents", may_be_empty=True),
            "off_host": leaf(Kind.BOOL, "Di luar server", "Off the machine"),
            "databases": leaf(Kind.BOOL, "Basis data dicadangkan", "Databases are dumped"),
            "destinations": table(
                "Folder tujuan",
                "Destination folders",
                "path",
                {
                    "path": leaf(Kind.TEXT, "Folder", "Folder"),
                    "mode": leaf(Kind.MODE, "Izin", "Mode"),
                    "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
                    "fstype": leaf(Kind.TEXT, "Sistem berkas", "File system"),
                    "same_disk": leaf(Kind.BOOL, "Di diska sistem", "On the system's disk"),
                    "newest": leaf(Kind.TIME, "Berkas terbaru", "Newest file"),
                },
                may_be_empty=True,
            ),
            "newest": leaf(Kind.TIME, "Cadangan terbaru", "Newest backup"),
        },
    ),
    sections=lambda _args: (SECTION,),
    parse=_parse,
)
