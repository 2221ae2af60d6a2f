"""The list of installed packages, read from the package manager's own database."""

from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import Why
from auditor.probe.base import NOT_FOUND, Args, Frames, ProbeType, Record, Section, Unseen, Via, take
from auditor.probe.words import record, table, text, version

KEY = "dpkg"
COLUMNS = ("name", "status", "version", "source", "source_version", "arch")
_FORMAT = (
    "${Package}\\t${db:Status-Abbrev}\\t${Version}\\t${source:Package}\\t${source:Version}"
    "\\t${Architecture}\\n"
)
SECTION = Section(
    key=KEY,
    shown="dpkg-query -W",
    text=f"command -v dpkg-query >/dev/null || return {NOT_FOUND}\n"
    f"$T 30 dpkg-query -W -f='{_FORMAT}'",
    limit=4 * 2**20,
)


class PackagesArgs(Args, frozen=True):
    """Takes no arguments."""


def _sections(_args: Sequence[PackagesArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def installed(frames: Frames) -> list[Record]:
    """Return every package that the database knows, removed ones included."""
    frame = take(frames, KEY)
    if frame.rc == NOT_FOUND:
        raise Unseen(Why.UNSUPPORTED, "no dpkg on this system")
    if frame.rc != 0:
        raise Unseen(Why.UNREADABLE, f"dpkg-query ended with {frame.rc}")
    rows = [line.split("\t") for line in frame.text.splitlines()]
    packages: list[Record] = [
        {**dict(zip(COLUMNS, row, strict=True)), "status": row[1].strip()}
        for row in rows
        if len(row) == len(COLUMNS)
    ]
    if not packages or len(packages) != len(rows):
        raise Unseen(Why.UNREADABLE, "the package list is damaged")
    return packages


def is_installed(package: Record) -> bool:
    """Tell whether a package is on the system (installed or half configured), held or not."""
    return bool(package["status"][1:2] not in ("", "n", "c"))


def _parse(_args: PackagesArgs, frames: Frames) -> Record:
    return {"manager": "dpkg", "packages": installed(frames)}


PROBE = ProbeType(
    name="packages",
    via=Via.SSH,
    args=PackagesArgs,
    doc=Text(id="Semua paket yang terpasang", en="All installed packages"),
    gives=record(
        "Daftar paket",
        "Package list",
        manager=text("Pengelola paket", "Package manager"),
        packages=table(
            "Paket",
            "Packages",
            ("name", "arch"),
            name=text("Paket", "Package"),
            status=text("Status", "Status"),
            version=version("Versi", "Version"),
            source=text("Paket sumber", "Source package"),
            source_version=version("Versi sumber", "Source version"),
            arch=text("Arsitektur", "Architecture"),
        ),
    ),
    sections=_sections,
    parse=_parse,
)
