"""The same facts by pytest-testinfra and by an Ansible play, beside one visit of ours.

Both run in a virtual environment of their own (`tests/bench/requirements.lock`).
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.bench_visit import _Ways
from tests.bench.facts import Question, questions
from tests.bench.fleet import Fleet, fleet

HERE = Path(__file__).parent
VENV = HERE / ".venv"

_TESTINFRA = """
import json, sys, testinfra
asked = json.load(open(sys.argv[1]))
host = testinfra.get_host(
    f"paramiko://auditor@{asked['address']}", ssh_identity_file=asked["key"], sudo=True
)
def ask(kind, subject):
    if kind == "file":
        file = host.file(subject)
        return file.exists and (file.mode, file.user, file.group)
    if kind == "sysctl":
        return host.sysctl(subject)
    if kind == "mount":
        point = host.mount_point(subject)
        return point.exists and point.options
    if kind == "package":
        return host.package(subject).is_installed
    if kind == "service":
        return host.service(subject).is_enabled
    return host.run(subject).stdout
answers = 0
for kind, subject in asked["asked"]:
    try:
        ask(kind, subject)
    except Exception:
        pass
    answers += 1
print(answers)
"""
"""A fact that is not there raises; it was asked all the same."""

_PLAY = """
- hosts: all
  become: true
  gather_facts: true
  tasks:
    - {name: files, ansible.builtin.stat: {path: "{{ item }}"}, loop: FILES}
    - name: the rest
      ansible.builtin.shell: "{{ item }}"
      loop: COMMANDS
      changed_when: false
      failed_when: false
"""


def main() -> list[tuple[str, float]]:
    """Return (what, wall seconds) for one target each."""
    _install()
    with fleet(1) as measured:
        (task,) = measured.tasks
        asked = questions(task)
        ways = _Ways(measured)
        ways.visit(task)
        start = time.perf_counter()
        ways.visit(task)
        rows = [(f"auditor: one visit ({len(task.probes)} probes)", time.perf_counter() - start)]
        rows.append((f"pytest-testinfra: {len(asked)} facts", _testinfra(measured, asked)))
        rows.append((f"Ansible play: {len(asked)} facts", _ansible(measured, asked)))
    return rows


def _install() -> None:
    if not (VENV / "bin" / "ansible-playbook").exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        lock = HERE / "requirements.lock"
        pip = [VENV / "bin" / "pip", "install", "-q", "--require-hashes", "-r", lock]
        subprocess.run(pip, check=True)


def _testinfra(measured: Fleet, asked: list[Question]) -> float:
    (target,) = measured.inventory.targets
    folder = measured.home
    wanted = {"address": target.address, "key": str(target.ssh.key), "asked": asked}
    (folder / "facts.json").write_text(json.dumps(wanted))
    (folder / "ask.py").write_text(_TESTINFRA)
    command = [VENV / "bin" / "python", folder / "ask.py", folder / "facts.json"]
    wall, said = _timed(measured, command)
    if int(said) != len(asked):
        raise AssertionError(f"testinfra answered {said} of {len(asked)}")
    return wall


def _ansible(measured: Fleet, asked: list[Question]) -> float:
    (target,) = measured.inventory.targets
    folder = measured.home
    files = [subject for kind, subject in asked if kind == "file"]
    commands = [
        _COMMANDS.get(kind, "{}").format(subject) for kind, subject in asked if kind != "file"
    ]
    play = _PLAY.replace("FILES", json.dumps(files)).replace("COMMANDS", json.dumps(commands))
    (folder / "play.yaml").write_text(play)
    known = folder / "known_hosts"
    (folder / "hosts").write_text(
        f"{target.address} ansible_user=auditor ansible_ssh_private_key_file={target.ssh.key} "
        f"ansible_python_interpreter=/usr/bin/python3 "
        f"ansible_ssh_common_args='-F none -o UserKnownHostsFile={known}'\n"
    )
    command = [VENV / "bin" / "ansible-playbook", "-i", folder / "hosts", folder / "play.yaml"]
    wall, said = _timed(measured, command)
    if "unreachable=0" not in said or "failed=0" not in said:
        raise AssertionError(said[-1000:])
    return wall


_COMMANDS = {
    "sysctl": "cat /proc/sys/$(echo {} | tr . /)",
    "mount": "findmnt -no OPTIONS {}",
    "package": "dpkg-query -W {}",
    "service": "systemctl is-enabled {}",
}


def _timed(measured: Fleet, command: list[object]) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "1",
            "HOME": str(measured.home),
        },
    )
    wall = time.perf_counter() - start
    if done.returncode != 0:
        raise AssertionError(done.stderr[-1000:] + done.stdout[-1000:])
    return wall, done.stdout


if __name__ == "__main__":
    for what, seconds in main():
        print(f"{what:40} {seconds:8.2f} s")
