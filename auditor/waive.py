"""Which findings of a run are waived. A waiver that has lapsed, or fits nothing, is told."""

from collections.abc import Collection, Iterable
from datetime import date

import msgspec

from auditor.model.base import FindingId, TargetId
from auditor.model.inventory import Inventory
from auditor.model.result import Finding, FindingState
from auditor.model.waiver import Waiver, Waivers

_STANDS = frozenset(
    {FindingState.NEW, FindingState.OPEN, FindingState.REGRESSED, FindingState.UNSEEN}
)


def waive(waivers: Iterable[Waiver], findings: Iterable[Finding], today: date) -> Waivers:
    """Put waivers to findings; of two for one finding the later end counts.

    `today` is the day of the run in the city's time zone.
    """
    standing = [finding for finding in findings if finding.state in _STANDS]
    accepted: dict[FindingId, Waiver] = {}
    expired, idle = [], []
    for waiver in sorted(waivers, key=lambda one: (one.until, one.id)):
        fitting = [finding.id for finding in standing if _fits(waiver, finding)]
        if not fitting or today < waiver.date:
            idle.append(waiver)
        elif today > waiver.until:
            expired.append(waiver)
        else:
            accepted |= dict.fromkeys(fitting, waiver)
    return Waivers(findings=accepted, expired=tuple(expired), idle=tuple(idle))


def _fits(waiver: Waiver, finding: Finding) -> bool:
    if waiver.finding is not None:
        return waiver.finding == finding.id
    if (waiver.check, waiver.target) != (finding.check, finding.target):
        return False
    return waiver.item is None or waiver.item == finding.item


def among(waivers: Waivers, targets: Collection[TargetId], inventory: Inventory) -> Waivers:
    """Keep of the idle ones those that a run of some targets can tell to be idle."""
    whole = len(targets) == len(inventory.targets)
    idle = tuple(one for one in waivers.idle if whole or one.target in targets)
    return msgspec.structs.replace(waivers, idle=idle)
