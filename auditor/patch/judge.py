"""What the vendor says of each package that is installed, in the words of `Verdict`."""

from collections.abc import Iterable, Iterator

from auditor.model.advisory import Fix, FixState
from auditor.model.feed import Feeds
from auditor.patch.ecosystem import Family, family, version_key
from auditor.patch.pockets import is_enabled, is_meant, is_of_line
from auditor.patch.streams import concerns, is_modular, stream_of
from auditor.patch.system import System, Unit, is_rpm_kernel
from auditor.patch.verdict import CLOSED, Ruling, Verdict

_UNFIXED = {
    FixState.NOT_AFFECTED: Verdict.NOT_AFFECTED,
    FixState.NO_FIX: Verdict.OPEN_NO_FIX,
    FixState.MINOR: Verdict.OPEN_MINOR,
    FixState.UNDETERMINED: Verdict.UNDETERMINED,
    FixState.UNSUPPORTED: Verdict.UNSUPPORTED,
}
BACKPORT = "~bpo"


def judge(system: System, feeds: Feeds, found: Iterable[Unit]) -> Iterator[Ruling]:
    """Yield every ruling on the units of a system, closed ones too."""
    for unit in found:
        yield from rulings(system, feeds, unit)


class Summary:
    """The rulings on one unit, as much of them as is kept for every target."""

    __slots__ = ("counts", "open")

    def __init__(self, told: Iterable[Ruling]) -> None:
        self.counts: dict[Verdict, int] = {}
        self.open: list[Ruling] = []
        for ruling in told:
            pairs = len(ruling.cves) or 1
            self.counts[ruling.verdict] = self.counts.get(ruling.verdict, 0) + pairs
            if ruling.verdict not in CLOSED:
                self.open.append(ruling)


def summaries(system: System, feeds: Feeds, found: Iterable[Unit]) -> Iterator[Summary]:
    """Yield what is kept of each unit; alike units of alike systems are judged once a run."""
    common = feeds.known.setdefault((system.pockets, system.secure), {})
    for unit in found:
        memo = {} if unit.kernel and system.patched else common
        known: Summary | None = memo.get(unit)
        if known is None:
            known = memo[unit] = Summary(rulings(system, feeds, unit))
        yield known


def rulings(system: System, feeds: Feeds, unit: Unit) -> Iterator[Ruling]:
    """Yield the rulings on one unit."""
    fixes = feeds.fixes.get(unit.name, ())
    if family(system.distribution) is Family.RPM:
        yield from _modular(system, unit, (*fixes, *_of_source(feeds, unit)))
        return
    if BACKPORT in unit.version:
        fixes = feeds.unreleased.get(unit.name, ())
        unit = unit._replace(version=unit.version.partition(BACKPORT)[0])
    yield from _told(system, unit, fixes)


def _of_source(feeds: Feeds, unit: Unit) -> Iterator[Fix]:
    """Yield the rows by which a vendor of rpms says what is not mended: they name the source.

    What a kernel's source package has beside the kernel (its tools) is not concerned.
    """
    if unit.source == unit.name or (is_rpm_kernel(unit.source) and not unit.kernel):
        return
    for fix in feeds.fixes.get(unit.source, ()):
        if fix.state is not FixState.FIXED:
            yield fix


def _modular(system: System, unit: Unit, fixes: Iterable[Fix]) -> Iterator[Ruling]:
    """Leave out what speaks of another stream; what may speak of another decides nothing."""
    mine, unsure = [], []
    fixes = tuple(fixes)
    stream = unit.stream
    if not stream and is_modular(unit.version):
        stream = stream_of(unit.version, fixes)
    for fix in fixes:
        match concerns(unit.version, stream, fix.stream):
            case True:
                mine.append(fix)
            case None:
                unsure.append(fix)
    yield from _told(system, unit, mine)
    key = _key(system, unit)
    for fix in unsure:
        if not _has(key, fix):
            yield _ruling(unit, fix, Verdict.UNDETERMINED)


