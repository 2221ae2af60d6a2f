"""What is asked of one domain, and what is made of the answers."""

from datetime import UTC, datetime

import dns.flags
import pytest

from auditor.model.fact import GAP, Why
from auditor.model.shape import misfits
from auditor.probe.base import Unseen
from auditor.probe.dns import PROBE
from auditor.probe.dns_aliases import service
from auditor.probe.dns_answer import named
from auditor.probe.dns_servers import network
from auditor.probe.dns_survey import View, honest, survey
from auditor.probe.dns_talk import Ask, Handed, Mute, Transfer
from tests.unit.probe.dns_asking import DAY, NOW, SOA, Signer, converse, rrset, said

ZONE = Signer("batu.go.id")
HERE, THERE = "192.0.2.53", "198.51.100.53"
TIMEOUT = Mute(why=Why.TIMEOUT, detail="no answer in time")
REFUSED = Mute(why=Why.REFUSED, detail="connection refused")


def view(**changes):
    seen = {
        "anchors": {named("batu.go.id"): (ZONE.ds(),)},
        "now": datetime.fromtimestamp(NOW, UTC),
        "covers": lambda name: name in (HERE, THERE) or name.endswith("batu.go.id"),
    }
    return View(**(seen | changes))


def direct(*records, flags=dns.flags.AA, kind="SOA"):
    return said("batu.go.id", kind, *records, flags=flags)


def book(**changes):
    good = {
        ("batu.go.id", "SOA"): ZONE.says("batu.go.id", "SOA", SOA),
        ("batu.go.id", "NS"): ZONE.says("batu.go.id", "NS", "ns1.batu.go.id.", "ns22.lain.id."),
        ("batu.go.id", "DNSKEY"): ZONE.keys(),
        ("batu.go.id", "NSEC3PARAM"): said("batu.go.id", "NSEC3PARAM"),
        ("ns1.batu.go.id", "A"): HERE,
        ("ns1.batu.go.id", "AAAA"): said("ns1.batu.go.id", "AAAA"),
        ("ns22.lain.id", "A"): THERE,
        ("ns22.lain.id", "AAAA"): "2001:db8::53",
        ("batu.go.id", "CAA"): (
            '0 issue "letsencrypt.org; x=1"',
            '0 issuewild ";"',
            '0 iodef "mailto:budi@x.id"',
        ),
        ("www.batu.go.id", "A"): "192.0.2.80",
        ("www.batu.go.id", "AAAA"): "2001:db8::80",
        ("Transfer", HERE): Handed(open=False),
        ("Transfer", THERE): Handed(open=False),
    }
    for place in (HERE, THERE):
        good["batu.go.id", "SOA", place] = direct(SOA)
        good["batu.go.id", "NS", place] = direct("ns1.batu.go.id.", "ns22.lain.id.", kind="NS")
    return good | changes


def row(changes=None, domain="batu.go.id", **seen):
    found = converse(survey(domain, view(**seen)), {**book(), **(changes or {})})
    assert list(misfits({"exists": True, "domains": [found]}, PROBE.gives)) == []
    return found


def test_a_domain_as_it_should_be():
    found = row()
    assert (found["exists"], found["apex"], found["suffix"]) == (True, True, "go.id")
    assert found["dnssec"] == {
        "signed": True,
        "algorithms": ["ECDSAP256SHA256"],
        "weak": [],
        "iterations": 0,
        "days_left": 10,
        "state": "secure",
        "words": "",
    }
    assert (found["ns_count"], found["network_count"], found["ns_ipv6"]) == (2, 2, True)
    asked = [one for one in found["servers"] if one["in_scope"]]
    assert [(one["authoritative"], one["transfer"], one["disagreement"]) for one in asked] == [
        (True, False, "")
    ] * 2
    assert found["servers"][2][GAP]["why"] is Why.SCOPE
    assert found["delegation"] == {"asked": False}
    assert found["caa"] == {
        "present": True,
        "found_at": "batu.go.id",
        "issuers": ["letsencrypt.org"],
        "wild_issuers": [";"],
        "report": True,
        "unknown": [],
    }
    assert found["wildcard"] == {"answers": False}
    assert found["ipv6"] == {"reachable": True}
    assert found["aliases"] == []


