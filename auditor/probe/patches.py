"""Which security updates a target lacks, how soon each is due, and what no update mends.

Nothing is asked of the target's own package manager, whose lists may be stale. Data that is stale
proves what is missing, but never that nothing is; nor does a release past its support.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import TypeAlias

from auditor.model.advisory import Support
from auditor.model.base import Text
from auditor.model.fact import GAP, Json, Why
from auditor.model.feed import FeedKind, Feeds
from auditor.patch.actions import Action, Given, binaries
from auditor.patch.actions import restarts as pending_restarts
from auditor.patch.actions import updates as pending_updates
from auditor.patch.ecosystem import Family, family, life_of, release_of
from auditor.patch.exposure import UNSEEN, Doors, doors
from auditor.patch.judge import summaries
from auditor.patch.pending import pending
from auditor.patch.support import end_of_support
from auditor.patch.system import Installed, System, kernel_source, units
from auditor.patch.verdict import Ruling, Verdict
from auditor.probe import livepatch, os_release, packages, ports, reboot, serving, updates
from auditor.probe.base import Args, Derivation, Probe, ProbeType, Record, Unseen, Via
from auditor.probe.lifecycle import fact
from auditor.probe.patches_data import Data, data_of, names_of
from auditor.probe.patches_fields import (
    GIVES,
    action_row,
    feed_row,
    foreign_row,
    open_rows,
    support_row,
)


class PatchesArgs(Args, frozen=True):
    """Takes no arguments."""


OS = Probe(type=os_release.PROBE, args=os_release.PROBE.args())
PACKAGES = Probe(type=packages.PROBE, args=packages.PROBE.args())
REBOOT = Probe(type=reboot.PROBE, args=reboot.PROBE.args())
_SERVING = Probe(type=serving.PROBE, args=serving.PROBE.args())
_UPDATES = Probe(type=updates.PROBE, args=updates.PROBE.args())
_LIVEPATCH = Probe(type=livepatch.PROBE, args=livepatch.PROBE.args())
"""The last three sharpen the answer; where one is not seen, the worse is taken for true."""
_ABSENT = ("", "n", "c")
"""dpkg's second letter of a package whose files are not there."""


def _needs(_args: PatchesArgs) -> tuple[Probe, ...]:
    return (OS, PACKAGES, REBOOT, _SERVING, _UPDATES, _LIVEPATCH)


def _derive(_args: PatchesArgs, given: Derivation) -> Record:
    os = fact(given, OS, "id", "codename", "name", "arch")
    rows = fact(given, PACKAGES, "packages")["packages"]
    listed = installed(rows)
    system = system_of(os, given)
    data = data_of(system, given.feeds, listed, given.now)
    judged = _Judged(system, given, listed, data, rows, _own_kernel(os, given))
    found = judged.record()
    doubt = _doubt(data, os, given)
    if doubt and not judged.updates:
        raise Unseen(*doubt)
    if not doubt:
        found["sure"] = True
    missing = doubt or _missing(judged.unknown)
    return found | ({GAP: {"why": missing[0], "detail": missing[1]}} if missing else {})


Doubt: TypeAlias = tuple[Why, str] | None


def _missing(detail: str) -> Doubt:
    return (Why.NO_DATA, detail) if detail else None


def _doubt(data: Data, os: Mapping[str, str], given: Derivation) -> Doubt:
    """Say why the data cannot show that nothing is missing, if it cannot."""
    if data.stale:
        return Why.STALE, data.stale
    if data.unseen:
        return Why.NO_DATA, data.unseen
    if REBOOT.key not in given.facts and not os.get("container"):
        why, detail = given.gaps[REBOOT.key]
        return why, f"the running kernel was not compared: {detail}"
    life = given.feeds.release(*life_of(os))
    if life is None:
        return Why.NO_DATA, f"the support of {os['name']} is not known: run `auditor feeds update`"
    end = end_of_support(life, _seen(given, _UPDATES).get("pockets", ()))
    if end is None or given.now.date() <= end:
        return None
    detail = f"support of {os['name']} ended on {end}: that nothing is pending says nothing"
    return Why.UNSUPPORTED, detail


def installed(rows: Iterable[Mapping[str, str]]) -> list[Installed]:
    """Return the packages whose files are there."""
    return [_installed(row) for row in rows if row["status"][1:2] not in _ABSENT]


def _installed(row: Mapping[str, str]) -> Installed:
    return Installed(
        row["name"],
        row["version"],
        row.get("source", ""),
        row.get("source_version", ""),
        row["status"].startswith("h"),
        row.get("stream", ""),
    )


