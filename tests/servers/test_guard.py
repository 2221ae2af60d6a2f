"""Names that lead out of the scope lead nowhere."""

import socket
import threading
import time

import msgspec
import pytest

from auditor.collect import Limit
from auditor.collect import dial as dialling
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.guard import must_cover, reach
from auditor.model.fact import Why
from auditor.model.inventory import Scope

SCOPE = Scope(networks=("10.1.0.0/16", "127.0.0.2/32", "fd00::/8"), domains=("batu.test",))


@pytest.fixture
def scoped(settings):
    authority = msgspec.structs.replace(settings.inventory.authority, scope=SCOPE)
    inventory = msgspec.structs.replace(settings.inventory, authority=authority)
    return msgspec.structs.replace(settings, inventory=inventory)


def deadline():
    return Deadline(Limit(5, threading.Event(), time.monotonic), 5)


@pytest.fixture
def answers(monkeypatch):
    """Let the system's resolver answer with these addresses."""

    def say(*addresses):
        entries = [(0, 0, 0, "", (address, 0)) for address in addresses]
        monkeypatch.setattr(dialling.socket, "getaddrinfo", lambda *_a, **_k: entries)

    return say


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.2", "fd00::1"])
def test_an_address_of_the_scope_is_reached(scoped, address):
    assert reach(address, scoped, deadline()) == address


@pytest.mark.parametrize(
    "address",
    ["10.2.0.1", "127.0.0.1", "::1", "::ffff:10.1.2.3", "0.0.0.0", "169.254.169.254", "8.8.8.8"],
)
def test_every_other_address_is_refused(scoped, address):
    with pytest.raises(Unreached) as refused:
        reach(address, scoped, deadline())

    assert refused.value.why is Why.SCOPE
    assert address in refused.value.detail


@pytest.mark.parametrize("name", ["batu.test.evil.test", "evilbatu.test", "test", "localhost", ""])
def test_a_name_that_is_not_covered_is_never_looked_up(scoped, monkeypatch, name):
    monkeypatch.setattr(dialling, "resolve", lambda *_: pytest.fail("asked the resolver"))

    with pytest.raises(Unreached) as refused:
        reach(name, scoped, deadline())

    assert refused.value.why is Why.SCOPE


def test_a_covered_name_leads_to_the_first_covered_address(scoped, answers):
    answers("8.8.8.8", "10.1.0.9", "10.1.0.10")

    assert reach("web.batu.test", scoped, deadline()) == "10.1.0.9"


@pytest.mark.parametrize("address", ["8.8.8.8", "127.0.0.1", "169.254.169.254", "::1"])
def test_a_covered_name_that_leads_elsewhere_is_refused(scoped, answers, address):
    answers(address)

    with pytest.raises(Unreached) as refused:
        reach("web.batu.test", scoped, deadline())

    assert refused.value.why is Why.SCOPE
    assert f"web.batu.test leads to {address}" in refused.value.detail


def test_many_addresses_are_told_in_short(scoped, answers):
    answers(*(f"8.8.8.{n}" for n in range(200)))

    with pytest.raises(Unreached) as refused:
        reach("web.batu.test", scoped, deadline())

    assert len(refused.value.detail) < 200


def test_this_machine_itself_needs_no_letter(scoped):
    assert reach("127.0.0.1", scoped, deadline(), local=True) == "127.0.0.1"
    assert reach("localhost", scoped, deadline(), local=True) in {"127.0.0.1", "::1"}


def test_this_machine_is_its_loopback_and_nothing_else(scoped):
    with pytest.raises(Unreached):
        reach("10.9.9.9", scoped, deadline(), local=True)
    with pytest.raises(Unreached):
        must_cover("evil.test", scoped, local=True)


def test_a_name_without_an_address_is_unreachable(scoped, monkeypatch):
    def nothing(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "no")

    monkeypatch.setattr(dialling.socket, "getaddrinfo", nothing)

    with pytest.raises(Unreached) as refused:
        reach("web.batu.test", scoped, deadline())

    assert refused.value.why is Why.UNREACHABLE