def test_a_resolver_that_invents_names_is_not_believed():
    label = "audit-"
    asked = []
    converse(honest("batu.go.id"), {}, asked)
    assert asked[0].name.startswith(label)
    for lie in (said(asked[0].name, "A", "192.0.2.1"), said(asked[0].name, "A", chain=("x.id",))):
        with pytest.raises(Unseen, match="invents"):
            converse(honest("batu.go.id"), {(asked[0].name, "A"): lie})
    converse(honest("batu.go.id"), {(asked[0].name, "A"): REFUSED})


def test_a_domain_that_does_not_exist_and_one_that_is_not_seen():
    assert row({("batu.go.id", "SOA"): None})["exists"] is False
    gone = row(
        {("batu.go.id", "SOA"): Mute(why=Why.UNREACHABLE, detail="SERVFAIL", rcode="SERVFAIL")}
    )
    assert "exists" not in gone
    assert gone[GAP]["detail"] == "SERVFAIL"
    assert GAP in row({("batu.go.id", "NS"): TIMEOUT})


def test_a_name_within_a_zone():
    changes = {
        ("portal.batu.go.id", "SOA"): said("portal.batu.go.id", "SOA"),
        ("portal.batu.go.id", "DS"): TIMEOUT,
    }
    found = row(changes, "portal.batu.go.id")
    assert (found["zone"], found["apex"]) == ("batu.go.id", False)
    assert found["dnssec"][GAP]["why"] is Why.TIMEOUT
    alias = {
        **changes,
        ("portal.batu.go.id", "SOA"): said("portal.batu.go.id", "SOA", SOA, chain=("x.id",)),
    }
    assert row(alias, "portal.batu.go.id")["zone"] == "batu.go.id"
    lost = {("a.b", "SOA"): said("a.b", "SOA")}
    assert "names no zone" in row(lost, "a.b")[GAP]["detail"]


def test_what_is_odd_in_the_soa():
    odd = "ns1.batu.go.id. h.batu.go.id. 1 600 900 3600 999999"
    assert row({("batu.go.id", "SOA"): odd})["soa"]["odd"] == [
        "refresh 600",
        "expire 3600",
        "minimum 999999",
        "retry >= refresh",
    ]


def test_records_that_are_not_signed_make_a_domain_bogus():
    found = row({("batu.go.id", "NS"): ("ns1.batu.go.id.",)})
    assert found["dnssec"]["state"] == "bogus"
    assert found["dnssec"]["words"] == "NS: no signature"
    assert "days_left" not in found["dnssec"]
    late = ZONE.says("batu.go.id", "SOA", SOA, ends=NOW + DAY + 5)
    assert row({("batu.go.id", "SOA"): late})["dnssec"]["days_left"] == 1


def test_a_zone_without_name_servers_is_told_so():
    found = row({("batu.go.id", "NS"): said("batu.go.id", "NS")})
    assert (found["ns_count"], found["network_count"], found["servers"]) == (0, 0, [])
    assert found["dnssec"]["state"] == "secure"


def test_signed_without_a_ds_record():
    go = Signer("go.id")
    proof = rrset("batu.go.id", "NSEC", "c.go.id. NS RRSIG NSEC")
    changes = {
        ("go.id", "DNSKEY"): go.keys(),
        ("batu.go.id", "DS"): go.denies("batu.go.id", proof),
        ("batu.go.id", "NSEC3PARAM"): "1 0 12 ab",
    }
    anchors = {named("go.id"): (go.ds(),)}
    found = row(changes, anchors=anchors)["dnssec"]
    assert (found["state"], found["signed"], found["iterations"]) == ("insecure", True, 12)
    assert found["words"].endswith("though the zone is signed")
    unsigned = row(
        {**changes, ("batu.go.id", "DNSKEY"): said("batu.go.id", "DNSKEY")}, anchors=anchors
    )
    assert (unsigned["dnssec"]["signed"], unsigned["dnssec"]["iterations"]) == (False, 0)


def test_without_anchors_dnssec_is_not_seen():
    found = row(anchors=Unseen(Why.UNREADABLE, "trust_anchors x: no such file"))
    assert found["dnssec"][GAP]["detail"].startswith("trust_anchors")


