"""The dns and mail probes on real zones that Knot serves and signs."""

import socket

import pytest

from auditor.collect.dns import DnsCollector, trusted_anchors
from auditor.model.fact import GAP, Why
from auditor.probe.base import Unseen
from tests.servers.dns_asking import observe, rows, settings_for, target_for
from tests.servers.dns_servers import ONE, OUTSIDE, Scripted
from tests.servers.dns_zones import city

NAMES = (
    *("baik", "buruk", "kedaluwarsa", "belum", "salahds", "tanpakunci", "lemah", "nsec3"),
    *("tanpasurel", "jebakan", "takada"),
)


class City:
    """A running Knot and what the probes saw of its zones."""

    def __init__(self, knot, anchor):
        self.collector = DnsCollector(knot.port, https=1, smtp=1)
        self.port = knot.port
        self.anchor = str(anchor)
        self.settings = settings_for(
            (ONE,),
            self.anchor,
            targets=(
                target_for(sites=("portal.baik.go.id", "toko.baik.go.id", "toko.buruk.go.id")),
            ),
        )

    def see(self, kind, *names, **more):
        target = target_for(*(f"{name}.go.id" for name in names), **more)
        return observe(kind, target, self.settings, self.collector)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("knot")
    knot, anchor = city(folder)
    path = folder / "anchor"
    path.write_text(anchor)
    with knot.running():
        yield City(knot, path)


@pytest.fixture(scope="module")
def zones(town):
    return rows(town.see("dns", *NAMES))


@pytest.fixture(scope="module")
def mails(town):
    return rows(town.see("mail", *NAMES, dkim=("s1", "kunci", "lama")))


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("baik", "secure", ""),
        ("nsec3", "secure", ""),
        ("lemah", "secure", ""),
        ("buruk", "insecure", "no DS record for buruk.go.id"),
        ("kedaluwarsa", "bogus", "the signature ended on"),
        ("belum", "bogus", "the signature begins only on"),
        ("salahds", "bogus", "no key fits the parent's DS record"),
        ("tanpakunci", "bogus", "has no DNSKEY, though the parent has a DS record"),
    ],
)
def test_dnssec(zones, name, state, words):
    seen = zones[f"{name}.go.id"]["dnssec"]
    assert seen["state"] == state
    assert words in seen["words"]


def test_what_signatures_are_worth(zones):
    assert 0 < zones["baik.go.id"]["dnssec"]["days_left"] < 30
    assert zones["nsec3.go.id"]["dnssec"]["iterations"] == 10
    weak = zones["lemah.go.id"]["dnssec"]["weak"]
    assert "RSASHA1" in weak
    assert weak[0].startswith("RSA 1024 bit")


def test_a_good_zone(zones):
    row = zones["baik.go.id"]
    assert (row["exists"], row["apex"], row["ns_count"], row["network_count"]) == (True, True, 2, 2)
    assert row["caa"]["issuers"] == ["letsencrypt.org"]
    assert row["wildcard"]["answers"] is False
    assert row["delegation"]["agrees"] is True
    mine = [one for one in row["servers"] if one["in_scope"]]
    assert len(mine) == 2
    assert all(one["authoritative"] and not one["transfer"] for one in mine)
    assert {one["site"]: one["exists"] for one in row["aliases"]} == {
        "portal.baik.go.id": True,
        "toko.baik.go.id": False,
        "www.baik.go.id": True,
    }
    assert row["ipv6"]["reachable"] is True
    assert row["soa"]["odd"] == []


def test_a_bad_zone(zones):
    row = zones["buruk.go.id"]
    assert (row["ns_count"], row["network_count"]) == (1, 1)
    assert row["caa"]["present"] is False
    assert row["wildcard"]["answers"] is True
    assert row["servers"][0]["transfer"] is True
    assert row["ipv6"]["reachable"] is False
    aliases = {one["site"]: one for one in row["aliases"]}
    assert aliases["www.buruk.go.id"]["service"] == "github.io"
    assert GAP in aliases["toko.buruk.go.id"]


def test_a_zone_that_is_not_there(zones, mails):
    assert zones["takada.go.id"]["exists"] is False
    assert mails["takada.go.id"]["exists"] is False


