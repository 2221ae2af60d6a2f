"""nmap for real on loopback; and a stand-in where nmap itself must fail."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from threading import Event

import msgspec
import pytest

from auditor.collect import Limit, Settings
from auditor.collect.nmap_run import privileged, top_ports
from auditor.collect.nmap_tcp import Asked, _together
from auditor.collect.ports import PortsCollector
from auditor.model.fact import Fact, Gap, Why
from auditor.model.inventory import Authority, City, Inventory, Scope, Target, Vantage, Zone
from auditor.plan import Task
from auditor.probe import port_lists
from auditor.probe import ports as ports_probe
from auditor.probe.base import Probe, Via
from auditor.probe.port_names import WATCHED
from auditor.probe.ports import PortsArgs

SETTINGS = Settings(
    inventory=Inventory(
        city=City(name="Kota Batu"),
        authority=Authority(
            letter="1",
            date=None,
            valid_until=None,
            scope=Scope(networks=("127.0.0.0/8", "::1/128"), domains=("localhost",)),
        ),
        opds=(),
        targets=(),
    ),
    now=lambda: datetime(2026, 11, 24, tzinfo=UTC),
)
HEAD = '<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap" args="" start="1">'
HOST = (
    '<host><status state="up" reason="user-set"/><address addr="{ip}" addrtype="ipv4"/>'
    '<ports><extraports state="closed" count="9"/><port protocol="tcp" portid="22">'
    '<state state="open" reason="syn-ack" reason_ttl="0"/>'
    '<service name="{name}" product="{product}" tunnel="{tunnel}"/></port></ports></host>'
)


def host(ip="127.0.0.1", name="ssh", product="OpenSSH", tunnel=""):
    return HOST.format(ip=ip, name=name, product=product, tunnel=tunnel)


@pytest.fixture
def listener() -> Iterator[int]:
    """A port on loopback that greets as an SSH server does."""
    with greeting() as server:
        yield server.getsockname()[1]


@contextmanager
def greeting(
    place: str = "127.0.0.1", banner: bytes = b"SSH-2.0-OpenSSH_9.2p1\r\n"
) -> Iterator[socket.socket]:
    """Serve a banner, so that nmap need not guess for long; without one, hang up."""
    family = socket.AF_INET6 if ":" in place else socket.AF_INET
    with socket.create_server((place, 0), family=family) as server:

        def serve():
            with suppress(OSError):
                while True:
                    with server.accept()[0] as connection, suppress(OSError):
                        if banner:
                            connection.sendall(banner)
                            connection.settimeout(0.2)
                            connection.recv(1000)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        server.shutdown(socket.SHUT_RDWR)
        thread.join(2)


def target(name="web1", address="127.0.0.1"):
    return Target(id=name, opd="kominfo", address=address, local=name == "localhost")


def scan(*targets, tcp, seconds=60.0, stopped=None, settings=SETTINGS):
    probe = Probe(type=ports_probe.PROBE, args=PortsArgs(tcp=tcp))
    task = Task(via=Via.PORTS, targets=targets or (target(),), probes=(probe,))
    limit = Limit(seconds, stopped or Event(), time.monotonic)
    return {o.target: o for o in PortsCollector().collect(task, settings, limit)}


def test_open_ports_are_seen_and_closed_ones_are_not(listener):
    seen = scan(tcp=f"{listener},1")["web1"]

    assert isinstance(seen, Fact)
    assert seen.value["numbers"] == [f"{listener}/tcp"]
    assert seen.value["tarpit"] is False
    assert seen.value["vantage"] == "zone:default"
    assert "127.0.0.1" in seen.evidence.source


def test_a_zone_that_sees_as_the_internet_does_is_its_vantage(listener):
    zones = (Zone(id="default", vantage=Vantage.INTERNET),)
    inventory = msgspec.structs.replace(SETTINGS.inventory, zones=zones)
    settings = msgspec.structs.replace(SETTINGS, inventory=inventory)

    seen = scan(tcp=f"{listener},1", settings=settings)["web1"]

    assert seen.value["vantage"] == "internet"


def test_nothing_open_but_something_closed_is_an_answer():
    seen = scan(tcp="1,2")["web1"]

    assert seen.value["numbers"] == []


def test_several_targets_share_a_scan_and_names_are_resolved(listener):
    seen = scan(
        target("a", "127.0.0.2"), target("localhost", "localhost"), target("c", "::1"),
        target("d", "nothing.invalid"), tcp=f"{listener},1",
    )  # fmt: skip

    assert seen["a"].value["numbers"] == []
    assert seen["localhost"].value["vantage"] == "loopback"
    assert seen["c"].value["numbers"] == []
    assert seen["d"].why is Why.SCOPE


def test_without_root_a_connect_scan_does(listener, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert "connect" in scan(tcp=str(listener))["web1"].evidence.source


def test_more_ports_than_any_server_has_are_a_tarpit(monkeypatch):
    monkeypatch.setattr("auditor.collect.nmap_tcp.TARPIT", 3)
    monkeypatch.setattr("auditor.collect.nmap_tcp.SHOWN", 2)
    with ExitStack() as stack:
        servers = [stack.enter_context(greeting()) for _ in range(5)]
        numbers = ",".join(str(s.getsockname()[1]) for s in servers)

        seen = scan(tcp=numbers)["web1"]

    assert seen.value["tarpit"] is True
    assert len(seen.value["numbers"]) == 2


def test_common_ports_are_scanned_by_their_rank():
    assert scan(tcp="top5")["web1"].value["scanned"].startswith("TCP top5")


def test_without_nmap_every_target_is_a_gap(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    seen = scan(target("a"), target("b"), tcp="1")

    assert {o.why for o in seen.values()} == {Why.UNSUPPORTED}


@pytest.mark.parametrize(
    ("text", "why", "words"),
    [
        ("exit 3", Why.UNREADABLE, "status 3"),
        ("kill -9 $$", Why.UNREADABLE, "status -9"),
        ("echo garbage", Why.UNREADABLE, "damaged"),
        (f"echo '{HEAD}'; exit 0", Why.UNREACHABLE, "no port answered"),
        ("echo '<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>'", Why.UNREADABLE, "entities"),
        (f"echo '{HEAD}<host><address/><ports><port/></ports></host>'", Why.UNREADABLE, "cannot"),
        (f"echo '{HEAD}<host></host></nmaprun>'", Why.UNREADABLE, "cannot"),
        (f"echo '{HEAD}</host>'", Why.UNREADABLE, "did not begin"),
        ("echo 'QUITTING! <b>\033[1m' >&2; exit 1", Why.UNREADABLE, "QUITTING!"),
        ("exec >&- 2>&-; exec sleep 20", Why.UNREADABLE, "did not end"),
    ],
)
def test_an_nmap_that_fails_leaves_a_gap(nmap, text, why, words):
    nmap(text)

    seen = scan(tcp="1")["web1"]

    assert (type(seen), seen.why) == (Gap, why)
    assert words in seen.detail


def test_what_was_finished_before_the_end_counts(nmap):
    nmap(f"echo '{HEAD}{host()}'; exec sleep 30")

    seen = scan(target("a"), target("b", "127.0.0.9"), tcp="1", seconds=0.6)

    assert seen["a"].value["numbers"] == ["22/tcp"]
    assert seen["b"].why is Why.TIMEOUT


def test_a_stop_ends_the_scan(nmap):
    nmap("exec sleep 30")
    stopped = Event()
    stopped.set()

    assert scan(tcp="1", stopped=stopped)["web1"].why is Why.INTERRUPTED


def test_hostile_service_names_are_inert_and_tls_is_marked(nmap):
    name = "&#9;evil&#10;&lt;script&gt;&#x202e;"
    nmap(f"cat <<'END'\n{HEAD}{host(name=name, product='x' * 900, tunnel='ssl')}</nmaprun>\nEND")

    (seen,) = scan(tcp="1")["web1"].value["open"]

    assert seen["service"] == "evil <script>\ufffd"
    assert len(seen["product"]) == 200
    assert seen["tls"] is True


def test_another_host_than_those_asked_for_is_dropped(nmap):
    nmap(f"cat <<'END'\n{HEAD}{host('10.9.9.9')}</nmaprun>\nEND")

    assert scan(tcp="1")["web1"].why is Why.UNREACHABLE


def test_two_names_of_one_address_are_each_answered(listener):
    seen = scan(target("a", "127.0.0.1"), target("b", "127.0.0.1"), tcp=f"{listener}")

    assert seen["a"].value["numbers"] == seen["b"].value["numbers"] == [f"{listener}/tcp"]


def test_a_host_that_took_too_long_is_a_gap(nmap):
    cut = '<host timedout="true"><status state="up"/><address addr="127.0.0.1"/></host>'
    nmap(f"cat <<'END'\n{HEAD}{cut}</nmaprun>\nEND")

    assert scan(tcp="1")["web1"].why is Why.TIMEOUT


def test_a_host_behind_a_filter_is_a_gap(nmap):
    silent = host().replace('"closed"', '"filtered"').replace('state="open"', 'state="filtered"')
    nmap(f"cat <<'END'\n{HEAD}{silent}</nmaprun>\nEND")

    assert scan(tcp="1")["web1"].why is Why.UNREACHABLE


def test_ports_of_the_inventory_are_scanned_for_their_target_alone(listener):
    own = msgspec.structs.replace(target("a"), ports=(f"{listener}/tcp", "2/tcp", "53/udp"))

    seen = scan(own, target("b", "127.0.0.1"), tcp="top5")

    assert seen["a"].value["numbers"] == [f"{listener}/tcp"]
    assert {i["port"]: i["open"] for i in seen["a"].value["listed"]} == {
        f"{listener}/tcp": True,
        "2/tcp": False,
    }
    assert seen["b"].value["numbers"] == []
    assert seen["b"].value["listed"] == []


def test_a_filtered_port_of_the_inventory_was_not_seen(nmap):
    one = host().replace(
        "</ports>", '<port protocol="tcp" portid="25"><state state="filtered"/></port></ports>'
    )
    nmap(f"cat <<'END'\n{HEAD}{one}</nmaprun>\nEND")

    seen = scan(msgspec.structs.replace(target(), ports=("25/tcp",)), tcp="1")["web1"]

    assert seen.value["listed"][0]["gap"]["why"] == "no_data"
    assert seen.value["filtered"] == 1


def test_the_zone_sets_the_pace(nmap, tmp_path):
    nmap(f"echo \"$@\" >>{tmp_path}/said; echo '{HEAD}{host()}</nmaprun>'")
    zones = (Zone(id="default", rate=70),)
    inventory = msgspec.structs.replace(SETTINGS.inventory, zones=zones)

    scan(tcp="1", settings=msgspec.structs.replace(SETTINGS, inventory=inventory))

    assert all("--max-rate 70" in line for line in (tmp_path / "said").read_text().splitlines())


def test_services_on_odd_ports_are_identified_and_those_that_hang_up_are_not(listener):
    with greeting(banner=b"") as curt:
        number = curt.getsockname()[1]
        seen = scan(tcp=f"{listener},{number}")["web1"]

    found = {item["port"]: item for item in seen.value["open"]}
    assert found[f"{listener}/tcp"]["service"] == "ssh"
    assert found[f"{listener}/tcp"]["identified"] is True
    assert found[f"{number}/tcp"].get("identified") is False


def test_a_service_that_was_not_asked_is_a_gap_in_its_item(nmap):
    one = host().replace('portid="22"', 'portid="2222"')
    nmap(f"case \"$*\" in *-sV*) exit 1 ;; esac; echo '{HEAD}{one}</nmaprun>'")

    (item,) = scan(tcp="2222")["web1"].value["open"]

    assert "identified" not in item
    assert item["gap"]["why"] == "no_data"


def test_hosts_with_many_different_ports_are_asked_apart():
    wanted = {f"10.0.0.{n}": frozenset(range(n * 100, n * 100 + 90)) for n in range(1, 4)}
    wanted |= {"10.0.0.9": frozenset({22}), "10.0.0.8": frozenset({25})}

    groups = [(sorted(hosts), len(ports)) for hosts, ports in _together(wanted)]

    assert groups == [
        (["10.0.0.1", "10.0.0.8", "10.0.0.9"], 92),
        (["10.0.0.2"], 90),
        (["10.0.0.3"], 90),
    ]


def test_an_address_out_of_scope_is_never_scanned(nmap, tmp_path):
    nmap(f"touch {tmp_path}/called")

    assert scan(target("x", "10.0.0.1"), tcp="1")["x"].why is Why.SCOPE
    assert not (tmp_path / "called").exists()


def test_root_that_may_not_make_packets_scans_by_connecting(monkeypatch, listener):
    def refused(*_args, **_kwargs):
        raise PermissionError

    monkeypatch.setattr("auditor.collect.nmap_run.socket.socket", refused)

    assert privileged() is False


def test_without_the_list_of_common_ports_nothing_is_claimed(monkeypatch, nmap):
    monkeypatch.setattr("auditor.collect.nmap_run._TOP", {})
    nmap("echo nonsense")

    assert Asked("top7", (target(),)).args == []
    assert scan(tcp="top7")["web1"].why is Why.UNSUPPORTED

    monkeypatch.setenv("PATH", "/nonexistent")
    assert top_ports(7) == ""


def test_watched_services_are_scanned_beside_the_most_used_ports():
    """Redis and Docker are not among nmap's thousand."""
    place = "127.77.3.10"
    with socket.create_server((place, 6379)), socket.create_server((place, 2375)):
        seen = scan(target("t", place), tcp="top1000")["t"]

    assert seen.value["numbers"] == ["2375/tcp", "6379/tcp"]
    assert port_lists.numbers(Asked("top1", (target(),)).args[1]) >= WATCHED


def test_a_server_that_answers_on_a_thousand_ports_is_one_fact():
    with ExitStack() as stack:
        servers = [
            stack.enter_context(socket.create_server(("127.77.3.9", 0))) for _ in range(1100)
        ]
        assert len(servers) == 1100
        seen = scan(target("t", "127.77.3.9"), tcp="1-65535")["t"]

    assert seen.value["tarpit"] is True
    assert len(seen.value["open"]) == len(seen.value["numbers"]) == 50
