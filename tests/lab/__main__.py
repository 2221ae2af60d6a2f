"""Bring up the demo city by hand: `python -m tests.lab`, or run one command in its network.

    python -m tests.lab [--dir DIR]                  until Ctrl-C
    python -m tests.lab [--dir DIR] exec -- CMD …    CMD's exit code is passed on

DIR (a temporary folder if none is given) gets the inventory, the audit key, the certificate of the
lab's authority and an auditor's home; CMD finds them through AUDITOR_INVENTORY and AUDITOR_HOME.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from tests.lab.city import demo
from tests.lab.lab import Lab


def main() -> int:
    """Return the command's exit code, 0 after Ctrl-C, 2 where no lab can be made."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description="The demo city.")
    parser.add_argument("--dir", type=Path, help="where inventory, key and home are written")
    parser.add_argument("action", nargs="?", choices=("up", "exec"), default="up")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what exec runs, after --")
    asked = parser.parse_args()
    command = [word for n, word in enumerate(asked.command) if n or word != "--"]
    if asked.action == "exec" and not command:
        parser.error("exec needs a command: exec -- CMD …")
    if reason := Lab.why_not():
        print(f"lab: {reason}", file=sys.stderr)
        return 2
    with Lab(demo(), asked.dir) as lab:
        home = lab.make_home(lab.folder / "home")
        inventory = lab.write_inventory(lab.folder / "inventory.yaml")
        if asked.action == "exec":
            names = {"AUDITOR_HOME": str(home), "AUDITOR_INVENTORY": str(inventory)}
            return lab.hand_over(*command, env=os.environ | names)
        show(lab, home, inventory)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


def show(lab: Lab, home: Path, inventory: Path) -> None:
    """Say what is up and how to reach it; from here on Ctrl-C is waited for."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    for spec in lab.specs:
        faults = " ".join(sorted(spec.faults)) or "-"
        print(f"{lab.addresses[spec.name]:<12} {spec.name:<12} {spec.opd:<10} {faults}")
    inside = " ".join(lab.command())
    print(f"\ninventory  {inventory}\na command  {inside} CMD")
    print(f"a shell    {inside} ssh -i {lab.key} auditor@{lab.addresses[lab.specs[0].name]}")
    print(f"a scan     {inside} {sys.executable} -m auditor scan -i {inventory} --home {home}")
    print("Ctrl-C ends the lab.", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