def system_of(os: Mapping[str, str], given: Derivation) -> System:
    """Return a target in the vendor's words; raises `Unseen` for a distribution without lists."""
    distribution, release = release_of(os)
    if family(distribution) is None or not release:
        raise Unseen(Why.UNSUPPORTED, f"no lists of fixes are read for {os['name']}")
    updating = _seen(given, _UPDATES)
    kernel = _seen(given, REBOOT)
    return System(
        distribution=distribution,
        release=release,
        arch=os["arch"],
        kernel=frozenset(kernel.get("kernel_packages", ())),
        running=kernel.get("running_version", ""),
        newest=kernel.get("newest_version", ""),
        pockets=frozenset(updating.get("pockets", ())),
        secure=updating.get("security_suite", True),
        patched=frozenset(_seen(given, _LIVEPATCH).get("fixes", ())),
    )


def _seen(given: Derivation, probe: Probe) -> Mapping[str, Json]:
    """Return a fact; empty where it was not seen."""
    return given.facts.get(probe.key, {})


def _unseen_sources(given: Derivation) -> str:
    """Say why it is not known which updates a target can get, if it is not."""
    told = _seen(given, _UPDATES)
    if "security_suite" in told and "pockets" in told:
        return ""
    return "where the target gets its updates from was not seen"


def _own_kernel(os: Mapping[str, Json], given: Derivation) -> list[Installed]:
    """Return the running kernel where it is of no package; a container's is its host's."""
    kernel = _seen(given, REBOOT)
    if os.get("container", True) or kernel.get("kernel_packages", True):
        return []
    return [Installed("kernel", kernel["running"], "", "")]


def doors_of(given: Derivation) -> Doors:
    """Return what listens on a target, by package, with what was seen of it from outside."""
    serving = _seen(given, _SERVING)
    if "sockets" not in serving:
        return UNSEEN
    outside = _outside(given)
    faces_internet = _is_global(given.target.address)
    seen_as = outside.get("vantage") == ports.INTERNET or faces_internet
    return doors(
        serving["sockets"],
        outside=dict.fromkeys(outside["numbers"], seen_as) if "numbers" in outside else None,
        faces_internet=faces_internet,
        complete=serving.get("complete", False),
    )


def _is_global(address: str) -> bool:
    """Tell whether an address is one of the Internet's; a name tells nothing."""
    try:
        return ip_address(address).is_global
    except ValueError:
        return False


def _outside(given: Derivation) -> Mapping[str, Json]:
    """Return the fact `ports`, whichever ports were asked for; empty where nobody looked."""
    name = ports.PROBE.name
    found = (fact for key, fact in given.facts.items() if key.partition("{")[0] == name)
    return next(found, {})


class _Judged:
    """A target's rulings, put in order."""

    def __init__(
        self,
        system: System,
        given: Derivation,
        listed: Sequence[Installed],
        data: Data,
        rows: Sequence[Mapping[str, str]],
        kernel: Sequence[Installed],
    ) -> None:
        self.system, self.feeds, self.now, self.data = system, given.feeds, given.now, data
        self.listed = listed
        self.counts: Counter[Verdict] = Counter()
        self.open: list[Ruling] = []
        for one in summaries(system, given.feeds, units(system, listed)):
            if one.counts:
                self.counts.update(one.counts)
                self.open += one.open
        self.names = binaries(listed)
        source = Given(
            system=system,
            feeds=given.feeds,
            doors=doors_of(given),
            names=self.names,
            held=frozenset(package.name for package in listed if package.held),
            suite=data.suite,
            dated=data.dated.date(),
        )
        self.waiting = pending(listed, data.entries)
        self.updates = pending_updates(self.open, self.waiting, source)
        self.restarts = pending_restarts(self.open, source)
        self.foreign = _foreign(system, given.feeds, listed, rows)
        self.kernel = kernel
        self.unseen_sources = _unseen_sources(given)
        self.unlisted_support = _unlisted_support(system, given.feeds)
        uncovered = "" if self.foreign is not None else "no list of all packages is held"
        self.unknown = (
            data.unlisted
            or data.unsure
            or self.unlisted_support
            or uncovered
            or self.unseen_sources
        )
        """Why a leaf of the fact is missing."""

    def record(self) -> Record:
        """Return the fact."""
        data, now = self.data, self.now
        ended = self._unsupported()
        found: Record = {
            "release": self.system.release,
            "count": len({name for action in self.updates for name in action.packages}),
            "security": self._rows(self.updates),
            "restart": self._rows(self.restarts),
            "packages": len(self.listed),
            "verdicts": self._verdicts(ended),
            "feeds": [feed_row(feed, now) for feed in data.feeds],
            "priorities": self.feeds.priorities.name,
            "index_date": data.dated.isoformat(),
            "index_age": max(0, int((now - data.dated).total_seconds())),
            "stale": bool(data.stale),
            "verified_by": data.verified_by,
        }
        if not self.unlisted_support:
            found["unsupported"] = ended
        if not data.unsure:
            found["marked"] = True
        if not self.unseen_sources:
            found["reached"] = True
        if not data.unlisted:
            found["open"] = open_rows(self.open, self.feeds.exploited)
        if self.foreign is not None:
            covered = len(self.listed) - len(self.foreign)
            found["third_party"] = [foreign_row(p) for p in (*self.foreign, *self.kernel)]
            found["covered"] = covered
            found["coverage"] = 100 * covered // (len(self.listed) or 1)
        return found

    def _rows(self, actions: Sequence[Action]) -> list[Record]:
        """Return rows; alike targets share them, since they share the actions."""
        made: dict[int, tuple[Action, Record]] = self.feeds.known.setdefault(
            ("rows", self.now, self.data.unsure), {}
        )
        for action in actions:
            if id(action) not in made:
                made[id(action)] = action, action_row(action, self.now, self.data.unsure)
        return [made[id(action)][1] for action in actions]

    def _verdicts(self, ended: Sequence[Record]) -> Record:
        """Count: updates that no weakness names count by package."""
        counts = self.counts.copy()
        for action in self.updates:
            if not action.cves:
                counts[action.verdict] += len(action.packages)
        counts[Verdict.UNSUPPORTED] = sum(not row["limited"] for row in ended)
        counts[Verdict.NOT_COVERED] += len((*(self.foreign or ()), *self.kernel))
        return {verdict.value: counts[verdict] for verdict in Verdict}

    def _unsupported(self) -> list[Record]:
        """Return the packages whose support ended early, by the vendor's list or by its word."""
        names, today = self.names, self.now.date()
        found = {
            source: support_row(support, names[source])
            for source in (names if self.feeds.support else ())
            if (support := _ended(source, self.feeds, today))
        }
        for ruling in self.open:
            if ruling.verdict is Verdict.UNSUPPORTED:
                told = Support(
                    distribution=self.system.distribution,
                    release=self.system.release,
                    package=ruling.source,
                    note=ruling.note,
                )
                found[ruling.source] = support_row(told, names[ruling.source])
        return [{"source": source} | found[source] for source in sorted(found)]


