"""Which security updates a target lacks: its package list against the distributor's signed index.

Nothing is asked of the target's own package manager, whose lists may be stale. An index that is
stale proves what is missing, but never that nothing is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from auditor.model.base import Text
from auditor.model.fact import Kind, Why
from auditor.model.feed import IndexEntry, SuiteIndex
from auditor.probe import os_release, packages
from auditor.probe.base import Args, Derivation, Probe, ProbeType, Record, Unseen, Via
from auditor.probe.deb_version import deb_key
from auditor.probe.fields import leaf, record, table
from auditor.probe.lifecycle import fact

STALE = timedelta(days=7)
"""Age of an index, by its own date, from which "nothing missing" is no longer believed."""


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
    index = given.feeds.index("debian", os["codename"], os["arch"])
    if index is None:
        raise Unseen(
            Why.NO_DATA,
            f"no security index for {os['codename']} {os['arch']}: run `auditor feeds update`",
        )
    if not index.verified_by:
        raise Unseen(Why.NO_DATA, f"the index of {index.suite} has no verified signature")
    missing = pending(listed, index.entries)
    stale = is_stale(index, given.now)
    if stale and not missing:
        raise Unseen(Why.STALE, f"the index of {index.suite} is of {index.date:%Y-%m-%d}: too old")
    return {
        "release": index.release,
        "count": sum(len(group["packages"]) for group in missing),
        "security": missing,
        "index_date": index.date.isoformat(),
        "index_age": max(0, int((given.now - index.date).total_seconds())),
        "stale": stale,
    }


def is_stale(index: SuiteIndex, now: datetime) -> bool:
    """Tell whether an index is past its own Valid-Until, or too old by its own date."""
    if index.valid_until is not None and now > index.valid_until:
        return True
    return now - index.date > STALE


def pending(listed: Iterable[Record], index: Mapping[str, IndexEntry]) -> list[Record]:
    """Return what is older than the index, grouped by source package, in order of name."""
    groups: dict[str, Record] = {}
    for package in listed:
        entry = index.get(package["name"])
        if entry is None or package["status"][1:2] in _ABSENT:
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
        },
    ),
    needs=_needs,
    derive=_derive,
)
