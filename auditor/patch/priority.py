"""How soon an update is due: exposure, known exploitation, automation, impact → a band."""

import re
from collections.abc import Iterable
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


class Weighed(NamedTuple):
    """The most urgent weakness of an update, and why it is the most urgent."""

    band: Band
    rank: int
    """0 is the first band."""
    due: date | None
    """None: with the next upgrade."""
    cve: str
    """Empty where the advisory names none."""
    signals: Signals
    derived: bool
    """Automation or impact were read from the CVSS vector."""
    exploited: Exploited | None
    cvss: float | None
    percentile: float | None
    """EPSS, 0 to 1."""


def weigh(weaknesses: Iterable[tuple[str, date]], exposure: Exposure, feeds: Feeds) -> Weighed:
    """Return the most urgent of some weaknesses, each a CVE ("" unnamed) and since when its fix is.

    Raises ValueError where there is none.
    """
    return min((_weighed(cve, since, exposure, feeds) for cve, since in weaknesses), key=_haste)


def _haste(one: Weighed) -> tuple[int, date, bool, float, float, str]:
    """Order by band, due date, ransomware, EPSS, CVSS."""
    ransom = one.exploited is not None and one.exploited.ransomware
    due = one.due or date.max
    return one.rank, due, not ransom, -(one.percentile or 0), -(one.cvss or 0), one.cve


def _weighed(cve: str, since: date, exposure: Exposure, feeds: Feeds) -> Weighed:
    exploited, impact = feeds.exploited.get(cve), feeds.impact.get(cve)
    automatable, total, derived = _impact(impact)
    signals = Signals(_exposed(exposure), exploited is not None, automatable, total)
    rank = band_of(signals, feeds.priorities)
    band = feeds.priorities.bands[rank]
    start = max(since, exploited.added) if exploited else since
    likelihood = feeds.likelihood.get(cve)
    return Weighed(
        band=band,
        rank=rank,
        due=None if band.days is None else start + timedelta(days=band.days),
        cve=cve,
        signals=signals,
        derived=derived,
        exploited=exploited,
        cvss=impact.cvss if impact else None,
        percentile=likelihood.percentile if likelihood else None,
    )


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