def _told(system: System, unit: Unit, fixes: Iterable[Fix]) -> Iterator[Ruling]:
    key = _key(system, unit)
    installed = _installed(system, unit, key)
    elsewhere: dict[str, list[Fix]] = {}
    fixes = tuple(fix for fix in fixes if is_meant(unit.version, fix.pocket, system.pockets))
    if any(fix.pocket for fix in fixes):
        for fix in fixes:
            for cve in fix.cves or (fix.advisory,):
                elsewhere.setdefault(cve, []).append(fix)
        for cve, choices in elsewhere.items():
            fix, verdict = _best(system, unit, key, installed, choices)
            yield _ruling(unit, fix, verdict)._replace(cves=(cve,) if fix.cves else ())
        return
    for fix in fixes:
        yield from _split(system, unit, fix, _verdict(system, unit, key, installed, fix))


def _split(system: System, unit: Unit, fix: Fix, verdict: Verdict) -> Iterator[Ruling]:
    """Yield the ruling; what a live patch mends in the running kernel waits for no restart."""
    ruling = _ruling(unit, fix, verdict)
    mended = tuple(cve for cve in fix.cves if cve in system.patched)
    if not (mended and unit.kernel and verdict is Verdict.INSTALLED_NOT_RUNNING):
        yield ruling
        return
    yield ruling._replace(verdict=Verdict.FIXED, cves=mended, note="live patch")
    if left := tuple(cve for cve in fix.cves if cve not in mended):
        yield ruling._replace(cves=left)


def _best(
    system: System, unit: Unit, key: bytes, installed: bytes, choices: Iterable[Fix]
) -> tuple[Fix, Verdict]:
    """Return the answer of the pocket that answers best: fixed in any of its own is fixed.

    That the builds of a pocket are not affected counts last where they are not what is there.
    """
    told = [(fix, _verdict(system, unit, key, installed, fix)) for fix in choices]
    return min(
        told,
        key=lambda one: (
            one[1] is Verdict.NOT_AFFECTED and not _is_own(system, unit, one[0].pocket),
            _ORDER.index(one[1]),
        ),
    )


def _is_own(system: System, unit: Unit, pocket: str) -> bool:
    return is_enabled(pocket, system.pockets) or is_of_line(unit.version, pocket, unit.version)


_ORDER = (
    Verdict.FIXED,
    Verdict.NOT_AFFECTED,
    Verdict.INSTALLED_NOT_RUNNING,
    Verdict.UPDATE_PENDING,
    Verdict.UPDATE_NOT_ENABLED,
    Verdict.UNDETERMINED,
    Verdict.OPEN_MINOR,
    Verdict.OPEN_NO_FIX,
    Verdict.UNSUPPORTED,
)


def _verdict(system: System, unit: Unit, key: bytes, installed: bytes, fix: Fix) -> Verdict:
    if fix.state is not FixState.FIXED:
        return _UNFIXED[fix.state]
    if is_of_line(unit.version, fix.pocket, fix.version):
        if _has(key, fix):
            return Verdict.FIXED
        if unit.kernel and _has(installed, fix):
            return Verdict.INSTALLED_NOT_RUNNING
    if not fix.pocket:
        return system.offered
    enabled = is_enabled(fix.pocket, system.pockets)
    return Verdict.UPDATE_PENDING if enabled else Verdict.UPDATE_NOT_ENABLED


def _has(key: bytes, fix: Fix) -> bool:
    return key >= fix.key


def _key(system: System, unit: Unit) -> bytes:
    return version_key(system.distribution)(unit.version)


def _installed(system: System, unit: Unit, key: bytes) -> bytes:
    return version_key(system.distribution)(unit.installed) if unit.kernel else key


def _ruling(unit: Unit, fix: Fix, verdict: Verdict) -> Ruling:
    return Ruling(
        source=unit.source,
        package=unit.name,
        have=unit.version,
        verdict=verdict,
        cves=fix.cves,
        want=fix.version,
        suite=fix.pocket or fix.stream,
        advisory=fix.advisory,
        since=fix.issued,
        note=fix.note or ("inferred" if fix.inferred else ""),
    )
