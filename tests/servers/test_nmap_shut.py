"""Targets that fall silent while they are scanned; a full queue of a listener drops what comes."""

import socket
import time
from contextlib import ExitStack, contextmanager, suppress
from threading import Event

import pytest

from auditor.collect import Limit
from auditor.collect.nmap_shut import shut_out
from auditor.collect.nmap_xml import Host, Port
from auditor.model.fact import Gap, Why
from tests.servers.test_ports import greeting, scan


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("auditor.collect.nmap_shut.PATIENCE", 0.3)


@contextmanager
def full():
    """Listen and accept nobody, until nobody more gets through."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            with suppress(BlockingIOError):
                client.connect(server.getsockname())
        yield server.getsockname()[1]


def port(number, state="open"):
    return Port(
        port=f"{number}/tcp", state=state, service="", product="", version="", tls=False,
        identified=False,
    )  # fmt: skip


def asked(*ports, counts=None, others=(), seconds=10.0):
    host = Host(address="127.0.0.1", ports=ports, counts=counts or {}, others=others)
    return shut_out([host], Limit(seconds, Event(), time.monotonic))


def test_a_port_that_answered_and_is_now_silent_shuts_the_auditor_out():
    with full() as number:
        assert asked(port(number), counts={"filtered": 900}) == {"127.0.0.1"}
        assert asked(port(number), port(2, "filtered")) == {"127.0.0.1"}


def test_one_port_that_still_answers_is_enough():
    with full() as number, greeting() as server:
        still = port(server.getsockname()[1])

        assert asked(port(number), still, counts={"filtered": 9}) == frozenset()


def test_a_refusal_is_an_answer_listed_or_not():
    silent = {"filtered": 9}

    assert asked(port(1, "closed"), counts=silent) == frozenset()
    assert asked(counts=silent, others=(("closed", "tcp", "1-9,20"),)) == frozenset()
    with full() as number:
        others = (("filtered", "tcp", "1"), ("closed", "tcp", str(number)))
        assert asked(counts=silent, others=others) == {"127.0.0.1"}


def test_without_silent_ports_or_time_nobody_is_asked():
    with full() as number:
        assert asked(port(number), counts={"closed": 999}) == frozenset()
        assert asked(port(number), counts={"filtered": 9}, seconds=0) == frozenset()
        assert asked(counts={"filtered": 9}) == frozenset()


def test_the_target_becomes_a_gap_that_keeps_what_was_open(monkeypatch, tmp_path):
    with full() as number:
        found = (
            '<host><status state="up"/><address addr="127.0.0.1" addrtype="ipv4"/><ports>'
            '<extraports state="filtered" count="99"/>'
            f'<port protocol="tcp" portid="{number}"><state state="open"/></port></ports></host>'
        )
        program = tmp_path / "nmap"
        program.write_text(f"#!/bin/sh\necho '<nmaprun>{found}</nmaprun>'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

        seen = scan(tcp="1-100")["web1"]

    assert isinstance(seen, Gap)
    assert seen.why is Why.BUSY
    assert f"{number}/tcp open" in seen.evidence.excerpt