def _unlisted_support(system: System, feeds: Feeds) -> str:
    """Say why it is not known which packages' support ended early; Debian has a list of it."""
    kinds = {feed.kind for feed in feeds.feeds}
    if system.distribution != "debian" or FeedKind.SUPPORT in kinds:
        return ""
    return "no list of ended support (debian-support) is held: run `auditor feeds update`"


def _ended(source: str, feeds: Feeds, today: date) -> Support | None:
    """Return what the vendor says of a package's support; ended before limited, a name before *."""
    known: dict[str, Support | None] = feeds.known.setdefault(("support", today), {})
    if source not in known:
        fitting = (
            one
            for one in feeds.support
            if fnmatchcase(source, one.package) and (one.ended is None or one.ended <= today)
        )
        known[source] = min(
            fitting, key=lambda one: (one.limited, "*" in one.package), default=None
        )
    return known[source]


def _foreign(
    system: System,
    feeds: Feeds,
    listed: Iterable[Installed],
    rows: Sequence[Mapping[str, str]],
) -> list[Installed] | None:
    """Return the packages that are not the distributor's; None where that is not known."""
    match family(system.distribution):
        case Family.DEB:
            names = names_of(system, feeds)
            if names is None:
                return None
            return [
                package
                for package in listed
                if package.name.partition(":")[0] not in names and not kernel_source(package.source)
            ]
        case Family.RPM:
            own = _VENDORS[system.distribution]
            strangers = {r["name"] for r in rows if not r.get("vendor", "").startswith(own)}
            return [p for p in listed if p.name in strangers and not p.name.startswith(_KEYS)]
        case _:
            return None


_KEYS = "gpg-pubkey"
"""What rpm keeps the keys as that it trusts."""
_VENDORS: Mapping[str, tuple[str, ...]] = {
    "almalinux": ("AlmaLinux",),
    "centos": ("CentOS",),
    "ol": ("Oracle America",),
    "opensuse-leap": ("SUSE LLC", "openSUSE"),
    "rhel": ("Red Hat, Inc.",),
    "rocky": ("Rocky Enterprise Software Foundation",),
    "sles": ("SUSE LLC",),
}


PROBE = ProbeType(
    name="patches",
    via=Via.DERIVED,
    args=PatchesArgs,
    doc=Text(
        id="Pembaruan keamanan yang belum terpasang, tenggatnya, dan celah tanpa pembaruan",
        en="Security updates that are not installed, when they are due, and what none mends",
    ),
    gives=GIVES,
    needs=_needs,
    joins=(ports.PROBE.name,),
    derive=_derive,
)
