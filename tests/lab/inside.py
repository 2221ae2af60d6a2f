"""The lab's first process, in namespaces of its own: makes the targets and waits to be ended.

Started by `lab.py` under `unshare`; when it ends, for whatever reason, everything is gone with it.
"""

import json
import os
import pickle
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.lab.files import hide, layers
from tests.lab.namespaces import first_child
from tests.lab.root import prepare
from tests.lab.services import MOUNTS, listening, programs, serve
from tests.lab.spec import GATEWAY, Fault, TargetSpec

WORK = Path("/mnt")
"""A folder of every Debian, covered by a tmpfs that only the lab sees."""
READY_SECONDS = 60
STEP_SECONDS = 10


@dataclass(frozen=True)
class Started:
    """A target whose first process waits for its network card."""

    number: int
    spec: TargetSpec
    address: str
    process: subprocess.Popen


def main() -> None:
    """Read the pickled lab from standard input, build it, say so, wait for the owner's end."""
    owner, temporary = sys.argv[1:]
    watch = threading.Thread(target=end_with, args=(int(owner), temporary), daemon=True)
    watch.start()
    try:
        print(json.dumps(build(pickle.load(sys.stdin.buffer))), flush=True)
    except (EOFError, BrokenPipeError):
        pass  # the owner is gone, which the watch knows too
    except Exception:
        traceback.print_exc()
        print(json.dumps(None), flush=True)  # the owner learns of it, and ends the lab
    watch.join()


def build(wanted: dict) -> dict[str, int]:
    """Bring up network and targets; return each target's first process, as the lab counts."""
    lacking = {name for spec in wanted["specs"] for name in programs(spec) if not which(name)}
    if lacking:
        raise RuntimeError(f"not installed: {', '.join(sorted(lacking))}; see tests/setup.sh")
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(WORK))
    batch = f"link set lo up\nlink add lab0 type bridge\naddress add {GATEWAY}/16 dev lab0\n"
    run("ip", "-batch", "-", text=f"{batch}link set lab0 up\n")
    up = [spec for spec in wanted["specs"] if not spec.has(Fault.DOWN)]
    targets = [start(number, spec, wanted) for number, spec in enumerate(up)]
    connect(targets)
    wait_until_ready(targets)
    return {target.spec.name: first_child(target.process.pid) for target in targets}


def end_with(owner: int, temporary: str) -> None:
    """End the lab once the process behind a pidfd has ended or closed the lab's input."""
    waiter = select.poll()
    waiter.register(owner, select.POLLIN)
    waiter.register(sys.stdin, 0)  # hang-up is always told
    waiter.poll()
    shutil.rmtree(temporary, ignore_errors=True)
    os._exit(0)


def which(program: str) -> str | None:
    """Return where a program of Debian is, whatever the caller's PATH."""
    return shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")


def run(*command: str, text: str | None = None) -> None:
    """Run a command that must succeed; what it says goes to stderr."""
    subprocess.run(command, input=text, text=True, check=True, stdout=subprocess.DEVNULL)


def start(number: int, spec: TargetSpec, wanted: dict) -> Started:
    """Build a target's root and start its first process."""
    root = mount_root(WORK / str(number))
    host_key, site_keys = wanted["host_keys"][spec.name], wanted["site_keys"][spec.name]
    prepare(root, spec, public_key=wanted["public_key"], host_key=host_key)
    serve(root, spec, site_keys, wanted["zone"])
    process = subprocess.Popen(
        [
            *("unshare", "--net", "--pid", "--uts", "--ipc", "--mount", "--fork", "--kill-child"),
            *("sh", "-c", MOUNTS, "sh", str(root)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("LAB_DEBUG") else subprocess.DEVNULL,
        start_new_session=True,
    )
    return Started(number, spec, wanted["addresses"][spec.name], process)


def mount_root(base: Path) -> Path:
    """Mount the machine's root, without its own data, below a thin layer; return where."""
    root = base / "root"
    root.mkdir(parents=True)
    folders = {}
    for number, layer in enumerate(layers()):
        folders[layer] = (base / f"upper{number}", base / f"work{number}")
        for folder in folders[layer]:
            folder.mkdir()
    hide({layer: upper for layer, (upper, _) in folders.items()})
    for layer, (upper, work) in folders.items():
        options = f"lowerdir={layer},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", options, str(root / layer.relative_to("/")))
    return root


def connect(targets: list[Started]) -> None:
    """Give every target a cable to the bridge, its address, and the word to go on."""
    own = Path("/proc/self/ns/net").readlink()
    cables = []
    for target in targets:
        until = time.monotonic() + STEP_SECONDS
        net = Path(f"/proc/{target.process.pid}/ns/net")
        while net.readlink() == own and time.monotonic() < until:
            time.sleep(0.002)
        end = f"v{target.number}"
        cables.append(f"link add {end} type veth peer name eth0 netns {target.process.pid}\n")
        cables.append(f"link set {end} master lab0 up\n")
    run("ip", "-batch", "-", text="".join(cables))
    for target in targets:
        card = f"address add {target.address}/16 dev eth0\nlink set eth0 up\n"
        enter = ("nsenter", "--net", "--target", str(target.process.pid))
        run(*enter, "ip", "-batch", "-", text=f"link set lo up\n{card}")
        target.process.stdin.write(b"go\n")
        target.process.stdin.flush()


def wait_until_ready(targets: list[Started]) -> None:
    """Wait until every port that should answer does."""
    until = time.monotonic() + READY_SECONDS
    for target in targets:
        for port in listening(target.spec):
            while not answers(target.address, port):
                if time.monotonic() > until:
                    raise RuntimeError(f"{target.spec.name} does not answer on port {port}")
                time.sleep(0.02)


def answers(address: str, port: int) -> bool:
    """Tell whether a TCP connection is accepted."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
