"""Servers that take few connections of one caller and end the others without a word."""

import select
import socket
import threading
import time

import pytest

from auditor.collect.tls import TlsCollector
from auditor.collect.tls_turns import Turns
from auditor.model.fact import Why
from auditor.model.inventory import Target
from auditor.plan import Task
from auditor.probe.base import Probe, Via
from auditor.probe.tls import PROBE, TlsArgs
from tests.servers.certificates import SITE, issue
from tests.servers.tls_servers import openssl_server, scripted

QUESTION = Probe(type=PROBE, args=TlsArgs())
WEAK = ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0")


@pytest.fixture
def server(tmp_path):
    with openssl_server(tmp_path, issue(), *WEAK) as port:
        yield port


def look(port, settings, limit):
    target = Target(id="t", opd="o", address="127.0.0.1", sites=(SITE,))
    task = Task(via=Via.TLS, targets=(target,), probes=(QUESTION,))
    (fact,) = TlsCollector(https=port, known={}).collect(task, settings, limit)
    return fact.value["endpoints"][0]


def relay(connection: socket.socket, port: int) -> None:
    """Pass bytes on between a caller and a server, until one of them ends."""
    with socket.create_connection(("127.0.0.1", port)) as server:
        ways = {connection: server, server: connection}
        while True:
            for one in select.select(list(ways), [], [], 5)[0]:
                data = one.recv(65_536)
                if not data:
                    return
                ways[one].sendall(data)


@pytest.mark.parametrize("most", [1, 2])
def test_a_server_that_takes_few_connections_at_a_time_is_seen_whole(most, server, settings, limit):
    room = threading.BoundedSemaphore(most)

    def script(connection):
        if room.acquire(blocking=False):
            try:
                relay(connection, server)
            finally:
                room.release()

    with scripted(script) as port:
        item = look(port, settings, limit)

    assert item["versions"] == ["TLSv1.2"]
    assert item["weak_suites"] == ["TLS_ECDHE_ECDSA_WITH_NULL_SHA"]


@pytest.mark.parametrize("most", [6, 9, 12, 15])
def test_a_server_that_soon_takes_no_more_connections_passes_nothing(most, server, settings, limit):
    left = threading.Semaphore(most)

    def script(connection):
        if left.acquire(blocking=False):
            relay(connection, server)

    with scripted(script) as port:
        item = look(port, settings, limit)

    assert item["gap"]["why"] in {Why.BUSY, Why.REFUSED}
    assert not {"versions", "weak_suites", "groups"} & set(item)
    assert set(item.get("cert", {})) <= {"gap"}


def test_one_goes_alone_once_the_others_have_left():
    turns, inside, seen = Turns(), [], []

    def together():
        with turns.together():
            inside.append(1)
            time.sleep(0.05)
            inside.pop()

    def alone():
        with turns.alone():
            seen.append(len(inside))

    threads = [threading.Thread(target=one) for one in (together, alone, together, alone) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)

    assert seen == [0] * 6
