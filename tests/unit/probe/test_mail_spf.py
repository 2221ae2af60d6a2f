"""SPF records: good, odd, endless; and what they refer to."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import GAP, Why
from auditor.probe.dns_talk import Ask, Mute
from auditor.probe.mail_spf import MAX_TERMS, Spf, Term, is_spf, parse_spf
from auditor.probe.mail_spf_walk import MAX_LOOKUPS, spf
from tests.unit.probe.dns_asking import converse, said

TIMEOUT = Mute(why=Why.TIMEOUT, detail="no answer in time")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("v=spf1", True),
        ("V=SPF1 -all", True),
        ("v=spf10 -all", False),
        (" v=spf1", False),
        ("v=spf1\t-all", False),
        ("", False),
    ],
)
def test_which_records_are_spf(text, is_one):
    assert is_spf(text) is is_one


@pytest.mark.parametrize(
    ("text", "kinds", "end"),
    [
        ("v=spf1 -all", ["all"], "-all"),
        ("v=spf1  MX  a:b.id/24 ~ALL", ["mx", "a", "all"], "~all"),
        ("v=spf1 a/24//64 mx:x.id//48 ?all", ["a", "mx", "all"], "?all"),
        ("v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 all", ["ip4", "ip6", "all"], "+all"),
        (
            "v=spf1 include:_spf.x.id exists:%{i}._s.%{d2} ptr ptr:x.id",
            ["include", "exists", "ptr", "ptr"],
            "",
        ),
        ("v=spf1 -all mx", ["all"], "-all"),
        ("v=spf1 redirect=x.id exp=e.%{d} foo=bar", [], ""),
        ("v=spf1 include:%{ir}.x.%{o}", ["include"], ""),
        ("v=spf1 a:x.id. -all", ["a", "all"], "-all"),
    ],
)
def test_records_that_are_well_formed(text, kinds, end):
    found = parse_spf(text)
    assert found.errors == ()
    assert [term.kind for term in found.terms] == kinds
    assert found.end == end


@pytest.mark.parametrize(
    "word",
    [
        "ip4:1.2.3",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ip4:1.2.3.4/33",
        "ip4",
        "ip4:",
        "ip4:1.2.3.4/255.0.0.0",
        "ip6:fe80::1%eth0",
        "all:x.id",
        "all/24",
        "include",
        "include:",
        "include:x",
        "include:x.id/24",
        "a/33",
        "a//129",
        "a/0000",
        "mx:x..id",
        "a:x.id/24//200",
        "mx:-",
        "aal",
        "-",
        "include:%{x}.id",
        "a:b.1-",
        "exists:" + "x" * 500 + ".id",
        "redirect=x",
        "exp=",
        "foo=%",
        "unknown:x.id",
        "a:%",
        "v=spf1\u00e9",
    ],
)
def test_terms_that_are_not(word):
    assert parse_spf(f"v=spf1 {word} -all").errors


def test_modifiers_may_not_stand_twice():
    assert parse_spf("v=spf1 redirect=a.id redirect=b.id").errors == (
        "redirect= stands there twice",
    )
    assert parse_spf("v=spf1 redirect=A.id").redirect == "a.id"


def test_who_is_refused_and_what_is_too_wide():
    assert parse_spf("v=spf1 -all").refuses
    assert not parse_spf("v=spf1 mx -all").refuses
    assert not parse_spf("v=spf1 ~all").refuses
    assert parse_spf("v=spf1 -mx -all").refuses
    wide = parse_spf(
        "v=spf1 ip4:0.0.0.0/0 ip4:10.0.0.0/10 ip6:2000::/3 -ip4:0.0.0.0/1 mx ip6:2001:db8::/32 -all"
    )
    assert wide.wide == ("0.0.0.0/0", "2000::/3")
    assert not Spf().refuses


def test_a_record_of_ten_thousand_terms_costs_little():
    start = time.monotonic()
    found = parse_spf("v=spf1 " + "a " * 10_000)
    assert len(found.terms) == MAX_TERMS
    assert "longer than" in found.errors[0]
    assert len(parse_spf("v=spf1 " + "x " * 400).errors) == 20
    assert time.monotonic() - start < 5
    assert parse_spf("v=spf1 exists:" + "x" * 9000).errors


@given(st.text(max_size=400))
def test_no_text_breaks_the_parser(text):
    found = parse_spf(f"v=spf1 {text}")
    assert len(found.errors) <= 20
    assert all(isinstance(term, Term) for term in found.terms)


@given(
    st.lists(
        st.sampled_from(
            ["a", "mx", "ptr", ":", "/", "%{", "}", "-all", "ip4:", "=", ".", "redirect", " ", "1"]
        ),
        max_size=60,
    )
)
def test_no_mixture_breaks_the_parser(parts):
    parse_spf("v=spf1 " + "".join(parts))


def ask(record, **book):
    texts = {("batu.go.id", "TXT"): said("batu.go.id", "TXT", '"other"', f'"{record}"')}
    others = {tuple(key.split("__")): value for key, value in book.items()}
    return converse(
        spf("batu.go.id"), texts | {(n.replace("_", "."), k): v for (n, k), v in others.items()}
    )


def text(record):
    return (f'"{record}"',)


def test_no_record_or_several():
    assert ask("v=spf2")["count"] == 0
    book = {("batu.go.id", "TXT"): ('"v=spf1 -all"', '"v=spf1 mx -all"')}
    found = converse(spf("batu.go.id"), book)
    assert (found["count"], found["end"], found["refuses"]) == (2, "", False)
    assert converse(spf("batu.go.id"), {})["count"] == 0


def test_look_ups_are_counted_through_includes():
    found = ask(
        "v=spf1 a mx include:x.id ptr exists:%{i}.y.id -all",
        x_id__TXT=text("v=spf1 a:a.id ip4:10.0.0.0/8 ?all"),
        batu_go_id__A="192.0.2.1",
        batu_go_id__MX=("10 mx.batu.go.id.",),
    )
    assert found["lookups"] == 6
    assert found["void_lookups"] == 1
    assert found["errors"] == []
    assert found["end"] == "-all"
    assert found["pointers"]
    assert found["wide"] == ["10.0.0.0/8"]


def test_void_look_ups():
    found = ask("v=spf1 a:n.id mx:n.id exists:n.id include:n.id -all")
    assert found["void_lookups"] == 4
    assert found["errors"] == ["n.id has 0 SPF records"]
    six = ask("v=spf1 a:n.id -all", n_id__AAAA="2001:db8::1")
    assert six["void_lookups"] == 0


def test_a_redirect_gives_the_end():
    found = ask("v=spf1 redirect=x.id", x_id__TXT=text("v=spf1 mx ~all"), x_id__MX=("10 m.id.",))
    assert (found["end"], found["lookups"], found["errors"]) == ("~all", 2, [])
    assert ask("v=spf1 redirect=x.id -all")["lookups"] == 0
    assert ask("v=spf1 redirect=%{d}.id")["lookups"] == 1
    odd = ask("v=spf1 redirect=x.id", x_id__TXT=text("v=spf1 bogus -all"))
    assert odd["errors"] == ["bogus: unknown term"]
    inner = ask("v=spf1 include:x.id -all", x_id__TXT=text("v=spf1 bogus -all"))
    assert inner["errors"] == ["x.id: bogus: unknown term"]


def test_records_that_refer_to_themselves():
    loop = ask("v=spf1 include:batu.go.id -all")
    assert loop["errors"] == ["batu.go.id refers to itself"]
    two = ask(
        "v=spf1 include:x.id -all", x_id__TXT=text("v=spf1 include:batu.go.id include:x.id -all")
    )
    assert set(two["errors"]) == {"batu.go.id refers to itself", "x.id refers to itself"}


def test_an_endless_tree_is_left():
    book = {("batu.go.id", "TXT"): text("v=spf1 include:n0.id -all")}
    for n in range(100):
        children = " ".join(f"include:n{n * 3 + k}.id" for k in (1, 2, 3))
        book[f"n{n}.id", "TXT"] = text(f"v=spf1 {children} redirect=n{n + 1}.id")
    asked = []
    found = converse(spf("batu.go.id"), book, asked)
    assert found["lookups"] == MAX_LOOKUPS
    assert len(asked) <= MAX_LOOKUPS + 1
    assert all(isinstance(one, Ask) for one in asked)
    long = {("batu.go.id", "TXT"): text("v=spf1 " + "ptr " * 30 + "-all")}
    assert converse(spf("batu.go.id"), long)["lookups"] == MAX_LOOKUPS
    redirects = {(f"n{n}.id", "TXT"): text(f"v=spf1 redirect=n{n + 1}.id") for n in range(60)}
    redirects["batu.go.id", "TXT"] = text("v=spf1 redirect=n0.id")
    assert converse(spf("batu.go.id"), redirects)["lookups"] == MAX_LOOKUPS


def test_an_include_that_does_not_answer_is_no_finding():
    found = ask("v=spf1 include:x.id -all", x_id__TXT=TIMEOUT)
    assert found["end"] == "-all"
    assert "lookups" not in found
    assert found[GAP]["why"] is Why.TIMEOUT
    odd = Mute(why=Why.UNSUPPORTED, detail="x.id is no name in the DNS")
    assert ask("v=spf1 a:x.id -all", x_id__A=odd, x_id__AAAA=odd)["errors"] == [
        "x.id is no name in the DNS"
    ]
    assert ask("v=spf1 mx:x.id -all", x_id__MX=odd)["void_lookups"] == 1


def test_too_many_mail_servers():
    many = tuple(f"10 m{n}.id." for n in range(11))
    assert ask("v=spf1 mx -all", batu_go_id__MX=many)["errors"] == [
        "mx: batu.go.id has more than 10 mail servers"
    ]


def test_an_include_that_lets_in_everyone_is_too_wide():
    found = ask("v=spf1 include:a.id -all", a_id__TXT=text("v=spf1 +all"))
    assert found["wide"] == ["+all (a.id)"]
    assert ask("v=spf1 include:a.id -all", a_id__TXT=text("v=spf1 ?all"))["wide"] == []


@pytest.mark.parametrize(
    ("record", "wide"),
    [
        ("v=spf1 a/0 -all", ("a",)),
        ("v=spf1 mx:a.id/9 -all", ("a.id",)),
        ("v=spf1 a//16 -all", ("a",)),
        ("v=spf1 a/24//64 mx/10//24 -all", ()),
        ("v=spf1 -a/0 -all", ()),
    ],
)
def test_a_prefix_that_lets_in_millions(record, wide):
    assert parse_spf(record).wide == wide


def test_the_end_of_a_redirect_that_was_not_seen_is_unseen():
    found = ask("v=spf1 redirect=a.id", a_id__TXT=TIMEOUT)
    assert "end" not in found
    assert GAP in found
