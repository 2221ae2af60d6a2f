"""Which operating system and kernel a target runs, since when, and whether it is a container."""

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record


class OsArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="os",
    text=r"""
f=/etc/os-release
[ -r "$f" ] || f=/usr/lib/os-release
[ -r "$f" ] && while IFS= read -r l || [ -n "$l" ]; do printf 'os %s\n' "$l"; done <"$f"
for f in osrelease version; do
  IFS= read -r l <"/proc/sys/kernel/$f" && printf '%s %s\n' "$f" "$l"
done
IFS= read -r l </proc/version_signature && printf 'signature %s\n' "$l"
read -r l _ </proc/uptime && printf 'uptime %s\n' "$l"
for f in /.dockerenv /run/.containerenv /run/systemd/container /run/host/container-manager \
  /dev/lxd/sock /dev/.lxc-boot-id; do
  [ -e "$f" ] && printf 'container %s\n' "$f"
done
[ -d /proc/vz ] && [ ! -d /proc/bc ] && printf 'container /proc/vz\n'
while IFS= read -r l; do
  case $l in
  */docker*|*/lxc/*|*/lxc.payload*|*/kubepods*|*/libpod*) printf 'container %s\n' "$l" ;;
  esac
done </proc/1/cgroup
printf 'clock '
date -u +%s
printf 'arch '
dpkg --print-architecture || uname -m
return 0
""",
    shown="cat /etc/os-release; uname -rv; uptime -s; date -u; dpkg --print-architecture",
    bounded=True,
    volatile=("uptime ", "clock "),
)
"""Lines of a word and a value; reads files with builtins, starts `date` and `dpkg`."""

_WORD = re.compile(r"([a-z]+) (.*)")
_NUMBER = re.compile(r"[0-9]{1,10}")
_UPTIME = re.compile(r"([0-9]{1,10})(\.[0-9]{1,6})?")
_EPOCH = datetime.fromtimestamp(0, UTC)


def _sections(_args: Sequence[OsArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield word and value of every line that begins with a word, the value stripped."""
    for line in text.split("\n"):
        if match := _WORD.fullmatch(line):
            yield match[1], match[2].strip()


def moment(seconds: str) -> datetime:
    """Return seconds since 1970, written as digits, as a time in UTC; or raise `Unseen`."""
    if not _NUMBER.fullmatch(seconds):
        raise Unseen(Why.UNREADABLE, f"{seconds[:40]!r} is no time")
    return _EPOCH + timedelta(seconds=int(seconds))


def _parse(_args: OsArgs, frames: Frames) -> Record:
    told = list(lines(answer(frames, SECTION.key)))
    seen = {word: value for word, value in reversed(told) if word != "os"}
    found: Record = {"container": "container" in seen}
    found |= _identity(_assignments(value for word, value in told if word == "os"))
    for name, word in (("kernel", "osrelease"), ("kernel_build", "version"), ("arch", "arch")):
        if seen.get(word):
            found[name] = seen[word]
    if "clock" in seen:
        clock = moment(seen["clock"])
        found["clock"] = clock.isoformat()
        if since := booted(clock, seen.get("uptime", "")):
            found["booted"] = since.isoformat()
    if missing := set(PROBE.gives.fields) - set(found):
        detail = f"the target does not tell {', '.join(sorted(missing))}"
        found[GAP] = {"why": Why.NO_DATA, "detail": detail}
    return found


def _assignments(told: Iterable[str]) -> dict[str, str]:
    """Read the assignments of os-release(5): shell words, without expansion."""
    found = {}
    for line in told:
        name, sign, value = line.partition("=")
        if sign and not name.startswith("#"):
            found[name.strip()] = _unquoted(value)
    return found


@lru_cache(maxsize=1024)
def _unquoted(value: str) -> str:
    try:
        return " ".join(shlex.split(value))
    except ValueError:
        return value.strip("\"' ")


def _identity(release: dict[str, str]) -> Record:
    if not release.get("ID"):
        return {}
    return {
        "id": release["ID"].lower(),
        "version": release.get("VERSION_ID", ""),
        "codename": _codename(release),
        "name": release.get("PRETTY_NAME") or release.get("NAME") or release["ID"],
    }


def _codename(release: dict[str, str]) -> str:
    """Return the codename; in older releases it stands only in brackets: "8 (jessie)"."""
    named = release.get("VERSION_CODENAME") or release.get("UBUNTU_CODENAME")
    if named:
        return named
    bracketed = re.search(r"\(([a-z]+)\)", release.get("VERSION", ""))
    return bracketed[1] if bracketed and release["ID"] == "debian" else ""


def booted(clock: datetime, uptime: str) -> datetime | None:
    """Reckon the time of boot, unless the uptime is none or longer than time itself."""
    up = _UPTIME.fullmatch(uptime)
    if up is None or timedelta(seconds=int(up[1])) > clock - _EPOCH:
        return None
    return clock - timedelta(seconds=int(up[1]))


PROBE = ProbeType(
    name="os",
    via=Via.SSH,
    args=OsArgs,
    doc=Text(
        id="Sistem operasi, kernel, waktu menyala dan jam target",
        en="Operating system, kernel, boot time and clock of the target",
    ),
    gives=record(
        "Sistem operasi",
        "Operating system",
        {
            "id": leaf(Kind.TEXT, "Nama pendek sistem operasi", "Operating system id"),
            "version": leaf(Kind.TEXT, "Versi rilis", "Release version", may_be_empty=True),
            "codename": leaf(Kind.TEXT, "Nama sandi rilis", "Release codename", may_be_empty=True),
            "name": leaf(Kind.TEXT, "Nama sistem operasi", "Operating system name"),
            "kernel": leaf(Kind.TEXT, "Kernel yang berjalan", "Running kernel"),
            "kernel_build": leaf(Kind.TEXT, "Versi bangunan kernel", "Kernel build"),
            "arch": leaf(Kind.TEXT, "Arsitektur", "Architecture"),
            "container": leaf(Kind.BOOL, "Kontainer", "Container"),
            "booted": leaf(Kind.TIME, "Menyala sejak", "Up since"),
            "clock": leaf(Kind.TIME, "Jam target (UTC)", "The target's clock (UTC)"),
        },
    ),
    sections=_sections,
    parse=_parse,
)
