"""The collector and nmap itself, on the same listeners, see the same ports in the same state.

In a network of their own, where nobody else listens.
"""

import re
import subprocess
from contextlib import ExitStack

import msgspec
import pytest

from tests.lab.namespaces import network_of, why_not
from tests.servers.test_ports import greeting, scan, target

pytestmark = pytest.mark.skipif(bool(why_not()), reason="no namespaces here")

PLACES = ("127.88.1.1", "127.88.1.2", "127.88.1.3", "::1")


@pytest.fixture
def listeners():
    """Enter an empty network and listen: one port on the first address, two on the second."""
    text = "ip link set lo up; echo; exec sleep 60"
    with ExitStack() as stack:
        holder = stack.enter_context(
            subprocess.Popen(["unshare", "--net", "sh", "-c", text], stdout=subprocess.PIPE)
        )
        stack.callback(holder.kill)
        holder.stdout.readline()
        stack.enter_context(network_of(holder.pid))
        yield {
            place: {
                stack.enter_context(greeting(place)).getsockname()[1] for _ in range(number + 1)
            }
            for number, place in enumerate(PLACES)
        }


@pytest.mark.parametrize("how", ["-sT", "-sS"])
def test_open_ports_are_those_of_raw_nmap(listeners, how):
    every = ",".join(str(n) for ports in listeners.values() for n in sorted(ports)) + ",1-50"

    seen = scan(*(target(f"t{n}", place) for n, place in enumerate(listeners)), tcp=every)

    for number, place in enumerate(listeners):
        ours = set(seen[f"t{number}"].value["numbers"])
        assert ours == raw(how, every, place) == {f"{n}/tcp" for n in listeners[place]}
        assert all(item["identified"] for item in seen[f"t{number}"].value["open"])


def test_the_full_range_agrees_too(listeners):
    place = PLACES[2]
    one = msgspec.structs.replace(target("t", place), ports=("65535/tcp",))

    seen = scan(one, tcp="1-65535")["t"]

    assert set(seen.value["numbers"]) == raw("-sS", "1-65535", place)
    assert len(seen.value["numbers"]) == len(listeners[place])
    assert seen.value["listed"] == [{"port": "65535/tcp", "open": False}]


def raw(how, ports, place):
    """Return the open ports that nmap's own report names."""
    six = ["-6"] if ":" in place else []
    told = subprocess.run(
        ["nmap", *six, "-n", "-Pn", how, "-p", ports, "-oG", "-", place],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return {f"{n}/tcp" for n in re.findall(r"(\d+)/open/tcp", told)}
