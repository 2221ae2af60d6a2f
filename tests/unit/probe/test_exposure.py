"""Ports from inside and outside, joined."""

from datetime import UTC, datetime

import pytest

from auditor.model.fact import GAP, Why
from auditor.model.feed import Feeds
from auditor.model.inventory import Target, TargetKind
from auditor.model.shape import misfits
from auditor.probe import exposure
from auditor.probe.base import Derivation, Unseen
from auditor.probe.port_names import CATEGORIES

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WEB1 = Target(id="web1", opd="kominfo", address="10.0.0.1", ports=("22/tcp",))


def given(gaps=None, **facts):
    return Derivation(target=WEB1, facts=facts, gaps=gaps or {}, feeds=Feeds(), now=NOW)


def port(name, service="", *, tls=False, product="", identified=None):
    known = {} if identified is None else {"identified": identified}
    return {
        "port": name, "service": service, "product": product, "version": "", "tls": tls, **known
    }  # fmt: skip


def outside(*items, vantage="intranet", tarpit=False):
    return {"open": list(items), "vantage": vantage, "tarpit": tarpit, "listed": []}


OUTSIDE = outside(
    port("22/tcp", "ssh"),
    port("21/tcp", "ftp"),
    port("5432/tcp"),
    port("143/tcp", "imap", tls=True),
    port("8306/tcp", "mysql", product="MariaDB"),
)


def joined(**facts):
    gaps = {} if "listening" in facts else {"listening": (Why.REFUSED, "ditolak")}
    found = exposure.PROBE.derive(exposure.ExposureArgs(), given(gaps=gaps, **facts))
    assert not list(misfits(found, exposure.PROBE.gives))
    return found


def test_both_views_meet():
    inside = {"sockets": [{"port": "22/tcp", "process": "sshd"}, {"port": "53/udp", "process": ""}]}

    found = joined(ports=OUTSIDE, listening=inside)

    assert found["hidden"] == ["21/tcp", "143/tcp", "5432/tcp", "8306/tcp"]
    assert found["ports"][1] == {
        "port": "22/tcp", "inside": True, "outside": True, "expected": True,
        "process": "sshd", "service": "ssh",
    }  # fmt: skip


def test_who_answers_is_told_by_process_service_and_product():
    inside = {"sockets": [{"port": "8306/tcp", "process": "mysqld"}]}

    items = {i["port"]: i for i in joined(ports=OUTSIDE, listening=inside)["open"]}

    assert items["8306/tcp"] == {
        "port": "8306/tcp", "expected": False, "answers": "mysqld: mysql MariaDB"
    }  # fmt: skip
    assert items["22/tcp"]["expected"] is True
    assert items["5432/tcp"]["answers"] == ""


def test_services_are_known_by_number_and_by_name():
    found = joined(ports=OUTSIDE)

    assert found["database"] == ["5432/tcp", "8306/tcp"]
    assert found["clear_text"] == ["21/tcp"]


def test_without_the_inside_view_only_what_it_answers_is_missing():
    found = joined(ports=OUTSIDE)

    assert "hidden" not in found
    assert len(found["open"]) == 5
    assert found["gap"] == {"why": "refused", "detail": "ditolak"}


def test_where_nobody_looked_inside_that_is_the_reason():
    found = exposure.PROBE.derive(exposure.ExposureArgs(), given(ports=OUTSIDE))

    assert found["gap"]["why"] == "no_data"


def test_without_the_outside_view_nothing_is_said():
    derivation = given(gaps={"ports": (Why.TIMEOUT, "lama")}, listening={"sockets": []})

    with pytest.raises(Unseen) as caught:
        exposure.PROBE.derive(exposure.ExposureArgs(), derivation)
    assert caught.value.why is Why.TIMEOUT


def test_the_ports_that_a_policy_names_are_those_that_are_scanned():
    args = exposure.ExposureArgs(tcp="1-65535")

    assert [p.key for p in exposure.PROBE.needs(args)] == ['ports{"tcp":"1-65535"}']
    assert [p.key for p in exposure.PROBE.needs(exposure.ExposureArgs())] == ["ports"]


