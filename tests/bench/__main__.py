"""`make bench`: measure, print, and write docs/benchmarks.md."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import bench_memory, bench_others, bench_patch, bench_processes, bench_visit
from tests.bench.fleet import POLICY

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> int:
    """Return 0 when everything was measured."""
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    python = f"Python {platform.python_version()}"
    when = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {system}, {python}"
    lines = [
        "# Benchmarks",
        "",
        f"Written by `make bench` on {when}.",
        "Ratios within one run count; seconds depend on the machine.",
        "",
        *_visits(),
        *_processes(),
        *_others(),
        *_memory(),
        *_patches(),
        *_network(),
    ]
    text = "\n".join(lines)
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 0


def _visits() -> Iterable[str]:
    yield f"## One visit ({bench_visit.TARGETS} lab targets, {bench_visit.THREADS} threads)"
    yield ""
    yield f"Policy `{POLICY}` without the walk of the file systems. The targets differ in accounts,"
    yield "kernel settings and sshd's configuration; what they have in common is worked out once."
    yield f"The best of {bench_visit.ROUNDS} rounds in turns."
    yield "CPU is that of the auditor and of the `ssh` processes that it starts."
    yield ""
    rows = bench_visit.main()
    _, base_wall, base_cpu = rows[0]
    yield from _table(
        ("what", "wall s", "CPU s", "wall ratio", "CPU ratio"),
        (
            (what, f"{wall:.2f}", f"{cpu:.2f}", f"{wall / base_wall:.2f}", f"{cpu / base_cpu:.2f}")
            for what, wall, cpu in rows
        ),
    )


def _processes() -> Iterable[str]:
    yield "## What a visit costs a target"
    yield ""
    yield from _table(
        ("of one visit", ""), ((what, str(n)) for what, n in bench_processes.main().items())
    )


def _others() -> Iterable[str]:
    yield "## The same facts by other tools (one target)"
    yield ""
    rows = bench_others.main()
    _, base = rows[0]
    yield from _table(
        ("what", "wall s", "ratio"),
        ((what, f"{wall:.2f}", f"{wall / base:.1f}") for what, wall in rows),
    )


def _memory() -> Iterable[str]:
    yield "## Memory of one process (twenty lab targets visited under many names)"
    yield ""
    yield from _table(
        ("targets visited", "resident MB"),
        ((str(count), f"{size:.0f}") for count, size in bench_memory.main().items()),
    )


def _patches() -> Iterable[str]:
    yield f"## Patch level: {bench_patch.TARGETS:,} targets, 1,000 packages each, one process"
    yield ""
    figures, rows = bench_patch.build()
    yield from _table(("feeds", ""), figures.items())
    yield from _table(
        ("packages of a target", "updates due, mean", "CPU s for all", "growth after 100, MB"),
        ((what, str(n), f"{cpu:.1f}", f"{grown:.0f}") for what, n, cpu, grown in rows),
    )


def _network() -> Iterable[str]:
    """Each has a process of its own: memory is measured, and one enters another network."""
    for head, module in (
        ("TLS: the same 50 servers by us, sslyze and testssl.sh", "bench_tls"),
        ("Ports: our stage, through the engine, against raw nmap", "bench_ports"),
        ("nmap's XML: 2,000 targets with 1,000 ports each", "bench_nmap_xml"),
        ("Pages: 300 sites crawled and judged in one process", "bench_pages"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{module}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        yield from (f"## {head}", "", "```text", *done.stdout.rstrip().splitlines(), "```", "")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    for row in (heads, ("---",) * len(heads), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


if __name__ == "__main__":
    raise SystemExit(main())
