"""Whether certain packages are installed."""

from collections.abc import Sequence

from auditor.model.base import Text
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via
from auditor.probe.packages import SECTION, installed, is_installed
from auditor.probe.words import flag, record, table, text, version


class PackageArgs(Args, frozen=True):
    """Names of packages."""

    name: tuple[str, ...]


def _sections(_args: Sequence[PackageArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(args: PackageArgs, frames: Frames) -> Record:
    there = {package["name"]: package for package in installed(frames) if is_installed(package)}
    packages = [
        {
            "name": name,
            "installed": name in there,
            "version": there[name]["version"] if name in there else "",
            "held": name in there and there[name]["status"].startswith("h"),
        }
        for name in args.name
    ]
    return {"installed": any(package["installed"] for package in packages), "packages": packages}


PROBE = ProbeType(
    name="package",
    via=Via.SSH,
    args=PackageArgs,
    doc=Text(id="Paket tertentu: terpasang atau tidak", en="Certain packages: installed or not"),
    gives=record(
        "Paket",
        "Package",
        installed=flag("Terpasang", "Installed"),
        packages=table(
            "Paket",
            "Packages",
            ("name",),
            name=text("Paket", "Package"),
            installed=flag("Terpasang", "Installed"),
            version=version("Versi", "Version"),
            held=flag("Ditahan", "Held"),
        ),
    ),
    sections=_sections,
    parse=_parse,
)
