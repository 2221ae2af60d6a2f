"""The patch level of a whole city: per target, per office, by action, and how it changed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from statistics import fmean, median

from auditor.model.base import CheckId, OpdId, TargetId
from auditor.model.fact import WHY, Observation
from auditor.model.inventory import Opd, TargetKind
from auditor.model.result import Finding, FindingState, Run
from auditor.patch.exposure import Reach
from auditor.report.model import TargetRow
from auditor.report.patch import UNVISITED, Level, Word, level_of
from auditor.report.patch_groups import Gathered, haste, key_of
from auditor.report.patch_sums import City, Mended, OpdPatches, PatchRow, Totals

UPDATES = CheckId("patch.security-updates")
"""Its findings are remembered: when one was seen first, and when it was gone."""
REBOOT = CheckId("patch.reboot")
GROUPS = 100
"""Actions of the city's page; the rest is counted."""
_STANDING = frozenset({FindingState.NEW, FindingState.OPEN, FindingState.REGRESSED})
Look = Callable[[TargetId], Iterable[Observation]]


def city(
    run: Run,
    targets: Iterable[TargetRow],
    look: Look,
    *,
    findings: Iterable[Finding] = (),
    previous: Look | None = None,
) -> City | None:
    """Return the city's patch level; None where no target was asked for it.

    `look` gives what this run saw of a target, `previous` what the run before saw; one target at
    a time is in memory.
    """
    gathering = _Gathering(run, findings)
    for row in targets:
        gathering.add(row, look, previous)
    return gathering.city()


class _Gathering:
    """Counts while targets pass by."""

    def __init__(self, run: Run, findings: Iterable[Finding]) -> None:
        self._run = run
        self._rows: dict[TargetId, PatchRow] = {}
        self._opds: dict[OpdId, Opd] = {}
        self._totals: dict[OpdId, Totals] = {}
        self._before: Totals | None = None
        self._days: dict[OpdId, list[int]] = {}
        self._groups: dict[tuple[str, bool], Gathered] = {}
        self._never: list[TargetRow] = []
        self._mended: dict[TargetId, list[Finding]] = {}
        self._reboots: dict[TargetId, datetime] = {}
        for finding in findings:
            if finding.check == UPDATES and finding.state is FindingState.FIXED:
                self._mended.setdefault(finding.target, []).append(finding)
            elif finding.check == REBOOT and finding.state in _STANDING:
                self._reboots[finding.target] = finding.first_seen

    def add(self, row: TargetRow, look: Look, previous: Look | None) -> None:
        """Take one target in."""
        observations = tuple(look(row.target.id))
        level = level_of(observations)
        earlier = level_of(previous(row.target.id)) if previous else None
        if level is None:
            if not observations and row.target.kind is TargetKind.SERVER:
                self._never.append(row)
            return
        self._take(row, level)
        if earlier is not None:
            self._before = (self._before or Totals()).plus(totals_of(earlier))
        days = _days(level, earlier, self._mended.get(row.target.id, ()), self._run.started)
        self._days.setdefault(row.opd.id, []).extend(days)
        for action in level.actions:
            self._groups.setdefault(key_of(action), Gathered()).add(row.target.id, action)

    def _take(self, row: TargetRow, level: Level) -> None:
        name, opd = row.target.id, row.opd
        self._opds[opd.id] = opd
        self._totals[opd.id] = self._totals.get(opd.id, Totals()).plus(totals_of(level))
        self._rows[name] = _row(name, opd.id, level, self._run, self._reboots.get(name))

    def city(self) -> City | None:
        """Return all that was taken in; targets that were never come to are not seen."""
        if not self._rows:
            return None
        for row in self._never:
            reason = WHY[row.why] if row.why else UNVISITED
            self._take(row, Level(word=Word.UNSEEN, reason=reason, detail=row.reason))
        groups = sorted(
            (group.made(source, restart=r) for (source, r), group in self._groups.items()),
            key=haste,
        )
        totals = Totals()
        for part in self._totals.values():
            totals = totals.plus(part)
        return City(
            totals=totals,
            before=self._before,
            mended=_mended([day for days in self._days.values() for day in days]),
            opds=tuple(self._opd(opd) for opd in self._opds.values()),
            groups=tuple(groups[:GROUPS]),
            more=max(0, len(groups) - GROUPS),
            rows=self._rows,
        )

    def _opd(self, opd: Opd) -> OpdPatches:
        return OpdPatches(
            opd=opd,
            totals=self._totals[opd.id],
            mended=_mended(self._days.get(opd.id, ())),
            rows=tuple(row for row in self._rows.values() if row.opd == opd.id),
        )


