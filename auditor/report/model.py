"""The parts of a report. Nothing here knows HTML or a language beyond `Text`."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from auditor.findings import Changes
from auditor.model.base import CheckId, OpdId, TargetId, Text, Value
from auditor.model.check import Check, Foundation, Severity
from auditor.model.fact import Why
from auditor.model.inventory import Authority, Opd, Target
from auditor.model.policy import Control, Mark, Standing
from auditor.model.result import Finding, Run, Score, Status, TargetState
from auditor.model.waiver import Waiver, Waivers
from auditor.report.breach import Breach
from auditor.report.control_score import Evidence, Stage, Word
from auditor.report.matrix import Matrix
from auditor.report.patch_sums import City
from auditor.report.shares import Share
from auditor.report.site_grade import SiteGrade
from auditor.report.unexamined import Unexamined


class Head(Value, frozen=True):
    """By whom, on whose authority, of what, when."""

    city: str
    unit: str
    tz: str
    authority: Authority
    run: Run
    policies: tuple[Text, ...]
    digest: str
    """SHA-256 over everything that the run holds."""


class Coverage(Value, frozen=True):
    """How much could be examined. What was not seen never counts as good."""

    targets: int = 0
    seen: int = 0
    partly: int = 0
    unseen: int = 0
    answered: int = 0
    """Results with a definite answer."""
    asked: int = 0
    """Results that should have one."""
    reasons: Mapping[TargetState, int] = msgspec.field(default_factory=dict)
    """How the visits of the unseen targets ended."""

    @property
    def unvisited(self) -> int:
        """How many targets a run that was stopped did not come to, or did not finish."""
        return self.reasons.get(TargetState.INTERRUPTED, 0)

    @property
    def share(self) -> float | None:
        """Percent of the questions that were answered; None where nothing was asked."""
        return round(100 * self.answered / self.asked, 1) if self.asked else None


class LawRef(Value, frozen=True):
    """A control that a check gives evidence for or against."""

    id: str
    short: str
    article: str
    text: Text
    mark: Mark
    standing: Standing


class Problem(Value, frozen=True):
    """One check that fails on one target: its findings are its items."""

    check: Check
    target: Target
    opd: Opd
    severity: Severity
    findings: tuple[Finding, ...]
    first_seen: datetime
    due: datetime
    """By when it should be mended, as the policy has it."""
    law: tuple[LawRef, ...]

    @property
    def count(self) -> int:
        """How many items fail."""
        return len(self.findings)


class Accepted(Value, frozen=True):
    """What a waiver covers on one target: it still stands, and is counted apart."""

    check: Check
    target: Target
    opd: Opd
    waiver: Waiver
    findings: tuple[Finding, ...]


class TargetRow(Value, frozen=True):
    """One target in the tables."""

    target: Target
    opd: Opd
    state: TargetState
    reason: str
    """What stood in the way, in technical English."""
    why: Why | None
    score: Score
    ms: int
    grade: SiteGrade | None = None
    """None where it has no site, or its outside was not asked for."""


class OpdRow(Value, frozen=True):
    """One office in the tables; `foundations` holds a score where any check was asked."""

    opd: Opd
    score: Score
    foundations: Mapping[Foundation, Score]
    shares: Mapping[Foundation, Share]
    unexamined: tuple[Unexamined, ...]
    targets: int
    unseen: int
    problems: int


class Verdict(Value, frozen=True):
    """What one check says of one target, for a control's page."""

    check: CheckId
    target: TargetId
    opd: OpdId
    status: Status


class ControlRow(Value, frozen=True):
    """One control of the law, with what was examined for it."""

    control: Control
    framework: str
    short: str
    evidence: Evidence
    verdicts: tuple[Verdict, ...]
    """Failures and gaps first; a bounded number."""
    more: int = 0
    checks: tuple[CheckId, ...] = ()
    """Those that give evidence for or against it; empty where nothing looks."""


class FrameworkRow(Value, frozen=True):
    """One law or standard with its controls; `stage`: as the official instrument counts them."""

    id: str
    short: str
    title: Text
    note: Text | None
    stage: Stage | None
    controls: tuple[ControlRow, ...]

    @property
    def size(self) -> int:
        """How many controls it has."""
        return len(self.controls)

    def count(self, word: Word) -> int:
        """Return how many controls earn a word."""
        return sum(row.evidence.word is word for row in self.controls)


class Summary(Value, frozen=True):
    """A whole run as its readers see it."""

    head: Head
    coverage: Coverage
    score: Score
    foundations: Mapping[Foundation, Score]
    shares: Mapping[Foundation, Share]
    """By whom each foundation was answered."""
    opds: tuple[OpdRow, ...]
    targets: tuple[TargetRow, ...]
    problems: tuple[Problem, ...]
    """Gravest first; what is waived is not among them."""
    accepted: tuple[Accepted, ...]
    waivers: Waivers
    breaches: tuple[Breach, ...]
    """Personal data that lay open, by office."""
    frameworks: tuple[FrameworkRow, ...]
    checks: Mapping[CheckId, Check]
    law: Mapping[CheckId, tuple[LawRef, ...]]
    """The controls behind each check; a check without any is absent."""
    weights: Mapping[Severity, int]
    due: Mapping[Severity, int]
    """Days that a failure of a severity may stand."""
    changes: Changes
    previous: Run | None
    matrix: Matrix = Matrix()
    patch: City | None = None
    """None where no target was asked for its patch level."""

    @property
    def controls(self) -> tuple[ControlRow, ...]:
        """The controls of all frameworks."""
        return tuple(row for framework in self.frameworks for row in framework.controls)
