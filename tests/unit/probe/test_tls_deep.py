"""What is read from a report of sslyze: a test that did not finish is never a pass."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import GAP, Why
from auditor.model.inventory import Target
from auditor.probe.base import Unseen
from auditor.probe.tls import Endpoint
from auditor.probe.tls_deep import place, points, read

WEB = Endpoint(name="web.kota.test", port=443)
MAIL = Endpoint(name="web.kota.test", port=993)
TESTS = {"heartbleed", "ccs", "robot", "client_renegotiation", "compression", "early_data"}


def done(**result):
    return {"status": "COMPLETED", "error_reason": None, "result": result}


def failed(reason):
    return {"status": "ERROR", "error_reason": reason, "result": None}


def scan(
    host="web.kota.test", port=443, vulnerable=False, robot="NOT_VULNERABLE_NO_ORACLE", **more
):
    attempts = {
        "heartbleed": done(is_vulnerable_to_heartbleed=vulnerable),
        "openssl_ccs_injection": done(is_vulnerable_to_ccs_injection=vulnerable),
        "robot": done(robot_result=robot),
        "session_renegotiation": done(is_vulnerable_to_client_renegotiation_dos=vulnerable),
        "tls_compression": done(supports_compression=vulnerable),
        "tls_1_3_early_data": done(supports_early_data=vulnerable),
    }
    return {
        "server_location": {"hostname": host, "port": port},
        "scan_result": {**attempts, **more},
    }


def look(*scans, asked=(WEB,)):
    return read(msgspec.json.encode({"server_scan_results": scans}), asked)


@pytest.mark.parametrize("vulnerable", [False, True])
def test_each_test_has_its_fact(vulnerable):
    robot = "VULNERABLE_STRONG_ORACLE" if vulnerable else "NOT_VULNERABLE_RSA_NOT_SUPPORTED"
    (item,) = look(scan(vulnerable=vulnerable, robot=robot))
    assert item == {
        "endpoint": "web.kota.test:443",
        "name": "web.kota.test",
        "https": True,
        **dict.fromkeys(TESTS, vulnerable),
    }


def test_a_weak_oracle_is_robot_too():
    (item,) = look(scan(robot="VULNERABLE_WEAK_ORACLE"))
    assert item["robot"] is True


@pytest.mark.parametrize(
    ("attempt", "why"),
    [
        (failed("CONNECTIVITY_ISSUE"), Why.UNREACHABLE),
        (failed("CLIENT_CERTIFICATE_NEEDED"), Why.DENIED),
        (failed("BUG_IN_SSLYZE"), Why.UNREADABLE),
        (done(robot_result="UNKNOWN_INCONSISTENT_RESULTS"), Why.UNREADABLE),
        (done(robot_result=None), Why.UNREADABLE),
        (done(), Why.UNREADABLE),
        ({"status": "COMPLETED", "result": None}, Why.UNREADABLE),
        (None, Why.UNREADABLE),
        ("COMPLETED", Why.UNREADABLE),
    ],
)
def test_a_test_that_did_not_finish_is_a_gap(attempt, why):
    report = scan()
    report["scan_result"]["robot"] = attempt
    (item,) = look(report)
    assert "robot" not in item
    assert item["heartbleed"] is False
    assert item[GAP] == {"why": why, "detail": "sslyze could not finish: robot"}


@pytest.mark.parametrize(
    "scans",
    [(), (scan(port=8443),), (scan(host="lain.test"),), ({**scan(), "scan_result": None},)],
)
def test_an_endpoint_that_was_not_reached_is_a_gap(scans):
    (item,) = look(*scans)
    assert not TESTS & item.keys()
    assert item[GAP]["why"] is Why.UNREACHABLE


def test_records_come_in_the_order_asked():
    items = look(scan(port=993, vulnerable=True), scan(), asked=(WEB, MAIL))
    assert [(item["endpoint"], item["https"], item["ccs"]) for item in items] == [
        ("web.kota.test:443", True, False),
        ("web.kota.test:993", False, True),
    ]


def test_names_are_compared_in_the_form_of_the_dns():
    name = "büro.test"
    (item,) = look(scan(host="xn--bro-hoa.test"), asked=(Endpoint(name=name, port=443),))
    assert item["heartbleed"] is False
    (item,) = look(scan(), asked=(Endpoint(name="a..b", port=443),))
    assert item[GAP]["why"] is Why.UNREACHABLE


@pytest.mark.parametrize(
    "report",
    [
        b"",
        b"Command line error: x",
        b"[]",
        b"{}",
        b'{"server_scan_results": null}',
        b'{"server_scan_results": [1]}',
        b'{"server_scan_results": [{}]}',
        b'{"server_scan_results": [{"server_location": {"hostname": [], "port": 1}}]}',
    ],
)
def test_a_report_that_cannot_be_read_is_not_seen(report):
    with pytest.raises(Unseen):
        read(report, (WEB,))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(robot=JSON, result=JSON)
def test_no_shape_of_a_report_is_a_pass(robot, result):
    report = scan()
    report["scan_result"]["robot"] = robot
    report["scan_result"]["heartbleed"]["result"] = result
    try:
        (item,) = look(report)
    except Unseen:
        return
    assert "robot" not in item
    assert item.get("heartbleed") is None


def test_only_ports_that_speak_tls_from_the_first_byte_are_tested():
    target = Target(
        id="t",
        opd="o",
        address="10.0.0.1",
        sites=("web.kota.test",),
        ports=("25/tcp", "443/tcp", "993/tcp", "5432/tcp"),
    )
    assert [(point.name, point.port) for point in points(target)] == [
        ("web.kota.test", 443),
        ("web.kota.test", 993),
    ]
    assert all(point.starttls is None for point in points(target))
    assert points(Target(id="t", opd="o", address="10.0.0.1")) == ()


def test_sslyze_is_told_the_address_so_that_it_looks_no_name_up():
    assert place(WEB, "10.0.0.1") == "web.kota.test:443{10.0.0.1}"
    assert place(WEB, "2001:db8::1") == "web.kota.test:443{2001:db8::1}"
    assert place(Endpoint(name="2001:db8::1", port=443), "2001:db8::1") == (
        "[2001:db8::1]:443{2001:db8::1}"
    )
