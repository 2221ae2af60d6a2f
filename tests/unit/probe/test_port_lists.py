"""Lists of ports as nmap writes them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe import port_lists
from auditor.probe.ports import PortsArgs
from auditor.probe.udp import UdpArgs

PORTS = st.frozensets(st.integers(1, 65_535), min_size=1, max_size=60)


@given(PORTS)
def test_what_is_written_is_read_again(ports):
    text = port_lists.write(ports)

    assert port_lists.numbers(text) == ports
    assert all(port_lists.holds(text, port) for port in ports)


def test_runs_are_written_as_ranges():
    assert port_lists.write([3, 1, 2, 7, 9, 8, 7]) == "1-3,7-9"
    assert port_lists.write([5]) == "5"


@pytest.mark.parametrize("text", ["0", "65536", "9-3", "1,,2", "-5", "1-", "x", ""])
def test_what_is_no_list_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        port_lists.numbers(text)


def test_a_list_that_cannot_be_read_holds_nothing():
    assert not port_lists.holds("1,x-", 7)
    assert not port_lists.holds("1-5", 6)


def test_names_by_protocol():
    assert port_lists.of(["22/tcp", "53/udp", "53/tcp"], "tcp") == {22, 53}


@pytest.mark.parametrize("tcp", ["top1000", "top65535", "1-65535", "22,80"])
def test_arguments_that_nmap_takes(tcp):
    assert msgspec.convert({"tcp": tcp}, PortsArgs).tcp == tcp


@pytest.mark.parametrize(
    "tcp", ["top0", "top70000", "70000", "9-3", "22;id", "22\n", "-", "1,,2", "--script=x"]
)
def test_arguments_that_nmap_would_refuse(tcp):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"tcp": tcp}, PortsArgs)


def test_ports_of_udp_are_a_list_too():
    assert 53 in port_lists.numbers(UdpArgs().ports)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"ports": "0"}, UdpArgs)
