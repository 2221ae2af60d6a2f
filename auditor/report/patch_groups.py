"""One action over all targets: how often it is due, how soon, and on which targets first."""

from datetime import date

from auditor.model.base import TargetId
from auditor.patch.exposure import Reach
from auditor.patch.system import is_rpm_kernel, kernel_source
from auditor.report.patch import Action
from auditor.report.patch_sums import Group, Place

NAMED = 12
"""Targets that an action of the city's page names; the rest is counted."""
VERSIONS = 3
"""Versions that it names."""
KERNEL = ""
"""Stands for the source package where the running kernel is to be replaced by the installed one."""
_FAR = (Reach.UNKNOWN, Reach.NONE, Reach.LOOPBACK, Reach.NETWORK, Reach.INTERNET)


def key_of(action: Action) -> tuple[str, bool]:
    """Return what is one action on many targets: all kernels are restarted alike."""
    if action.restart and is_kernel(action.source):
        return KERNEL, True
    return action.source, action.restart


def is_kernel(source: str) -> bool:
    """Tell whether a source package is an operating system's kernel."""
    return bool(kernel_source(source)) or is_rpm_kernel(source)


def haste(group: Group) -> tuple[bool, date, bool, int, float, str]:
    """Sort what is most urgent first: what attackers use, whatever its day."""
    day = group.day or date.max
    return not group.kev, day, not group.ransomware, -group.percentile, -group.cvss, group.source


class Gathered:
    """An action over targets, in the making; keeps the most urgent targets only."""

    def __init__(self) -> None:
        self._number = self._overdue = self._cves = 0
        self._cvss, self._percentile, self._reach = -1.0, -1, Reach.UNKNOWN
        self._kev: set[str] = set()
        self._want: dict[str, None] = {}
        self._ransomware = False
        self._places: list[tuple[tuple[date, TargetId], Place]] = []

    def add(self, target: TargetId, action: Action) -> None:
        """Take the action on one target in."""
        self._number += 1
        self._overdue += bool(action.overdue)
        self._cves = max(self._cves, len(action.cves))
        self._cvss = max(self._cvss, action.score)
        self._percentile = max(self._percentile, action.percentile)
        self._reach = max(self._reach, action.exposed, key=_FAR.index)
        self._kev.update(action.kev or ())
        self._ransomware = self._ransomware or bool(action.ransomware)
        if len(self._want) < VERSIONS:
            self._want.setdefault(action.want)
        place = Place(target=target, day=action.day, overdue=action.overdue)
        self._places.append(((action.day or date.max, target), place))
        if len(self._places) > 2 * NAMED:
            self._cut()

    def _cut(self) -> None:
        self._places = sorted(self._places, key=lambda one: one[0])[:NAMED]

    def made(self, source: str, *, restart: bool) -> Group:
        """Return it whole."""
        self._cut()
        return Group(
            source=source,
            restart=restart,
            targets=self._number,
            overdue=self._overdue,
            kev=tuple(sorted(self._kev)),
            ransomware=self._ransomware,
            cves=self._cves,
            cvss=self._cvss,
            percentile=self._percentile,
            reach=self._reach,
            day=self._places[0][1].day,
            want=tuple(self._want),
            places=tuple(place for _, place in self._places),
        )
