"""The TLS 1.3 keys: against OpenSSL in memory, and against servers that lie."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.probe.tls_alerts import Alert
from auditor.probe.tls_codec import (
    ClientHello,
    Handshake,
    Malformed,
    Reader,
    Sealed,
    encode,
)
from auditor.probe.tls_keys import AGREEABLE, READABLE, KeyShare, Opener, sealed_flight
from auditor.probe.tls_suites import Version
from tests.unit.probe.tls_memory import authority, reply, server, server_certificate


class Sealer(Opener):
    """The server's side of the same keys."""

    def seal(self, content: bytes, header: bytes = b"h") -> Sealed:
        nonce = (self._iv ^ self._count).to_bytes(12, "big")
        self._count += 1
        return Sealed(header=header, payload=self._aead.encrypt(nonce, content, header))


def conversation(group: int = 0x1D, suite: int = 0x1301, kind: str = "rsa"):
    """Return the client's hello, its share, and what OpenSSL sends back."""
    share = KeyShare(group)
    record = encode(
        ClientHello(
            version=Version.TLS_1_3,
            suites=(suite,),
            groups=(group,),
            shares=((group, share.public),),
        )
    )
    return record[5:], share, list(Reader().feed(reply(server(kind), record)))


@pytest.mark.parametrize("group", AGREEABLE)
def test_the_chain_is_read_in_every_group(group):
    hello, share, messages = conversation(group)

    found = sealed_flight(hello, share, messages).chain

    assert found == (server_certificate("rsa").der, authority().der)


@pytest.mark.parametrize("suite", [0x1301, 0x1302, 0x1303])
def test_the_chain_is_read_in_every_suite_that_openssl_offers(suite):
    hello, share, messages = conversation(suite=suite, kind="ec")

    found = sealed_flight(hello, share, messages).chain

    assert found == (server_certificate("ec").der, authority().der)


@pytest.mark.parametrize("suite", READABLE)
def test_what_was_sealed_with_the_same_keys_opens(suite):
    secret, transcript = bytes(32), b"hellos"
    sealer, opener = Sealer(suite, secret, transcript), Opener(suite, secret, transcript)
    records = [sealer.seal(b"text\x16", bytes([count])) for count in range(3)]

    opened = [opener.open(record) for record in records]

    assert opened == [(0x16, b"text")] * 3


def test_padding_is_taken_off():
    sealer, opener = Sealer(0x1301, bytes(32), b""), Opener(0x1301, bytes(32), b"")

    assert opener.open(sealer.seal(b"text\x15\0\0\0")) == (0x15, b"text")


def test_a_record_of_padding_alone_is_malformed():
    sealer, opener = Sealer(0x1301, bytes(32), b""), Opener(0x1301, bytes(32), b"")

    with pytest.raises(Malformed):
        opener.open(sealer.seal(bytes(9)))


@given(st.sampled_from(sorted(READABLE)), st.binary(max_size=60))
def test_what_was_sealed_otherwise_is_malformed(suite, payload):
    opener = Opener(suite, bytes(32), b"")

    with pytest.raises(Malformed):
        opener.open(Sealed(header=b"\x17\x03\x03\0\x10", payload=payload))


@given(st.sampled_from(AGREEABLE), st.binary(max_size=140))
def test_any_share_is_agreed_on_or_malformed(group, share):
    with suppress(Malformed):
        assert KeyShare(group).agree(share)


def server_hello(suite: int = 0x1301, group: int = 0x1D, share: bytes = bytes(31) + b"\x01"):
    shares = group.to_bytes(2, "big") + len(share).to_bytes(2, "big") + share
    fields = b"\0\x33" + len(shares).to_bytes(2, "big") + shares
    body = b"\x03\x03" + bytes(32) + b"\0" + suite.to_bytes(2, "big") + b"\0"
    body += len(fields).to_bytes(2, "big") + fields
    return Handshake(kind=2, raw=b"\x02" + len(body).to_bytes(3, "big") + body)


@pytest.mark.parametrize(
    "opening",
    [server_hello(suite=0x1306), server_hello(group=0x17), Handshake(kind=11, raw=b"\x0b\0\0\0")],
)
def test_a_server_that_chose_what_was_not_offered_is_malformed(opening):
    with pytest.raises(Malformed):
        sealed_flight(b"", KeyShare(0x1D), [opening])


def test_a_sealed_record_before_the_hello_is_malformed():
    with pytest.raises(Malformed):
        sealed_flight(b"", KeyShare(0x1D), [Sealed(header=b"", payload=b"")])


def test_a_clear_message_after_the_hello_is_malformed():
    hello, share, messages = conversation()

    with pytest.raises(Malformed):
        sealed_flight(hello, share, [messages[0], messages[0]])


@pytest.mark.parametrize("rest", [[], [Alert(code=40)]])
def test_a_server_that_stops_shows_no_certificate(rest):
    hello, share, messages = conversation()

    assert sealed_flight(hello, share, [messages[0], *rest]) is None


class Server:
    """Seals whatever a test wants with the keys that the client agreed to."""

    def __init__(self) -> None:
        self.share = KeyShare(0x1D)
        own = KeyShare(0x1D)
        self.opening = server_hello(share=own.public)
        self.sealer = Sealer(0x1301, own.agree(self.share.public), b"hello" + self.opening.raw)

    def sends(self, *contents: bytes):
        records = [self.sealer.seal(content) for content in contents]
        return sealed_flight(b"hello", self.share, [self.opening, *records])


def test_an_alert_in_a_sealed_record_means_no_certificate():
    assert Server().sends(b"\x02\x28\x15") is None


def test_a_sealed_record_of_another_type_is_malformed():
    with pytest.raises(Malformed):
        Server().sends(b"data\x17")


def test_certificates_may_be_cut_over_records():
    entry = b"\0\0\x02de\0\0"
    message = b"\x0b\0\0\x0b" + b"\0" + len(entry).to_bytes(3, "big") + entry

    told = b"\x08\0\0\6\0\4\0\x0f\0\0\x16"
    seen = Server().sends(told, message[:7] + b"\x16", message[7:] + b"\x16")

    assert seen.chain == (b"de",)
    assert seen.hello.extensions == (15,)
    assert seen.staple == b""


def test_a_message_without_certificates_shows_none():
    seen = Server().sends(b"\x0b\0\0\4\0\0\0\0\x16")

    assert seen.chain == ()


@pytest.mark.parametrize("rest", [[], [Alert(code=40)]])
def test_a_server_that_does_not_even_say_hello_shows_nothing(rest):
    assert sealed_flight(b"", KeyShare(0x1D), rest) is None


def test_a_staple_is_found_in_the_entry_of_a_certificate():
    staple = b"\0\5\0\6\1\0\0\2ok"
    entry = b"\0\0\x02de" + len(staple).to_bytes(2, "big") + staple
    body = b"\0" + len(entry).to_bytes(3, "big") + entry

    seen = Server().sends(b"\x0b" + len(body).to_bytes(3, "big") + body + b"\x16")

    assert seen.staple == b"ok"
