"""What keeps a target's clock right, and in which zone it tells the time."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe import os_release, processes, time_servers
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record
from auditor.probe.texts import texts


class TimeArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="time",
    shown="readlink /etc/localtime; timedatectl show -p NTPSynchronized; chronyc -n tracking",
    text=r"""
if [ -L /etc/localtime ]; then
  z=$(readlink /etc/localtime)
  case $z in */zoneinfo/*) printf 'zone %s\n' "${z##*/zoneinfo/}" ;; esac
elif [ -e /etc/localtime ]; then
  IFS= read -r z </etc/timezone && printf 'zone %s\n' "$z"
else
  printf 'zone Etc/UTC\n'
fi
if command -v chronyc >/dev/null && [ -d /run/chrony ]; then
  t 5 chronyc -h 127.0.0.1 -n tracking
elif [ -e /run/systemd/timesync/synchronized ]; then
  printf 'ntp yes\n'
elif [ -d /run/systemd/system ] && command -v timedatectl >/dev/null; then
  printf 'ntp %s\n' "$(t 5 timedatectl show -p NTPSynchronized --value)"
fi
printf 'clock '
date -u +%s
return 0
""",
    bounded=True,
    volatile=(
        *("clock ", "Reference ID", "Ref time", "System time", "Last offset", "RMS offset"),
        *("Frequency", "Residual freq", "Skew", "Root delay", "Root dispersion", "Update interval"),
    ),
)
"""chronyc is asked over loopback: over its socket it would create a file for the answer."""

_SERVICES = (
    ("chronyd", "chrony"),
    ("ntpd", "ntpd"),
    ("systemd-timesyn", "timesyncd"),
)


_LEAP = re.compile(r"^Leap status *: *(.*?) *$", re.MULTILINE)
"""chrony's line; a leap second that is due does not mean that it is "Not synchronised"."""


def _sections(_args: Sequence[TimeArgs]) -> tuple[Section, ...]:
    return (processes.SECTION, SECTION)


def _reads(_args: Sequence[TimeArgs]) -> tuple[str, ...]:
    return time_servers.READS


def _parse(_args: TimeArgs, frames: Frames) -> Record:
    names = processes.running(frames)
    text = answer(frames, SECTION.key)
    told = dict(os_release.lines(text))
    found: Record = {
        "service": next((word for comm, word in _SERVICES if comm in names), "none"),
    }
    if told.get("zone"):
        found["zone"] = told["zone"].removeprefix("posix/").removeprefix("right/")
    if "clock" in told:
        found["clock"] = os_release.moment(told["clock"]).isoformat()
    if told.get("ntp") in ("yes", "no"):
        found["synchronised"] = told["ntp"] == "yes"
    elif leap := _LEAP.search(text):
        found["synchronised"] = leap[1] in ("Normal", "Insert second", "Delete second")
    try:
        found |= time_servers.servers(texts(frames))
    except Unseen as unseen:
        gap = {GAP: {"why": unseen.why, "detail": unseen.detail}}
        found |= dict.fromkeys(time_servers.FIELDS, gap)
    if missing := set(PROBE.gives.fields) - set(found):
        detail = f"the target does not tell {', '.join(sorted(missing))}"
        found[GAP] = {"why": Why.NO_DATA, "detail": detail}
    return found


PROBE = ProbeType(
    name="time",
    via=Via.SSH,
    args=TimeArgs,
    doc=Text(id="Penyelarasan jam dan zona waktu", en="Clock synchronisation and time zone"),
    gives=record(
        "Waktu",
        "Time",
        {
            "service": leaf(Kind.TEXT, "Penyelaras jam", "Time service"),
            "zone": leaf(Kind.TEXT, "Zona waktu", "Time zone"),
            "clock": leaf(Kind.TIME, "Jam target (UTC)", "The target's clock (UTC)"),
            "synchronised": leaf(Kind.BOOL, "Jam selaras", "Clock in step"),
            **time_servers.FIELDS,
        },
    ),
    sections=_sections,
    reads=_reads,
    parse=_parse,
)
