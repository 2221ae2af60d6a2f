"""DNS servers that are silent, lie, forge, cut short, flood: a gap each, soon, and no verdict."""

import threading
import time

import dns.flags
import dns.message
import dns.resolver
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.collect import Limit
from auditor.collect.dial import Deadline, Unreached
from auditor.collect.dns import DnsCollector
from auditor.collect.dns_guarded import transfer
from auditor.collect.dns_resolver import QUESTIONS, SILENCES, Resolver, system_resolvers
from auditor.collect.dns_wire import MAX_STRAYS, exchange, question, read
from auditor.model.fact import GAP, Why
from auditor.probe.dns_answer import Answer
from auditor.probe.dns_talk import Ask, Mute, Transfer
from tests.servers.dns_asking import observe, rows, settings_for, target_for
from tests.servers.dns_servers import RAW, Scripted, reply

HERE = "127.53.7.1"
NAME = "batu.go.id"
A = f"{NAME}. 60 IN A 127.53.0.9"


@given(st.binary(max_size=200), st.binary(max_size=12))
def test_no_packet_breaks_the_reader(data, header):
    query = question(Ask(name=NAME, kind="MX"))
    wire = query.to_wire()
    read(data, query)
    read(wire[:2] + header + data, query)
    read(wire[:2] + b"\x84\x00" + wire[4:6] + b"\x00\x03" + wire[8:] + data, query)


@pytest.fixture
def limit():
    return Limit(20, threading.Event(), time.monotonic)


def hear(udp, limit, tcp=None, *, kind="A", seconds=3.0):
    """Return what a resolver with one scripted server says to one question."""
    with Scripted(HERE, 0, udp, tcp) as server:
        resolver = Resolver((HERE,), server.port, seconds, limit)
        return resolver.ask(Ask(name=NAME, kind=kind))


def forged(query, **changes):
    """Return an answer to a question that was not asked."""
    fake = dns.message.make_query(changes.get("name", NAME), changes.get("kind", "A"))
    fake.id = changes.get("id", query.id)
    return reply(fake, A)


def test_an_answer(limit):
    heard = hear(lambda query: [reply(query, A)], limit)
    assert heard.addresses() == ["127.53.0.9"]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (lambda _query: [], Why.TIMEOUT),
        (lambda query: [forged(query, id=query.id ^ 1)], Why.UNREADABLE),
        (lambda query: [forged(query, name="lain.go.id")], Why.UNREADABLE),
        (lambda query: [forged(query, kind="MX")], Why.UNREADABLE),
        (lambda _query: [b"", b"\x00", b"\xff" * 600], Why.UNREADABLE),
        (lambda query: [query.to_wire()], Why.UNREADABLE),
        (lambda query: [reply(query, A)[:20]], Why.UNREADABLE),
        (lambda query: [reply(query, rcode=2)], Why.UNREACHABLE),
        (lambda query: [reply(query, rcode=5)], Why.REFUSED),
        (
            lambda query: [reply(query, f"{NAME}. 1 IN CNAME a.", f"a. 1 IN CNAME {NAME}.")],
            Why.UNREADABLE,
        ),
    ],
)
def test_what_is_no_answer(script, why, limit):
    unanswered = why in (Why.TIMEOUT, Why.UNREADABLE)
    heard = hear(script, limit, seconds=1.0 if unanswered else 5.0)
    assert isinstance(heard, Mute)
    assert heard.why is why


def test_the_true_answer_counts_among_forged_ones(limit):
    heard = hear(lambda q: [forged(q, id=q.id ^ 1), b"x", reply(q, A)], limit)
    assert isinstance(heard, Answer)


def test_a_flood_of_forged_answers_is_left(limit):
    def flood(query):
        return [forged(query, id=query.id ^ 1)] * (MAX_STRAYS + 1) + [reply(query, A)]

    with Scripted(HERE, 0, flood) as server, pytest.raises(Unreached, match="does not answer"):
        exchange(question(Ask(name=NAME, kind="A")), HERE, server.port, Deadline(limit, 5))


def test_records_of_other_names_do_not_count(limit):
    heard = hear(lambda query: [reply(query, "lain.go.id. 60 IN A 127.53.0.9")], limit)
    assert heard.exists
    assert heard.addresses() == []


def cut(query):
    return [reply(query, flags=dns.flags.TC)]


