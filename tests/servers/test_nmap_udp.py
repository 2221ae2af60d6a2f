"""UDP services on loopback, asked by nmap as root and by our own questions."""

import os
import random
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from threading import Event

import pytest

from auditor.collect import Limit
from auditor.collect.nmap_run import privileged
from auditor.collect.ports import PortsCollector
from auditor.collect.udp_ask import ask
from auditor.model.fact import Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe import udp
from auditor.probe.base import Probe, Via
from tests.servers.test_ports import SETTINGS

needs_root = pytest.mark.skipif(not privileged(), reason="nmap asks UDP only as root")


def dns(question):
    """Offer recursion, and fail."""
    return question[:2] + b"\x81\x82" + question[4:12] + question[12:]


def ntp(question):
    """Answer control messages only."""
    if question[0] & 7 == 6:
        return bytes([question[0], question[1] | 0x80]) + question[2:12]
    return b"\x24" + bytes(47)


def memcached(question):
    return question[:8] + b"VERSION 1.6\r\n"


@contextmanager
def service(address, port, answer):
    """Answer each datagram; None: keep silent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, port))
        server.settimeout(0.1)
        ended = Event()

        def serve():
            while not ended.is_set():
                with suppress(TimeoutError, OSError, IndexError):
                    data, sender = server.recvfrom(2000)
                    if (said := answer(data)) is not None:
                        server.sendto(said, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        ended.set()
        thread.join(2)


def a_place():
    """An address of loopback that nobody else uses."""
    return f"127.{random.randint(100, 250)}.{random.randint(1, 250)}.{random.randint(1, 250)}"


def scan(*targets, ports="53,123,161,11211"):
    probe = Probe(type=udp.PROBE, args=udp.UdpArgs(ports=ports))
    task = Task(via=Via.PORTS, targets=targets, probes=(probe,))
    limit = Limit(60, Event(), time.monotonic)
    return {o.target: o for o in PortsCollector().collect(task, SETTINGS, limit)}


@needs_root
def test_services_that_answer_are_open_and_what_they_offer_is_known():
    place = a_place()
    with ExitStack() as stack:
        for port, answer in ((53, dns), (123, ntp), (11211, memcached)):
            stack.enter_context(service(place, port, answer))
        seen = scan(
            Target(id="a", opd="o", address=place, ports=("53/udp",)),
            Target(id="b", opd="o", address=a_place()),
        )

    assert seen["a"].value["numbers"] == ["53/udp", "123/udp", "11211/udp"]
    assert [i["expected"] for i in seen["a"].value["open"]] == [True, False, False]
    assert seen["a"].value["recursion"] is True
    assert seen["a"].value["ntp_control"] is True
    assert seen["a"].value["amplifiers"] == ["53/udp", "123/udp", "11211/udp"]
    assert seen["a"].value["unseen"] == 0
    assert seen["b"].value["numbers"] == []
    assert seen["b"].value["recursion"] is False
    assert seen["b"].value["vantage"] == "zone:default"


@needs_root
def test_a_service_that_keeps_silent_is_unseen_and_no_finding():
    place = a_place()
    with service(place, 123, lambda _data: None):
        value = scan(Target(id="a", opd="o", address=place))["a"].value

    assert value["numbers"] == []
    assert value["unseen"] == 1
    assert value["ntp_control"] is False


def test_without_root_every_target_is_a_gap(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    seen = scan(Target(id="a", opd="o", address="127.0.0.1"))["a"]

    assert seen.why is Why.NEEDS_ROOT
    assert "sudo" in seen.detail


@needs_root
@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('<host><status state="up"/><address addr="127.0.0.1"/><ports/></host>', Why.UNREACHABLE),
        ('<host timedout="true"><address addr="127.0.0.1"/></host>', Why.TIMEOUT),
        ("", Why.UNREACHABLE),
    ],
)
def test_a_host_that_answers_nothing_is_a_gap(monkeypatch, tmp_path, body, why):
    program = tmp_path / "nmap"
    program.write_text(f"#!/bin/sh\necho '<nmaprun>{body}</nmaprun>'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    assert scan(Target(id="a", opd="o", address="127.0.0.1"))["a"].why is why


def test_questions_over_both_versions_of_ip_and_to_nobody():
    with service("127.0.0.1", 0, memcached), socket.socket(socket.AF_INET6) as six:
        six.bind(("::1", 0))
        places = {("::1", six.getsockname()[1]): b"x", ("127.0.0.1", 1): b"x"}

        assert ask(places, Limit(5, Event(), time.monotonic)) == {}


def test_a_stop_ends_the_questions():
    stopped = Event()
    stopped.set()

    assert ask({("127.0.0.1", 1): b"x"}, Limit(5, stopped, time.monotonic)) == {}


@needs_root
def test_a_name_server_that_keeps_silent_on_our_question_was_not_seen():
    place = a_place()

    def others(question):
        return None if question[:2] == b"KB" else dns(question)

    with ExitStack() as stack:
        stack.enter_context(service(place, 53, others))
        alone = scan(Target(id="a", opd="o", address=place))["a"].value
        stack.enter_context(service(place, 11211, memcached))
        beside = scan(Target(id="a", opd="o", address=place))["a"].value

    assert alone["numbers"] == ["53/udp"]
    assert not {"recursion", "amplifiers"} & alone.keys()
    assert alone["gap"]["why"] == Why.NO_DATA
    assert "recursion" not in beside
    assert beside["amplifiers"] == ["11211/udp"]


@needs_root
def test_a_sql_server_browser_is_asked_for_its_instances():
    place = a_place()
    with service(place, 1434, lambda asked: b"\x05\x00\x00" if asked == b"\x03" else None):
        seen = scan(Target(id="a", opd="o", address=place), ports="1434")["a"]

    assert seen.value["numbers"] == ["1434/udp"]
    assert seen.value["amplifiers"] == ["1434/udp"]
