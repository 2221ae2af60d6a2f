"""Where services stand, by scripted answers of the DNS."""

import dns.message
import dns.rrset

from auditor.model.fact import Why
from auditor.model.shape import misfits
from auditor.probe.countries import read_countries
from auditor.probe.dns_answer import read_answer
from auditor.probe.dns_talk import Mute
from auditor.probe.hosting import PROBE
from auditor.probe.hosting_survey import domain_places, site_places, unseen_places

TABLE = read_countries(["36.0.0.0,36.255.255.255,ID", "8.8.8.0,8.8.8.255,US"])
ZONE = {
    ("batu.go.id", "NS"): ["ns1.batu.go.id.", "ns2.awan.com."],
    ("ns1.batu.go.id", "A"): ["36.1.1.1"],
    ("ns2.awan.com", "A"): ["8.8.8.8", "10.0.0.1"],
    ("batu.go.id", "MX"): ["10 mx.batu.go.id.", "20 mx2.batu.go.id."],
    ("mx.batu.go.id", "A"): ["10.1.1.1", "36.1.1.9"],
    ("mx2.batu.go.id", "A"): ["9.9.9.9"],
    ("www.batu.go.id", "A"): ["9.9.9.9", "8.8.8.8"],
}


def heard(ask, zone):
    found = zone.get((ask.name, ask.kind))
    if isinstance(found, Mute):
        return found
    query = dns.message.make_query(f"{ask.name}.", ask.kind)
    answer = dns.message.make_response(query)
    if found:
        answer.answer.append(dns.rrset.from_text(f"{ask.name}.", 60, "IN", ask.kind, *found))
    return read_answer(dns.message.from_wire(answer.to_wire()))


def run(talk, zone=ZONE):
    try:
        ask = next(talk)
        while True:
            ask = talk.send(heard(ask, zone))
    except StopIteration as end:
        rows = end.value
    assert list(misfits({"exists": True, "places": rows}, PROBE.gives)) == []
    return {(row["role"], row["name"]): row.get("countries") or row["gap"] for row in rows}


def test_a_domain():
    assert run(domain_places("batu.go.id", TABLE)) == {
        ("ns", "ns1.batu.go.id"): ["ID"],
        ("ns", "ns2.awan.com"): ["US", "intern"],
        ("mail", "mx.batu.go.id"): ["ID", "intern"],
        ("mail", "mx2.batu.go.id"): {
            "why": Why.NO_DATA,
            "detail": "the table of countries does not know 9.9.9.9",
        },
    }


def test_a_name_inside_a_zone_has_the_zones_servers():
    found = run(domain_places("dinas.batu.go.id", TABLE))
    assert set(found) == {("ns", "ns1.batu.go.id"), ("ns", "ns2.awan.com")}


def test_what_is_known_abroad_counts_though_another_address_is_not_known():
    assert run(site_places("www.batu.go.id", TABLE)) == {("site", "www.batu.go.id"): ["US"]}


def test_a_name_without_an_address_is_not_told():
    (gap,) = run(site_places("tiada.batu.go.id", TABLE)).values()
    assert gap["why"] == Why.NO_DATA


def test_silence_is_a_gap():
    silent = Mute(why=Why.TIMEOUT, detail="no answer")
    zone = ZONE | {
        ("batu.go.id", "NS"): silent,
        ("mx.batu.go.id", "A"): silent,
        ("batu.go.id", "MX"): ["10 mx.batu.go.id."],
    }
    found = run(domain_places("batu.go.id", TABLE), zone)
    assert {key: gap["why"] for key, gap in found.items()} == {
        ("ns", ""): Why.TIMEOUT,
        ("mail", "mx.batu.go.id"): Why.TIMEOUT,
    }


def test_no_name_servers_at_all_are_not_a_pass():
    assert run(domain_places("batu.go.id", TABLE), {})[("ns", "")]["why"] == Why.NO_DATA


def test_servers_beyond_the_bound_are_told():
    many = {("batu.go.id", "NS"): [f"ns{n}.batu.go.id." for n in range(20)]}
    many |= {(f"ns{n}.batu.go.id", "A"): ["36.1.1.1"] for n in range(20)}
    found = run(domain_places("batu.go.id", TABLE), many)
    assert len(found) == 14
    assert found[("ns", "")]["why"] == Why.CUT


def test_addresses_beyond_the_bound_are_told():
    many = {("www.batu.go.id", "A"): [f"36.1.1.{n}" for n in range(1, 18)]}
    (gap,) = run(site_places("www.batu.go.id", TABLE), many).values()
    assert gap["why"] == Why.CUT
    many = {("www.batu.go.id", "A"): ["8.8.8.8", *many["www.batu.go.id", "A"]]}
    assert run(site_places("www.batu.go.id", TABLE), many).values()


def test_what_could_not_be_asked():
    gap = {"why": Why.SCOPE, "detail": "x"}
    assert unseen_places("a.id", ("ns", "mail"), gap) == [
        {"of": "a.id", "role": role, "name": "", "gap": gap} for role in ("ns", "mail")
    ]
