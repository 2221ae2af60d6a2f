"""Whether a target must be rebooted before what is installed takes effect."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.probe import kernels, os_release, packages
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record
from auditor.probe.packages import Package


class RebootArgs(Args, frozen=True):
    """Takes no arguments."""


SECTION = Section(
    key="reboot",
    shown="cat /run/reboot-required.pkgs; ls /run/reboot-needed",
    text=r"""
for f in /run/reboot-required /var/run/reboot-required /run/reboot-needed; do
  [ -e "$f" ] || continue
  printf 'required\n'
  while IFS= read -r l || [ -n "$l" ]; do printf 'package %s\n' "$l"; done <"$f.pkgs"
  break
done
return 0
""",
    bounded=True,
)
"""Debian and Ubuntu write the first, with the packages beside it; SUSE's zypper the last."""

CORE = frozenset(
    {"glibc", "linux-firmware", "microcode_ctl", "systemd", "dbus", "dbus-broker", "dbus-daemon"}
)
"""What `dnf needs-restarting -r` asks a reboot for, beside the kernel."""


def _sections(_args: Sequence[RebootArgs]) -> tuple[Section, ...]:
    return (os_release.SECTION, packages.SECTION, SECTION)


def _parse(_args: RebootArgs, frames: Frames) -> Record:
    told = dict(reversed(list(os_release.lines(answer(frames, os_release.SECTION.key)))))
    flags = answer(frames, SECTION.key).split("\n")
    running = told.get("osrelease", "")
    if not running:
        raise Unseen(Why.NO_DATA, "the target does not tell its running kernel")
    kernel, updated, holding = None, set(), _Holding("", "", frozenset())
    if "container" not in told:
        listed = packages.read_packages(frames)
        build = told.get("signature") or told.get("version", "")
        kernel = kernels.newest(running, build, listed)
        updated = _updated(listed, told)
        holding = _holding(running, build, listed, kernel)
    waits = kernel is not None and kernel.waits
    asked = {line.removeprefix("package ") for line in flags if line.startswith("package ")}
    return {
        "required": waits or bool(updated) or "required" in flags,
        "packages": sorted(asked | updated | ({kernel.package} if kernel and waits else set())),
        "running": running,
        "newest": kernel.release if kernel else running,
        "reason": _reason(waits=waits, updated=bool(updated), flagged="required" in flags),
        "kernel_packages": sorted(holding.packages),
        "running_version": holding.running,
        "newest_version": holding.newest,
    }


class _Holding(NamedTuple):
    """Package versions of the running and the newest kernel, and what holds the one that runs."""

    running: str
    newest: str
    packages: frozenset[str]


def _holding(
    running: str, told: str, listed: Sequence[Package], kernel: kernels.Kernel | None
) -> _Holding:
    if kernel is None:
        return _Holding("", "", frozenset())
    return _Holding(
        kernels.running_version(running, told, listed),
        kernel.version,
        kernels.running_packages(running, told, listed),
    )


def _updated(listed: Iterable[Package], told: Mapping[str, str]) -> set[str]:
    """Return the core packages that rpm installed after the target was booted."""
    core = {p.name: os_release.moment(p.since) for p in listed if p.since and p.name in CORE}
    if not core:
        return set()
    booted = os_release.booted(os_release.moment(told.get("clock", "")), told.get("uptime", ""))
    if booted is None:
        raise Unseen(Why.NO_DATA, "the target does not tell since when it runs")
    return {name for name, since in core.items() if since > booted}


def _reason(*, waits: bool, updated: bool, flagged: bool) -> str:
    if waits:
        return "kernel"
    if updated:
        return "updated"
    return "reboot-required" if flagged else ""


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
            "kernel_packages": leaf(
                Kind.TEXTS,
                "Paket dari kernel yang berjalan",
                "Packages of the running kernel",
                may_be_empty=True,
            ),
            "running_version": leaf(
                Kind.VERSION,
                "Versi paket kernel yang berjalan",
                "Package version of the running kernel",
                may_be_empty=True,
            ),
            "newest_version": leaf(
                Kind.VERSION,
                "Versi paket kernel terbaru",
                "Package version of the newest kernel",
                may_be_empty=True,
            ),
        },
    ),
    sections=_sections,
    parse=_parse,
)
