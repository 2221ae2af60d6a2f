"""Controls of the law, who answered the foundations, and waivers, as they are published."""

import datetime as dt
from collections.abc import Iterator, Mapping

import msgspec

from auditor.model.check import Foundation
from auditor.model.result import Tally
from auditor.model.text import inert
from auditor.model.waiver import Waivers
from auditor.render.published import Part, TextV1, text_v1
from auditor.report.model import Summary
from auditor.report.shares import Share


class TallyV1(Part, frozen=True):
    """Counts of results by status."""

    passed: int
    failed: int
    errors: int
    not_applicable: int
    not_checked: int


class ControlV1(Part, frozen=True):
    """A control of the law and the evidence for and against it; `word` is indicative.

    The counts are those of machines and people together.
    """

    id: str
    framework: str
    article: str
    text: TextV1
    mark: str
    source: str
    standing: str
    assurance: str
    passed: int
    failed: int
    errors: int
    not_applicable: int
    not_checked: int
    word: str = ""
    machine: TallyV1 | None = None
    attested: TallyV1 | None = None


class ShareV1(Part, frozen=True):
    """By whom a foundation was answered."""

    machine_good: int
    machine_bad: int
    people_good: int
    people_bad: int
    unseen: int
    waiting: int


class WaiverV1(Part, frozen=True):
    """A waiver and what became of it: "active", "expired" or "idle"."""

    id: str
    state: str
    reason: str
    letter: str
    role: str
    date: dt.date
    until: dt.date
    findings: list[str]


def controls_v1(summary: Summary) -> Iterator[ControlV1]:
    """Yield the controls of all frameworks."""
    for row in summary.controls:
        machine, attested = row.evidence.machine, row.evidence.attested
        yield ControlV1(
            id=row.control.id,
            framework=row.short,
            article=row.control.article,
            text=text_v1(row.control.text),
            mark=row.control.mark,
            source=row.control.source,
            standing=row.control.status,
            assurance=row.control.assurance,
            word=row.evidence.word,
            machine=_tally(machine),
            attested=_tally(attested),
            **{name: getattr(machine, name) + getattr(attested, name) for name in _COUNTS},
        )


_COUNTS = TallyV1.__struct_fields__


def _tally(tally: Tally) -> TallyV1:
    return TallyV1(**msgspec.structs.asdict(tally))


def shares_v1(shares: Mapping[Foundation, Share]) -> dict[str, ShareV1]:
    """Return the shares of a city or an office."""
    return {
        foundation.value: ShareV1(**msgspec.structs.asdict(share))
        for foundation, share in shares.items()
    }


def waivers_v1(waivers: Waivers) -> list[WaiverV1]:
    """Return every waiver, those in use first."""
    used: dict[str, list[str]] = {}
    for finding, waiver in waivers.findings.items():
        used.setdefault(waiver.id, []).append(finding)
    active = {waiver.id: waiver for waiver in waivers.findings.values()}
    states = (
        ("active", active.values()),
        ("expired", waivers.expired),
        ("idle", waivers.idle),
    )
    return [
        WaiverV1(
            id=waiver.id,
            state=state,
            reason=inert(waiver.reason),
            letter=inert(waiver.letter),
            role=inert(waiver.role),
            date=waiver.date,
            until=waiver.until,
            findings=sorted(used.get(waiver.id, ())),
        )
        for state, some in states
        for waiver in some
    ]
