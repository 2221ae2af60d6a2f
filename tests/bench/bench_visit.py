"""One script a target, against a bare login and against the same questions asked one by one."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import paramiko

from auditor.collect import Limit, Settings
from auditor.collect.ssh import SshCollector
from auditor.load.checks import load_checks
from auditor.load.inventory import load_inventory
from auditor.load.policies import load_policy
from auditor.model.fact import Fact
from auditor.model.inventory import Inventory
from auditor.plan import Task, plan
from auditor.probe.base import Probe, Via
from auditor.probe.catalogue import CATALOGUE
from auditor.probe.script import compile_script
from tests.lab import Lab, TargetSpec

TARGETS = 20
THREADS = 8


def timed(work: Callable[[Task], object], tasks: Iterable[Task]) -> tuple[float, float]:
    """Return wall and CPU seconds of the auditor's process for all tasks."""
    cpu, start = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, tasks))
    return time.perf_counter() - start, time.process_time() - cpu


def login(task: Task) -> paramiko.SSHClient:
    (target,) = task.targets
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # a bare login, nothing more
    client.connect(
        target.address, username="auditor", key_filename=str(target.ssh.key),
        allow_agent=False, look_for_keys=False,
    )  # fmt: skip
    return client


def bare(task: Task) -> None:
    """Connect, run `true`, leave."""
    with login(task) as client:
        client.exec_command("true")[1].read()


def one_by_one(task: Task) -> None:
    """Ask each question on a channel of its own, as most tools do."""
    with login(task) as client:
        for section in compile_script(_asked(task), "0" * 32).sections:
            text = f'T=1; t() {{ timeout -k 1 "$@"; }}; s() {{\n{section.text}\n}}; s'
            stdin, stdout, _ = client.exec_command("sudo -n sh -s" if section.root else "sh -s")
            stdin.write(text)
            stdin.channel.shutdown_write()
            stdout.read()


def _asked(task: Task) -> list[Probe]:
    return [probe for probe in task.probes if probe.type.name != "session"]


def main() -> list[tuple[str, float, float]]:
    """Measure in one run and return (what, wall, CPU)."""
    with Lab([TargetSpec(f"web{n}") for n in range(TARGETS)]) as lab, lab.network():
        home = lab.make_home(lab.folder / "home")
        inventory = load_inventory(lab.write_inventory(home / "inventory.yaml"))
        tasks = _tasks(inventory)
        settings = Settings(
            inventory=inventory,
            known_hosts=(Path(home / "known_hosts"),),
            now=lambda: datetime.now(UTC),
        )

        def ours(task: Task) -> None:
            limit = Limit(120, Event(), time.monotonic)
            seen = list(SshCollector().collect(task, settings, limit))
            facts = sum(isinstance(one, Fact) for one in seen)
            if facts < len(task.probes) - 1:
                raise AssertionError(f"only {facts} of {len(task.probes)} facts were seen")

        for task in tasks[:2]:
            bare(task)
        return [
            ("paramiko: connect and `true`", *timed(bare, tasks)),
            ("auditor: the whole policy in one visit", *timed(ours, tasks)),
            ("paramiko: the same questions one by one", *timed(one_by_one, tasks)),
        ]


def _tasks(inventory: Inventory) -> list[Task]:
    """Return the SSH visits of the shipped policy, the walk of the file system left out."""
    checks = {name: c for name, c in load_checks().items() if name != "files.world-writable"}
    made = plan(inventory, load_policy("spbe"), checks, CATALOGUE)
    return [task for task in made.tasks if task.via is Via.SSH]
