"""`make bench`: measure, print, and write docs/benchmarks.md."""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import bench_visit

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
        f"## One visit ({bench_visit.TARGETS} lab targets, {bench_visit.THREADS} threads)",
        "",
        "CPU is the auditor's own. The policy's SSH probes without the file walk.",
        "",
        "| what | wall s | CPU s | wall ratio | CPU ratio |",
        "|---|---|---|---|---|",
    ]
    rows = bench_visit.main()
    _, base_wall, base_cpu = rows[0]
    lines += [
        f"| {what} | {wall:.2f} | {cpu:.2f} | {wall / base_wall:.2f} | {cpu / base_cpu:.2f} |"
        for what, wall, cpu in rows
    ]
    tls = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_tls", "50"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines += ["", "## TLS: 50 servers, our prober against sslyze", "", "```text"]
    lines += [*tls.stdout.rstrip().splitlines(), "```", ""]
    text = "\n".join(lines)
    PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
