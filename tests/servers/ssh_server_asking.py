"""Ask the collector about one SSH server on loopback."""

import socket

import msgspec

from auditor.collect.ssh_server import SshServerCollector
from auditor.model.fact import Fact, Gap, Observation
from auditor.model.inventory import Ssh, Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.ssh_server import PROBE

QUESTION = Probe(type=PROBE, args=PROBE.args())


def ask(port, settings, limit, *, usual=None, **target) -> Observation:
    """Return the observation of a target whose SSH is at `port`; `usual` stands for port 22."""
    one = {"id": "t", "opd": "o", "address": "127.0.0.1", "ssh": Ssh(port=port), **target}
    task = Task(via=Via.SSH_SERVER, targets=(Target(**one),), probes=(QUESTION,))
    (seen,) = SshServerCollector(port=usual or port).collect(task, settings, limit)
    assert seen.probe == QUESTION.key
    return seen


def look(port, settings, limit, **more) -> dict:
    """Return the only server's row."""
    (row,) = fact(port, settings, limit, **more).value["servers"]
    return row


def fact(port, settings, limit, **more) -> Fact:
    seen = ask(port, settings, limit, **more)
    assert isinstance(seen, Fact), seen
    return seen


def gap(port, settings, limit, **more) -> Gap:
    seen = ask(port, settings, limit, **more)
    assert isinstance(seen, Gap), seen
    return seen


def hurried(settings, seconds=0.6):
    return msgspec.structs.replace(settings, connect_timeout=seconds)


class Silent:
    """A port whose server accepts nothing: connections wait in the kernel."""

    def __enter__(self) -> int:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        port = self._listener.getsockname()[1]
        self._held = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            self._held.append(one)
        return port

    def __exit__(self, *_):
        for one in self._held:
            one.close()
        self._listener.close()
