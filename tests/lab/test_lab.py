"""The lab itself: what it promises its users, and that nothing of it stays behind."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab import Lab, TargetSpec
from tests.lab.client import first_bytes, ssh, wait_until
from tests.lab.lab import ROOT
from tests.lab.namespaces import why_not

OWNER = """\
import sys, time
from tests.lab import Lab, TargetSpec
with Lab([TargetSpec("satu"), TargetSpec("dua")]) as lab:
    print(lab.folder, flush=True)
    time.sleep(60)
"""


def descendants(pid):
    """Processes below one, as (pid, start time): a number alone may be given again."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = (int(fields[1]), fields[19])
    found, todo = set(), [pid]
    while todo:
        above = todo.pop()
        for child, (parent, begun) in parents.items():
            if parent == above:
                found.add((child, begun))
                todo.append(child)
    return found


def started_since(before):
    return descendants(os.getpid()) - before


def alive(processes):
    """Those that still run; a dead one that the machine has yet to bury does not."""
    left = set()
    for pid, begun in processes:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[19] == begun and fields[0] != "Z":
            left.add(pid)
    return left


def machine():
    """What a lab could leave: mounts, network cards, bridges."""
    return Path("/proc/self/mounts").read_text(), sorted(Path("/sys/class/net").iterdir())


def test_nothing_is_left_after_the_end():
    before, others = machine(), descendants(os.getpid())

    with Lab([TargetSpec("satu", sites=("satu.batu.lab",), hardened=True)]) as lab:
        processes = started_since(others)
        folder = lab.folder
        assert len(processes) >= 6
        assert machine() == before

    assert alive(processes) == set()
    assert not folder.exists()
    assert machine() == before


def test_nothing_is_left_after_an_exception():
    lab, others = Lab([TargetSpec("satu")]), descendants(os.getpid())

    def fail():
        running.update(started_since(others))
        raise ZeroDivisionError

    running = set()
    with pytest.raises(ZeroDivisionError), lab:
        fail()

    assert running
    assert alive(running) == set()
    assert not lab.folder.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_after_the_owner_is_killed(number):
    before = machine()
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE)
    with owner:
        folder = Path(owner.stdout.readline().decode().strip())
        processes = descendants(owner.pid)
        assert folder.exists()
        owner.send_signal(number)

    wait_until(lambda: not alive(processes) and not folder.exists())
    assert machine() == before


@pytest.mark.parametrize("started", [1, 2, 3, 5, 9])
def test_nothing_is_left_when_the_owner_dies_while_the_lab_is_built(tmp_path, started):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with owner:
        wait_until(lambda: len(descendants(owner.pid)) >= started)
        processes = descendants(owner.pid)
        owner.kill()

    wait_until(lambda: not alive(processes) and not list(tmp_path.iterdir()))


def test_a_lab_that_cannot_be_built_says_so_and_leaves_nothing(capfd):
    lab, others = Lab([TargetSpec("satu", release="sarge")]), descendants(os.getpid())

    with pytest.raises(RuntimeError, match="did not come up"), lab:
        pass

    assert "sarge" in capfd.readouterr().err
    assert not lab.folder.exists()
    assert alive(started_since(others)) == set()


def test_without_root_it_says_why_there_is_no_lab():
    os.seteuid(65534)
    try:
        reason = why_not()
    finally:
        os.seteuid(0)

    assert "needs root" in reason


def test_without_the_right_to_mount_it_says_why_there_is_no_lab():
    ask = "from tests.lab.namespaces import why_not; print(why_not())"
    line = ["setpriv", "--bounding-set", "-sys_admin", sys.executable, "-c", ask]

    said = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "does not allow namespaces" in said
    assert said.count("\n") == 1


def test_a_machine_with_var_on_a_file_system_of_its_own_gives_a_lab_too():
    count = """if True:
        from tests.lab import Lab, TargetSpec
        with Lab([TargetSpec("satu", release="trixie")]) as lab:
            print(len(lab.inside("satu", "dpkg-query", "-W").stdout.splitlines()))
            print(lab.inside("satu", "ls", "/var/tmp").stdout.split())
    """
    line = ["unshare", "--mount", "sh", "-c", 'mount --bind /var /var && exec "$0" -c "$1"']

    said = subprocess.run(
        [*line, sys.executable, count], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert said.stdout == "371\n[]\n"


def test_two_labs_at_once_do_not_meet():
    with Lab([TargetSpec("kembar")]) as one, Lab([TargetSpec("kembar")]) as other:
        assert one.addresses == other.addresses
        assert ssh(one, "kembar", "hostname").stdout == "kembar\n"
        assert ssh(other, "kembar", "hostname").stdout == "kembar\n"

        crossed = ssh(other, "kembar", "true", known_hosts=one.folder / "home/known_hosts")

        assert crossed.returncode == 255
        assert "HOST IDENTIFICATION HAS CHANGED" in crossed.stderr


def test_threads_started_in_the_network_reach_targets_and_the_process_returns_home(lab):
    address = lab.addresses["plain"]
    home = Path("/proc/thread-self/ns/net").readlink()

    with lab.network(), ThreadPoolExecutor(4) as pool:
        assert Path("/proc/thread-self/ns/net").readlink() != home
        assert list(pool.map(first_bytes, [address] * 4)) == [b"SSH-"] * 4

    assert Path("/proc/thread-self/ns/net").readlink() == home


def test_the_process_returns_home_after_an_exception(lab):
    home = Path("/proc/thread-self/ns/net").readlink()

    with pytest.raises(ZeroDivisionError), lab.network():
        raise ZeroDivisionError

    assert Path("/proc/thread-self/ns/net").readlink() == home


def test_the_inventory_is_authorised_for_the_lab_only(lab):
    inventory = lab.inventory()

    assert inventory["authority"]["scope"] == {
        "networks": ["10.79.0.0/16"],
        "domains": ["batu.lab"],
    }
    assert len(inventory["opds"]) >= 4
    assert {t["address"] for t in inventory["targets"]} == set(lab.addresses.values())


def test_a_command_runs_in_a_fresh_city_and_its_exit_code_comes_back(tmp_path):
    show = 'test -s "$AUDITOR_INVENTORY" && test -s "$AUDITOR_HOME/known_hosts" && ip -br link'
    line = [sys.executable, "-m", "tests.lab", "--dir", str(tmp_path), "exec", "--"]

    done = subprocess.run(
        [*line, "sh", "-c", f"{show}; exit 7"], cwd=ROOT, capture_output=True, check=False
    )

    assert b"lab0" in done.stdout
    assert done.returncode == 7


def test_the_city_by_hand_stays_until_it_is_stopped():
    city = subprocess.Popen(
        [sys.executable, "-m", "tests.lab"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with city:
        lines = list(iter(city.stdout.readline, "Ctrl-C ends the lab.\n"))
        city.send_signal(signal.SIGINT)

    assert any("inventory" in line for line in lines)
    assert city.returncode == 0
