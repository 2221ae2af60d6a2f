"""`make screenshots [REPORT]`: the pictures of docs/img, from a report or from the demo's."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "docs" / "img"
LARGEST = 300_000
"""Bytes of one picture."""


def demo_report() -> Path:
    """Return the demo's report, made now where there is none."""
    from tests.lab import demo

    report = demo.HOME / "report"
    if not (report / "index.html").exists() and demo.main() != 0:
        raise SystemExit("screenshots: the demo left no report")
    return report


def gravest(report: Path) -> str:
    """Return the target of the first finding to mend: its page has the most to show."""
    index = (report / "index.html").read_text(encoding="utf-8")
    first = index.partition('<ol class="mend">')[2].partition('href="targets/')[2]
    return first.partition(".html")[0] or next((report / "targets").glob("*.html")).stem


def main(arguments: list[str]) -> int:
    """Return 0 when the pictures are there and none is too large."""
    report = (Path(arguments[0]) if arguments else demo_report()).resolve()
    OUT.mkdir(parents=True, exist_ok=True)
    command = ["node", "shots.mjs", str(report), gravest(report), str(OUT)]
    code = subprocess.run(command, cwd=HERE, check=False).returncode
    large = [path.name for path in OUT.glob("report-*.png") if path.stat().st_size > LARGEST]
    if large:
        print(f"screenshots: larger than {LARGEST} bytes: {', '.join(large)}", file=sys.stderr)
    return code or int(bool(large))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
