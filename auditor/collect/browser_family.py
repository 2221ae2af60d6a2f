"""A process and all that it started, as Linux tells in /proc: their memory, their end."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_ROUNDS = 20
_PAUSE = 0.05


def family(pid: int) -> list[int]:
    """Return the descendants of a process, those that are nearest first; zombies are left out."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found = list(children.get(pid, ()))
    for one in found:
        found.extend(children.get(one, ()))
    return found


def memory(pids: list[int]) -> int:
    """Return the bytes of memory that processes hold for themselves alone or share by name."""
    return sum(_own_memory(_PROC / str(pid)) for pid in pids)


def end_family(pid: int) -> None:
    """End the descendants of a process, and what they start meanwhile, but not itself."""
    for _ in range(_ROUNDS):
        living = family(pid)
        if not living:
            return
        for one in living:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)
        time.sleep(_PAUSE)


def _parent(entry: Path) -> int | None:
    """Return the parent's number; the name before it, in brackets, may hold anything."""
    try:
        fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]) if fields[0] != "Z" else None


def _own_memory(entry: Path) -> int:
    try:
        lines = (entry / "status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    kept = (line.split() for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
    return sum(int(words[1]) * 1024 for words in kept)
