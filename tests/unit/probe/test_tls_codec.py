"""The codec: hostile bytes first, then what OpenSSL really answers."""

import ssl
from contextlib import suppress
from itertools import chain as joined

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.probe.tls_alerts import Alert
from auditor.probe.tls_codec import (
    MAX_CERTIFICATE,
    MAX_CERTIFICATES,
    MAX_MESSAGE,
    ClientHello,
    Handshake,
    HandshakeReader,
    Malformed,
    Oversized,
    Reader,
    Sealed,
    ServerHello,
    answer,
    certificates,
    chain,
    encode,
    extensions,
    server_hello,
)
from auditor.probe.tls_suites import CURVES, GROUPS_1_3, Version
from tests.servers.client_hello import Offer, read_offer
from tests.unit.probe.tls_memory import authority, reply, server, server_certificate


def read(data: bytes):
    return list(Reader().feed(data))


def record(kind: int, payload: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(payload).to_bytes(2, "big") + payload


def handshake(kind: int, body: bytes) -> Handshake:
    return Handshake(kind=kind, raw=bytes([kind]) + len(body).to_bytes(3, "big") + body)


def vector(size: int, body: bytes) -> bytes:
    return len(body).to_bytes(size, "big") + body


@pytest.mark.parametrize(
    "banner",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"220 mail ESMTP\r\n",
        b"\x80\x2e\x01\x00\x02",
        b"\x16\x02\x00\x00\x01\x00",
        b"\x17\x03\x03\xff\xff",
    ],
)
def test_what_is_no_record_is_malformed(banner):
    with pytest.raises(Malformed):
        read(banner)


def test_a_message_that_claims_to_be_endless_is_refused_before_it_is_kept():
    header = bytes([11]) + (MAX_MESSAGE + 1).to_bytes(3, "big")

    with pytest.raises(Oversized):
        read(record(22, header))


@pytest.mark.parametrize("payload", [b"", b"\x02", b"\x02\x28\x00"])
def test_an_alert_of_the_wrong_length_is_malformed(payload):
    with pytest.raises(Malformed):
        read(record(21, payload))


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_any_bytes_end_in_messages_or_malformed(pieces):
    reader = Reader()

    with suppress(Malformed):
        for message in joined.from_iterable(map(reader.feed, pieces)):
            assert isinstance(message, Handshake | Alert | Sealed)


@given(st.binary(max_size=200), st.binary(max_size=40))
@example(bytes(34) + b"\xff", b"")
def test_any_server_hello_is_read_or_malformed(body, tail):
    whole = b"\x03\x03" + bytes(32) + b"\0\x13\x01\0" + vector(2, b"\0\x33" + vector(2, tail))

    for candidate in (body, whole + body, whole):
        with suppress(Malformed):
            assert server_hello(candidate).suite >= 0


@given(st.binary(max_size=400), st.booleans())
def test_any_certificate_message_is_read_or_malformed(body, modern):
    with suppress(Malformed):
        assert all(isinstance(part, bytes) for part in chain(body, modern=modern))


@given(
    st.lists(st.tuples(st.sampled_from([2, 11, 14, 12]), st.binary(max_size=60)), max_size=4),
    st.binary(min_size=1, max_size=5),
)
def test_messages_do_not_depend_on_how_they_are_cut(parts, seed):
    whole = b"".join(handshake(kind, body).raw for kind, body in parts)
    pieces = [whole[at : at + seed[0] + 1] for at in range(0, len(whole), seed[0] + 1)]
    reader = Reader()

    found = [
        message
        for piece in pieces
        for byte in record(22, piece)
        for message in reader.feed(bytes([byte]))
    ]

    assert found == [handshake(kind, body) for kind, body in parts]
    assert not reader.partial


def test_a_reader_knows_that_it_waits_for_more():
    reader = Reader()
    pieces = HandshakeReader()

    assert not list(reader.feed(b"\x16\x03"))
    assert not list(pieces.feed(b"\x02\0"))

    assert reader.partial
    assert pieces.partial


def test_too_many_certificates_are_refused():
    body = vector(3, vector(3, b"x") * (MAX_CERTIFICATES + 1))

    with pytest.raises(Oversized):
        chain(body)


def test_a_certificate_that_is_too_big_is_refused():
    with pytest.raises(Oversized):
        chain(vector(3, vector(3, bytes(MAX_CERTIFICATE + 1))))


def test_as_many_and_as_big_as_allowed_is_read():
    body = vector(3, vector(3, b"x") * MAX_CERTIFICATES)

    assert len(chain(body)) == MAX_CERTIFICATES


NAMES = st.sampled_from(["", "web.kota.test", "a" * 63 + ".go.id"])
CODES = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=100).map(tuple)


