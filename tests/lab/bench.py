"""Measure how fast a lab comes up and goes: `python -m tests.lab.bench [TARGETS]`, as root."""

import sys
import time
from pathlib import Path

from tests.lab import Lab, TargetSpec


def main() -> None:
    """Print seconds and megabytes of a lab of plain targets, a hundred if no number is given."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    before = used_megabytes()
    begun = time.monotonic()
    with Lab([TargetSpec(f"t{n}") for n in range(number)]):
        up = time.monotonic()
        held = used_megabytes() - before
        ended = time.monotonic()
    down = time.monotonic()
    print(f"{number} targets: up {up - begun:.2f} s, down {down - ended:.2f} s, {held:.0f} MB")


def used_megabytes() -> float:
    """Return the memory that this machine could not give to a new process."""
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    fields = {name: int(value) for name, value, *_ in lines}
    return (fields["MemTotal:"] - fields["MemAvailable:"]) / 1024


if __name__ == "__main__":
    main()
