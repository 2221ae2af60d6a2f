"""What comes behind a server's hello: hostile bytes first, then what OpenSSL really sends."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.tls_alerts import Alert
from auditor.probe.tls_codec import (
    DEFLATE,
    HEARTBEAT,
    ClientHello,
    Handshake,
    Malformed,
    Oversized,
    Reader,
    Sealed,
    encode,
)
from auditor.probe.tls_flight import (
    CERTIFICATE_STATUS,
    EXPLICIT,
    KEY_EXCHANGE,
    Flight,
    curve,
    entry_status,
    flight,
    prime_bits,
    status,
)
from auditor.probe.tls_staple import stapled
from auditor.probe.tls_suites import CURVES, Version
from tests.unit.probe.tls_memory import authority, reply, server, server_certificate


def handshake(kind: int, body: bytes) -> Handshake:
    return Handshake(kind=kind, raw=bytes([kind]) + len(body).to_bytes(3, "big") + body)


HELLO = handshake(2, b"\x03\x03" + bytes(32) + b"\0\x00\x2f\0")
DONE = handshake(14, b"")
SHOWN = handshake(11, b"\0\0\6\0\0\3der")
SEALED = Sealed(header=b"\x17\x03\x03\0\0", payload=b"")


@given(st.binary(max_size=80), st.booleans())
def test_any_key_exchange_is_read_or_malformed(body, hinted):
    for read in (curve, prime_bits):
        with suppress(Malformed):
            assert read(body, hinted=hinted) >= 0


@given(
    st.lists(st.tuples(st.sampled_from([2, 11, 12, 14, 22]), st.binary(max_size=60)), max_size=5)
)
def test_any_messages_end_in_a_flight_or_malformed(parts):
    with suppress(Malformed):
        assert isinstance(
            flight([HELLO, *(handshake(*part) for part in parts)]), Flight | Alert | None
        )


@given(st.binary(max_size=200))
def test_any_staple_is_an_answer_or_none(junk):
    assert stapled(junk) is False


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\3",
        b"\3\0",
        b"\3\0\x17",
        b"\3\0\x17\xff" + bytes(20),
        b"\4\0\x17\1x",
        b"\0",
    ],
)
def test_a_curve_that_is_cut_or_of_an_unknown_kind_is_malformed(body):
    with pytest.raises(Malformed):
        curve(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xff" + bytes(100),
        b"\0\2\1\1",
        b"\0\2\1\1\0\1\2",
        b"\0\2\1\1\0\1\2\xff\xff",
        b"\0\0\0\1\2\0\1x",
        b"\0\2\0\0\0\1\2\0\1x",
    ],
)
def test_a_prime_that_is_cut_or_nothing_is_malformed(body):
    with pytest.raises(Malformed):
        prime_bits(body)


@pytest.mark.parametrize("body", [b"", b"\1", b"\1\xff\xff\xff", b"\1\0\0\5abc"])
def test_a_status_that_is_cut_is_malformed(body):
    with pytest.raises(Malformed):
        status(body)
    with pytest.raises(Malformed):
        entry_status(b"\0\5" + len(body).to_bytes(2, "big") + body)


def test_a_status_of_another_kind_is_none():
    assert status(b"\2\0\0\1x") == b""


def test_garbage_as_a_status_is_no_staple():
    found = flight([HELLO, SHOWN, handshake(CERTIFICATE_STATUS, b"\1\0\0\4junk"), DONE])

    assert found.staple == b"junk"
    assert stapled(found.staple) is False


@pytest.mark.parametrize(
    "messages",
    [
        [HELLO],
        [HELLO, SHOWN],
        [HELLO, SEALED],
        [SHOWN],
        [DONE],
        [HELLO, handshake(11, b"\0\0\6\0\0\x09der"), DONE],
        [HELLO, handshake(CERTIFICATE_STATUS, b"\1"), DONE],
    ],
)
def test_a_flight_that_is_cut_or_out_of_order_is_malformed(messages):
    with pytest.raises(Malformed):
        flight(messages)


def test_too_many_certificates_are_refused():
    with pytest.raises(Oversized):
        flight([HELLO, handshake(11, b"\0\0\x44" + b"\0\0\1x" * 17), DONE])


def test_nothing_is_no_flight():
    assert flight([]) is None


@pytest.mark.parametrize("before", [[], [HELLO], [HELLO, SHOWN]])
def test_an_alert_ends_a_flight(before):
    assert flight([*before, Alert(code=40)]) == Alert(code=40)


def test_a_warning_and_other_messages_are_passed_over():
    warning = Alert(code=112, warning=True)

    found = flight([warning, HELLO, warning, SHOWN, handshake(13, b""), DONE])

    assert found.chain == (b"der",)
    assert found.exchange is None


@pytest.mark.parametrize("kind", [1, 2])
def test_parameters_of_its_own_making_are_said_to_be_explicit(kind):
    assert curve(bytes([kind]) + bytes(90)) == EXPLICIT


def test_a_hint_before_the_key_exchange_is_passed_over():
    assert curve(b"\0\4hint" + b"\3\0\x1d\1x", hinted=True) == 0x1D
    assert prime_bits(b"\0\0" + b"\0\2\1\1\0\1\2\0\1x", hinted=True) == 9


def offered(suites, **fields) -> bytes:
    hello = ClientHello(version=Version.TLS_1_2, suites=suites, groups=CURVES, **fields)
    return encode(hello)


def read(data: bytes):
    return flight(Reader().feed(data))


def test_openssl_sends_its_chain_and_curve():
    found = read(reply(server(), offered((0xC02F,))))

    assert found.chain == (server_certificate("rsa").der, authority().der)
    assert curve(found.exchange) == 0x1D


def test_openssl_answers_what_it_knows_of_the_extras():
    found = read(reply(server(), offered((0x002F,), extras=True)))

    assert found.exchange is None
    assert found.hello.compression != DEFLATE
    assert HEARTBEAT not in found.hello.extensions
    assert stapled(found.staple) is False


def test_openssl_notices_a_fallback():
    assert read(reply(server(), offered((0xC02F,), fallback=True))).name == "inappropriate_fallback"


def test_a_key_exchange_ends_the_flight():
    exchange = handshake(KEY_EXCHANGE, b"\3\0\x17\1x")

    assert flight([HELLO, SHOWN, exchange, SEALED]).exchange == exchange.body
