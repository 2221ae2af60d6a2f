"""The lab that is measured on, and the visits of a policy without the walk of the file systems."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from auditor.collect import Settings
from auditor.load.checks import load_checks
from auditor.load.inventory import load_inventory
from auditor.load.policies import load_policy
from auditor.model.inventory import Inventory
from auditor.plan import Plan, plan
from auditor.probe.base import Via
from auditor.probe.catalogue import CATALOGUE
from tests.lab import Lab, TargetSpec

POLICY = "cis-server-l2"
WALKING = ("walk", "web_root")


class Fleet(msgspec.Struct, frozen=True):
    """Targets that differ from each other a little, and what is asked of them."""

    lab: Lab
    home: Path
    inventory: Inventory
    settings: Settings
    plan: Plan

    @property
    def tasks(self) -> list:
        return [task for task in self.plan.tasks if task.via is Via.SSH]


def checks():
    """Return the checks that need no walk."""
    return {
        name: check
        for name, check in load_checks().items()
        if not any(kind in question for question in check.probe.values() for kind in WALKING)
    }


@contextmanager
def fleet(targets: int) -> Iterator[Fleet]:
    """Bring the lab up; each target has accounts and settings of its own."""
    with Lab([TargetSpec(f"web{n}") for n in range(targets)]) as lab:
        for number in range(targets):
            lab.inside(f"web{number}", "sh", "-c", _OWN.format(number=number)).check_returncode()
        home = lab.make_home(lab.folder / "home")
        inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
        settings = Settings(
            inventory=inventory,
            known_hosts=(home / "known_hosts",),
            now=lambda: datetime.now(UTC),
        )
        made = plan(inventory, load_policy(POLICY), checks(), CATALOGUE)
        with lab.network():
            yield Fleet(lab, home, inventory, settings, made)


_OWN = """
echo 'net.ipv4.conf.all.log_martians = 1 # {number}' >/etc/sysctl.d/50-own-{number}.conf
echo 'pegawai{number}:x:{number}1234:100::/home/pegawai{number}:/bin/bash' >>/etc/passwd
echo '# {number}' >>/etc/ssh/sshd_config
"""
