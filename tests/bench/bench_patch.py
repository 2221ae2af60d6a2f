"""Patch levels: the store built from the shipped data, and a thousand targets judged by it.

Every target has 1,000 packages of AlmaLinux 9: 700 that errata speak of, each at one of its last
six mended versions, and 300 that none speaks of. A share of the packages is at the newest.
"""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from auditor.cli import _run
from auditor.feeds import open_library
from auditor.model.feed import Feeds
from auditor.model.inventory import Target
from auditor.patch.rpm_version import rpm_key
from auditor.probe import patches
from auditor.probe.base import Derivation
from tests.bench.bench_memory import resident

DATA = Path(__file__).parents[1] / "lab" / "data"
TARGETS = 1000
FIRST = 100
KNOWN, OTHERS, VERSIONS = 700, 300, 6
SHARES = {"nine in ten current": 0.9, "half current": 0.5, "all at random": 0.0}
NOW = datetime(2026, 8, 24, tzinfo=UTC)
OS = {"id": "almalinux", "version": "9.4", "codename": "", "name": "AlmaLinux", "arch": "x86_64"}
RELEASES = ("bullseye", "bookworm", "trixie", "almalinux:8", "almalinux:9", "almalinux:10")


def build() -> tuple[dict[str, str], list[tuple[str, int, float, float]]]:
    """Return figures of the store, and for each share: updates a target, CPU s, MB that it grew."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        started = time.process_time()
        _update(home, DATA / "debian-indexes")
        _update(home, DATA)
        spent = time.process_time() - started
        size = (home / "feeds.db").stat().st_size
        started = time.process_time()
        held = open_library(home).of("almalinux", "9")
        loaded = time.process_time() - started
        rows = sum(map(len, held.fixes.values()))
        figures = {
            "store built from all shipped data, CPU s": f"{spent:.1f}",
            "size of the store, MB": f"{size / 2**20:.1f}",
            f"AlmaLinux 9 loaded ({rows:,} rows), CPU s": f"{loaded:.2f}",
        }
        return figures, [(name, *_judge(home, share)) for name, share in SHARES.items()]


def _update(home: Path, folder: Path) -> None:
    words = ["feeds", "update", "--home", str(home), "--from", str(folder), "--trust-unverified"]
    words += [word for name in RELEASES for word in ("--release", name)]
    words += [word for name in RELEASES for word in ("--accept", f"{name}-security amd64")]
    with _quiet():
        _run(words, "auditor")


@contextmanager
def _quiet() -> Iterator[None]:
    """Let nothing be printed: the folders hold a part of the feeds each."""
    echo, click.echo = click.echo, lambda *_, **__: None
    try:
        yield
    finally:
        click.echo = echo


def _judge(home: Path, share: float) -> tuple[int, float, float]:
    """Judge all targets by fresh feeds; return the mean of updates, CPU s, growth after FIRST."""
    held = open_library(home).of("almalinux", "9")
    choices = list(_choices(held))
    chance = random.Random(20261124)
    pending, spent, before = 0, 0.0, 0.0
    for number in range(TARGETS):
        listed = [row[-1] if chance.random() < share else chance.choice(row) for row in choices]
        started = time.process_time()
        pending += _level(held, listed)
        spent += time.process_time() - started
        if number + 1 == FIRST:
            before = resident()
    return pending // TARGETS, spent, resident() - before


def _choices(held: Feeds) -> Iterator[list[dict[str, str]]]:
    """Yield the rows that a package may have, oldest first."""
    for name in sorted(held.fixes)[:KNOWN]:
        known = sorted({fix.version for fix in held.fixes[name]}, key=rpm_key)
        yield [_row(name, version) for version in known[-VERSIONS:]]
    for number in range(OTHERS):
        yield [_row(f"local-{number}", f"1.{minor}-1.el9") for minor in range(VERSIONS)]


def _row(name: str, version: str) -> dict[str, str]:
    return {
        "name": name, "version": version, "source": name, "source_version": version,
        "status": "rpm", "stream": "", "vendor": "AlmaLinux",
    }  # fmt: skip


def _level(held: Feeds, listed: list[dict[str, str]]) -> int:
    given = Derivation(
        target=Target(id="web1", opd="kominfo", address="10.0.0.1"),
        facts={"os": OS, "packages": {"packages": listed}, "reboot": {}},
        gaps={},
        feeds=held,
        now=NOW,
    )
    return len(patches.PROBE.derive(patches.PatchesArgs(), given)["security"])


if __name__ == "__main__":
    print(*build()[0].items(), *build()[1], sep="\n")