def test_a_long_answer_comes_over_tcp(limit):
    text = " ".join('"' + "x" * 60 + '"' for _ in range(1000))
    long = f"{NAME}. 60 IN TXT {text}"
    heard = hear(cut, limit, lambda query: [reply(query, long)], kind="TXT")
    assert len(heard.texts()[0]) == 8192


@pytest.mark.parametrize(
    ("tcp", "why"),
    [
        (cut, Why.CUT),
        (lambda _query: [], Why.CUT),
        (lambda query: [RAW + b"\xff" + reply(query, A)], Why.CUT),
        (lambda _query: [b"nonsense"], Why.UNREADABLE),
        (lambda query: [forged(query, id=query.id ^ 1)], Why.UNREADABLE),
    ],
)
def test_what_goes_wrong_over_tcp(tcp, why, limit):
    assert hear(cut, limit, tcp).why is why


def test_a_resolver_that_is_not_there_or_not_named(limit):
    assert Resolver((HERE,), 1, 1.0, limit).ask(Ask(name=NAME, kind="A")).why is Why.REFUSED
    assert Resolver((), 53, 1.0, limit).ask(Ask(name=NAME, kind="A")).why is Why.NO_DATA
    assert isinstance(system_resolvers(), tuple)
    odd = Resolver((HERE,), 1, 1.0, limit)
    assert odd.ask(Ask(name="a..b", kind="A")).why is Why.UNSUPPORTED
    far = Resolver(("255.255.255.255",), 1, 1.0, limit)
    assert far.ask(Ask(name=NAME, kind="A")).why is Why.UNREACHABLE


def test_the_second_resolver_is_asked_where_the_first_is_silent(limit):
    with Scripted(HERE, 0, lambda query: [reply(query, A)]) as server:
        resolver = Resolver(("127.53.7.2", HERE), server.port, 5.0, limit)
        assert resolver.ask(Ask(name=NAME, kind="A")).addresses() == ["127.53.0.9"]


def test_a_silent_resolver_is_soon_left(limit):
    with Scripted(HERE, 0, lambda _query: []) as server:
        resolver = Resolver((HERE,), server.port, 0.1, limit)
        for number in range(10):
            assert resolver.ask(Ask(name=f"n{number}.id", kind="A")).why is Why.TIMEOUT
        assert resolver.questions == SILENCES
        resolver.begin()
        resolver.ask(Ask(name="new.id", kind="A"))
        assert resolver.questions == 1


def test_the_number_of_questions_has_an_end(limit):
    with Scripted(HERE, 0, lambda query: [reply(query)]) as server:
        resolver = Resolver((HERE,), server.port, 10.0, limit)
        heard = [resolver.ask(Ask(name=f"n{n}.id", kind="A")) for n in range(QUESTIONS + 5)]
        again = resolver.ask(Ask(name="n1.id", kind="A"))
    assert [isinstance(one, Answer) for one in heard].count(True) == QUESTIONS
    assert heard[-1].why is Why.CUT
    assert isinstance(again, Answer)
    assert len(server.asked) == QUESTIONS


def test_a_run_that_is_stopped_asks_no_more():
    stopped = threading.Event()
    stopped.set()
    heard = hear(lambda query: [reply(query, A)], Limit(20, stopped, time.monotonic))
    assert heard.why is Why.INTERRUPTED


def see(kind, script, seconds=5.0, tcp=None):
    with Scripted(HERE, 0, script, tcp) as server:
        fact = observe(
            kind,
            target_for(NAME),
            settings_for((HERE,), seconds=seconds),
            DnsCollector(server.port, https=1, smtp=1),
        )
        return rows(fact)[NAME], server.asked


@pytest.mark.parametrize("kind", ["dns", "mail"])
@pytest.mark.parametrize(
    ("script", "why"),
    [
        (lambda _query: [], Why.TIMEOUT),
        (lambda query: [reply(query, rcode=2)], Why.UNREACHABLE),
        (lambda query: [reply(query, rcode=5)], Why.REFUSED),
        (
            lambda query: [reply(query, f"{query.question[0].name} 60 IN A 127.53.0.9")],
            Why.UNREADABLE,
        ),
    ],
)
def test_a_resolver_that_cannot_be_believed_makes_no_verdict(kind, script, why):
    row, asked = see(kind, script, 0.4 if why is Why.TIMEOUT else 5.0)
    assert "exists" not in row
    assert row[GAP]["why"] is why
    assert len(asked) <= 2 * SILENCES


