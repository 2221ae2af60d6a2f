"""DNSSEC: chains that hold, break, end, and cannot be followed."""

import dns.dnssec
import dns.name
import dns.rdata
import dns.rrset
import pytest
from dns.rdtypes.ANY.DNSKEY import DNSKEY

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.dns_answer import named
from auditor.probe.dns_chain import State, follow
from auditor.probe.dns_denial import MAX_ITERATIONS
from auditor.probe.dns_signatures import algorithms, prove, rsa_bits, usable, weaknesses
from tests.unit.probe.dns_asking import DAY, NOW, Signer, converse, rrset, said

ROOT, ID, GO, BATU = (Signer(zone) for zone in ("", "id", "go.id", "batu.go.id"))
ANCHORS = {named(""): (ROOT.ds(),)}


def book(**changes):
    """A chain that holds down to batu.go.id."""
    return {
        ("", "DNSKEY"): ROOT.keys(),
        ("id", "DS"): ROOT.says("id", "DS", ID.ds()),
        ("id", "DNSKEY"): ID.keys(),
        ("go.id", "DS"): ID.says("go.id", "DS", GO.ds()),
        ("go.id", "DNSKEY"): GO.keys(),
        ("batu.go.id", "DS"): GO.says("batu.go.id", "DS", BATU.ds()),
        ("batu.go.id", "DNSKEY"): BATU.keys(),
    } | {tuple(key.split("__")): value for key, value in changes.items()}


def chain(domain="batu.go.id", anchors=None, changes=None):
    return converse(follow(domain, anchors or ANCHORS, NOW), book() | (changes or {}))


def ended(**changes):
    return chain(changes={("batu.go.id", kind): value for kind, value in changes.items()})


def test_a_chain_that_holds():
    found = chain()
    assert found.state is State.SECURE
    assert found.zone == named("batu.go.id")
    assert found.until == NOW + 10 * DAY
    assert found.weak == ()
    assert chain(anchors={named("go.id"): (GO.ds(),)}).state is State.SECURE
    assert chain("", {named(""): (ROOT.ds(),)}).state is State.SECURE


def test_a_chain_needs_an_anchor():
    with pytest.raises(Unseen, match="no trust anchor"):
        chain(anchors={named("com"): (GO.ds(),)})
    with pytest.raises(Unseen, match="fits no key"):
        chain(anchors={named(""): (GO.ds(),)})


def test_an_anchor_whose_zone_breaks_is_bogus():
    found = chain(changes={("", "DNSKEY"): ROOT.keys(ends=NOW - DAY)})
    assert found.state is State.BOGUS
    assert found.words.startswith("the root: DNSKEY: the signature ended on 2026-11-")


def test_a_resolver_without_dnssec_is_no_finding():
    bare = said("", "DNSKEY", ROOT.key.to_text())
    for answer in (bare, said("", "DNSKEY"), said("", "DNSKEY", ROOT.key.to_text(), chain=("x",))):
        with pytest.raises(Unseen, match="resolver") as error:
            chain(changes={("", "DNSKEY"): answer})
        assert error.value.why is Why.UNSUPPORTED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DNSKEY": BATU.keys(ends=NOW - 1)}, "ended on"),
        ({"DNSKEY": BATU.keys(begins=NOW + DAY)}, "begins only on"),
        ({"DNSKEY": said("batu.go.id", "DNSKEY", BATU.key.to_text())}, "no signature"),
        ({"DNSKEY": said("batu.go.id", "DNSKEY")}, "has no DNSKEY"),
        ({"DNSKEY": Signer("batu.go.id").keys()}, "no key fits the parent's DS record"),
        ({"DS": GO.says("batu.go.id", "DS", BATU.ds(), ends=NOW - 1)}, "DS: the signature ended"),
        ({"DS": BATU.says("batu.go.id", "DS", BATU.ds())}, "in the name of batu.go.id"),
        ({"DS": said("batu.go.id", "DS", BATU.ds().to_text())}, "DS: no signature"),
    ],
)
def test_chains_that_break(change, words):
    found = ended(**change)
    assert found.state is State.BOGUS
    assert words in found.words
    assert found.keys == ()


