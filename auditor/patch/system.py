"""What is installed, as the vendor's lists see it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from auditor.model.base import Value
from auditor.patch.ecosystem import Family, family
from auditor.patch.streams import plain
from auditor.patch.verdict import Verdict


class Installed(NamedTuple):
    """A package whose files are there; `version` and `source_version` as the manager writes them.

    `name` has ":arch" where the architecture is foreign; of several versions that rpm keeps, older
    ones have their version in the name (see probe/packages.py).
    """

    name: str
    version: str
    source: str
    source_version: str
    held: bool = False
    stream: str = ""


class System(Value, frozen=True):
    """A target in the vendor's words: distribution and release as in model/advisory.py."""

    distribution: str
    release: str
    arch: str = ""
    kernel: frozenset[str] = frozenset()
    """Names of the packages that hold the running kernel; none in a container."""
    running: str = ""
    """Package version of the kernel that runs; empty: that of its package."""
    newest: str = ""
    """Package version of the newest installed kernel of its kind; empty: that of its package."""
    pockets: frozenset[str] = frozenset()
    """Paid or special pockets that it is attached to."""
    secure: bool = True
    """Its sources list the security suite."""
    patched: frozenset[str] = frozenset()
    """Weaknesses that are mended in the running kernel without a reboot."""

    @property
    def offered(self) -> Verdict:
        """What a fix in the release itself is to it: pending, or to be had elsewhere first."""
        return Verdict.UPDATE_PENDING if self.secure else Verdict.UPDATE_NOT_ENABLED


class Unit(NamedTuple):
    """What is looked up in the vendor's lists at once; hashable, alike on alike targets."""

    name: str
    version: str
    source: str
    stream: str = ""
    kernel: bool = False
    """The running kernel: `version` is the one that runs, `installed` the newest that is there."""
    installed: str = ""


_META = ("linux-latest", "linux-meta", "linux-restricted-modules")
_RPM_KERNEL = ("kernel", "kernel-core", "kernel-modules", "kernel-modules-core", "kernel-default")
_RPM_FLAVOUR = ("kernel-rt", "kernel-uek", "kernel-64k", "kernel-azure", "kernel-modules-extra")


def units(system: System, packages: Iterable[Installed]) -> tuple[Unit, ...]:
    """Return each distinct unit once, in order of appearance.

    deb, apk: one a source package and version. rpm: one a binary package. A kernel that does not
    run, its headers, documentation and metapackages, carry no weakness of the kernel.
    """
    kind = family(system.distribution)
    found: dict[Unit, None] = {}
    for package in packages:
        unit = _unit(kind, package)
        if isinstance(unit, Unit):
            found[unit] = None
        elif package.name in system.kernel:
            found[_running(system, package, unit)] = None
    return tuple(found)


@lru_cache(maxsize=2**15)
def _unit(kind: Family | None, package: Installed) -> "Unit | str":
    """Return the unit of a package; of one that belongs to a kernel, the name that lists use."""
    if kind is Family.DEB:
        source, version = package.source, package.source_version or package.version
        return kernel_source(source) or Unit(source, version, source)
    if kind is Family.APK:
        source = package.source or package.name
        return Unit(source, package.version, source)
    name = package.name.partition(":")[0]
    if is_rpm_kernel(name):
        return name.removesuffix(f"-{package.version.rpartition(':')[2]}")
    return Unit(name, package.version, package.source or name, plain(package.stream))


@lru_cache(maxsize=2**14)
def kernel_source(source: str) -> str:
    """Return what Debian's and Ubuntu's lists call a kernel; "" for what is none.

    The signed images come from a source package of their own, whose version is written otherwise
    (6.1.192+1 for 6.1.192-1): they are looked up as the kernel that was signed, by their binary
    version.
    """
    if source.startswith(_META):
        return "linux"
    if match := _SIGNED.fullmatch(source):
        source = f"linux{match[1]}"
    return source if _KERNEL.fullmatch(source) else ""


_SIGNED = re.compile(r"linux-(?:restricted-)?signed(.*?)(?:-(?:amd64|arm64|i386))?")
_KERNEL = re.compile(
    r"linux(-[0-9.]+"
    r"|-(allwinner|aws|azure|bluefield|fips|gcp|gke|gkeop|hwe|ibm|intel|iot|kvm|lowlatency|nvidia"
    r"|oem|oracle|raspi2?|realtime|riscv|starfive|xilinx)(-.+)?)?"
)
"""The release's own; a later one that is offered beside it ("linux-6.1"); Ubuntu's flavours."""


def _running(system: System, package: Installed, name: str) -> Unit:
    """Return the running kernel; where its parts come from several sources, it is one all the same.

    rpm's lists name binary packages: each part is looked up there.
    """
    is_deb = family(system.distribution) is Family.DEB
    return Unit(
        name,
        system.running or package.version,
        name if is_deb else package.source or name,
        kernel=True,
        installed=system.newest or package.version,
    )


@lru_cache(maxsize=2**14)
def is_rpm_kernel(name: str) -> bool:
    """Tell whether an rpm package holds a kernel (not its tools, headers or documentation)."""
    if name in _RPM_KERNEL or name.startswith(_RPM_FLAVOUR):
        return not name.endswith(("-devel", "-headers", "-doc"))
    head, dash, version = name.rpartition("-")
    return bool(dash) and version[:1].isdigit() and is_rpm_kernel(head.rpartition("-")[0])
