"""300 sites crawled and judged in one process: time, memory, requests, and the pace of each host.

Run: `python -m tests.bench.bench_pages [sites]`. The sites are the model site under as many names,
each at an address of its own, served by one real nginx on loopback. The crawl goes the way of a
run: checks read, planned, collected, judged; nothing is kept of a target but its verdicts.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

SITES = 300
SHOWN = (50, 150, 300)
AT_ONCE = 16
"""Sites that are crawled side by side: the default of `auditor scan`."""
GROWTH = 1.25
"""How much more memory all sites may take than the first 50."""


class Figures(NamedTuple):
    """What the crawl took: seconds, and MB of peak memory by number of sites done."""

    checks: int
    probes: tuple[str, ...]
    wall: float
    cpu: float
    memory: dict[int, float]
    statuses: dict[str, int]


def _name(number: int) -> str:
    return f"dinas-{number}.batukota.go.id"


def _address(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


def ours(count: int, clear: int, secure: int) -> Figures:
    """Crawl and judge in this process."""
    from datetime import UTC, date, datetime

    from auditor.collect import Settings
    from auditor.collect.engine import Engine, settle
    from auditor.collect.pages import PagesCollector
    from auditor.load.checks import load_checks
    from auditor.model.base import Text
    from auditor.model.inventory import (
        Authority,
        City,
        Inventory,
        Opd,
        Scope,
        Target,
        TargetKind,
    )  # fmt: skip
    from auditor.model.policy import Entry, Policy
    from auditor.plan import plan
    from auditor.probe.base import Via
    from auditor.probe.catalogue import CATALOGUE
    from auditor.verdict import judge

    targets = tuple(
        Target(id=f"t{n}", opd="o", kind=TargetKind.SITE, address=_address(n), sites=(_name(n),))
        for n in range(count)
    )
    inventory = Inventory(
        city=City(name="K"),
        authority=Authority(
            letter="1", date=date(2026, 1, 1), valid_until=date.max, scope=Scope(("127.0.0.0/8",))
        ),
        opds=(Opd(id="o", name="O"),),
        targets=targets,
    )
    ready = {
        name for name, kind in CATALOGUE.items() if kind.via is Via.PAGES and kind.read is not None
    }
    checks = {
        id_: check
        for id_, check in load_checks().items()
        if {kind for question in check.probe.values() for kind in question} <= ready
    }
    policy = Policy(id="p", title=Text(id="p", en="p"), checks=(Entry(use="*"),))
    work = plan(inventory, (policy,), checks, CATALOGUE)
    settings = Settings(inventory=inventory, now=lambda: datetime.now(UTC))
    engine = Engine(
        settings,
        jobs=AT_ONCE,
        stopped=threading.Event(),
        opener=lambda *_, **__: PagesCollector(clear, secure),
    )
    settle()
    statuses: Counter[str] = Counter()
    memory: dict[int, float] = {}
    began, used = time.monotonic(), time.process_time()
    for number, done in enumerate(engine.run(work.tasks), 1):
        (target,) = done.task.targets
        seen = {one.probe: one for one in done.observations}
        results = judge(target, work.checks[target.id], seen, settings.now())
        statuses.update(str(result.status) for result in results)
        if number in SHOWN or number == count:
            memory[number] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figures(
        checks=len(checks),
        probes=tuple(sorted(ready)),
        wall=time.monotonic() - began,
        cpu=time.process_time() - used,
        memory=memory,
        statuses=dict(statuses),
    )


def asked(log: Path) -> tuple[int, int, float]:
    """Return the fewest and most requests of a site, and the shortest time between two of them.

    That time is the mean of `_IN_TURN` in turn: a thread that wakes late shifts single ones.
    """
    times: dict[str, list[float]] = defaultdict(list)
    for line in log.read_text().splitlines():
        words = line.split()
        times[words[1].split("/")[2]].append(float(words[-1]))
    counts = [len(found) for found in times.values()]
    gaps = [
        (later - sooner) / _IN_TURN
        for found in map(sorted, times.values())
        for sooner, later in zip(found, found[_IN_TURN:], strict=False)
    ]
    return min(counts), max(counts), min(gaps)


_IN_TURN = 10


def main(count: int = SITES) -> int:
    """Print the figures; fail where memory grows with the sites or the pace is not kept."""
    from datetime import UTC, datetime

    from tests.servers.page_sites import model, serve

    with (
        tempfile.TemporaryDirectory() as folder,
        serve(
            Path(folder),
            model(),
            names=[_name(n) for n in range(count)],
            addresses=("0.0.0.0",),
            extra="allow 127.0.0.0/8; deny all;",
            now=datetime.now(UTC),
        ) as served,
    ):
        command = [sys.executable, "-m", "tests.bench.bench_pages"]
        numbers = [str(count), str(served.clear), str(served.secure)]
        done = subprocess.run(
            [*command, "ours", *numbers], capture_output=True, text=True, check=True
        )
        figures = Figures(*json.loads(done.stdout))
        least, most, gap = asked(served.log)
    memory = {int(number): size for number, size in figures.memory.items()}
    print(f"{count} sites, {AT_ONCE} at once, {os.cpu_count()} cores, {figures.checks} checks over")
    print(f"{', '.join(figures.probes)}")
    print(f"wall {figures.wall:.1f} s, CPU {figures.cpu:.1f} s ({figures.cpu / count:.3f} a site)")
    for number, size in memory.items():
        print(f"peak memory after {number:3} sites: {size:.0f} MB")
    print(f"requests a site: {least} to {most}")
    print(f"time between requests of a site, the least mean of {_IN_TURN}: {gap * 1000:.0f} ms")
    print(f"verdicts: {', '.join(f'{n} {name}' for name, n in sorted(figures.statuses.items()))}")
    flat = max(memory.values()) <= GROWTH * min(memory.values())
    return 0 if flat and gap >= _LEAST_GAP else 1


_LEAST_GAP = 0.09
"""Seconds; requests are sent 0.1 s apart, and the log's clock is another."""

if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        print(json.dumps(ours(*map(int, sys.argv[2:5]))))
        raise SystemExit(0)
    raise SystemExit(main(*map(int, sys.argv[1:2])))
