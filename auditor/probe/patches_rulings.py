"""Every verdict on a target's packages, closed ones too: what the fact `patches` only counts."""

from collections.abc import Iterator

from auditor.patch.actions import name_of
from auditor.patch.judge import judge
from auditor.patch.pending import pending
from auditor.patch.system import Installed, units
from auditor.patch.verdict import UPDATES, Ruling
from auditor.probe.base import Derivation
from auditor.probe.lifecycle import fact
from auditor.probe.patches import OS, PACKAGES, REBOOT, installed, system_of
from auditor.probe.patches_data import data_of

NEEDED = (OS.key, PACKAGES.key, REBOOT.key)
"""System, packages, running kernel."""


def installed_of(given: Derivation) -> list[Installed]:
    """Return the packages whose files are there; raises `Unseen` where they were not seen."""
    return installed(fact(given, PACKAGES, "packages")["packages"])


def rulings_of(given: Derivation) -> Iterator[Ruling]:
    """Yield the vendor's answer on each package and weakness, then updates that name none.

    Raises `Unseen` where nothing can be concluded: packages not seen, no data, an unread
    distribution.
    """
    os = fact(given, OS, "id", "codename", "name", "arch")
    listed = installed_of(given)
    system = system_of(os, given)
    data = data_of(system, given.feeds, listed, given.now)
    named = set()
    for ruling in judge(system, given.feeds, units(system, listed)):
        if ruling.verdict in UPDATES:
            named.add(name_of(ruling.source))
        yield ruling
    for group in pending(listed, data.entries):
        if name_of(group.source) not in named:
            yield Ruling(
                source=group.source,
                package=group.packages[0],
                have=group.have,
                verdict=system.offered,
                want=group.want,
                suite=data.suite,
                since=group.since,
            )