@given(st.sampled_from(Version), CODES, NAMES, CODES, st.binary(min_size=32, max_size=32))
def test_a_hello_says_what_was_put_in(version, suites, name, groups, random):
    modern = version is Version.TLS_1_3
    shares = ((0x1D, bytes(32)),) if modern else ()
    hello = ClientHello(
        version=version, suites=suites, name=name, groups=groups, shares=shares, random=random
    )

    offer = read_offer(encode(hello))

    plain = version is Version.SSL_3_0
    assert offer == Offer(
        version=version,
        suites=suites if modern else (*suites, 0x00FF),
        name="" if plain else name,
        groups=() if plain else groups,
        shares=shares,
        random=random,
    )


def hello(version: Version, **fields) -> ClientHello:
    fields.setdefault("suites", (0xC02F, 0x002F))
    return ClientHello(version=version, groups=CURVES, name="web.kota.test", **fields)


def test_openssl_reads_our_hello_and_we_read_its_answer():
    messages = read(reply(server(), encode(hello(Version.TLS_1_2))))

    assert answer(messages) == ServerHello(
        version=0x0303, suite=0xC02F, extensions=(0xFF01, 11, 23)
    )
    shown = certificates(messages)
    assert shown == (server_certificate("rsa").der, authority().der)


def test_openssl_names_the_group_that_it_wants():
    opening = hello(Version.TLS_1_3, suites=(0x1302,), session=bytes(32))
    chosen = answer(read(reply(server(), encode(opening))))

    assert chosen == ServerHello(
        version=0x0304, suite=0x1302, retry=True, group=0x1D, extensions=(43, 51)
    )


def test_openssl_answers_a_key_share():
    share = bytes([9]) + bytes(31)
    opening = hello(Version.TLS_1_3, suites=(0x1301,), shares=((0x1D, share),))

    messages = read(reply(server(), encode(opening)))

    chosen = answer(messages)
    assert (chosen.version, chosen.suite, chosen.retry) == (0x0304, 0x1301, False)
    assert (chosen.group, len(chosen.share)) == (0x1D, 32)
    assert isinstance(messages[-1], Sealed)


def test_openssl_refuses_an_old_version_by_an_alert():
    context = server(minimum_version=ssl.TLSVersion.TLSv1_2)

    refusal = answer(read(reply(context, encode(hello(Version.TLS_1_1)))))

    assert refusal == Alert(code=70)
    assert refusal.name == "protocol_version"


def test_an_unknown_alert_is_shown_by_its_number():
    assert Alert(code=99).name == "99"


def test_the_warning_that_a_name_is_unknown_is_passed_over():
    greeting = handshake(2, b"\x03\x03" + bytes(32) + b"\0\x00\x2f\0")

    assert answer([Alert(code=112, warning=True), greeting]) == ServerHello(
        version=0x0303, suite=0x002F
    )


def test_the_refusal_of_a_name_is_an_answer():
    assert answer([Alert(code=112)]) == Alert(code=112)


def test_another_first_message_is_malformed():
    with pytest.raises(Malformed):
        answer([handshake(0, b"")])


def test_no_message_is_no_answer():
    assert answer([]) is None


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [handshake(2, b""), handshake(14, b""), handshake(11, vector(3, vector(3, b"x")))],
        [handshake(2, b""), Alert(code=40)],
    ],
)
def test_a_server_without_a_certificate_shows_none(messages):
    assert certificates(messages) == ()


def test_a_warning_between_hello_and_certificate_is_passed_over():
    shown = handshake(11, vector(3, vector(3, b"x")))

    assert certificates([handshake(2, b""), Alert(code=112, warning=True), shown]) == (b"x",)


def test_an_encrypted_record_before_the_keys_is_malformed():
    with pytest.raises(Malformed):
        certificates([handshake(2, b""), Sealed(header=b"\x17\x03\x03\0\0", payload=b"")])


def test_a_change_of_cipher_is_passed_over():
    assert read(record(20, b"\x01") + record(21, b"\x02\x28")) == [Alert(code=40)]


def test_every_version_has_its_usual_name():
    assert [version.label for version in Version] == [
        "SSLv3",
        "TLSv1.0",
        "TLSv1.1",
        "TLSv1.2",
        "TLSv1.3",
    ]


def test_groups_of_tls_1_3_do_not_hold_one_twice():
    assert len(set(GROUPS_1_3.values())) == len(GROUPS_1_3)


@pytest.mark.parametrize("cut", range(1, 9))
def test_extensions_that_end_too_early_are_malformed(cut):
    told = b"\0\5\0\1x\0\x17\0\0"

    assert extensions(told) == {5: b"x", 23: b""}
    if cut == 5:
        assert extensions(told[:cut]) == {5: b"x"}
    else:
        with pytest.raises(Malformed):
            extensions(told[:cut])
