"""What a target shows as its distribution: os-release, package list, apt's lists and sources."""

import lzma
import os
import re
import shutil
import time
from functools import cache
from pathlib import Path

from auditor.patch.deb_version import deb_key
from tests.lab.files import HOSTILE, write
from tests.lab.spec import Fault, TargetSpec

DATA = Path(__file__).parent / "data"
VERSIONS = {"bullseye": "11", "bookworm": "12", "trixie": "13"}
FRESH, OLD = 3600, 40 * 86_400
"""Age of apt's lists in seconds."""
UNATTENDED = """\
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
"""


def pretend_release(root: Path, spec: TargetSpec) -> None:
    """Make the target look like a server of `spec.release`; without one, like this machine."""
    if not spec.release:
        return
    _os_release(root, spec)
    write(root / "var/lib/dpkg/status", status(spec.release, patched=spec.hardened))
    shutil.rmtree(root / "var/lib/dpkg/updates", ignore_errors=True)
    (root / "var/lib/dpkg/updates").mkdir()
    lists = root / "var/lib/apt/lists"
    shutil.rmtree(lists, ignore_errors=True)
    in_release = lists / f"mirror.lab_debian-security_dists_{spec.release}-security_InRelease"
    write(in_release, (DATA / f"debian-indexes/{spec.release}-security.InRelease").read_bytes())
    then = time.time() - (OLD if spec.has(Fault.OLD_LISTS) else FRESH)
    os.utime(in_release, (then, then))
    stamps = root / "var/lib/apt/periodic"
    shutil.rmtree(stamps, ignore_errors=True)
    for name in ("sources.list.d", "preferences.d", "apt.conf.d"):
        shutil.rmtree(root / "etc/apt" / name, ignore_errors=True)
    for name in ("preferences", "apt.conf"):
        (root / "etc/apt" / name).unlink(missing_ok=True)
    if spec.hardened:
        write(root / "etc/apt/apt.conf.d/20auto-upgrades", UNATTENDED)
        write(root / "usr/bin/unattended-upgrade", "#!/bin/sh\n")
        (root / "usr/bin/unattended-upgrade").chmod(0o755)
    write(
        root / "etc/apt/sources.list",
        f"deb http://mirror.lab/debian {spec.release} main\n"
        f"deb http://mirror.lab/debian-security {spec.release}-security main\n",
    )


def _os_release(root: Path, spec: TargetSpec) -> None:
    version = VERSIONS[spec.release]
    title = HOSTILE if spec.has(Fault.HOSTILE) else f"Debian GNU/Linux {version} ({spec.release})"
    write(
        root / "etc/os-release",
        f'PRETTY_NAME="{title}"\nNAME="Debian GNU/Linux"\nVERSION_ID="{version}"\n'
        f'VERSION="{version} ({spec.release})"\nVERSION_CODENAME={spec.release}\nID=debian\n',
    )
    base_files = re.search(
        rb"\nPackage: base-files\n(?:.+\n)*?Version: (\S+)", _status(spec.release)
    )
    point = re.search(rb"u(\d+)$", base_files[1]) if base_files else None
    write(root / "etc/debian_version", f"{version}.{point[1].decode() if point else 0}\n")


@cache
def status(release: str, *, patched: bool) -> bytes:
    """Return the package list of a server of this release.

    `patched`: every package is at least at the version of the security index in `data`.
    """
    if not patched:
        return _status(release)
    newest = _newest(release)
    stanzas = _status(release).decode().split("\n\n")
    return "\n\n".join(_raised(stanza, newest) for stanza in stanzas).encode()


@cache
def _status(release: str) -> bytes:
    return lzma.decompress((DATA / f"hosts/{release}.status.xz").read_bytes())


def _newest(release: str) -> dict[str, str]:
    """Return the highest version that the security index has of each package."""
    packed = (DATA / f"debian-indexes/{release}-security.Packages.xz").read_bytes()
    newest: dict[str, str] = {}
    for stanza in lzma.decompress(packed).decode().split("\n\n"):
        name, version = _field(stanza, "Package"), _field(stanza, "Version")
        if name and deb_key(version) > deb_key(newest.get(name, "0~~")):
            newest[name] = version
    return newest


def _raised(stanza: str, newest: dict[str, str]) -> str:
    name, have = _field(stanza, "Package"), _field(stanza, "Version")
    want = newest.get(name)
    if want is None or deb_key(want) <= deb_key(have):
        return stanza
    lines = stanza.split("\n")
    return "\n".join(f"Version: {want}" if x.startswith("Version: ") else x for x in lines)


def _field(stanza: str, name: str) -> str:
    start = f"{name}: "
    return next((x[len(start) :] for x in stanza.split("\n") if x.startswith(start)), "")