def test_a_forged_signature_does_not_hold():
    records = rrset("batu.go.id", "DS", BATU.ds().to_text())
    forger = Signer("go.id")
    foreign = said("batu.go.id", "DS", BATU.ds().to_text(), extra=(forger.sign(records),))
    assert "not among the zone's trusted keys" in ended(DS=foreign).words
    signature = GO.sign(records)
    broken = signature[0].replace(signature=bytes(64))
    wrong = dns.rrset.from_rdata(signature.name, 300, broken)
    forged = said("batu.go.id", "DS", BATU.ds().to_text(), extra=(wrong,))
    assert "does not match" in ended(DS=forged).words
    unknown = dns.rrset.from_rdata(signature.name, 300, signature[0].replace(algorithm=253))
    odd = said("batu.go.id", "DS", BATU.ds().to_text(), extra=(unknown,))
    assert "algorithm 253 is not known" in ended(DS=odd).words


def test_one_good_signature_is_enough():
    records = rrset("batu.go.id", "DS", BATU.ds().to_text())
    both = (GO.sign(records, ends=NOW - 1), GO.sign(records))
    answer = said("batu.go.id", "DS", BATU.ds().to_text(), extra=both)
    assert ended(DS=answer).state is State.SECURE


def test_a_flood_of_signatures_is_not_verified():
    records = rrset("batu.go.id", "DS", BATU.ds().to_text())
    flood = tuple(GO.sign(records, ends=NOW - n) for n in range(1, 9))
    answer = said("batu.go.id", "DS", BATU.ds().to_text(), extra=(*flood, GO.sign(records)))
    assert ended(DS=answer).state is State.BOGUS


def test_too_many_keys_are_not_seen():
    keys = [Signer("batu.go.id").key.to_text() for _ in range(33)]
    with pytest.raises(Unseen, match="more than 32 keys"):
        ended(DNSKEY=said("batu.go.id", "DNSKEY", *keys))


def test_algorithms_that_nobody_here_knows_leave_a_zone_insecure():
    strange = BATU.ds().replace(algorithm=253)
    found = ended(DS=GO.says("batu.go.id", "DS", strange))
    assert found.state is State.INSECURE
    assert "not known here" in found.words


def test_sha1_counts_only_alone():
    old = dns.dnssec.make_ds(
        named("batu.go.id"), BATU.key, "SHA1", policy=dns.dnssec.allow_all_policy
    )
    found = ended(DS=GO.says("batu.go.id", "DS", old))
    assert found.state is State.SECURE
    assert found.weak == ("DS SHA-1 (batu.go.id)",)
    forged = BATU.ds().replace(digest=bytes(32))
    assert ended(DS=GO.says("batu.go.id", "DS", old, forged)).state is State.BOGUS


def test_a_ds_record_of_another_key_fits_nothing():
    wrong = BATU.ds().replace(key_tag=1)
    assert ended(DS=GO.says("batu.go.id", "DS", wrong)).state is State.BOGUS


def nsec(owner, following, types):
    return rrset(owner, "NSEC", f"{following} {types}")


@pytest.mark.parametrize(
    ("proof", "state"),
    [
        (nsec("batu.go.id", "c.go.id.", "NS RRSIG NSEC"), State.INSECURE),
        (nsec("batu.go.id", "c.go.id.", "A RRSIG NSEC"), State.SECURE),
        (nsec("batu.go.id", "c.go.id.", "NS SOA RRSIG NSEC"), State.SECURE),
        (nsec("a.go.id", "x.batu.go.id.", "A RRSIG NSEC"), State.SECURE),
        (nsec("a.go.id", "go.id.", "A RRSIG NSEC"), State.SECURE),
    ],
)
def test_what_a_proof_of_absence_says(proof, state):
    found = ended(DS=GO.denies("batu.go.id", proof))
    assert found.state is state
    if state is State.SECURE:
        assert found.zone == named("go.id")


@pytest.mark.parametrize(
    "proof",
    [
        nsec("batu.go.id", "c.go.id.", "NS DS RRSIG NSEC"),
        nsec("c.go.id", "d.go.id.", "NS RRSIG NSEC"),
        nsec("a.go.id", "b.go.id.", "NS RRSIG NSEC"),
    ],
)
def test_a_proof_about_something_else_proves_nothing(proof):
    with pytest.raises(Unseen, match="no proof"):
        ended(DS=GO.denies("batu.go.id", proof))


def test_a_proof_that_is_not_signed_well_is_bogus():
    proof = nsec("batu.go.id", "c.go.id.", "NS RRSIG NSEC")
    found = ended(DS=GO.denies("batu.go.id", proof, ends=NOW - 1))
    assert found.state is State.BOGUS
    assert "is not proven: NSEC: the signature ended" in found.words
    with pytest.raises(Unseen, match="no proof"):
        ended(DS=said("batu.go.id", "DS"))


