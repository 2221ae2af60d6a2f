"""Is a package installed, in which version, and is it kept from upgrades."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.packages import SECTION, Package, installed_packages

_Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9+._:-]{0,254}\Z")]


class PackageArgs(Args, frozen=True):
    """Packages of which one or more may be installed, by their binary names."""

    name: Annotated[tuple[_Name, ...], msgspec.Meta(min_length=1)]


def _sections(_args: Sequence[PackageArgs]) -> tuple[Section, ...]:
    return (SECTION,)


def _parse(args: PackageArgs, frames: Frames) -> Record:
    there = installed_packages(frames)
    rows = [{"name": name} | _state(there.get(name)) for name in args.name]
    return {"installed": any(name in there for name in args.name), "packages": rows}


def _state(package: Package | None) -> Record:
    if package is None:
        return {"installed": False, "version": "", "held": False}
    found: Record = {"installed": True, "version": package.version}
    if package.manager == "dpkg":
        return found | {"held": package.held}
    detail = f"{package.manager} does not tell what is kept from upgrades"
    return found | {GAP: {"why": Why.UNSUPPORTED, "detail": detail}}


PROBE = ProbeType(
    name="package",
    via=Via.SSH,
    args=PackageArgs,
    doc=Text(
        id="Apakah paket yang disebut terpasang, dan versinya",
        en="Whether the named packages are installed, and which versions",
    ),
    gives=record(
        "Paket",
        "Package",
        {
            "installed": leaf(Kind.BOOL, "Terpasang", "Installed"),
            "packages": table(
                "Paket",
                "Packages",
                "name",
                {
                    "name": leaf(Kind.TEXT, "Nama paket", "Package name"),
                    "installed": leaf(Kind.BOOL, "Terpasang", "Installed"),
                    "version": leaf(Kind.VERSION, "Versi", "Version", may_be_empty=True),
                    "held": leaf(Kind.BOOL, "Ditahan dari pembaruan", "Held from upgrades"),
                },
            ),
        },
    ),
    shared=True,
    sections=_sections,
    parse=_parse,
)