def test_a_tarpit_is_one_fact_and_all_else_was_not_seen():
    found = joined(ports=outside(port("5432/tcp"), tarpit=True), listening={"sockets": []})

    assert found["tarpit"] is True
    assert found[GAP]["why"] == "unreadable"
    assert not set(found) & {"open", "hidden", "ports", *CATEGORIES}


def test_over_loopback_only_sockets_open_to_the_network_count():
    seen = outside(port("22/tcp", "ssh"), port("5432/tcp"), port("9/tcp"), vantage="loopback")
    sockets = [
        {"port": "22/tcp", "process": "sshd", "public": True},
        {"port": "5432/tcp", "process": "postgres", "public": False},
    ]

    found = joined(ports=seen, listening={"sockets": sockets})

    assert [i["port"] for i in found["open"]] == ["22/tcp", "9/tcp"]
    assert found["database"] == []


def test_over_loopback_without_the_inside_view_nothing_is_known():
    found = joined(ports=outside(port("5432/tcp"), vantage="loopback"))

    assert "open" not in found
    assert "database" not in found
    assert found[GAP]["why"] == "refused"


def test_what_was_not_asked_of_a_port_stays_a_gap_of_that_port():
    gap = {"why": "no_data", "detail": "lama"}

    found = joined(
        ports=outside(port("7/tcp") | {GAP: gap}, port("9/tcp", "discard", identified=True))
    )

    assert found["open"][0][GAP] == gap
    assert found["open"][1]["identified"] is True


@pytest.mark.parametrize(
    ("target", "ports"),
    [
        ({"ports": ("22/tcp",), "roles": ("web",)}, {"22/tcp"}),
        ({"roles": ("dns",)}, {"53/tcp", "53/udp"}),
        ({"sites": ("a.go.id",)}, {"80/tcp", "443/tcp"}),
        ({"kind": TargetKind.SITE}, {"80/tcp", "443/tcp"}),
        ({"roles": ("arsip",)}, set()),
    ],
)
def test_the_inventory_says_what_is_expected(target, ports):
    assert exposure.expected(Target(id="t", opd="o", address="10.0.0.1", **target)) == ports


def test_while_a_service_was_not_told_no_category_is_empty():
    untold = port("8306/tcp") | {GAP: {"why": Why.TIMEOUT.value, "detail": "slow"}}
    view = outside(port("6379/tcp", "redis", identified=True), untold)

    found = joined(ports=view, listening={"sockets": []})

    assert found["database"] == ["6379/tcp"]
    assert "device" not in found
    assert "8306/tcp" in found[GAP]["detail"]
    assert found["hidden"] == ["6379/tcp", "8306/tcp"]


def test_what_was_not_told_outside_counts_before_what_was_not_seen_inside():
    untold = port("8306/tcp") | {GAP: {"why": Why.TIMEOUT.value, "detail": "slow"}}

    assert "8306/tcp" in joined(ports=outside(untold))[GAP]["detail"]


def listed(tcp, *items):
    facts = {f'ports{{"tcp":"{tcp}"}}': outside(*items)}
    gaps = {"listening": (Why.REFUSED, "ditolak")}
    return exposure.PROBE.derive(exposure.ExposureArgs(tcp=tcp), given(gaps=gaps, **facts))


def test_a_list_that_leaves_ports_of_a_category_out_does_not_call_it_empty():
    found = listed("1-1024", port("873/tcp", "rsync", identified=True))

    assert found["obsolete"] == []
    assert found["file_sharing"] == ["873/tcp"]
    assert not {"database", "management", "device"} & found.keys()
    assert found[GAP]["detail"].startswith("not scanned: 1099/tcp, 1433/tcp, ")
    assert found[GAP]["detail"].endswith(" more")


def test_a_list_of_all_ports_leaves_nothing_out():
    found = listed("1-65535")

    assert {name: [] for name in CATEGORIES}.items() <= found.items()
    assert found[GAP]["detail"] == "ditolak"
