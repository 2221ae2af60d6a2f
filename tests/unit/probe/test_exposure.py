"""Ports from inside and outside, joined."""

from datetime import UTC, datetime

import pytest

from auditor.model.fact import Why
from auditor.model.feed import Feeds
from auditor.model.inventory import Target
from auditor.probe import exposure
from auditor.probe.base import Derivation, Unseen

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def given(feeds=None, gaps=None, now=NOW, **facts):
    return Derivation(
        target=Target(id="web1", opd="kominfo", address="10.0.0.1", ports=("22/tcp",)),
        facts=facts,
        gaps=gaps or {},
        feeds=feeds or Feeds(),
        now=now,
    )


def port(name, service="", tls=False):
    return {"port": name, "service": service, "product": "", "version": "", "tls": tls}


OUTSIDE = {
    "open": [
        port("22/tcp", "ssh"),
        port("21/tcp", "ftp"),
        port("5432/tcp"),
        port("143/tcp", "imap", tls=True),
        port("8000/tcp", "mysql"),
    ]
}


def joined(**facts):
    gaps = {} if "listening" in facts else {"listening": (Why.REFUSED, "ditolak")}
    return exposure.PROBE.derive(exposure.ExposureArgs(), given(gaps=gaps, **facts))


def test_both_views_meet():
    inside = {"sockets": [{"port": "22/tcp", "process": "sshd"}, {"port": "53/udp", "process": ""}]}

    found = joined(ports=OUTSIDE, listening=inside)

    assert found["hidden"] == ["21/tcp", "143/tcp", "5432/tcp", "8000/tcp"]
    assert found["ports"][1] == {
        "port": "22/tcp", "inside": True, "outside": True, "expected": True,
        "process": "sshd", "service": "ssh",
    }  # fmt: skip


def test_services_are_known_by_number_and_by_name():
    found = joined(ports=OUTSIDE)

    assert found["database"] == ["5432/tcp", "8000/tcp"]
    assert found["clear_text"] == ["21/tcp"]


def test_without_the_inside_view_only_what_it_answers_is_missing():
    found = joined(ports=OUTSIDE)

    assert "hidden" not in found
    assert found["gap"] == {"why": "refused", "detail": "ditolak"}


def test_without_the_outside_view_nothing_is_said():
    derivation = given(gaps={"ports": (Why.TIMEOUT, "lama")}, listening={"sockets": []})

    with pytest.raises(Unseen) as caught:
        exposure.PROBE.derive(exposure.ExposureArgs(), derivation)
    assert caught.value.why is Why.TIMEOUT
