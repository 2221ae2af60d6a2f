"""Every package that a target has installed, as dpkg knows it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table


class PackagesArgs(Args, frozen=True):
    """Takes no arguments."""


_FORMAT = (
    r"${Package}\t${Version}\t${source:Package}\t${source:Version}"
    r"\t${Architecture}\t${db:Status-Abbrev}\n"
)

SECTION = Section(
    key="packages",
    text=f"command -v dpkg-query >/dev/null || return 127\nt 30 dpkg-query -W -f='{_FORMAT}' 2>&1",
    shown="dpkg-query -W",
    bounded=True,
)
"""The whole list, for all probes that ask about packages: dpkg-query reads its file once.

rpm is not asked: as root `rpm -qa` may write to its own database.
"""

_COLUMNS = 6


class Package(NamedTuple):
    """A line of the list. `status` is dpkg's letters: wanted, present ("ii", "hi", "rc", "iU").

    `name` carries ":arch" only where it is of a foreign architecture.
    """

    name: str
    version: str
    source: str
    source_version: str
    arch: str
    status: str

    @property
    def installed(self) -> bool:
        """Whether its files are there, configured or not."""
        return self.status[1:2] not in ("", "n", "c")

    @property
    def held(self) -> bool:
        """Whether it is kept from upgrades."""
        return self.status.startswith("h")


def read_packages(frames: Frames) -> list[Package]:
    """Return all packages in dpkg's order, those too of which only the configuration is left.

    Raises `Unseen` where there is no dpkg, where it fails, and where a line is not understood: a
    package that was lost on the way must not count as absent.
    """
    return list(_packages(answer(frames, SECTION.key)))


def installed_packages(frames: Frames) -> Mapping[str, Package]:
    """Return those whose files are there, by name; raises `Unseen` as `read_packages` does."""
    return _installed(answer(frames, SECTION.key))


@lru_cache(maxsize=16)
def _installed(text: str) -> Mapping[str, Package]:
    return {package.name: package for package in _packages(text) if package.installed}


@lru_cache(maxsize=16)
def _packages(text: str) -> tuple[Package, ...]:
    rows = [line.split("\t") for line in text.split("\n") if line]
    if not rows:
        raise Unseen(Why.NO_DATA, "dpkg knows no package")
    odd = next((row for row in rows if len(row) != _COLUMNS or not row[0]), None)
    if odd is not None:
        raise Unseen(Why.UNREADABLE, f"dpkg-query: {' '.join(odd)[:100]!r} is no package")
    home = (_native(row[4] for row in rows), "all", "")
    return tuple(
        Package(
            name if arch in home else f"{name}:{arch}",
            version,
            source,
            source_version,
            arch,
            status.strip(),
        )
        for name, version, source, source_version, arch, status in rows
    )


def _native(archs: Iterable[str]) -> str:
    """Return the architecture of most packages."""
    counted = Counter(arch for arch in archs if arch not in ("all", ""))
    return max(sorted(counted), key=counted.__getitem__, default="")


def _sections(_args: Sequence[PackagesArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(_args: PackagesArgs, frames: Frames) -> Record:
    return {"manager": "dpkg", "packages": [p._asdict() for p in read_packages(frames)]}


PROBE = ProbeType(
    name="packages",
    via=Via.SSH,
    args=PackagesArgs,
    doc=Text(
        id="Semua paket yang dikenal dpkg beserta paket sumber dan versinya",
        en="All packages that dpkg knows, with their source packages and versions",
    ),
    gives=record(
        "Daftar paket",
        "Package list",
        {
            "manager": leaf(Kind.TEXT, "Pengelola paket", "Package manager"),
            "packages": table(
                "Paket",
                "Packages",
                "name",
                {
                    "name": leaf(Kind.TEXT, "Nama paket", "Package name"),
                    "version": leaf(Kind.VERSION, "Versi", "Version", may_be_empty=True),
                    "source": leaf(Kind.TEXT, "Paket sumber", "Source package"),
                    "source_version": leaf(
                        Kind.VERSION,
                        "Versi paket sumber",
                        "Source package version",
                        may_be_empty=True,
                    ),
                    "arch": leaf(Kind.TEXT, "Arsitektur", "Architecture"),
                    "status": leaf(Kind.TEXT, "Status dpkg", "dpkg status"),
                },
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
)
