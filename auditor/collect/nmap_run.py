"""Run nmap by a list of arguments in its own process group, and end it with the task.

What it prints is read as it comes: hosts that were finished before the end count.
"""

import contextlib
import os
import re
import selectors
import signal
import socket
import subprocess
from collections.abc import Callable, Iterable, Sequence

from auditor.collect import Limit
from auditor.collect.nmap_xml import BrokenXml, Host, HostReader
from auditor.model.fact import Why
from auditor.model.text import inert

CHUNK = 65_536
TICK = 0.25
END = 2.0
"""Seconds in which nmap ends after its last word."""
SAID = 300
"""Characters kept of nmap's own complaint."""
TIMING = ("-T4", "--max-retries", "2", "--min-hostgroup", "64", "--max-hostgroup", "256")
"""Measured on loopback: with these, nmap is as fast as with any minimum rate."""


class Scan:
    """One run of nmap: hosts by address, and why the others are missing."""

    def __init__(self) -> None:
        self.hosts: dict[str, Host] = {}
        self.why = Why.UNREACHABLE
        self.detail = "no port answered, neither open nor closed"
        self.whole = False
        """nmap came to its end."""


def privileged() -> bool:
    """Tell whether nmap may send packets of its own making: as root, where root may."""
    if os.geteuid() != 0:
        return False
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW).close()
    except OSError:
        return False
    return True


def pace(rate: int | None) -> list[str]:
    """Return the arguments that hold nmap to packets a second; `None`: as fast as answers come."""
    return [] if rate is None else ["--max-rate", str(rate)]


def patience(limit: Limit) -> list[str]:
    """Return the arguments that give up a host before the task ends."""
    return ["--host-timeout", f"{max(1, int(limit.left * 0.8))}s"]


def scan(
    args: Sequence[str], addresses: Sequence[str], limit: Limit, *, take: Callable[[Host], None]
) -> Scan:
    """Scan addresses or networks of one IP version; `take` gets each host that is finished."""
    found = Scan()
    six = ["-6"] if ":" in addresses[0] else []
    plain = [] if privileged() else ["--unprivileged"]
    process = subprocess.Popen(  # noqa: S603 - addresses come from the resolver or are networks
        ["nmap", "-n", *plain, *six, *args, "-oX", "-", *addresses],  # noqa: S607
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _read(process, found, limit, take)
    except BrokenXml as error:
        found.why, found.detail = Why.UNREADABLE, f"nmap: {inert(str(error))}"
    finally:
        _end(process)
    return found


def scan_asked(args: Sequence[str], addresses: Iterable[str], limit: Limit) -> Scan:
    """Scan addresses, each once; a host that was not asked for is dropped."""
    asked = sorted(set(addresses))
    hosts: dict[str, Host] = {}

    def take(host: Host) -> None:
        if host.address in asked:
            hosts.setdefault(host.address, host)

    found = scan(args, asked, limit, take=take)
    found.hosts = hosts
    return found


def _read(
    process: subprocess.Popen[bytes], found: Scan, limit: Limit, take: Callable[[Host], None]
) -> None:
    assert process.stdout is not None  # noqa: S101 - pipes
    assert process.stderr is not None  # noqa: S101
    reader = HostReader()
    said = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        while limit.left > 0:
            for key, _ in selector.select(TICK):
                piece = os.read(key.fd, CHUNK)
                if key.fileobj is process.stderr:
                    said = (said + piece)[:SAID]
                else:
                    for host in reader.feed(piece):
                        take(host)
                if not piece:
                    selector.unregister(key.fileobj)
            if not selector.get_map():
                _finish(process, found, reader, said)
                return
    found.why = Why.INTERRUPTED if limit.stopped else Why.TIMEOUT
    found.detail = "the run was stopped" if limit.stopped else "the scan did not finish in time"


def _finish(process: subprocess.Popen[bytes], found: Scan, reader: HostReader, said: bytes) -> None:
    try:
        status = process.wait(timeout=END)
    except subprocess.TimeoutExpired:
        found.why, found.detail = Why.UNREADABLE, "nmap fell silent and did not end"
        return
    if status == 0:
        reader.close()
        found.whole = True
        return
    found.why = Why.UNREADABLE
    words = " ".join(inert(said.decode("utf-8", "replace")).split())
    found.detail = f"nmap ended with status {status} {words}".rstrip()


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


_TOP: dict[int, str] = {}
_SCANNED = re.compile(rb"# Ports scanned: TCP\([0-9]+;([0-9,-]+)\)")


def top_ports(count: int) -> str:
    """Return nmap's most used ports as a list, empty where nmap does not tell."""
    if count not in _TOP:
        command = ["nmap", "--unprivileged", "--top-ports", str(count), "-v", "-oG", "-"]
        try:
            told = subprocess.run(  # noqa: S603
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            return ""
        match = _SCANNED.search(told)
        if match is None:
            return ""
        _TOP[count] = match[1].decode()
    return _TOP[count]
