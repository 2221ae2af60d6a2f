"""`make demo`: build the lab, audit it, say where the report is."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.lab.city import demo
from tests.lab.lab import Lab, why_not
from tests.lab.root import DATA
from tests.lab.statements import fill
from tests.lab.waivers import write_waivers

HOME = Path("audit-out/demo")
RELEASES = ("bullseye", "bookworm", "trixie")
LISTS = ("debian-tracker", "kev", "ssvc")


def main() -> int:
    """Return 0 once there is a report, whatever it says of the targets."""
    reason = why_not()
    auditor = [sys.executable, "-m", "auditor"]
    if reason:
        print(f"demo: {reason}; auditing this machine instead", flush=True)
        code = subprocess.run([*auditor, "scan", "--local", "--home", str(HOME)], check=False)
        return _ended(code.returncode)
    print("demo: data for patch levels", flush=True)
    _fetch([*auditor, "feeds", "update", "--home", str(HOME)])
    specs = demo()
    print(f"demo: building {len(specs)} targets of five offices", flush=True)
    with Lab(specs, HOME / "lab") as lab:
        lab.make_home(HOME)
        inventory = lab.write_inventory(HOME / "inventory.yaml")
        _answer([*auditor, "attest"], ["-i", str(inventory), "--home", str(HOME)])
        write_waivers(HOME / "waivers.yaml")
        print(f"demo: auditor scan -i {inventory} --home {HOME}", flush=True)
        code = lab.hand_over(*auditor, "scan", "-i", str(inventory), "--home", str(HOME))
    return _ended(code)


def _fetch(update: list[str]) -> None:
    """Get signed suites from apt's mirror, or from the copies; lists of weaknesses are copies.

    The sites that have those lists may be out of reach here; a real city fetches all of it.
    """
    security = [f"{release}-security amd64" for release in RELEASES]
    others = [f"{release} amd64" for release in RELEASES]
    names = [*security, *others, "debian-support"]
    subprocess.run([*update, *_each("--feed", names)], check=False)
    if not (HOME / "feeds.db").exists():
        print("demo: no data from the mirror; the copy in tests/lab/data serves", flush=True)
        indexes = ["--from", str(DATA / "debian-indexes")]
        whole = [*_each("--feed", security), *_each("--accept", security)]  # they hold main alone
        subprocess.run([*update, *indexes, *whole], check=False)
    copies = ["--from", str(DATA), "--trust-unverified", *_each("--feed", LISTS)]
    subprocess.run([*update, *copies, *_each("--release", RELEASES)], check=False)


def _answer(attest: list[str], where: list[str]) -> None:
    """Let two of the five offices answer their questions; the others have not yet."""
    for office, left in (("kominfo", 11), ("dinkes", 2)):
        form = HOME / f"attest-{office}.yaml"
        form.unlink(missing_ok=True)
        subprocess.run([*attest, "form", *where, "--opd", office, "-o", str(form)], check=True)
        fill(form, HOME, left=left)
        importing = [*attest, "import", str(form), *where, "--evidence", str(HOME)]
        subprocess.run(importing, check=True)


def _each(option: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _ended(code: int) -> int:
    """Findings (1) and gaps (5) are what a demo city has; anything else is a failure."""
    if code not in (0, 1, 5):
        return code
    print(f"\ndemo: open {HOME.resolve() / 'report' / 'index.html'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
