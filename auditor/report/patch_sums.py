"""The parts of a city's patch level."""

from collections.abc import Mapping
from datetime import date, datetime

from auditor.model.base import OpdId, TargetId, Text, Value
from auditor.model.inventory import Opd
from auditor.patch.exposure import Reach
from auditor.report.patch import Word


class Totals(Value, frozen=True):
    """Sums over targets. Those of which a number is not known are counted, not taken for 0."""

    targets: int = 0
    """Of which the patch level was asked."""
    unseen: int = 0
    stale: int = 0
    partly: int = 0
    ended: int = 0
    """Systems past the distributor's support."""
    pending: int = 0
    """Security updates, one a source package and target."""
    waiting: int = 0
    """Targets that lack one."""
    kev: int = 0
    """Of the updates: those that mend a weakness known to be exploited."""
    exposed: int = 0
    """Of the updates: those reached from the Internet."""
    overdue: int = 0
    """Updates and restarts past their due date."""
    restarts: int = 0
    """Installed, not running."""
    open_kev: int = 0
    """Exploited weaknesses that stand, mended by an update or not, one a CVE and target."""
    unsure: int = 0
    """Targets where it is not known whether a weakness is exploited."""

    def plus(self, other: "Totals") -> "Totals":
        """Return both together."""
        return Totals(**{n: getattr(self, n) + getattr(other, n) for n in self.__struct_fields__})


class PatchRow(Value, frozen=True):
    """One target in the tables. None: not seen."""

    target: TargetId
    opd: OpdId
    word: Word
    reason: Text
    system: str = ""
    phase: str = ""
    eol: datetime | None = None
    pending: int | None = None
    kev: int | None = None
    exposed: int | None = None
    overdue: int | None = None
    oldest: int | None = None
    """Days since the oldest fix that is not installed."""
    reboot: bool | None = None
    reboot_since: datetime | None = None
    lists_days: int | None = None
    automatic: bool | None = None
    coverage: int | None = None
    third_party: int | None = None
    dated: datetime | None = None


class Mended(Value, frozen=True):
    """How long updates took, over those that are known to have been installed."""

    number: int
    mean: float
    median: float


class OpdPatches(Value, frozen=True):
    """One office; `mended` is None where there is no history yet."""

    opd: Opd
    totals: Totals
    mended: Mended | None
    rows: tuple[PatchRow, ...]


class Place(Value, frozen=True):
    """A target that an action concerns."""

    target: TargetId
    day: date | None
    overdue: bool | None


class Group(Value, frozen=True):
    """One action over all targets: update or restart one source package."""

    source: str
    restart: bool
    targets: int
    overdue: int
    kev: tuple[str, ...]
    ransomware: bool
    cves: int
    """Most that any of the targets has."""
    cvss: float
    percentile: int
    reach: Reach
    day: date | None
    want: tuple[str, ...]
    places: tuple[Place, ...]
    """The most urgent ones."""

    @property
    def more(self) -> int:
        """Targets that are not named."""
        return self.targets - len(self.places)


class City(Value, frozen=True):
    """All of it."""

    totals: Totals
    before: Totals | None
    mended: Mended | None
    opds: tuple[OpdPatches, ...]
    groups: tuple[Group, ...]
    more: int
    """Actions that are left out."""
    rows: Mapping[TargetId, PatchRow]
