"""What is to be done on a target: one action a source package, the most urgent first."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from auditor.model.base import Text, Value
from auditor.model.feed import Feeds
from auditor.patch.ecosystem import Family, family, version_key
from auditor.patch.exposure import Doors, Exposure
from auditor.patch.pending import Pending
from auditor.patch.priority import Weighed, weigh
from auditor.patch.reason import reason
from auditor.patch.system import Installed, System, kernel_source
from auditor.patch.verdict import UPDATES, Ruling, Verdict


class Action(NamedTuple):
    """Install one source package's update, or restart what runs without it."""

    source: str
    packages: tuple[str, ...]
    have: str
    want: str
    suite: str
    verdict: Verdict
    held: bool
    cves: tuple[str, ...]
    kev: tuple[str, ...]
    ransomware: bool
    advisories: tuple[str, ...]
    since: date
    exposure: Exposure
    weighed: Weighed
    reason: Text


class Given(Value, frozen=True):
    """What all actions of a target are made of."""

    system: System
    feeds: Feeds
    doors: Doors
    names: Mapping[str, tuple[str, ...]]
    """The packages of each source package that are there (see `binaries`)."""
    held: frozenset[str]
    """Packages that are kept from upgrades."""
    suite: str
    """Where updates without a pocket come from: "bookworm-security", "errata"."""
    dated: date
    """Of the data: stands in for the day of a fix that nothing tells."""


class _Row:
    """An action in the making."""

    def __init__(self) -> None:
        self.told: list[Ruling] = []
        self.waiting: list[Pending] = []


def updates(told: Iterable[Ruling], waiting: Iterable[Pending], given: Given) -> tuple[Action, ...]:
    """Join rulings with what the signed list has newer; return the updates to install."""
    rows: dict[tuple[str, Verdict], _Row] = {}
    for ruling in told:
        if ruling.verdict in UPDATES:
            rows.setdefault((name_of(ruling.source), ruling.verdict), _Row()).told.append(ruling)
    for group in waiting:
        rows.setdefault((name_of(group.source), given.system.offered), _Row()).waiting.append(group)
    return _ordered(rows, given)


def restarts(told: Iterable[Ruling], given: Given) -> tuple[Action, ...]:
    """Return the restarts that are needed for what is installed to be in force."""
    rows: dict[tuple[str, Verdict], _Row] = {}
    for ruling in told:
        if ruling.verdict is Verdict.INSTALLED_NOT_RUNNING:
            rows.setdefault((name_of(ruling.source), ruling.verdict), _Row()).told.append(ruling)
    return _ordered(rows, given)


def name_of(source: str) -> str:
    """Return what a report calls a source package: all that a kernel consists of is one."""
    return kernel_source(source) or source


def _ordered(rows: Mapping[tuple[str, Verdict], _Row], given: Given) -> tuple[Action, ...]:
    found = []
    for (source, verdict), row in rows.items():
        action = _action(source, verdict, row, given)
        other = Verdict.UPDATE_NOT_ENABLED
        if verdict is other and (source, Verdict.UPDATE_PENDING) in rows:
            action = action._replace(source=f"{source} ({action.suite})")
        found.append(action)
    return tuple(sorted(found, key=_haste))


def _haste(action: Action) -> tuple[tuple[int, date, tuple[bool, float, float]], str]:
    return action.weighed.haste, action.source


def binaries(listed: Iterable[Installed]) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the installed packages of each source package; a kernel's are one's."""
    found: dict[str, list[str]] = {}
    for package in listed:
        found.setdefault(name_of(package.source or package.name), []).append(package.name)
    return {source: tuple(names) for source, names in found.items()}


def _action(source: str, verdict: Verdict, row: _Row, given: Given) -> Action:
    """Return the action of a row; alike rows of alike targets are weighed once a run."""
    packages = _packages(row, given)
    exposure = given.doors.of(packages)
    is_held = not given.held.isdisjoint(packages)
    key = (source, verdict, given.suite, packages, exposure, is_held, *row.told, *row.waiting)
    known: dict[Hashable, Action] = given.feeds.known.setdefault("actions", {})
    action = known.get(key)
    if action is None:
        made = _weighed(source, verdict, row, given, exposure)
        action = known[key] = made._replace(packages=packages, held=is_held)
    return action


def _weighed(source: str, verdict: Verdict, row: _Row, given: Given, exposure: Exposure) -> Action:
    weaknesses = _weaknesses(row, given.dated)
    cves = tuple(sorted(cve for cve in weaknesses if cve))
    exploited = given.feeds.exploited
    weighed = weigh(weaknesses, exposure, given.feeds)
    have, want, suite = _versions(row, given)
    return Action(
        source=source,
        packages=(),
        have=have,
        want=want,
        suite=suite,
        verdict=verdict,
        held=False,
        cves=cves,
        kev=tuple(cve for cve in cves if cve in exploited),
        ransomware=any(cve in exploited and exploited[cve].ransomware for cve in cves),
        advisories=tuple(sorted({ruling.advisory for ruling in row.told} - {""})),
        since=min(weaknesses.values()),
        exposure=exposure,
        weighed=weighed,
        reason=reason(weighed, exposure),
    )


def _packages(row: _Row, given: Given) -> tuple[str, ...]:
    """Return what the package manager would replace: as it says, else all of the source package."""
    found = [name for group in row.waiting for name in group.packages]
    if not found and family(given.system.distribution) is Family.RPM:
        found = [ruling.package for ruling in row.told]
    elif not found:
        found = [name for ruling in row.told for name in given.names[ruling.source]]
    return tuple(dict.fromkeys(found))


def _weaknesses(row: _Row, dated: date) -> dict[str, date]:
    """Return each CVE with the first day of its fix; "" stands for what names none."""
    found: dict[str, date] = {}
    listed = min((g.since for g in row.waiting if g.since is not None), default=dated)
    for ruling in row.told:
        since = ruling.since or listed
        for cve in ruling.cves or ("",):
            found[cve] = min(since, found.get(cve, since))
    return found or {"": listed}


def _versions(row: _Row, given: Given) -> tuple[str, str, str]:
    """Return what is there, what mends, and where that is to be had."""
    if row.waiting:
        first = row.waiting[0]
        return first.have, first.want, given.suite
    key = version_key(given.system.distribution)
    last = max(row.told, key=lambda ruling: key(ruling.want))
    return last.have, last.want, last.suite or given.suite
