"""The few hellos behind a survey: servers that lie or fall silent first, then honest ones."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponderEncoding, OCSPResponseBuilder
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.fact import Why
from auditor.probe.tls_alerts import Alert
from auditor.probe.tls_codec import (
    ServerHello,
)
from auditor.probe.tls_flight import Flight
from auditor.probe.tls_suites import CURVES, FFDHE, SUITES, Version
from auditor.probe.tls_survey import Mute, Seen, other_protocol
from auditor.probe.tls_traits import curves, extras, fallback, order, primes
from tests.servers.certificates import NOW
from tests.unit.probe.tls_memory import authority, server_certificate

CLOSED = Mute(why=Why.UNREADABLE, detail="connection closed", closed=True)
SILENT = Mute(why=Why.TIMEOUT, detail="no answer in time")
REFUSED = Alert(code=40)
AES, AES_CBC, CHACHA, STATIC = 0xC02F, 0xC013, 0xCCA8, 0x009C
DHE, DHE_EXPORT, ANON, PSK = 0x009E, 0x0014, 0x0034, 0xC035
DHE_NAMED, ANON_256 = 0x0033, 0x003A


def view(version=Version.TLS_1_2, suites=(AES, STATIC), **fields) -> Seen:
    return Seen(version=version, suites=suites, name="web.kota.test", **fields)


MODERN = view(Version.TLS_1_3, (0x1301, 0x1302), groups=(0x11EC, 0x1D))


def ask(question, seen, server):
    """Put a question to a function from hello to answer; return the record and the hellos."""
    hellos = []
    steps = question(seen)
    try:
        hello = next(steps)
        while True:
            hellos.append(hello)
            assert len(hellos) < 100
            hello = steps.send(server(hello))
    except StopIteration as end:
        return end.value, hellos


def chosen(hello, suite=None, **fields) -> ServerHello:
    return ServerHello(version=hello.version, suite=suite or hello.suites[0], **fields)


def named(code: int, hint: bytes = b"") -> bytes:
    return hint + b"\3" + code.to_bytes(2, "big") + b"\1x"


def modulo(bits: int, hint: bytes = b"") -> bytes:
    prime = (1 << (bits - 1)).to_bytes((bits + 7) // 8, "big")
    return hint + len(prime).to_bytes(2, "big") + prime + b"\0\1\2\0\1x"


QUESTIONS = {
    "extras": (extras, "compression"),
    "order": (order, "server_order"),
    "fallback": (fallback, "fallback_scsv"),
    "curves": (curves, "curves"),
    "primes": (primes, "dh"),
}
ALL = [view(suites=(AES, DHE, STATIC)), view(Version.TLS_1_1, (AES_CBC,))]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (SILENT, Why.TIMEOUT),
        (CLOSED, Why.REFUSED),
        (REFUSED, Why.REFUSED),
        (ServerHello(version=0x0301, suite=AES), Why.UNREADABLE),
        (ServerHello(version=0x0303, suite=0xFAFA), Why.UNREADABLE),
    ],
)
def test_a_server_that_spoils_a_question_leaves_its_field_unseen(name, answer, why):
    question, field = QUESTIONS[name]
    whole = name not in {"order", "fallback"} and isinstance(answer, ServerHello)

    record, _ = ask(question, ALL, lambda _: Flight(hello=answer) if whole else answer)

    assert field not in record
    assert record["gap"]["why"] is why


@given(
    st.sampled_from(sorted(QUESTIONS)),
    st.lists(
        st.one_of(
            st.sampled_from([CLOSED, SILENT, REFUSED]),
            st.builds(
                ServerHello,
                version=st.sampled_from([0x0302, 0x0303]),
                suite=st.sampled_from([AES, DHE, STATIC, AES_CBC, *sorted(SUITES)[:5]]),
                compression=st.integers(0, 255),
            ),
        ),
        max_size=10,
    ),
    st.binary(max_size=40),
)
def test_whatever_a_server_answers_a_question_ends(name, script, body):
    answers = iter(script)

    def server(_hello):
        answer = next(answers, REFUSED)
        if name in {"order", "fallback"} or not isinstance(answer, ServerHello):
            return answer
        return Flight(hello=answer, exchange=body, staple=body)

    record, _ = ask(QUESTIONS[name][0], ALL, server)

    assert "gap" in record or QUESTIONS[name][1] in record


def test_a_closed_connection_is_believed_when_it_is_repeated():
    answers = iter([CLOSED])

    record, hellos = ask(
        extras, ALL, lambda hello: next(answers, None) or Flight(hello=chosen(hello))
    )

    assert record["compression"] is False
    assert len(hellos) == 2


def test_a_flight_in_place_of_a_flight_of_words_is_not_believed():
    record, _ = ask(extras, ALL, chosen)

    assert record["gap"]["why"] is Why.UNREADABLE


def test_a_compression_that_was_not_offered_is_a_lie():
    record, _ = ask(extras, ALL, lambda hello: Flight(hello=chosen(hello, compression=64)))

    assert record["gap"]["why"] is Why.UNREADABLE


@pytest.mark.parametrize(
    ("exchange", "words"), [(None, "no key exchange"), (b"\3\0", "ends too early")]
)
@pytest.mark.parametrize("question", [curves, primes])
def test_a_key_exchange_that_is_missing_or_garbage_is_unseen(question, exchange, words):
    record, _ = ask(question, ALL, lambda h: Flight(hello=chosen(h), exchange=exchange))

    assert words in record["gap"]["detail"]


def staple() -> bytes:
    leaf, issuer = server_certificate("rsa"), authority()
    return (
        OCSPResponseBuilder()
        .add_response(
            cert=leaf.certificate,
            issuer=issuer.certificate,
            algorithm=SHA256(),
            cert_status=OCSPCertStatus.GOOD,
            this_update=NOW,
            next_update=NOW + timedelta(days=5),
            revocation_time=None,
            revocation_reason=None,
        )
        .responder_id(OCSPResponderEncoding.HASH, issuer.certificate)
        .sign(issuer.key, SHA256())
        .public_bytes(Encoding.DER)
    )


def test_extras_as_a_server_may_answer_them():
    def server(hello):
        assert hello.extras
        told = chosen(hello, compression=1, extensions=(0xFF01, 15, 23))
        return Flight(hello=told, staple=staple())

    record, (hello,) = ask(extras, ALL, server)

    assert hello.suites == (AES, DHE, STATIC)
    assert record == {
        "compression": True,
        "heartbeat": True,
        "ocsp_staple": True,
        "secure_renegotiation": True,
        "extended_master_secret": True,
    }


def test_a_server_that_answers_no_extension_has_none():
    record, _ = ask(extras, [view(suites=(ANON,))], lambda h: Flight(hello=chosen(h)))

    assert record == dict.fromkeys(record, False)


def test_tls_1_3_alone_needs_no_signal():
    record, (hello,) = ask(extras, [MODERN], lambda h: Flight(hello=chosen(h)))

    assert hello.groups == MODERN.groups
    assert record["secure_renegotiation"] is True
    assert record["extended_master_secret"] is True
    assert record["compression"] is False


def test_a_group_is_offered_where_none_is_known():
    seen = [view(Version.TLS_1_3, (0x1301,), groups_mute=SILENT)]

    _, (hello,) = ask(extras, seen, lambda h: Flight(hello=chosen(h)))

    assert hello.groups == (0x1D,)


def test_a_server_that_has_an_order_repeats_its_choice():
    record, hellos = ask(order, ALL, lambda hello: chosen(hello, STATIC))

    assert record == {"server_order": True}
    assert [hello.suites for hello in hellos] == [(AES, STATIC), (STATIC, AES)]


def test_a_server_that_follows_its_client_has_no_order():
    record, _ = ask(order, ALL, chosen)

    assert record == {"server_order": False}


def test_chacha_does_not_count_for_the_order():
    seen = [MODERN, view(suites=(CHACHA, AES))]

    _, hellos = ask(order, seen, chosen)

    assert [hello.version for hello in hellos] == [Version.TLS_1_3] * 2


def test_suites_that_need_groups_of_their_own_do_not_count_for_the_order():
    seen = [view(suites=(AES, STATIC, DHE_NAMED), ffdhe=(DHE_NAMED,))]

    _, hellos = ask(order, seen, chosen)

    assert [hello.suites for hello in hellos] == [(AES, STATIC), (STATIC, AES)]


@pytest.mark.parametrize("question", [order, fallback])
def test_one_version_with_one_suite_leaves_nothing_to_choose(question):
    record, hellos = ask(question, [view(suites=(AES,))], chosen)

    assert list(record.values()) == [True]
    assert not hellos


@pytest.mark.parametrize("question", [order, fallback])
def test_what_may_hide_behind_silence_is_not_told(question):
    seen = [view(suites=(AES,)), Seen(version=Version.TLS_1_1, mute=SILENT)]

    record, hellos = ask(question, seen, chosen)

    assert record == {}
    assert not hellos


def test_a_fallback_is_tried_below_the_newest_version():
    record, (hello,) = ask(fallback, [*ALL, MODERN], lambda _hello: Alert(code=86))

    assert record == {"fallback_scsv": True}
    assert (hello.version, hello.fallback) == (Version.TLS_1_2, True)


@pytest.mark.parametrize("refusal", [CLOSED, REFUSED])
def test_a_refusal_in_other_words_counts_where_the_signal_makes_the_difference(refusal):
    record, hellos = ask(fallback, ALL, lambda h: refusal if h.fallback else chosen(h))

    assert record == {"fallback_scsv": True}
    assert [hello.fallback for hello in hellos] == [True, False]


def test_a_server_that_goes_on_does_not_notice_a_fallback():
    record, _ = ask(fallback, ALL, chosen)

    assert record == {"fallback_scsv": False}


def picks(*codes, exhausted=REFUSED):
    def server(hello):
        code = next((code for code in codes if code in hello.groups), None)
        return Flight(hello=chosen(hello), exchange=named(code)) if code else exhausted

    return server


@pytest.mark.parametrize("end", [REFUSED, CLOSED])
def test_curves_are_found_in_the_order_of_the_server(end):
    record, hellos = ask(curves, ALL, picks(0x17, 0x1D, 0x13, exhausted=end))

    assert record == {"curves": ["secp256r1", "x25519", "secp192r1"]}
    assert all(hello.suites == (AES,) for hello in hellos)


def test_a_server_that_takes_every_curve_is_asked_for_each_once():
    record, hellos = ask(curves, ALL, picks(*CURVES))

    assert len(record["curves"]) == len(hellos) == len(CURVES)


def test_a_server_that_takes_no_notice_of_the_curves_is_asked_twice():
    record, hellos = ask(curves, ALL, lambda h: Flight(hello=chosen(h), exchange=named(0x17)))

    assert record == {"curves": ["secp256r1"]}
    assert len(hellos) == 2


def test_silence_behind_the_first_curve_hides_all():
    answers = iter([0x1D])

    def server(hello):
        code = next(answers, None)
        return Flight(hello=chosen(hello), exchange=named(code)) if code else SILENT

    record, _ = ask(curves, ALL, server)

    assert record == {"gap": {"why": Why.TIMEOUT, "detail": "no answer in time"}}


@pytest.mark.parametrize(
    ("exchange", "name"), [(b"\1" + bytes(60), "explicit"), (named(0xFAFA), "0xFAFA")]
)
def test_an_odd_curve_is_told_as_it_is(exchange, name):
    record, _ = ask(curves, ALL, lambda h: Flight(hello=chosen(h), exchange=exchange))

    assert record == {"curves": [name]}


def test_a_hint_of_a_shared_key_is_passed_over():
    seen = [view(suites=(PSK,))]

    record, _ = ask(curves, seen, lambda h: Flight(hello=chosen(h), exchange=named(0x1D, b"\0\1h")))

    assert record == {"curves": ["x25519"]}


@pytest.mark.parametrize("suites", [(STATIC,), (DHE,)])
def test_without_curves_there_are_none(suites):
    record, hellos = ask(curves, [view(suites=suites), MODERN], chosen)

    assert record == {"curves": []}
    assert not hellos


@pytest.mark.parametrize("least", [DHE, ANON, DHE_EXPORT, DHE_NAMED])
def test_the_smallest_prime_is_told(least):
    """OpenSSL's own primes go with the kind of suite: it has shorter ones without a certificate."""
    spoken = view(suites=(AES, DHE_NAMED, DHE, ANON_256, ANON), ffdhe=(DHE_NAMED,))
    seen = [MODERN, spoken, view(Version.TLS_1_0, (DHE_EXPORT,))]

    def server(hello):
        bits = 512 if hello.suites[0] == least else 2048
        return Flight(hello=chosen(hello), exchange=modulo(bits))

    record, hellos = ask(primes, seen, server)

    assert record == {"dh": {"used": True, "bits": 512}}
    asked = [hello.suites for hello in hellos]
    assert asked == [(DHE, ANON_256), (ANON,), (DHE_EXPORT,), (DHE_NAMED,)]
    assert [set(FFDHE) <= set(hello.groups) for hello in hellos] == [False, False, False, True]


def test_without_primes_there_are_none():
    record, hellos = ask(primes, [view(), MODERN], chosen)

    assert record == {"dh": {"used": False}}
    assert not hellos


def test_another_protocol_is_one_in_every_answer():
    other = Seen(
        version=Version.TLS_1_2,
        mute=Mute(why=Why.UNREADABLE, detail="does not speak TLS", other=True),
    )

    assert other_protocol([other, other])
    assert not other_protocol([other, Seen(version=Version.TLS_1_1)])
    assert not other_protocol([other, Seen(version=Version.TLS_1_1, mute=SILENT)])