def test_good_mail(mails):
    row = mails["baik.go.id"]
    assert row["spf"]["errors"] == []
    assert (row["spf"]["end"], row["spf"]["lookups"]) == ("-all", 2)
    assert row["dmarc"]["policy"] == "reject"
    assert "budi" not in str(row)
    keys = {one["selector"]: one for one in row["dkim"]["keys"]}
    assert (keys["s1"]["bits"], keys["kunci"]["type"]) == (2048, "ed25519")
    assert keys["lama"]["present"] is False
    assert row["mx"][0]["dane"] is True
    assert row["mta_sts"]["errors"] == ["the policy is not served: port 1: connection refused"]
    assert row["doors"][0][GAP]["why"] is Why.REFUSED


def test_bad_mail(mails):
    row = mails["buruk.go.id"]
    assert (row["spf"]["end"], row["spf"]["pointers"]) == ("+all", True)
    assert row["spf"]["wide"] == ["10.0.0.0/8"]
    assert row["spf"]["errors"] == ["hilang.go.id has 0 SPF records"]
    assert (row["dmarc"]["policy"], row["dmarc"]["percent"]) == ("none", 50)
    assert row["dmarc"]["unwilling"] == ["laporan.go.id", "baik.go.id"]
    keys = {one["selector"]: one for one in row["dkim"]["keys"]}
    assert (keys["s1"]["bits"], keys["lama"]["revoked"]) == (1024, True)
    assert [one["resolves"] for one in row["mx"]] == [True, False]
    assert row["mta_sts"]["errors"][0] == "id= is missing or odd"
    assert row["tls_rpt"]["errors"]


def test_a_domain_without_mail(mails):
    row = mails["tanpasurel.go.id"]
    assert (row["used"], row["mx_kind"], row["spf"]["refuses"]) == (False, "null", True)


def test_records_that_lead_in_circles(mails):
    assert mails["jebakan.go.id"]["spf"]["errors"] == ["jebakan.go.id refers to itself"]


def test_few_questions_are_asked(zones, mails):
    for name in NAMES:
        asked = zones[f"{name}.go.id"]["questions"] + mails[f"{name}.go.id"]["questions"]
        assert asked <= 60, name


def test_evidence_names_questions_and_vantage(town):
    fact = town.see("mail", "tanpasurel")
    assert fact.evidence.source == f"DNS questions to {ONE}, seen from zone:default"
    assert "tanpasurel.go.id MX: 1" in fact.evidence.excerpt
    assert len(fact.evidence.excerpt) <= 4000


def test_a_target_without_domains_asks_nothing(town):
    fact = observe("dns", target_for(), settings_for(("127.53.9.9",)), town.collector)
    assert fact.value == {"exists": False, "domains": []}
    assert fact.evidence.excerpt == ""


def test_nothing_outside_the_letter_is_contacted(town):
    https, smtp = (socket.create_server((OUTSIDE, 0)) for _ in range(2))
    with https, smtp, Scripted(OUTSIDE, town.port, lambda _query: []) as outside:
        collector = DnsCollector(town.port, https.getsockname()[1], smtp.getsockname()[1])
        target = target_for("luar.go.id")
        zone = rows(observe("dns", target, town.settings, collector))["luar.go.id"]
        mail = rows(observe("mail", target, town.settings, collector))["luar.go.id"]
        for listener in (https, smtp):
            listener.settimeout(0.05)
            with pytest.raises(TimeoutError):
                listener.accept()
    assert outside.asked == []
    assert [one["in_scope"] for one in zone["servers"]] == [False]
    assert zone["servers"][0][GAP]["why"] is Why.SCOPE
    assert mail["mta_sts"][GAP]["why"] is Why.SCOPE
    assert (mail["doors"][0]["in_scope"], mail["doors"][0][GAP]["why"]) == (False, Why.SCOPE)


def test_a_domain_outside_the_letter_is_not_asked_about(town):
    fact = observe("dns", target_for("kota.com"), town.settings, town.collector)
    assert fact.value["domains"][0][GAP]["why"] is Why.SCOPE
    assert fact.evidence.excerpt == ""


def test_anchors_that_do_not_fit_are_no_finding(town, tmp_path):
    path = tmp_path / "anchor"
    path.write_text(". DS 1 13 2 " + "ab" * 32)
    settings = settings_for((ONE,), str(path))
    row = rows(observe("dns", target_for("baik.go.id"), settings, town.collector))["baik.go.id"]
    assert row["dnssec"][GAP]["why"] is Why.STALE
    assert row["caa"]["present"] is True


def test_anchors_that_cannot_be_read(tmp_path):
    assert isinstance(trusted_anchors(str(tmp_path / "none")), Unseen)
    path = tmp_path / "odd"
    path.write_text("nonsense")
    assert isinstance(trusted_anchors(str(path)), Unseen)
    assert trusted_anchors(None)
