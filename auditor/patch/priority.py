"""How soon an update is due: exposure, known exploitation, automation, impact → a band."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from auditor.model.advisory import Exploited, Impact
from auditor.model.feed import Feeds
from auditor.model.priority import Band, Priorities
from auditor.patch.exposure import Exposure, Reach


class Signals(NamedTuple):
    """Four yes/no questions on a weakness where it stands; None: not known, taken for yes."""

    exposed: bool | None
    kev: bool
    automatable: bool | None
    total: bool | None


class Weight(NamedTuple):
    """What is known of a weakness where it stands, whenever its fix came."""

    rank: int
    """Of its band; 0 is the first."""
    band: Band
    signals: Signals
    derived: bool
    """Automation or impact were read from the CVSS vector."""
    exploited: Exploited | None
    cvss: float | None
    percentile: float | None
    """EPSS, 0 to 1."""
    haste: tuple[bool, float, float]
    """Order within a band and day: ransomware, EPSS, CVSS."""


class Weighed(NamedTuple):
    """The most urgent weakness of an update, and why it is the most urgent."""

    cve: str
    """Empty where the advisory names none."""
    weight: Weight
    due: date | None
    """None: with the next upgrade."""

    @property
    def haste(self) -> tuple[int, date, tuple[bool, float, float]]:
        """Order of updates: band, due date, then as in `Weight.haste`."""
        return self.weight.rank, self.due or date.max, self.weight.haste


def weigh(weaknesses: Mapping[str, date], exposure: Exposure, feeds: Feeds) -> Weighed:
    """Return the most urgent of some weaknesses: CVE ("" unnamed) → since when there is a fix.

    Raises ValueError where there is none.
    """
    exposed = _exposed(exposure)
    known: dict[str, Weight] = feeds.known.setdefault(("weights", exposed), {})
    found = []
    least = len(feeds.priorities.bands)
    for cve, since in weaknesses.items():
        weight = known.get(cve)
        if weight is None:
            weight = known[cve] = _weight(cve, exposed, feeds)
        if weight.rank <= least:
            least = weight.rank
            found.append(Weighed(cve, weight, _due(weight, since)))
    return min(found, key=lambda one: (one.haste, one.cve))


def _weight(cve: str, exposed: bool | None, feeds: Feeds) -> Weight:  # noqa: FBT001 - a signal
    exploited, impact = feeds.exploited.get(cve), feeds.impact.get(cve)
    automatable, total, derived = _impact(impact)
    signals = Signals(exposed, exploited is not None, automatable, total)
    rank = band_of(signals, feeds.priorities)
    likelihood = feeds.likelihood.get(cve)
    percentile = likelihood.percentile if likelihood else None
    cvss = impact.cvss if impact else None
    calm = not (exploited is not None and exploited.ransomware)
    return Weight(
        rank=rank,
        band=feeds.priorities.bands[rank],
        signals=signals,
        derived=derived,
        exploited=exploited,
        cvss=cvss,
        percentile=percentile,
        haste=(calm, -(percentile or 0.0), -(cvss or 0.0)),
    )


def _due(weight: Weight, since: date) -> date | None:
    """Return the last day: counted from the fix, or from the mark of KEV where that came later."""
    if weight.band.days is None:
        return None
    start = max(since, weight.exploited.added) if weight.exploited else since
    return start + timedelta(days=weight.band.days)


def _exposed(exposure: Exposure) -> bool | None:
    if exposure.reach is Reach.UNKNOWN:
        return None
    return exposure.reach is Reach.INTERNET


_EASY = re.compile(r"(?=.*/AV:N)(?=.*/AC:L)(?=.*/PR:N)(?=.*/UI:N)")
_WHOLE = re.compile(r"(?=.*/C:H)(?=.*/I:H)(?=.*/A:H)")


def _impact(impact: Impact | None) -> tuple[bool | None, bool | None, bool]:
    """Return automatable, total, and whether one of them had to be read from the CVSS vector."""
    if impact is None:
        return None, None, False
    automatable, total = impact.automatable, impact.total
    if not impact.vector or (automatable is not None and total is not None):
        return automatable, total, False
    if automatable is None:
        automatable = _EASY.match(impact.vector) is not None
    if total is None:
        total = _WHOLE.match(impact.vector) is not None
    return automatable, total, True


def band_of(signals: Signals, priorities: Priorities) -> int:
    """Return the number of the first band that fits; what is not known is taken for yes."""
    taken = tuple(True if signal is None else signal for signal in signals)
    for number, band in enumerate(priorities.bands):
        wanted = (band.exposed, band.kev, band.automatable, band.total)
        if all(w is None or w is have for w, have in zip(wanted, taken, strict=True)):
            return number
    return len(priorities.bands) - 1
