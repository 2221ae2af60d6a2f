"""Whether a target must be rebooted before what is installed takes effect."""

import re
from collections.abc import Sequence

from auditor.model.base import Text
from auditor.model.fact import Kind
from auditor.probe import os_release, packages
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
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
)

_IMAGE = re.compile(r"linux-image-(?:unsigned-)?(\d.*)")


def _sections(_args: Sequence[RebootArgs]) -> tuple[Section, ...]:
    os = os_release.PROBE
    assert os.sections is not None  # noqa: S101 - an SSH type has sections
    return (*os.sections([os.args()]), packages.SECTION, SECTION)


def _parse(_args: RebootArgs, frames: Frames) -> Record:
    assert os_release.PROBE.parse is not None  # noqa: S101 - an SSH type has a parser
    os = os_release.PROBE.parse(os_release.PROBE.args(), frames)
    lines = answer(frames, SECTION.key).splitlines()
    asked = "required" in lines
    newest = _newest(frames)
    running = str(os.get("kernel", ""))
    pending = _kernel_waits(os, running, newest)
    return {
        "required": asked or pending,
        "packages": sorted({line[8:] for line in lines if line.startswith("package ")}),
        "running": running,
        "newest": newest,
        "reason": "reboot-required" if asked else "kernel" if pending else "",
    }


def _newest(frames: Frames) -> str:
    """Return the newest installed kernel by its version, as `uname -r` would call it."""
    images = [
        (deb_key(package.version), match[1])
        for package in packages.read_packages(frames)
        if package.installed and (match := _IMAGE.fullmatch(package.name))
    ]
    return max(images)[1] if images else ""


def _kernel_waits(os: Record, running: str, newest: str) -> bool:
    """Compare only where the running kernel is the distributor's own: others are not its to renew.

    In a container the kernel is the host's.
    """
    own = str(os["id"]).lower() in str(os.get("kernel_build", "")).lower()
    return bool(newest) and own and not os.get("container") and running != newest


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
            "reason": leaf(Kind.TEXT, "Alasan", "Reason"),
        },
    ),
    sections=_sections,
    parse=_parse,
)