def test_names_that_could_steer_a_terminal_are_inert():
    def script(query):
        name, kind = query.question[0].name.to_text(), query.question[0].rdtype
        if name.endswith(".invalid."):
            return [reply(query, rcode=3)]
        if kind == dns.rdatatype.MX and name == f"{NAME}.":
            return [reply(query, f"{NAME}. 60 IN MX 10 <script>\\027[31m.go.id.")]
        if kind == dns.rdatatype.TXT and name == f"{NAME}.":
            return [reply(query, f'{NAME}. 60 IN TXT "v=spf1 \\027[31m\\226\\128\\174 -all"')]
        return [reply(query)]

    row, _ = see("mail", script)
    assert row["mx"][0]["host"] == "<script>\\027[31m.go.id"
    assert "\x1b" not in str(row)
    assert row["spf"]["errors"]


def test_a_name_server_that_leads_elsewhere_is_not_followed():
    """Answers say that the name server is 127.9.9.9, which the letter does not cover."""

    def script(query):
        name, kind = query.question[0].name.to_text(), query.question[0].rdtype
        if name.endswith(".invalid."):
            return [reply(query, rcode=3)]
        if kind == dns.rdatatype.SOA:
            return [reply(query, f"{name} 60 IN SOA a. b. 1 7200 900 1209600 3600")]
        if kind == dns.rdatatype.NS:
            return [reply(query, f"{name} 60 IN NS ns.{NAME}.")]
        if kind == dns.rdatatype.A:
            return [reply(query, f"{name} 60 IN A 127.9.9.9")]
        return [reply(query)]

    row, _ = see("dns", script)
    assert [one["in_scope"] for one in row["servers"]] == [False]
    assert row["dnssec"][GAP]["why"] is Why.UNSUPPORTED


ZONE = (f"{NAME}. 60 IN SOA a. b. 1 7200 900 1209600 3600", A)


def plain(query, *lines, rcode=0):
    query.use_edns(False)
    return reply(query, *lines, rcode=rcode)


@pytest.mark.parametrize(
    ("tcp", "given"),
    [
        (lambda query: [plain(query, *ZONE)], True),
        (lambda query: [plain(query, ZONE[0]), plain(query, ZONE[1])], True),
        (lambda query: [plain(query, ZONE[0])], False),
        (lambda query: [plain(query, rcode=5)], False),
        (lambda query: [plain(query)], False),
        (lambda _query: [], False),
        (lambda query: [plain(query, *ZONE, rcode=9)], False),
    ],
)
def test_transfers(tcp, given, limit):
    with Scripted(HERE, 0, lambda _query: [], tcp) as server:
        wanted = Transfer(zone=NAME, server=HERE)
        settings = settings_for((), seconds=5.0)
        assert transfer(wanted, settings, limit, server.port).open is given


def late(_query):
    time.sleep(1)
    return []


@pytest.mark.parametrize(
    ("tcp", "detail"),
    [
        (lambda _query: [b"nonsense"], "does not answer"),
        (lambda _query: [RAW + b"\xff" + b"x" * 90], "ended before the answer"),
        (lambda _query: [RAW], "ended before the answer"),
        (late, "no answer in time"),
    ],
)
def test_transfers_that_cannot_be_judged(tcp, detail, limit):
    with (
        Scripted(HERE, 0, lambda _query: [], tcp) as server,
        pytest.raises(Unreached, match=detail),
    ):
        transfer(
            Transfer(zone=NAME, server=HERE), settings_for((), seconds=0.5), limit, server.port
        )


def test_no_transfer_is_asked_outside_the_letter(limit):
    with pytest.raises(Unreached) as error:
        transfer(Transfer(zone=NAME, server="127.9.9.9"), settings_for(()), limit, 1)
    assert error.value.why is Why.SCOPE


def test_a_machine_without_resolvers(monkeypatch):
    def none(*_args, **_kwargs):
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", none)
    assert system_resolvers() == ()


def test_a_resolver_that_leads_to_others_has_not_answered(limit):
    """An authoritative server that is asked as a resolver: "nothing here" would be a lie."""

    def refers_on(query):
        message = dns.message.make_response(query)
        message.authority.append(dns.rrset.from_text("id.", 60, "IN", "NS", "a.dns.id."))
        return [message.to_wire()]

    assert hear(refers_on, limit).why is Why.UNSUPPORTED
