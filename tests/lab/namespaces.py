"""The kernel's side of the lab: whether it can be made here, and how a thread enters it."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLONE_NEWNET = 0x40000000
UNSHARE = (
    *("unshare", "--mount", "--net", "--pid", "--ipc", "--uts"),
    *("--fork", "--kill-child", "--mount-proc"),
)
"""Runs a command as first process of namespaces of its own; with `unshare` all of it dies."""
_PROBE = """\
mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir upper work root &&
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay root &&
ip link add lab0 type bridge && ip link add v0 type veth peer name v1
"""
_libc = ctypes.CDLL(None, use_errno=True)


def why_not() -> str:
    """Return in one sentence why no lab can be made on this machine, or nothing.

    Tries a small one: mounts, an overlay of the root, a bridge and a cable.
    """
    if os.geteuid() != 0:
        return "the lab needs root: it makes Linux namespaces"
    try:
        tried = subprocess.run(
            [*UNSHARE, "sh", "-c", _PROBE], capture_output=True, text=True, timeout=30, check=False
        )
    except FileNotFoundError:
        return "the lab needs the command unshare (package util-linux)"
    except subprocess.TimeoutExpired:
        return "this machine does not make namespaces in time"
    if tried.returncode == 0:
        return ""
    said = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
    return f"this machine does not allow namespaces with overlay and bridge ({said})"


@contextmanager
def network_of(pid: int) -> Iterator[None]:
    """Put the calling thread, and threads that it starts meanwhile, into a process's network."""
    with (
        Path("/proc/thread-self/ns/net").open("rb") as home,
        Path(f"/proc/{pid}/ns/net").open("rb") as there,
    ):
        _set_network(there.fileno())
        try:
            yield
        finally:
            _set_network(home.fileno())


def _set_network(descriptor: int) -> None:
    """Call setns(2), which Python knows from 3.12 only."""
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), "setns")


def first_child(pid: int) -> int:
    """Return the oldest child of a process, as this process counts; ProcessLookupError if none."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    if not children:
        raise ProcessLookupError(f"process {pid} has no child")
    return int(children[0])
