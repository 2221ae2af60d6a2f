"""The lab's first process, in namespaces of its own: makes the targets and waits to be ended.

Started by `lab.py` under `unshare`; when it ends, for whatever reason, everything is gone with it.
"""

import base64
import json
import os
import pickle
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.lab.root import prepare
from tests.lab.services import MOUNTS, serve
from tests.lab.spec import Fault, TargetSpec

WORK = Path("/mnt")
"""A folder of every Debian, covered by a tmpfs that only the lab sees."""
READY_SECONDS = 60


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Read the pickled lab from standard input, build it, say so, wait for the end of input."""
    wanted = pickle.loads(base64.b64decode(sys.stdin.readline()))
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(WORK))
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "lab0", "type", "bridge")
    run("ip", "address", "add", "10.79.0.1/16", "dev", "lab0")
    run("ip", "link", "set", "lab0", "up")
    processes = [
        start(number, spec, wanted)
        for number, spec in enumerate(wanted["specs"])
        if not spec.has(Fault.DOWN)
    ]
    connect(processes)
    wait_until_ready(wanted["specs"], wanted["addresses"])
    print(json.dumps({"ready": True}), flush=True)
    sys.stdin.read()


def start(number: int, spec: TargetSpec, wanted: dict) -> tuple[int, str, subprocess.Popen]:
    """Build a target's root and start its first process, which waits for its network card."""
    base = WORK / str(number)
    for name in ("upper", "work", "root"):
        (base / name).mkdir(parents=True)
    root = base / "root"
    layers = f"lowerdir=/,upperdir={base}/upper,workdir={base}/work"
    run("mount", "-t", "overlay", "overlay", "-o", layers, str(root))
    prepare(root, spec, public_key=wanted["public_key"], host_key=wanted["host_keys"][spec.name])
    serve(root, spec, wanted["certificates"][spec.name])
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
    return number, wanted["addresses"][spec.name], process


def connect(processes: list[tuple[int, str, subprocess.Popen]]) -> None:
    """Give every target a cable to the bridge, its address, and the word to go on."""
    own = Path("/proc/self/ns/net").readlink()
    for number, _address, process in processes:
        until = time.monotonic() + 10
        while Path(f"/proc/{process.pid}/ns/net").readlink() == own and time.monotonic() < until:
            time.sleep(0.005)
        run(
            "ip",
            "link",
            "add",
            f"v{number}",
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            str(process.pid),
        )
        run("ip", "link", "set", f"v{number}", "master", "lab0", "up")
    for _number, address, process in processes:
        batch = f"link set lo up\naddress add {address}/16 dev eth0\nlink set eth0 up\n"
        subprocess.run(
            ["nsenter", "--net", "--target", str(process.pid), "ip", "-batch", "-"],
            input=batch.encode(),
            check=True,
            capture_output=True,
        )
        process.stdin.write(b"go\n")
        process.stdin.flush()


def wait_until_ready(specs: tuple[TargetSpec, ...], addresses: dict[str, str]) -> None:
    """Wait until every port that should answer does."""
    until = time.monotonic() + READY_SECONDS
    for spec in specs:
        ports = [] if spec.has(Fault.DOWN) else [22]
        ports += [443] if spec.sites else []
        ports += [21] if spec.has(Fault.FTP) else []
        ports += [5432] if spec.has(Fault.DATABASE_OPEN) else []
        for port in ports:
            while not answers(addresses[spec.name], port):
                if time.monotonic() > until:
                    raise SystemExit(f"{spec.name} does not answer on port {port}")
                time.sleep(0.02)


def answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
