"""Units of systemd: what is there, what the next boot starts, what runs now."""

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table
from auditor.probe.systemd_files import FILES, State, files_text, state

_Unit = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9:_][A-Za-z0-9:_.@-]{0,200}\.(service|socket|timer|path|target|mount)\Z"
    ),
]


class SystemdArgs(Args, frozen=True):
    """Units by their full names: all that a service may be called, over the distributions."""

    unit: Annotated[tuple[_Unit, ...], msgspec.Meta(min_length=1)]


_RUNNING = "systemd_running"
_TEXT = """
[ -d /run/systemd/system ] || {{ printf 'off\\n'; return 0; }}
printf 'booted\\n'
command -v systemctl >/dev/null || return 127
t 10 systemctl show -p Names -p ActiveState {names}
"""
_WORKING = ("active", "activating", "reloading")
_STATE = re.compile(r"[a-z-]{1,40}")


def _sections(many: Sequence[SystemdArgs]) -> tuple[Section, ...]:
    names = sorted({unit for args in many for unit in args.unit})
    words = " ".join(names)
    return (
        Section(
            key=_RUNNING,
            text=_TEXT.format(names=words),
            shown=f"systemctl show -p Names -p ActiveState {words}",
            bounded=True,
        ),
        Section(
            key=FILES,
            text=files_text(names),
            shown="find /etc/systemd/system /usr/lib/systemd/system -maxdepth 2 -type l",
            bounded=True,
        ),
    )


def _parse(args: SystemdArgs, frames: Frames) -> Record:
    seen = answer(frames, FILES)
    told = frames.get(_RUNNING)
    first = told.text.split("\n")[0] if told else ""
    booted = first == "booted"
    active: dict[str, str] = {}
    gap: Record = _SILENT if booted else _OFF
    try:
        active = _active(answer(frames, _RUNNING).split("\n"))
        knows = first in ("booted", "off")
    except Unseen as unseen:
        gap = {"why": unseen.why, "detail": unseen.detail}
        knows = booted
    rows = [_row(unit, state(seen, unit), active, gap) for unit in args.unit]
    there = [row for row in rows if row["exists"]]
    found: Record = {
        **({"booted": booted} if knows else {GAP: gap}),
        "exists": bool(there),
        "starts": any(row["starts"] for row in rows),
        "masked": bool(there) and all(row["state"] == "masked" for row in there),
        "units": rows,
    }
    if all("active" in row for row in rows):
        found["active"] = any(row["active"] in _WORKING for row in rows)
    else:
        found[GAP] = gap
    starting = next((row["place"] for row in rows if row["starts"]), "")
    if starting:
        found["places"] = {"starts": starting}
    return found


_OFF = {"why": Why.NO_DATA, "detail": "systemd does not run here: nothing tells what is active"}
_SILENT = {"why": Why.UNREADABLE, "detail": "systemctl does not speak of it"}


def _row(unit: str, state: State, active: dict[str, str], gap: Record) -> Record:
    row: Record = {
        "unit": unit,
        "exists": state.word != "not-found",
        "state": state.word,
        "starts": state.starts,
        "place": state.place,
    }
    if unit in active or not row["exists"]:
        row["active"] = active.get(unit, "inactive")
    else:
        row[GAP] = gap
    return row


def _active(lines: Sequence[str]) -> dict[str, str]:
    """Return the state of each unit by all its names; a blank line ends what is told of one."""
    found: dict[str, str] = {}
    names: list[str] = []
    word = ""
    for line in (*lines, ""):
        key, _, value = line.partition("=")
        if key == "Names":
            names = value.split()
        elif key == "ActiveState" and _STATE.fullmatch(value):
            word = value
        elif not line:
            found |= dict.fromkeys(names, word) if word else {}
            names, word = [], ""
    return found


PROBE = ProbeType(
    name="systemd",
    via=Via.SSH,
    args=SystemdArgs,
    doc=Text(
        id="Unit systemd (layanan, soket, timer): terpasang, dijalankan saat boot, sedang "
        "berjalan; juga bila systemd tidak berjalan, dan untuk skrip SysV",
        en="Units of systemd (services, sockets, timers): installed, started at boot, active; also "
        "where systemd does not run, and for SysV scripts",
    ),
    gives=record(
        "Unit systemd",
        "systemd unit",
        {
            "booted": leaf(Kind.BOOL, "systemd berjalan", "systemd runs"),
            "exists": leaf(Kind.BOOL, "Unit ada", "Unit exists"),
            "starts": leaf(Kind.BOOL, "Dijalankan saat boot", "Started at boot"),
            "masked": leaf(Kind.BOOL, "Unit ditutup (masked)", "Unit is masked"),
            "active": leaf(Kind.BOOL, "Sedang berjalan", "Active"),
            "units": table(
                "Unit",
                "Units",
                "unit",
                {
                    "unit": leaf(Kind.TEXT, "Unit", "Unit"),
                    "exists": leaf(Kind.BOOL, "Unit ada", "Unit exists"),
                    "state": leaf(Kind.TEXT, "Keadaan berkas unit", "State of the unit file"),
                    "starts": leaf(Kind.BOOL, "Dijalankan saat boot", "Started at boot"),
                    "active": leaf(Kind.TEXT, "Keadaan sekarang", "State now"),
                    "place": leaf(Kind.TEXT, "Berkas", "File", may_be_empty=True),
                },
            ),
        },
    ),
    shared=True,
    sections=_sections,
    parse=_parse,
)
