"""`make screenshots`: audit the demo lab and take the pictures of docs/img."""

import subprocess
from pathlib import Path

from tests.lab import demo

HERE = Path(__file__).parent


def main() -> int:
    """Return 0 when the pictures are there."""
    report = demo.HOME / "report"
    if not (report / "index.html").exists() and demo.main() != 0:
        return 1
    out = HERE.parents[1] / "docs" / "img"
    out.mkdir(parents=True, exist_ok=True)
    command = ["node", "shots.mjs", str(report.resolve()), "arsip-lama", str(out)]
    return subprocess.run(command, cwd=HERE, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
