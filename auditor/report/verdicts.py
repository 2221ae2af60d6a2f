"""One verdict a line: a weakness in a package of a target, as stored facts or feeds tell it."""

from collections.abc import Iterable, Iterator
from datetime import date

from auditor.model.base import Value
from auditor.patch.verdict import Ruling, Verdict
from auditor.report.patch import Level


class Told(Value, frozen=True):
    """What is said of one weakness; `cve` is empty where the vendor names none."""

    source: str
    package: str
    """What was compared: a source package (deb, apk) or a binary one (rpm)."""
    have: str
    verdict: Verdict
    cve: str = ""
    want: str = ""
    suite: str = ""
    advisory: str = ""
    since: date | None = None
    note: str = ""


def stored(level: Level) -> Iterator[Told]:
    """Yield what a stored fact holds: all that is open, nothing that is closed."""
    found = level.patches
    if found is None:
        return
    for action in level.actions:
        for cve in action.cves or ("",):
            yield Told(
                source=action.source,
                package=action.source,
                have=action.have,
                verdict=action.verdict,
                cve=cve,
                want=action.want,
                suite=action.suite,
                advisory=" ".join(action.advisories),
                since=action.since.date() if action.since else None,
            )
    for row in found.open or ():
        for cve in row.cves or ("",):
            yield Told(
                source=row.source,
                package=row.source,
                have=row.have,
                verdict=row.verdict,
                cve=cve,
                note=row.note,
            )
    yield from apart(level)


def apart(level: Level) -> Iterator[Told]:
    """Yield packages that stand outside the vendor's lists: past support, or not his."""
    found = level.patches
    if found is None:
        return
    for ended in found.unsupported or ():
        note = ended.note or ("limited" if ended.limited else "")
        yield Told(
            source=ended.source,
            package=ended.source,
            have="",
            verdict=Verdict.UNSUPPORTED,
            note=note,
        )
    for foreign in found.third_party or ():
        yield Told(
            source=foreign.source or foreign.name,
            package=foreign.name,
            have=foreign.version,
            verdict=Verdict.NOT_COVERED,
        )


def judged(rulings: Iterable[Ruling]) -> Iterator[Told]:
    """Yield rulings one weakness at a time."""
    for ruling in rulings:
        for cve in ruling.cves or ("",):
            yield Told(
                source=ruling.source,
                package=ruling.package,
                have=ruling.have,
                verdict=ruling.verdict,
                cve=cve,
                want=ruling.want,
                suite=ruling.suite,
                advisory=ruling.advisory,
                since=ruling.since,
                note=ruling.note,
            )


def unseen(reason: str) -> Told:
    """Return the line of a target of which nothing can be concluded."""
    return Told(source="", package="", have="", verdict=Verdict.STALE_OR_MISSING_DATA, note=reason)