def test_servers_that_are_lame_silent_or_open():
    serve = ("batu.go.id", "SOA", HERE)
    lame = Mute(why=Why.UNREACHABLE, detail="the name server says SERVFAIL", rcode="SERVFAIL")
    for answer in (lame, REFUSED, direct(SOA, flags=0), direct()):
        one = row({serve: answer})["servers"][0]
        assert one["authoritative"] is False
        assert one["transfer"] is False
    silent = row({serve: TIMEOUT})["servers"][0]
    assert "authoritative" not in silent
    assert "transfer" not in silent
    assert silent[GAP]["why"] is Why.TIMEOUT
    assert row({("Transfer", HERE): Handed(open=True)})["servers"][0]["transfer"] is True
    assert row({("Transfer", HERE): REFUSED})["servers"][0]["transfer"] is False
    hung = row({("Transfer", HERE): TIMEOUT})["servers"][0]
    assert "transfer" not in hung
    assert hung["authoritative"] is True


def test_servers_that_disagree():
    other = {("batu.go.id", "NS", HERE): direct("ns9.batu.go.id.", kind="NS")}
    assert row(other)["servers"][0]["disagreement"] == "ns9.batu.go.id"
    assert row({("batu.go.id", "NS", HERE): direct(kind="NS")})["servers"][0]["disagreement"] == "-"
    assert GAP in row({("batu.go.id", "NS", HERE): TIMEOUT})["servers"][0]


def test_a_server_outside_the_scope_is_never_asked():
    asked = []
    converse(survey("batu.go.id", view(covers=lambda name: name == HERE)), book(), asked)
    servers = {one.server for one in asked if isinstance(one, Ask | Transfer) and one.server}
    assert servers == {HERE}


def test_servers_without_an_address_or_an_answer():
    found = row({("ns22.lain.id", "A"): None, ("ns22.lain.id", "AAAA"): None})
    assert found["ns"][1]["resolves"] is False
    assert found["network_count"] == 1
    alias = row({("ns22.lain.id", "A"): said("ns22.lain.id", "A", THERE, chain=("x.id",))})
    assert alias["ns"][1]["alias"] is True
    silent = row({("ns22.lain.id", "A"): TIMEOUT})
    assert "network_count" not in silent
    assert silent[GAP]["why"] is Why.TIMEOUT
    assert network("2001:db8:1:2::1") == "2001:db8:1::/48"


def delegated(**changes):
    found = {
        ("dinkes.batu.go.id", "SOA"): SOA,
        ("dinkes.batu.go.id", "NS"): ("ns1.batu.go.id.",),
        ("dinkes.batu.go.id", "SOA", HERE): direct(SOA),
        ("dinkes.batu.go.id", "NS", HERE): said("dinkes.batu.go.id", "NS", "ns1.batu.go.id."),
        ("dinkes.batu.go.id", "DS"): TIMEOUT,
    }
    return row({**found, **changes.get("changes", {})}, "dinkes.batu.go.id")["delegation"]


def test_the_parent_is_asked_where_the_letter_covers_it():
    assert delegated() == {"asked": True, "agrees": True, "names": ["ns1.batu.go.id"]}
    old = said(
        "dinkes.batu.go.id", "NS", authority=(rrset("dinkes.batu.go.id", "NS", "ns.lama.id."),)
    )
    key = ("dinkes.batu.go.id", "NS", HERE)
    assert delegated(changes={key: old}) == {
        "asked": True,
        "agrees": False,
        "names": ["ns.lama.id"],
    }
    assert delegated(changes={key: TIMEOUT})[GAP]["why"] is Why.TIMEOUT
    outside = {
        ("ns1.batu.go.id", "A"): "203.0.113.1",
        ("ns22.lain.id", "A"): said("ns22.lain.id", "A"),
    }
    assert delegated(changes=outside) == {"asked": False}
    between = {("batu.go.id", "NS"): said("batu.go.id", "NS")}
    assert delegated(changes=between) == {"asked": False}


def test_a_top_level_domain_has_no_parent_to_ask():
    changes = {("id", "SOA"): SOA, ("id", "NS"): said("id", "NS"), ("id", "DS"): TIMEOUT}
    assert row(changes, "id")["delegation"] == {"asked": False}


def test_caa_is_looked_for_above():
    above = {
        ("batu.go.id", "CAA"): None,
        ("go.id", "CAA"): ('0 issue ";"', '128 isue "x"', '0 odd "y"'),
    }
    found = row(above)["caa"]
    assert (found["found_at"], found["issuers"], found["unknown"]) == ("go.id", [";"], ["isue"])
    assert row({("batu.go.id", "CAA"): None})["caa"]["present"] is False
    assert GAP in row({("batu.go.id", "CAA"): TIMEOUT})["caa"]


