"""Which installed kernel a target would boot, and whether it is the one that runs."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from auditor.model.fact import Why
from auditor.patch.deb_version import deb_key
from auditor.patch.rpm_version import rpm_key
from auditor.probe.base import Unseen
from auditor.probe.packages import Package


class Kernel(NamedTuple):
    """The newest installed kernel of the running kind: as `uname -r` names it, its package."""

    release: str
    package: str
    version: str
    waits: bool
    """It is not the one that runs."""


def newest(running: str, told: str, packages: Sequence[Package]) -> Kernel | None:
    """Return the newest kernel of the kind that runs; one that comes from elsewhere has none.

    `told` is what the running kernel says of its own build. Raises `Unseen` where rpm has kernels,
    but not the one that runs: its kind is unknown then.
    """
    match packages[0].manager if packages else "":
        case "rpm":
            return _rpm(running, packages)
        case "apk":
            return _apk(running, packages)
        case _:
            return _debian(running, told, packages)


_IMAGE = re.compile(r"(linux-image-(?:unsigned-)?([0-9].*?))(?:-unsigned)?")
_RELEASE = re.compile(r"([0-9].*?)-([a-z].*)")
_PART = re.compile(
    r"linux-(?:image|image-unsigned|binary|modules|modules-extra)-([0-9].*?)(?:-unsigned)?"
)
"""What Debian and Ubuntu divide a kernel into."""
_BUILT = re.compile(r"(?:Debian|Ubuntu) ([0-9][^\s()]*)")
"""The version of the package that the running kernel came in, where the kernel tells it."""


def running_packages(running: str, told: str, packages: Sequence[Package]) -> frozenset[str]:
    """Return the names of the packages that hold the kernel that runs.

    Where they were removed: of those that hold the newest of its kind. Nothing of a kernel that
    comes from elsewhere. Raises `Unseen` as `newest` does.
    """
    match packages[0].manager if packages else "":
        case "rpm":
            return frozenset(_rpm_parts(running, packages))
        case "apk":
            kernel = _apk(running, packages)
            return frozenset({kernel.package} if kernel else ())
        case _:
            return frozenset(_debian_parts(running, told, packages))


def _rpm_parts(running: str, packages: Sequence[Package]) -> Iterable[str]:
    versions = {build.version for build in _builds(packages) if running in build.names}
    for package in packages:
        version = package.version.rpartition(":")[2]
        if version in versions and _RPM_PART.fullmatch(_plain_name(package)):
            yield package.name


def _debian_parts(running: str, told: str, packages: Sequence[Package]) -> Iterable[str]:
    release = running
    if all(image.release != running for image in _images(packages)):
        best = _debian(running, told, packages)
        release = best.release if best else ""
    for package in packages:
        part = _PART.fullmatch(_name(package))
        if part and part[1] == release and package.installed:
            yield package.name


def running_version(running: str, told: str, packages: Sequence[Package]) -> str:
    """Return the package version of the kernel that runs, "" where nothing tells it.

    It may be older than what is installed under the same name: a rebuild that waits for a reboot.
    """
    match packages[0].manager if packages else "":
        case "rpm":
            builds = (build for build in _builds(packages) if running in build.names)
            return next((build.version for build in builds), "")
        case "apk":
            match = _ALPINE.fullmatch(running)
            return f"{match[1]}-r{match[2]}" if match else ""
        case _:
            parts = _RELEASE.fullmatch(running)
            return _built(told, parts[2]) if parts else ""


class _Image(NamedTuple):
    """An installed kernel of Debian: as `uname -r` names it, its ABI, its flavour, its package."""

    release: str
    abi: str
    flavour: str
    package: str
    version: str


def _debian(running: str, told: str, packages: Iterable[Package]) -> Kernel | None:
    images = list(_images(packages))
    parts = _RELEASE.fullmatch(running)
    mine = [image for image in images if parts and image.flavour == parts[2]]
    best = max(mine, key=lambda i: (deb_key(i.abi), deb_key(i.version)), default=None)
    if parts is None or best is None:
        return None
    if best.release == running:
        built = _built(told, parts[2])
        waits = bool(built) and deb_key(best.version) > deb_key(built)
    else:
        gone = all(image.release != running for image in images)
        waits = gone or deb_key(best.abi) > deb_key(parts[1])
    return Kernel(best.release, best.package, best.version, waits)


def _images(packages: Iterable[Package]) -> Iterable[_Image]:
    for package in packages:
        match = _IMAGE.fullmatch(_name(package))
        parts = match and _RELEASE.fullmatch(match[2])
        if package.installed and match and parts and not match[2].endswith(("-dbg", "-dbgsym")):
            yield _Image(match[2], parts[1], parts[2], package.name, package.version)


def _name(package: Package) -> str:
    """Return the name alone: a 32-bit system may run a 64-bit kernel."""
    return package.name.partition(":")[0]


def _built(told: str, flavour: str) -> str:
    """Return the package version of the running kernel, "" where it is not told.

    Ubuntu writes it with the flavour behind it: "Ubuntu 5.15.0-119.129-generic 5.15.160".
    """
    match = _BUILT.search(told)
    return match[1].removesuffix(f"-{flavour}") if match else ""


_RPM_KERNEL = re.compile(
    r"kernel(?:[0-9.]+|-lt|-ml)?(?:-(uek|rt|rt-64k|64k|debug|default|azure|preempt))?(?:-core)?"
)


_RPM_PART = re.compile(
    rf"{_RPM_KERNEL.pattern}(?:-(?:modules(?:-core|-extra)?|base|extra|optional))?"
)
"""What a kernel of rpm is divided into: with the modules, that carry its weaknesses too."""
_ALPINE = re.compile(r"([0-9][0-9.]*)-([0-9]+)-[a-z].*")


class _Build(NamedTuple):
    """An installed kernel of rpm: its package's name and version, what `uname -r` may call it.

    Red Hat's is called as its package, with the architecture and perhaps "+flavour" behind it;
    SUSE's is called without the last part of its release, a count of rebuilds, and with the
    flavour: 5.14.21-150500.55.52-default comes in kernel-default-5.14.21-150500.55.52.1.
    """

    name: str
    version: str
    names: tuple[str, ...]


def _rpm(running: str, packages: Iterable[Package]) -> Kernel | None:
    builds = list(_builds(packages))
    if not builds:
        return None
    kinds = {build.name for build in builds if running in build.names}
    if not kinds:
        raise Unseen(Why.NO_DATA, f"the running kernel {running} is of no installed package")
    best = max((b for b in builds if b.name in kinds), key=lambda b: rpm_key(b.version))
    waits = running not in best.names
    release = best.names[0] if waits else running
    return Kernel(release, f"{best.name}-{best.version}", best.version, waits)


def _builds(packages: Iterable[Package]) -> Iterable[_Build]:
    for package in packages:
        version, name = package.version.rpartition(":")[2], _plain_name(package)
        if match := _RPM_KERNEL.fullmatch(name):
            flavour, plain = match[1], f"{version}.{package.arch}"
            names = (plain, f"{plain}+{flavour}", f"{version.rpartition('.')[0]}-{flavour}")
            if flavour in _SUSE:
                names = names[::-1]
            yield _Build(name, version, names if flavour else names[:1])


def _plain_name(package: Package) -> str:
    return package.name.removesuffix(f"-{package.version.rpartition(':')[2]}")


_SUSE = ("default", "azure", "preempt")


def _apk(running: str, packages: Iterable[Package]) -> Kernel | None:
    """Alpine keeps one kernel of each flavour: linux-lts 6.6.7-r0 is called 6.6.7-0-lts."""
    for package in packages:
        head, _, flavour = package.name.partition("-")
        if head == "linux" and flavour and running.endswith(f"-{flavour}"):
            version, _, build = package.version.rpartition("-r")
            release = f"{version}-{build}-{flavour}"
            return Kernel(release, package.name, package.version, release != running)
    return None