def nsec3(owner, following, types, *, opt_out=0, iterations=0, algorithm=1, zone="go.id"):
    return rrset(
        f"{owner}.{zone}", "NSEC3", f"{algorithm} {opt_out} {iterations} - {following} {types}"
    )


HASH = dns.dnssec.nsec3_hash("batu.go.id", None, 0, 1)
LOW, HIGH = "0" * 32, "V" * 32


@pytest.mark.parametrize(
    ("proof", "state"),
    [
        (nsec3(HASH, HIGH, "NS"), State.INSECURE),
        (nsec3(HASH, HIGH, "A RRSIG"), State.SECURE),
        (nsec3(LOW, HIGH, "A", opt_out=1), State.INSECURE),
        (nsec3(LOW, HIGH, "A"), State.SECURE),
        (
            nsec3(
                "UVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV",
                "V" * 31 + "0",
                "A",
                iterations=MAX_ITERATIONS + 1,
            ),
            State.INSECURE,
        ),
        (nsec3(HIGH, "T" * 32, "A", opt_out=1), State.INSECURE),
    ],
)
def test_hashed_proofs(proof, state):
    assert ended(DS=GO.denies("batu.go.id", proof)).state is state


@pytest.mark.parametrize(
    "proof",
    [
        nsec3(LOW, "1" * 32, "A", opt_out=1),
        nsec3(HIGH, LOW, "A", opt_out=1),
        nsec3(LOW, HIGH, "A", algorithm=2),
        nsec3(LOW, "V" * 160, "A"),
        nsec3(LOW, HIGH, "A", zone="x.go.id"),
    ],
)
def test_hashed_proofs_about_something_else(proof):
    with pytest.raises(Unseen, match="no proof"):
        ended(DS=GO.denies("batu.go.id", proof))


def test_names_within_a_zone_are_passed_over():
    proof = nsec("batu.go.id", "c.batu.go.id.", "A RRSIG NSEC")
    changes = {
        ("www.batu.go.id", "DS"): BATU.denies(
            "www.batu.go.id", nsec("a.batu.go.id", "z.batu.go.id.", "A")
        ),
        ("x.www.batu.go.id", "DS"): said("x.www.batu.go.id", "DS", rcode=3),
    }
    assert chain("x.www.batu.go.id", changes=changes).zone == named("batu.go.id")
    assert proof
    alias = {("www.batu.go.id", "DS"): said("www.batu.go.id", "DS", chain=("batu.go.id",))}
    assert chain("www.batu.go.id", changes=alias).state is State.SECURE


def test_weak_keys_are_named():
    old = Signer("batu.go.id", 5, 1024)
    tag = dns.dnssec.key_id(old.key)
    assert weaknesses([old.key]) == [f"RSA 1024 bit (key {tag})", "RSASHA1"]
    assert weaknesses([BATU.key, Signer("x", 8, 2048).key]) == []
    assert algorithms([old.key, BATU.key]) == ["ECDSAP256SHA256", "RSASHA1"]
    strange = DNSKEY(1, 48, 257, 3, 200, b"abc")
    assert algorithms([strange]) == ["200"]


def test_the_size_of_rsa_keys():
    def key(data):
        return DNSKEY(1, 48, 257, 3, 8, data)

    assert rsa_bits(key(b"\x01\x03" + b"\x80" + bytes(127))) == 1024
    assert rsa_bits(key(b"\x00\x01\x00" + bytes(256) + b"\x80" + bytes(127))) == 1024
    assert rsa_bits(key(b"\x01")) == 0
    assert rsa_bits(key(b"\xff\xff\xff")) == 0
    assert rsa_bits(BATU.key) == 0


def test_keys_that_may_not_sign():
    assert usable(BATU.key)
    assert not usable(BATU.key.replace(flags=BATU.key.flags | 0x80))
    assert not usable(BATU.key.replace(flags=0))
    assert not usable(BATU.key.replace(protocol=1))


def test_many_keys_with_one_tag_are_tried_only_few_times():
    answer = GO.says("batu.go.id", "DS", BATU.ds())
    good = GO.key
    words = [good.key[n : n + 2] for n in range(0, len(good.key), 2)]
    twins = [good.replace(key=b"".join([*words[n:], *words[:n]])) for n in range(1, 5)]
    assert {dns.dnssec.key_id(twin) for twin in twins} == {dns.dnssec.key_id(good)}
    assert prove(answer, named("go.id"), [*twins, good], NOW).problem
    assert not prove(answer, named("go.id"), [*twins[:3], good], NOW).problem
