"""Discovery of hosts: over a real cable between two network namespaces, and on loopback."""

import os
import subprocess
import time
from contextlib import ExitStack, contextmanager
from threading import Event

import msgspec
import pytest

from auditor.collect import Limit
from auditor.collect.nmap_discovery import known_addresses, own_addresses
from auditor.collect.ports import PortsCollector
from auditor.model.fact import Why
from auditor.model.inventory import Scope, Target, TargetKind
from auditor.plan import Task
from auditor.probe import discovery
from auditor.probe.base import Probe, Via
from tests.lab.namespaces import network_of, why_not
from tests.servers.test_ports import SETTINGS

NET = "10.66.7.0/29"


def settings(*targets, networks=(NET, "127.0.0.0/8", "fd00::/8")):
    authority = msgspec.structs.replace(
        SETTINGS.inventory.authority, scope=Scope(networks=networks, domains=("localhost",))
    )
    inventory = msgspec.structs.replace(
        SETTINGS.inventory, authority=authority, targets=targets, resolvers=("127.0.0.53",)
    )
    return msgspec.structs.replace(SETTINGS, inventory=inventory)


def opd(*networks, name="kominfo"):
    return Target(
        id=name, opd="o", address="10.66.7.0", kind=TargetKind.OPD, ssh=None, networks=networks
    )


def search(target, given=None, seconds=30, stopped=None):
    probe = Probe(type=discovery.PROBE, args=discovery.DiscoveryArgs())
    task = Task(via=Via.PORTS, targets=(target,), probes=(probe,))
    limit = Limit(seconds, stopped or Event(), time.monotonic)
    (seen,) = PortsCollector().collect(task, given or settings(), limit)
    return seen


@contextmanager
def cable():
    """Two networks with a cable; gives the process of the near one, 10.66.7.1."""
    with ExitStack() as stack:
        near, far = (
            stack.enter_context(
                subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec sleep 60"],
                                 stdout=subprocess.PIPE)
            )
            for _ in range(2)
        )  # fmt: skip
        stack.callback(far.kill)
        stack.callback(near.kill)
        for process in (near, far):
            process.stdout.readline()
        ip("link", "add", "n0", "netns", near.pid, "type", "veth", "peer", "f0", "netns", far.pid)
        for process, card, addresses in ((near, "n0", [1]), (far, "f0", [2, 3, 4])):
            inside = ["nsenter", "--net", "-t", str(process.pid)]
            for last in addresses:
                ip("addr", "add", f"10.66.7.{last}/29", "dev", card, inside=inside)
            ip("link", "set", "lo", "up", inside=inside)
            ip("link", "set", card, "up", inside=inside)
        yield near.pid


def ip(*words, inside=()):
    subprocess.run([*inside, "ip", *map(str, words)], check=True)


@pytest.mark.skipif(bool(why_not()), reason="no namespaces here")
def test_hosts_that_no_inventory_knows_are_told_and_our_own_is_not():
    known = Target(id="web1", opd="o", address="10.66.7.2")
    with cable() as near, network_of(near):
        seen = search(opd(NET), settings(known))

    assert {i["address"] for i in seen.value["unknown"]} == {"10.66.7.3", "10.66.7.4"}
    assert all(i["how"].startswith("arp-response") for i in seen.value["unknown"])
    assert (seen.value["seen"], seen.value["known"]) == (3, 1)
    assert seen.value["networks"] == [NET]
    assert seen.value["truncated"] is False


def test_without_root_hosts_are_found_by_connecting(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("auditor.collect.nmap_discovery.MOST_UNKNOWN", 1)
    known = Target(id="here", opd="o", address="127.66.7.1")

    seen = search(opd("127.66.7.0/30"), settings(known))

    assert (seen.value["seen"], seen.value["known"]) == (4, 1)
    assert [i["address"] for i in seen.value["unknown"]] == ["127.66.7.0", "…"]
    assert seen.value["unknown"][1]["gap"]["why"] == Why.CUT
    assert seen.value["truncated"] is True


def test_a_target_that_names_no_network_was_not_asked():
    assert search(opd()).value["asked"] is False


@pytest.mark.parametrize(
    ("network", "why", "words"),
    [
        ("10.0.0.0/8", Why.UNSUPPORTED, "larger"),
        ("fd00::/64", Why.UNSUPPORTED, "larger"),
        ("10.99.0.0/24", Why.SCOPE, "does not cover"),
    ],
)
def test_networks_too_large_or_out_of_scope_are_refused(network, why, words):
    seen = search(opd(network))

    assert seen.why is why
    assert words in seen.detail


HOST = '<host><status state="up" reason="reset"/><address addr="{}" addrtype="ipv4"/></host>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exit 1", Why.UNREADABLE),
        ("echo '<nmaprun></nmaprun>'", Why.UNREACHABLE),
        (f"echo '<nmaprun>{HOST.format('10.66.9.9')}</nmaprun>'", Why.UNREACHABLE),
        ("exec sleep 20", Why.TIMEOUT),
    ],
)
def test_a_search_that_saw_nobody_is_a_gap(nmap, text, why):
    nmap(text)

    assert search(opd(NET), seconds=0.7).why is why


def test_a_stranger_counts_though_the_search_was_not_finished(nmap):
    nmap(f"echo '<nmaprun>{HOST.format('10.66.7.5')}'; exec sleep 20")

    seen = search(opd(NET), seconds=0.7)

    assert [i["address"] for i in seen.value["unknown"]] == ["10.66.7.5", "…"]
    assert "gap" in seen.value["unknown"][1]


def test_names_of_the_inventory_are_looked_up_where_the_letter_covers_them():
    targets = (
        Target(id="a", opd="o", address="localhost", sites=("www.example.com",)),
        Target(id="b", opd="o", address="10.66.7.2"),
    )

    known, unresolved = known_addresses(
        settings(*targets).inventory, Limit(5, Event(), time.monotonic)
    )

    assert {"127.0.0.1", "10.66.7.2", "127.0.0.53"} <= known
    assert unresolved == 1


def test_a_name_without_an_address_is_counted():
    targets = (Target(id="a", opd="o", address="nobody.localhost.invalid"),)
    given = settings(*targets)
    scope = Scope(networks=(), domains=("invalid",))
    authority = msgspec.structs.replace(given.inventory.authority, scope=scope)
    inventory = msgspec.structs.replace(given.inventory, authority=authority)

    assert known_addresses(inventory, Limit(5, Event(), time.monotonic))[1] == 1


def test_our_own_addresses_towards_networks():
    area = discovery.search_area(["127.1.0.0/24", "::1/128"], ["127.0.0.0/8", "::1/128"])

    assert "127.0.0.1" in own_addresses(area)
