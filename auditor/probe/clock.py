"""What keeps a target's clock right, and in which zone it tells the time."""

from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe import processes
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record


class TimeArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="time",
    shown="readlink /etc/localtime; timedatectl show -p NTPSynchronized; chronyc -n tracking",
    text=r"""
z=$(readlink /etc/localtime)
case $z in
*/zoneinfo/*) printf 'zone %s\n' "${z##*/zoneinfo/}" ;;
*) IFS= read -r z </etc/timezone && printf 'zone %s\n' "$z" ;;
esac
if [ -d /run/systemd/system ] && command -v timedatectl >/dev/null; then
  printf 'ntp %s\n' "$(t 5 timedatectl show -p NTPSynchronized --value)"
elif command -v chronyc >/dev/null; then
  t 5 chronyc -n tracking
fi
return 0
""",
)

_SERVICES = (
    ("chronyd", "chrony"),
    ("ntpd", "ntpd"),
    ("openntpd", "ntpd"),
    ("systemd-timesyn", "timesyncd"),
)


def _sections(_args: Sequence[TimeArgs]) -> tuple[Section, ...]:
    return (processes.SECTION, SECTION)


def _parse(_args: TimeArgs, frames: Frames) -> Record:
    names = processes.running(frames)
    lines = [line.strip() for line in answer(frames, SECTION.key).splitlines()]
    zone = next((line[5:] for line in lines if line.startswith("zone ")), "")
    return {
        "service": next((word for comm, word in _SERVICES if comm in names), "none"),
        "zone": zone.removeprefix("posix/") or "Etc/UTC",
        **_synchronised(lines),
    }


def _synchronised(lines: list[str]) -> Record:
    for line in lines:
        word, _, value = line.partition(" ")
        if word == "ntp" and value in ("yes", "no"):
            return {"synchronised": value == "yes"}
        if line.startswith("Leap status"):
            return {"synchronised": line.rpartition(":")[2].strip() == "Normal"}
    return {GAP: {"why": Why.UNSUPPORTED.value, "detail": "no tool tells whether it is in step"}}


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
            "synchronised": leaf(Kind.BOOL, "Jam selaras", "Clock in step"),
        },
    ),
    sections=_sections,
    parse=_parse,
)
