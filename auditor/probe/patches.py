"""Which security updates a target lacks: its package list against the distributor's signed index.

Nothing is asked of the target's own package manager, whose lists may be stale. An index that is
stale proves what is missing, but never that nothing is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from auditor.model.base import Text
from auditor.model.fact import GAP, Kind, Why
from auditor.model.feed import Freshness, IndexEntry, SuiteIndex, freshness
from auditor.patch.deb_version import deb_key
from auditor.probe import os_release, packages
from auditor.probe.base import Args, Derivation, Probe, ProbeType, Record, Unseen, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.lifecycle import fact

_ABSENT = ("", "n", "c")
"""dpkg's second letter of a package whose files are not there."""


class PatchesArgs(Args, frozen=True):
    """Takes no arguments."""


_OS = Probe(type=os_release.PROBE, args=os_release.PROBE.args())
_PACKAGES = Probe(type=packages.PROBE, args=packages.PROBE.args())


def _needs(_args: PatchesArgs) -> tuple[Probe, ...]:
    return (_OS, _PACKAGES)


def _derive(_args: PatchesArgs, given: Derivation) -> Record:
    os = fact(given, _OS, "id", "codename", "name", "arch")
    listed = fact(given, _PACKAGES, "packages")["packages"]
    if os["id"] != "debian":
        raise Unseen(Why.UNSUPPORTED, f"no security index is read for {os['name']} yet")
    index = _index(given, os["codename"], os["arch"])
    known = dict(index.entries)
    unseen = ""
    stale = _doubt(index, given.now)
    for arch in _foreign(listed):
        try:
            other = _index(given, os["codename"], arch)
        except Unseen as gap:
            unseen = unseen or f"{arch} packages were not compared: {gap.detail}"
            continue
        known |= {f"{name}:{arch}": entry for name, entry in other.entries.items()}
        stale = stale or _doubt(other, given.now)
    missing = pending(listed, known)
    if not missing and (stale or unseen):
        raise Unseen(Why.STALE if stale else Why.NO_DATA, stale or unseen)
    found = {
        "release": index.release,
        "count": sum(len(group["packages"]) for group in missing),
        "security": missing,
        "index_date": index.date.isoformat(),
        "index_age": max(0, int((given.now - index.date).total_seconds())),
        "stale": bool(stale),
        "verified_by": index.verified_by,
    }
    return found | ({GAP: {"why": Why.NO_DATA, "detail": unseen}} if unseen else {})


def _index(given: Derivation, codename: str, arch: str) -> SuiteIndex:
    """Return an index that may be believed, or raise why there is none."""
    index = given.feeds.index("debian", codename, arch)
    if index is None:
        detail = f"no security index for {codename} {arch} is held: run `auditor feeds update`"
        raise Unseen(Why.NO_DATA, detail)
    if not index.believed:
        detail = f"the index {index.name} is unverified: install gpgv and debian-archive-keyring"
        raise Unseen(Why.NO_DATA, detail)
    return index


def _doubt(index: SuiteIndex, now: datetime) -> str:
    """Say why an index cannot show that nothing is missing; empty where it can."""
    if freshness(index.date, index.valid_until, now) is not Freshness.STALE:
        return ""
    if index.date > now:
        return f"the index {index.name} is of {index.date:%Y-%m-%d}: the auditor's clock is behind"
    return f"the index {index.name} is of {index.date:%Y-%m-%d}: too old"


def _foreign(listed: Iterable[Record]) -> list[str]:
    """Return the architectures beside the target's own, of packages that are installed."""
    names = (package["name"] for package in listed if _is_there(package))
    return sorted({name.partition(":")[2] for name in names} - {""})


def _is_there(package: Record) -> bool:
    return package["status"][1:2] not in _ABSENT


def pending(listed: Iterable[Record], index: Mapping[str, IndexEntry]) -> list[Record]:
    """Return what is older than the index, grouped by source package, in order of name.

    Names carry ":arch" where the architecture is foreign. As apt does: a backport or a third
    party's higher version is not pending, one that is held is.
    """
    groups: dict[str, Record] = {}
    for package in listed:
        entry = index.get(package["name"])
        if entry is None or not _is_there(package) or package["version"] == entry.version:
            continue
        if deb_key(package["version"]) >= entry.key:
            continue
        group = groups.setdefault(
            entry.source,
            {
                "source": entry.source,
                "packages": [],
                "have": package["version"],
                "want": entry.version,
                "held": False,
            },
        )
        group["packages"].append(package["name"])
        group["held"] = group["held"] or package["status"].startswith("h")
    return [groups[name] for name in sorted(groups)]


PROBE = ProbeType(
    name="patches",
    via=Via.DERIVED,
    args=PatchesArgs,
    doc=Text(
        id="Pembaruan keamanan yang belum terpasang",
        en="Security updates that are not installed",
    ),
    gives=record(
        "Pembaruan keamanan",
        "Security updates",
        {
            "release": leaf(Kind.TEXT, "Rilis", "Release"),
            "count": leaf(Kind.INT, "Jumlah paket tertunda", "Packages pending"),
            "security": table(
                "Pembaruan keamanan tertunda",
                "Security updates pending",
                "source",
                {
                    "source": leaf(Kind.TEXT, "Paket sumber", "Source package"),
                    "packages": leaf(Kind.TEXTS, "Paket", "Packages"),
                    "have": leaf(Kind.TEXT, "Terpasang", "Installed"),
                    "want": leaf(Kind.TEXT, "Diperbaiki di", "Fixed in"),
                    "held": leaf(Kind.BOOL, "Ditahan", "Held"),
                },
                may_be_empty=True,
            ),
            "index_date": leaf(Kind.TIME, "Tanggal indeks", "Date of the index"),
            "index_age": leaf(Kind.DURATION, "Umur indeks", "Age of the index"),
            "stale": leaf(Kind.BOOL, "Indeks usang", "Index is stale"),
            "verified_by": leaf(
                Kind.TEXT,
                "Kunci penanda tangan indeks",
                "Key that signed the index",
                may_be_empty=True,
            ),
        },
    ),
    needs=_needs,
    derive=_derive,
)
