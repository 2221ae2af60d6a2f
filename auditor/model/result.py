"""What the audit says: results of a run, findings over runs, scores."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from auditor.model.base import CheckId, FindingId, OpdId, ProbeKey, RunId, TargetId, Text, Value
from auditor.model.check import Foundation, Severity
from auditor.model.fact import Json, Why


class Status(StrEnum):
    """The answer of one check on one target."""

    PASS = "pass"  # noqa: S105 - a status
    FAIL = "fail"
    ERROR = "error"
    """Something that it needs could not be seen."""
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


class Reason(Value, frozen=True):
    """One assertion's part in a result, in words.

    `item` is the item's own key (port, package, path), empty where there is no list.
    `place` is the file and line to mend, where the fact knows it.
    """

    status: Status
    message: Text
    item: str = ""
    path: str = ""
    found: Json = None
    place: str = ""
    detail: str = ""
    """What stood in the way of seeing it, in technical English."""
    waits: bool = False
    """Nobody tried to look: it waits for a person, or for an optional tool."""


class Result(Value, frozen=True):
    """One check on one target in one run; `more` counts reasons that were left out.

    `partial`: it fails, and some of what it judges was not seen.
    """

    check: CheckId
    target: TargetId
    status: Status
    severity: Severity
    foundation: Foundation
    reasons: tuple[Reason, ...] = ()
    probes: tuple[ProbeKey, ...] = ()
    params: Mapping[str, Json] = msgspec.field(default_factory=dict)
    more: int = 0
    partial: bool = False


class FindingState(StrEnum):
    """A finding against the run before."""

    NEW = "new"
    OPEN = "open"
    FIXED = "fixed"
    REGRESSED = "regressed"
    UNSEEN = "unseen"
    """It was open, and this run could not look."""


class Finding(Value, frozen=True):
    """A failure with an identity over runs: check + target + the item's own key."""

    id: FindingId
    check: CheckId
    target: TargetId
    item: str
    severity: Severity
    foundation: Foundation
    state: FindingState
    message: Text
    first_seen: datetime
    last_seen: datetime
    fixed_at: datetime | None = None
    place: str = ""


class TargetState(StrEnum):
    """How a visit ended."""

    SEEN = "seen"
    PARTLY = "partly"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    HOST_KEY = "host_key"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"


class Visit(Value, frozen=True):
    """One target in one run: how it went, and what every check says."""

    target: TargetId
    state: TargetState
    reason: str
    """What stood in the way, in technical English."""
    started: datetime
    ms: int
    results: tuple[Result, ...]
    why: Why | None = None
    """The reason as a word that reports translate."""


class RunState(StrEnum):
    """How a run ended."""

    RUNNING = "running"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    """Finished, but something could not be seen."""
    ABORTED = "aborted"
    """Stopped before every target was visited; may be resumed."""


class Run(Value, frozen=True):
    """One execution; immutable once ended. Times are UTC."""

    id: RunId
    started: datetime
    ended: datetime | None
    state: RunState
    scope: str
    """Canonical text of policy and filters: only runs of one scope are compared."""
    policy: str
    tool_version: str


class Tally(Value, frozen=True):
    """Counts of results by status."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    not_applicable: int = 0
    not_checked: int = 0

    @classmethod
    def of(cls, counts: Mapping[Status, int]) -> "Tally":
        """Return counts by status; a status that is missing counts 0."""
        return cls(
            passed=counts.get(Status.PASS, 0),
            failed=counts.get(Status.FAIL, 0),
            errors=counts.get(Status.ERROR, 0),
            not_applicable=counts.get(Status.NOT_APPLICABLE, 0),
            not_checked=counts.get(Status.NOT_CHECKED, 0),
        )


class Score(Value, frozen=True):
    """Weighted share of passes, 0 to 100; None where nothing could be judged.

    Results that could not be seen count in the denominator: silence never raises a score.
    """

    value: float | None
    tally: Tally


class Scores(Value, frozen=True):
    """Scores of a run, at each level."""

    city: Score
    opds: Mapping[OpdId, Score]
    foundations: Mapping[Foundation, Score]
    targets: Mapping[TargetId, Score]
    opd_foundations: Mapping[str, Mapping[Foundation, Score]] = msgspec.field(default_factory=dict)
