"""Whether a target must be rebooted before what is installed takes effect."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe import os_release, packages
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.deb_version import deb_key
from auditor.probe.fields import leaf, record


class RebootArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="reboot",
    shown="cat /run/reboot-required.pkgs",
    text=r"""
for f in /run/reboot-required /var/run/reboot-required; do
  [ -e "$f" ] || continue
  printf 'required\n'
  while IFS= read -r l || [ -n "$l" ]; do printf 'package %s\n' "$l"; done <"$f.pkgs"
  break
done
return 0
""",
    bounded=True,
)

_IMAGE = re.compile(r"(linux-image-(?:unsigned-)?([0-9].*?))(?:-unsigned)?")
_RELEASE = re.compile(r"([0-9].*?)-([a-z].*)")
_BUILT = re.compile(r"(?:Debian|Ubuntu) ([0-9][^\s()]*)")
"""The version of the package that the running kernel came in, where the kernel tells it."""


class _Image(NamedTuple):
    """An installed kernel: as `uname -r` names it, its ABI, its flavour, its package."""

    release: str
    abi: str
    flavour: str
    package: str
    version: str


def _sections(_args: Sequence[RebootArgs]) -> tuple[Section, ...]:
    return (os_release.SECTION, packages.SECTION, SECTION)


def _parse(_args: RebootArgs, frames: Frames) -> Record:
    told = dict(reversed(list(os_release.lines(answer(frames, os_release.SECTION.key)))))
    flags = answer(frames, SECTION.key).split("\n")
    running = told.get("osrelease", "")
    if not running:
        raise Unseen(Why.NO_DATA, "the target does not tell its running kernel")
    newest = None if "container" in told else _newest(running, _images(frames))
    built = told.get("signature") or told.get("version", "")
    waits = newest is not None and _waits(newest, running, _built(built, running), frames)
    asked = {line.removeprefix("package ") for line in flags if line.startswith("package ")}
    return {
        "required": waits or "required" in flags,
        "packages": sorted(asked | ({newest.package} if newest and waits else set())),
        "running": running,
        "newest": newest.release if newest else running,
        "reason": "kernel" if waits else "reboot-required" if "required" in flags else "",
    }


def _images(frames: Frames) -> list[_Image]:
    return [
        _Image(match[2], parts[1], parts[2], package.name, package.version)
        for package in packages.read_packages(frames)
        if package.installed
        and (match := _IMAGE.fullmatch(package.name))
        and (parts := _RELEASE.fullmatch(match[2]))
        and not match[2].endswith(("-dbg", "-dbgsym"))
    ]


def _newest(running: str, images: list[_Image]) -> _Image | None:
    """Return the newest image of the running flavour; a kernel from elsewhere has none."""
    parts = _RELEASE.fullmatch(running)
    mine = [image for image in images if parts and image.flavour == parts[2]]
    return max(mine, key=lambda i: (deb_key(i.abi), deb_key(i.version)), default=None)


def _built(told: str, running: str) -> str:
    """Return the package version of the running kernel, "" where it is not told.

    Ubuntu writes it with the flavour behind it: "Ubuntu 5.15.0-119.129-generic 5.15.160".
    """
    match, parts = _BUILT.search(told), _RELEASE.fullmatch(running)
    return match[1].removesuffix(f"-{parts[2]}") if match and parts else ""


def _waits(newest: _Image, running: str, built: str, frames: Frames) -> bool:
    """Tell whether the newest image is not the one that runs.

    It may have a newer name, the same name and a newer build, or stand in for an image that runs
    but is no longer installed.
    """
    if newest.release == running:
        return bool(built) and deb_key(newest.version) > deb_key(built)
    gone = all(image.release != running for image in _images(frames))
    parts = _RELEASE.fullmatch(running)
    return gone or (parts is not None and deb_key(newest.abi) > deb_key(parts[1]))


PROBE = ProbeType(
    name="reboot",
    via=Via.SSH,
    args=RebootArgs,
    doc=Text(id="Muat ulang yang tertunda", en="Whether a reboot is pending"),
    gives=record(
        "Muat ulang",
        "Reboot",
        {
            "required": leaf(Kind.BOOL, "Muat ulang tertunda", "Reboot pending"),
            "packages": leaf(Kind.TEXTS, "Karena paket", "Because of", may_be_empty=True),
            "running": leaf(Kind.TEXT, "Kernel berjalan", "Running kernel"),
            "newest": leaf(Kind.TEXT, "Kernel terbaru terpasang", "Newest installed kernel"),
            "reason": leaf(Kind.TEXT, "Alasan", "Reason", may_be_empty=True),
        },
    ),
    sections=_sections,
    parse=_parse,
)
