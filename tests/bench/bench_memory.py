"""A thousand targets in one process: twenty of the lab, visited under fifty names each."""

import sys
import tempfile
from pathlib import Path
from threading import Event

import msgspec

from auditor.audit import Request, scan
from auditor.feeds import open_library
from auditor.load.policies import load_policy
from auditor.store import open_store
from tests.bench.fleet import POLICY, checks, fleet

LAB = 20
TARGETS = 1000
FIRST = 100


class Watcher:
    """Notes the process's memory as visits end."""

    def __init__(self) -> None:
        self.count = 0
        self.seen: dict[int, float] = {}

    def begun(self, run, total, left) -> None:
        """Say nothing."""

    def visited(self, visit) -> None:
        self.count += 1
        if self.count % FIRST == 0:
            self.seen[self.count] = resident()


def resident() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main(targets: int = TARGETS) -> dict[int, float]:
    """Return MB by number of targets visited."""
    with fleet(LAB) as measured, tempfile.TemporaryDirectory() as folder:
        inventory = measured.inventory
        many = tuple(
            msgspec.structs.replace(inventory.targets[n % LAB], id=f"t{n:04}")
            for n in range(targets)
        )
        inventory = msgspec.structs.replace(inventory, targets=many)
        policies = load_policy(POLICY)
        request = Request(
            settings=msgspec.structs.replace(measured.settings, inventory=inventory),
            policies=policies,
            checks=checks(),
            frameworks=(),
            feeds=open_library(Path(folder)),
            targets=many,
            scope="bench",
            jobs=16,
        )
        watcher = Watcher()
        with open_store(Path(folder), lock=True) as store:
            scan(request, store, Event(), watcher)
    return watcher.seen


if __name__ == "__main__":
    for count, megabytes in main(int((sys.argv[1:] or [TARGETS])[0])).items():
        print(f"{count:5} targets {megabytes:6.1f} MB")
