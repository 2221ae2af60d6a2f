"""The patch level of one target, as its facts tell it. What was not seen is None, never 0."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from auditor.model.base import Text, Value
from auditor.model.fact import WHY, Fact, Gap, Observation, Why
from auditor.model.feed import Freshness, Trust
from auditor.patch.exposure import Reach
from auditor.patch.verdict import Verdict

PROBE = "patches"
R = TypeVar("R")


class Word(StrEnum):
    """What a reader may conclude from what was seen of a target's patch level, best first."""

    COMPLETE = "complete"
    PARTLY = "partly"
    """Some of it could not be seen."""
    STALE = "stale"
    """The auditor's data is too old to show that nothing is missing."""
    UNSUPPORTED = "unsupported"
    """Past the distributor's support: that nothing is pending says nothing."""
    UNSEEN = "unseen"


class _Read(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is read out of a stored fact; keys that are not listed are passed over."""


class Missing(_Read, frozen=True):
    """Why a part of a fact is not there."""

    why: Why
    detail: str = ""

    @property
    def words(self) -> Text:
        """The reason in both languages, without the detail."""
        return WHY[self.why]


class Action(_Read, frozen=True):
    """An update to install or a restart to make, for one source package of one target."""

    source: str
    packages: tuple[str, ...] = ()
    have: str = ""
    want: str = ""
    suite: str = ""
    verdict: Verdict = Verdict.UPDATE_PENDING
    held: bool = False
    cves: tuple[str, ...] = ()
    kev: tuple[str, ...] | None = None
    """None: not known whether any of them is exploited."""
    ransomware: bool | None = None
    advisories: tuple[str, ...] = ()
    since: datetime | None = None
    age: int | None = None
    """Seconds."""
    exposed: Reach = Reach.UNKNOWN
    ports: tuple[str, ...] = ()
    automatable: str = "unknown"
    total: str = "unknown"
    derived: bool = False
    percentile: int = -1
    cvss: str = ""
    band: str = ""
    due: str = ""
    overdue: bool | None = None
    reason_id: str = ""
    reason_en: str = ""

    @property
    def restart(self) -> bool:
        """Whether it is installed and waits for a restart only."""
        return self.verdict is Verdict.INSTALLED_NOT_RUNNING

    @property
    def day(self) -> date | None:
        """The day on which it is due; None: with the next upgrade, or not known."""
        try:
            return datetime.fromisoformat(self.due).date()
        except ValueError:
            return None

    @property
    def days(self) -> int | None:
        """For how many days its fix has been out."""
        return None if self.age is None else self.age // 86_400

    @property
    def score(self) -> float:
        """CVSS as a number; -1 where it is not known."""
        try:
            return float(self.cvss)
        except ValueError:
            return -1.0

    @property
    def reason(self) -> Text:
        """Why it is due when it is."""
        return Text(id=self.reason_id, en=self.reason_en)

    @property
    def haste(self) -> tuple[bool, date, bool, int, float, str]:
        """Sorts what is most urgent first: what attackers use, whatever its day."""
        due = self.day or date.max
        return not self.kev, due, not self.ransomware, -self.percentile, -self.score, self.source


class Open(_Read, frozen=True):
    """Weaknesses of one source package that no update mends."""

    source: str
    verdict: Verdict
    have: str = ""
    cves: tuple[str, ...] = ()
    kev: tuple[str, ...] = ()
    note: str = ""


class Unsupported(_Read, frozen=True):
    """A source package whose support ended early, or is limited."""

    source: str
    packages: tuple[str, ...] = ()
    ended: str = ""
    limited: bool = False
    note: str = ""

    @property
    def day(self) -> date | None:
        """The last day of support; None where it is not known."""
        return datetime.fromisoformat(self.ended).date() if self.ended else None


class Foreign(_Read, frozen=True):
    """A package that the distributor does not give."""

    name: str
    version: str = ""
    source: str = ""


class Used(_Read, frozen=True):
    """Data that the verdicts were made with."""

    name: str
    kind: str
    date: datetime
    state: Freshness
    trust: Trust
    signed_by: str = ""
    sha256: str = ""


class Patches(_Read, frozen=True):
    """The fact `patches`; None stands for a part that was not seen."""

    release: str = ""
    security: tuple[Action, ...] | None = None
    restart: tuple[Action, ...] | None = None
    open: tuple[Open, ...] | None = None
    unsupported: tuple[Unsupported, ...] | None = None
    third_party: tuple[Foreign, ...] | None = None
    packages: int | None = None
    covered: int | None = None
    coverage: int | None = None
    verdicts: Mapping[Verdict, int] = msgspec.field(default_factory=dict)
    feeds: tuple[Used, ...] = ()
    priorities: str = ""
    index_date: datetime | None = None
    stale: bool = False
    verified_by: str = ""
    gap: Missing | None = None

    @property
    def actions(self) -> tuple[Action, ...]:
        """Updates and restarts, the most urgent first."""
        return tuple(sorted((self.security or ()) + (self.restart or ()), key=lambda a: a.haste))


class Lifecycle(_Read, frozen=True):
    """The fact `lifecycle`."""

    release: str
    eol: datetime
    supported: bool
    phase: str

    @property
    def stage(self) -> str:
        """Full, lts or ended."""
        if not self.supported:
            return "ended"
        return "lts" if self.phase == "lts" else "full"


class _Reboot(_Read, frozen=True):
    required: bool | None = None


class _Updates(_Read, frozen=True):
    lists_time: datetime | None = None
    automatic: bool | None = None


class Level(Value, frozen=True):
    """All that is told of one target's patch level."""

    word: Word
    reason: Text
    detail: str = ""
    """What stood in the way, in technical English."""
    """Why it is not complete; empty where it is."""
    patches: Patches | None = None
    lifecycle: Lifecycle | None = None
    reboot: bool | None = None
    lists_time: datetime | None = None
    automatic: bool | None = None

    @property
    def ended(self) -> bool | None:
        """Whether the system is past its support; None where that is not known."""
        return None if self.lifecycle is None else not self.lifecycle.supported

    @property
    def actions(self) -> tuple[Action, ...]:
        """Updates and restarts, the most urgent first; none where nothing was seen."""
        return self.patches.actions if self.patches else ()


NOTHING = Text(id="", en="")
UNVISITED = Text(id="audit tidak sampai ke target ini", en="the run did not come to this target")


def level_of(observations: Iterable[Observation]) -> Level | None:
    """Return a target's patch level; None where nobody asked for it."""
    seen = {o.probe.partition("{")[0]: o for o in observations}
    found = seen.get(PROBE)
    if found is None:
        return None
    patches = _read(found, Patches)
    lifecycle = _read(seen.get("lifecycle"), Lifecycle)
    reboot = _read(seen.get("reboot"), _Reboot)
    updates = _read(seen.get("updates", seen.get("apt")), _Updates)
    word, reason, detail = _word(found, patches, lifecycle)
    return Level(
        word=word,
        reason=reason,
        detail=detail,
        patches=patches,
        lifecycle=lifecycle,
        reboot=reboot.required if reboot else None,
        lists_time=updates.lists_time if updates else None,
        automatic=updates.automatic if updates else None,
    )


def _read(found: Observation | None, kind: type[R]) -> R | None:
    """Return a fact in our own types; None for a gap, and for a fact of an older shape."""
    if not isinstance(found, Fact):
        return None
    try:
        return msgspec.convert(dict(found.value), kind)
    except msgspec.ValidationError:
        return None


_BY_WHY: Mapping[Why, Word] = {Why.STALE: Word.STALE, Why.UNSUPPORTED: Word.UNSUPPORTED}
_ODD = Text(
    id="faktanya berbentuk lain: audit ulang target ini",
    en="the fact has another shape: audit this target again",
)
_OLD = Text(
    id="datanya usang: perbarui dengan `auditor feeds update`",
    en="its data is stale: refresh it by `auditor feeds update`",
)
_PART = Text(id="sebagian faktanya tidak ada", en="a part of the fact is not there")


def _word(
    found: Observation, patches: Patches | None, lifecycle: Lifecycle | None
) -> tuple[Word, Text, str]:
    ended = lifecycle if lifecycle is not None and not lifecycle.supported else None
    if isinstance(found, Gap):
        word = Word.UNSUPPORTED if ended else _BY_WHY.get(found.why, Word.UNSEEN)
        return word, WHY[found.why], found.detail
    if patches is None:
        return Word.UNSEEN, _ODD, ""
    if ended or patches.stale:
        return (Word.UNSUPPORTED, _past(ended), "") if ended else (Word.STALE, _OLD, "")
    if patches.gap:
        return Word.PARTLY, patches.gap.words, patches.gap.detail
    whole = patches.security is not None and patches.restart is not None
    return (Word.COMPLETE, NOTHING, "") if whole else (Word.PARTLY, _PART, "")


def _past(lifecycle: Lifecycle) -> Text:
    day = lifecycle.eol.date().isoformat()
    return Text(
        id=f"dukungan {lifecycle.release} berakhir {day}",
        en=f"support of {lifecycle.release} ended {day}",
    )
