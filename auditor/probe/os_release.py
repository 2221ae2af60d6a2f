"""Which operating system runs there, on which kernel, since when, and what its clock says."""

from collections.abc import Sequence
from datetime import UTC, datetime

from auditor.model.base import Text
from auditor.model.fact import Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, take
from auditor.probe.words import flag, record, text, time, version

KEY = "os"
ARCHITECTURES = {
    "x86_64": "amd64",
    "aarch64": "arm64",
    "armv7l": "armhf",
    "i686": "i386",
    "ppc64le": "ppc64el",
}
"""Machine names of the kernel and what Debian calls them; others are the same."""

_SECTION = Section(
    key=KEY,
    shown="cat /etc/os-release; uname -rvm; date +%s",
    text="""\
printf 'uname %s\\n' "$(uname -rvm)"
printf 'date %s\\n' "$(date +%s)"
while read -r k v; do [ "$k" = btime ] && printf 'btime %s\\n' "$v"; done </proc/stat
for f in /.dockerenv /run/.containerenv /run/systemd/container; do
  [ -e "$f" ] && printf 'container %s\\n' "$f"
done
echo release
head -c 8192 /etc/os-release || head -c 8192 /usr/lib/os-release
""",
)


class OsArgs(Args, frozen=True):
    """Takes no arguments."""


def _sections(_args: Sequence[OsArgs]) -> tuple[Section, ...]:
    return (_SECTION,)


def _parse(_args: OsArgs, frames: Frames) -> Record:
    head, _, release = take(frames, KEY).text.partition("release\n")
    said = dict(line.partition(" ")[::2] for line in head.splitlines())
    names = assignments(release)
    if "ID" not in names:
        raise Unseen(Why.UNSUPPORTED, "no os-release file")
    kernel, _, rest = said.get("uname", "").partition(" ")
    build, _, machine = rest.rpartition(" ")
    return {
        "id": names["ID"].lower(),
        "version": names.get("VERSION_ID", ""),
        "codename": names.get("VERSION_CODENAME", ""),
        "name": names.get("PRETTY_NAME", names["ID"]),
        "kernel": kernel,
        "kernel_build": build,
        "arch": ARCHITECTURES.get(machine, machine),
        "container": "container" in said,
        **_moments(said),
    }


def _moments(said: dict[str, str]) -> Record:
    return {
        field: datetime.fromtimestamp(int(said[key]), UTC).isoformat()
        for field, key in (("booted", "btime"), ("clock", "date"))
        if said.get(key, "").isdecimal() and len(said[key]) <= 11  # noqa: PLR2004 - year 5138
    }


def assignments(text: str) -> dict[str, str]:
    """Read `KEY="value"` lines as os-release(5) writes them."""
    found = {}
    for line in text.splitlines():
        name, is_set, value = line.strip().partition("=")
        if is_set and name and not name.startswith("#"):
            found[name] = value.strip().strip("\"'")
    return found


PROBE = ProbeType(
    name="os",
    via=Via.SSH,
    args=OsArgs,
    doc=Text(id="Sistem operasi, kernel dan jam target", en="Operating system, kernel and clock"),
    gives=record(
        "Sistem operasi",
        "Operating system",
        id=text("Distribusi", "Distribution"),
        version=version("Versi sistem operasi", "Operating system version"),
        codename=text("Nama rilis", "Release name"),
        name=text("Nama lengkap", "Full name"),
        kernel=text("Kernel", "Kernel"),
        kernel_build=text("Susunan kernel", "Kernel build"),
        arch=text("Arsitektur", "Architecture"),
        container=flag("Kontainer", "Container"),
        booted=time("Dinyalakan", "Booted"),
        clock=time("Jam target", "Target's clock"),
    ),
    sections=_sections,
    parse=_parse,
)
