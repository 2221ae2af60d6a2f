"""One script a target: against a bare login, against `ssh`, and against its sections one by one."""

import resource
import subprocess
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import paramiko

from auditor.collect import Limit
from auditor.collect.engine import settle
from auditor.collect.ssh import SshCollector
from auditor.evaluate import evaluate
from auditor.model.fact import Fact, Observation
from auditor.plan import Task
from auditor.probe.script import compile_script, new_nonce
from tests.bench.fleet import Fleet, fleet

TARGETS = 20
THREADS = 8
ROUNDS = 3
"""Each way is measured this often, in turns; the best counts."""

Row = tuple[str, float, float]


def main() -> list[Row]:
    """Measure in one run and return (what, wall, CPU), CPU of children included."""
    with fleet(TARGETS) as measured:
        ways = _Ways(measured)
        for task in measured.tasks[:2]:
            ways.bare(task)
            ways.visit(task)
        settle()
        best: dict[str, tuple[float, float]] = {}
        for _ in range(ROUNDS):
            for what, work in ways.all().items():
                wall, cpu = timed(work, measured.tasks)
                before = best.get(what, (wall, cpu))
                best[what] = (min(wall, before[0]), min(cpu, before[1]))
    return [(what, *figures) for what, figures in best.items()]


def timed(work: Callable[[Task], object], tasks: Iterable[Task]) -> tuple[float, float]:
    """Return wall and CPU seconds of this process and its children for all tasks."""
    cpu, start = _cpu(), time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, tasks))
    return time.perf_counter() - start, _cpu() - cpu


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class _Ways:
    """The same questions, asked in several ways."""

    def __init__(self, measured: Fleet) -> None:
        self._measured = measured

    def all(self) -> dict[str, Callable[[Task], object]]:
        return {
            "paramiko: connect and `true`": self.bare,
            "auditor: the whole policy in one visit": self.visit,
            "auditor: visited and judged": self.judged,
            "`ssh`: the same script on its input": self.piped,
            "paramiko: the script's sections one by one": self.one_by_one,
        }

    def bare(self, task: Task) -> None:
        """Connect, run `true`, leave."""
        with _login(task) as client:
            client.exec_command("true")[1].read()

    def visit(self, task: Task) -> list[Observation]:
        """Visit as a scan does; every question must be answered."""
        limit = Limit(120, Event(), time.monotonic)
        seen = list(SshCollector().collect(task, self._measured.settings, limit))
        missing = [one for one in seen if not isinstance(one, Fact) and one.why in _LOST]
        if missing:
            raise AssertionError(f"not seen: {missing[:3]}")
        return seen

    def judged(self, task: Task) -> None:
        """Visit, and judge every check on what was seen."""
        seen = {one.probe: one for one in self.visit(task)}
        (target,) = task.targets
        now = self._measured.settings.now()
        for bound in self._measured.plan.checks[target.id]:
            evaluate(bound, target.id, seen, now)

    def piped(self, task: Task) -> None:
        """Do by the `ssh` command what a person would."""
        (target,) = task.targets
        script = compile_script(task.probes, new_nonce())
        known = self._measured.home / "known_hosts"
        options = ("BatchMode=yes", f"UserKnownHostsFile={known}", "ControlMaster=no")
        subprocess.run(
            [
                *("ssh", "-F", "none", "-i", str(target.ssh.key)),
                *(word for option in options for word in ("-o", option)),
                *(f"auditor@{target.address}", "sudo -n sh -s"),
            ],
            input=script.text.encode(),
            capture_output=True,
            check=True,
        )

    def one_by_one(self, task: Task) -> None:
        """Ask each section on a channel of its own, as most tools do."""
        with _login(task) as client:
            for section in compile_script(task.probes, "0" * 32).sections:
                text = f'T=1; t() {{ timeout -k 1 "$@"; }}; s() {{\n{section.text}\n}}; s'
                stdin, stdout, _ = client.exec_command("sudo -n sh -s" if section.root else "sh -s")
                stdin.write(text)
                stdin.channel.shutdown_write()
                stdout.read()


_LOST = ("timeout", "interrupted", "unreachable", "refused", "fault", "cut")


def _login(task: Task) -> paramiko.SSHClient:
    (target,) = task.targets
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # a bare login, nothing more
    client.connect(
        target.address, username="auditor", key_filename=str(target.ssh.key),
        allow_agent=False, look_for_keys=False,
    )  # fmt: skip
    return client


if __name__ == "__main__":
    for what, wall, cpu in main():
        print(f"{what:45} wall {wall:6.2f} s  CPU {cpu:6.2f} s")