def totals_of(level: Level) -> Totals:
    """Return one target's numbers."""
    patches = level.patches
    updates = (patches.security or ()) if patches else ()
    actions = level.actions
    kev = {cve for action in actions for cve in action.kev or ()}
    kev |= {cve for row in (patches.open or ()) for cve in row.kev} if patches else set()
    return Totals(
        targets=1,
        unseen=patches is None,
        stale=level.word is Word.STALE,
        partly=level.word is Word.PARTLY,
        ended=bool(level.ended),
        pending=len(updates),
        waiting=bool(updates),
        kev=sum(bool(action.kev) for action in updates),
        exposed=sum(action.exposed is Reach.INTERNET for action in updates),
        overdue=sum(bool(action.overdue) for action in actions),
        restarts=sum(action.restart for action in actions),
        open_kev=len(kev),
        unsure=any(action.kev is None for action in actions),
    )


def _row(
    name: TargetId, opd: OpdId, level: Level, run: Run, reboot_since: datetime | None
) -> PatchRow:
    life, patches = level.lifecycle, level.patches
    updates = patches.security if patches else None
    totals = totals_of(level) if updates is not None else None
    ages = [action.days for action in updates or () if action.days is not None]
    sure = totals is not None and not totals.unsure
    foreign = patches.third_party if patches else None
    return PatchRow(
        target=name,
        opd=opd,
        word=level.word,
        reason=level.reason,
        system=life.release if life else (patches.release if patches else ""),
        phase=life.stage if life else "",
        eol=life.eol if life else None,
        pending=totals.pending if totals else None,
        kev=totals.kev if totals and (sure or totals.kev) else None,
        exposed=totals.exposed if totals else None,
        overdue=totals.overdue if totals else None,
        oldest=max(ages, default=None),
        reboot=level.reboot,
        reboot_since=reboot_since if level.reboot else None,
        lists_days=(run.started - level.lists_time).days if level.lists_time else None,
        automatic=level.automatic,
        coverage=patches.coverage if patches else None,
        third_party=None if foreign is None else len(foreign),
        dated=patches.index_date if patches else None,
    )


def _days(
    level: Level, earlier: Level | None, mended: Iterable[Finding], now: datetime
) -> Iterable[int]:
    """Yield how many days each update took: from the day its fix was out, where that is kept.

    What this run no longer lacks is known from the run before; what was gone earlier from the
    findings, which only know when they were first seen.
    """
    gone = _gone(level, earlier)
    yield from (max(0, (now - since).days) for since in gone.values())
    for finding in mended:
        if finding.fixed_at is not None and finding.item not in gone:
            yield max(0, (finding.fixed_at - finding.first_seen).days)


def _gone(level: Level, earlier: Level | None) -> Mapping[str, datetime]:
    """Return what the run before lacked and this one does not: source package → fix out since."""
    if earlier is None or earlier.patches is None or level.patches is None:
        return {}
    if level.patches.security is None or level.word not in (Word.COMPLETE, Word.PARTLY):
        return {}
    still = {action.source for action in level.actions}
    return {
        action.source: action.since
        for action in earlier.patches.security or ()
        if action.since is not None and action.source not in still
    }


def _mended(days: Iterable[int]) -> Mended | None:
    days = list(days)
    if not days:
        return None
    return Mended(number=len(days), mean=fmean(days), median=float(median(days)))