def test_wildcards_and_ipv6():
    label = next(r.name for r in asked_of() if r.name.startswith("audit-") and r.kind == "A")
    assert row({(label, "A"): "192.0.2.9"})["wildcard"]["answers"] is True
    assert row({(label, "A"): said(label, "A", chain=("x.id",))})["wildcard"]["answers"] is True
    assert row({(label, "A"): TIMEOUT})["wildcard"][GAP]["why"] is Why.TIMEOUT
    none = {("www.batu.go.id", "AAAA"): None, ("batu.go.id", "AAAA"): None}
    assert row(none)["ipv6"]["reachable"] is False


def asked_of():
    asked = []
    converse(survey("batu.go.id", view()), book(), asked)
    return [one for one in asked if isinstance(one, Ask)]


def test_aliases_of_sites():
    sites = ("toko.batu.go.id", "lain.go.id", "gone.batu.go.id", "mute.batu.go.id", "ok.batu.go.id")
    changes = {
        ("toko.batu.go.id", "A"): said("toko.batu.go.id", "A", chain=("kota.github.io",), rcode=3),
        ("mute.batu.go.id", "A"): TIMEOUT,
        ("ok.batu.go.id", "A"): said("ok.batu.go.id", "A", "192.0.2.1", chain=("kota.github.io",)),
        ("www.batu.go.id", "A"): said("www.batu.go.id", "A", chain=("mati.id",), rcode=3),
    }
    found = {one["site"]: one for one in row(changes, sites=sites)["aliases"]}
    assert set(found) == {*sites, "www.batu.go.id"} - {"lain.go.id"}
    assert found["toko.batu.go.id"]["service"] == "github.io"
    assert found["gone.batu.go.id"]["exists"] is False
    assert found["gone.batu.go.id"]["dangling"] is False
    assert found["mute.batu.go.id"][GAP]["why"] is Why.TIMEOUT
    assert (found["ok.batu.go.id"]["dangling"], found["ok.batu.go.id"]["service"]) == (False, "")
    assert (found["www.batu.go.id"]["dangling"], found["www.batu.go.id"]["service"]) == (True, "")
    assert service("github.io.id") == ""


def test_the_number_of_questions_is_bounded():
    servers = [f"ns{n}.lain.id." for n in range(200)]
    addresses = [f"192.0.{n}.1" for n in range(200)]
    changes = {("batu.go.id", "NS"): tuple(servers)}
    changes |= {(f"ns{n}.lain.id", "A"): tuple(addresses) for n in range(200)}
    asked = []
    covers = view(covers=lambda name: name.startswith("192.0."))
    page = {**book(), **changes}
    page |= {("Transfer", one): Handed(open=False) for one in addresses}
    found = converse(survey("batu.go.id", covers), page, asked)
    assert found["ns_count"] == 100
    assert len(asked) < 90


def test_a_server_whose_address_was_not_seen_was_not_asked():
    found = row({("ns1.batu.go.id", "A"): TIMEOUT})
    assert found["servers"][0] == {"server": "ns1.batu.go.id", GAP: found["ns"][0][GAP]}


def test_addresses_beyond_the_limit_are_unseen():
    addresses = tuple(f"192.0.2.{n}" for n in range(40))
    changes = {("ns1.batu.go.id", "A"): addresses}
    changes |= {("Transfer", one): Handed(open=False) for one in addresses}
    found = row(changes, covers=lambda name: name.startswith("192.0.2.") or name == "batu.go.id")
    cut = [one for one in found["servers"] if one.get(GAP, {}).get("why") is Why.CUT]
    assert len(found["servers"]) > len(cut) == 1
    assert cut[0]["in_scope"] is True


def test_every_site_of_a_large_city_is_looked_up_or_told_to_be_unseen():
    others = tuple(f"s{n}.lain.go.id" for n in range(300))
    own = tuple(f"s{n}.batu.go.id" for n in range(201))
    dead = {("s9.batu.go.id", "A"): said("s9.batu.go.id", "A", chain=("x.github.io",), rcode=3)}
    found = row(dead, sites=(*others, *own))["aliases"]
    assert len(found) == 201
    assert next(one for one in found if one["site"] == "s9.batu.go.id")["service"] == "github.io"
    assert found[-1][GAP]["why"] is Why.CUT
