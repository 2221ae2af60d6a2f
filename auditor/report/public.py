"""What everyone may read of a run: counts of the city. The type holds no name and no weakness."""

import datetime as dt
from collections.abc import Mapping

from auditor.findings import Changes
from auditor.model.base import Text, Value
from auditor.model.check import Foundation, Severity
from auditor.model.result import Run, Score
from auditor.report.control_score import Word
from auditor.report.model import Coverage, Summary
from auditor.report.shares import Share


class Weight(Value, frozen=True):
    """How many requirements of one severity are not met, and for how long on average, in days."""

    severity: Severity
    count: int
    days: float


class Law(Value, frozen=True):
    """How many controls of a law or standard earned each indicative word."""

    short: str
    title: Text
    words: Mapping[Word, int]

    @property
    def size(self) -> int:
        """How many controls it has."""
        return sum(self.words.values())

    def count(self, word: Word) -> int:
        """Return how many controls earned a word."""
        return self.words[word]


class Public(Value, frozen=True):
    """A run without names: no target, office or official, no check that fails."""

    city: str
    run_started: dt.datetime
    tool_version: str
    tz: str
    letter_date: dt.date
    letter_until: dt.date
    coverage: Coverage
    score: Score
    foundations: Mapping[Foundation, Score]
    shares: Mapping[Foundation, Share]
    weights: tuple[Weight, ...]
    changes: Changes
    compared: bool
    """There was a run before, with which this one is compared."""
    policies: tuple[Text, ...]
    waived: int
    frameworks: tuple[Law, ...] = ()


def public(summary: Summary) -> Public:
    """Return what may be published of a summary."""
    head = summary.head
    return Public(
        city=head.city,
        run_started=head.run.started,
        tool_version=head.run.tool_version,
        tz=head.tz,
        letter_date=head.authority.date,
        letter_until=head.authority.valid_until,
        coverage=summary.coverage,
        score=summary.score,
        foundations=summary.foundations,
        shares=summary.shares,
        weights=tuple(_weight(severity, summary, head.run) for severity in Severity),
        changes=summary.changes,
        compared=summary.previous is not None,
        policies=head.policies,
        waived=len(summary.waivers.findings),
        frameworks=tuple(
            Law(short=row.short, title=row.title, words={word: row.count(word) for word in Word})
            for row in summary.frameworks
        ),
    )


def _weight(severity: Severity, summary: Summary, run: Run) -> Weight:
    mine = [p for p in summary.problems if p.severity is severity]
    days = sum((run.started - p.first_seen).total_seconds() / 86_400 for p in mine)
    return Weight(
        severity=severity, count=len(mine), days=round(days / len(mine), 1) if mine else 0.0
    )
