"""Answers that lie, lead in circles, or hold too much; names; trust anchors."""

import dns.flags
import dns.message
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import GAP, Why
from auditor.probe.base import Unseen
from auditor.probe.dns_anchors import ROOT, read_anchors
from auditor.probe.dns_answer import (
    MAX_RECORDS,
    TEXT_LIMIT,
    Answer,
    joined,
    named,
    read_answer,
    shown,
)
from auditor.probe.dns_names import absent, organisation, parents, plain, suffix, under
from auditor.probe.dns_talk import Mute, addresses_of, ask, look_up, settled
from tests.unit.probe.dns_asking import SOA, converse, received, rrset, said


def test_records_of_other_names_do_not_count():
    message = dns.message.make_response(dns.message.make_query("a.id", "A"))
    message.answer.append(rrset("b.id", "A", "192.0.2.1"))
    answer = read_answer(received(message))
    assert answer.exists
    assert answer.rrset is None
    assert not answer.leads_on


def test_aliases_are_followed_within_the_answer():
    answer = said("a.id", "A", "192.0.2.1", chain=("b.id", "c.id"))
    assert answer.chain == ("b.id", "c.id")
    assert answer.addresses() == ["192.0.2.1"]
    assert said("a.id", "CNAME", "b.id.").names() == ["b.id"]


def test_an_alias_that_the_resolver_did_not_follow_leads_on():
    assert said("a.id", "A", chain=("b.id",)).leads_on
    assert not said("a.id", "A", chain=("b.id",), rcode=3).leads_on
    assert not said("a.id", "A", chain=("b.id",), authority=(rrset("id", "SOA", SOA),)).leads_on


def test_aliases_in_a_circle_and_without_end_are_not_followed():
    assert "without an end" in said("a.id", "A", chain=("b.id", "a.id")).detail
    chain = tuple(f"c{n}.id" for n in range(9))
    assert said("a.id", "A", "192.0.2.1", chain=chain).why is Why.UNREADABLE
    assert len(said("a.id", "A", "192.0.2.1", chain=chain[:8]).chain) == 8


@pytest.mark.parametrize(
    ("rcode", "why"),
    [
        (2, Why.UNREACHABLE),
        (5, Why.REFUSED),
        (4, Why.UNSUPPORTED),
        (9, Why.REFUSED),
        (1, Why.UNREACHABLE),
    ],
)
def test_a_refusal_is_no_absence(rcode, why):
    mute = said("a.id", "A", rcode=rcode)
    assert isinstance(mute, Mute)
    assert mute.why is why
    assert mute.rcode


def test_too_many_records_are_not_seen():
    many = [f"10.0.{n // 256}.{n % 256}" for n in range(MAX_RECORDS + 1)]
    assert said("a.id", "A", *many).why is Why.CUT
    assert len(said("a.id", "A", *many[:-1]).records) == MAX_RECORDS


def test_texts_are_joined_bounded_and_inert():
    assert said("a.id", "TXT", '"a" "b\\007"').texts() == ["ab\ufffd"]
    assert len(joined((b"x" * 255,) * 257)) == TEXT_LIMIT
    assert said("a.id", "TXT", '"<b>" "\\226\\130"').texts() == ["<b>\ufffd\ufffd"]


def test_a_referral_names_the_servers_below():
    answer = said("a.id", "NS", authority=(rrset("a.id", "NS", "ns.a.id."),))
    assert answer.referral() == ["ns.a.id"]
    assert said("a.id", "NS").referral() == []
    assert said("a.id", "NS", flags=dns.flags.AA).authoritative


def test_names_are_shown_inert():
    assert shown(named("A\\007<B>.ID")) == "a\\007<b>.id"
    assert shown(named("")) == ""
    for odd in ("a..b", "x" * 64 + ".id", "a.\ud800"):
        with pytest.raises(ValueError, match="is no name"):
            named(odd)


def test_suffixes_and_organisations():
    assert suffix("www.batukota.go.id") == "go.id"
    assert suffix("ranupani.desa.id") == "desa.id"
    assert suffix("go.id") == ""
    assert suffix("lab") == ""
    assert organisation("a.b.batukota.go.id") == "batukota.go.id"
    assert organisation("go.id") == "go.id"
    assert parents("a.id") == ("a.id", "id", "")
    assert parents("") == ("",)
    assert under("a.id", "id")
    assert under("a.id", "")
    assert not under("ba.id", "a.id")
    assert plain("A.Id.") == "a.id"
    assert absent("a.id") == absent("a.id") != absent("b.id")


def test_the_roots_keys_are_trusted():
    (zone,) = read_anchors(ROOT)
    assert shown(zone) == ""
    assert [ds.key_tag for ds in read_anchors(ROOT)[zone]] == [20326, 38696]


def test_anchors_of_a_laboratory():
    text = (
        "; comment\n\nbatu.lab. DS 1 13 2 "
        + "ab" * 32
        + "\nbatu.lab. 300 IN DS 2 13 2 "
        + "cd" * 32
    )
    assert [ds.key_tag for ds in read_anchors(text)[named("batu.lab")]] == [1, 2]
    for odd in (
        "",
        "batu.lab. A 1 2 3 4",
        "batu.lab. DS 1",
        "batu.lab. DS x 13 2 ab",
        "a..b DS 1 13 2 " + "ab" * 32,
    ):
        with pytest.raises(ValueError, match=r"line 1|no DS record|no name"):
            read_anchors(odd)


def test_what_is_not_answered_is_unseen():
    mute = Mute(why=Why.TIMEOUT, detail="no answer in time")
    with pytest.raises(Unseen, match="timeout"):
        converse(ask("a.id", "A"), {("a.id", "A"): mute})

    def steps():
        yield from ask("a.id", "A")
        return {}

    assert converse(settled(steps()), {("a.id", "A"): mute})[GAP]["why"] is Why.TIMEOUT
    assert converse(settled(steps()), {}) == {}


def test_look_up_goes_on_where_the_resolver_stopped():
    book = {
        ("a.id", "A"): said("a.id", "A", chain=("b.com",)),
        ("b.com", "A"): said("b.com", "A", "192.0.2.1", chain=("c.com",)),
    }
    answer = converse(look_up("a.id", "A"), book)
    assert answer.chain == ("b.com", "c.com")
    assert converse(addresses_of("a.id"), book) == ("192.0.2.1",)


def test_look_up_ends_in_circles_and_long_chains():
    circle = {
        ("a.id", "A"): said("a.id", "A", chain=("b.id",)),
        ("b.id", "A"): said("b.id", "A", chain=("a.id",)),
    }
    with pytest.raises(Unseen, match="without an end"):
        converse(look_up("a.id", "A"), circle)
    long = {(f"c{n}", "A"): said(f"c{n}", "A", chain=(f"c{n + 1}",)) for n in range(20)}
    asked = []
    with pytest.raises(Unseen, match="without an end"):
        converse(look_up("c0", "A"), long, asked)
    assert len(asked) == 9


@given(st.binary(max_size=300))
def test_no_text_record_is_unsafe(data):
    text = joined((data[:255],))
    assert (
        text.isprintable()
        or set(text) - {"\n", "\t", "\ufffd"} == set()
        or all(char.isprintable() or char in "\n\t\ufffd" for char in text)
    )


def test_an_answer_can_be_bare():
    assert Answer(exists=True).records == []
