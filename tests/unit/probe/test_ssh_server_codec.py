"""The opening of SSH as bytes: hostile ones first, then what is sound."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.probe.ssh_server_codec import (
    DISCONNECT,
    KEXINIT,
    LINES,
    NAMES,
    PACKET,
    PROLOGUE,
    Fields,
    Full,
    Hello,
    Malformed,
    Offer,
    Oversized,
    Reader,
    hello,
    kexinit,
    message,
    mpint,
    offer,
    packet,
    string,
)

OFFER = Offer(
    kex=("curve25519-sha256", "kex-strict-s-v00@openssh.com"),
    host_keys=("ssh-ed25519",),
    ciphers=(("aes128-ctr",), ("aes256-ctr",)),
    macs=(("hmac-sha1",), ("hmac-sha2-256",)),
    compression=(("none",), ("none", "zlib")),
)


def kexinit_of(*lists: bytes, tail: bytes = bytes(5)) -> bytes:
    return bytes([KEXINIT]) + bytes(16) + b"".join(string(one) for one in lists) + tail


def lists(**changed: bytes) -> bytes:
    names = ("kex", "keys", "c1", "c2", "m1", "m2", "z1", "z2", "l1", "l2")
    return kexinit_of(*(changed.get(name, b"" if name[0] == "l" else b"x") for name in names))


def read(data: bytes) -> list:
    return list(Reader().feed(data))


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"\x16\x03\x03\x00\x02\x02\x46",
        b"SSH-\r\n",
        b"SSH-2.0\r\n",
        b"SSH-two-software\r\n",
        b"SSH-2.0-\r\n",
        b"SSH-2.0- comment\r\n",
        b"hello\n" * (LINES + 1),
        b"x" * 300 + b"\n" + b"y" * PROLOGUE,
        b"x" * (PROLOGUE + 1),
        b"SSH-2.0-" + b"x" * 300 + b"\r\n",
        b"SSH-2.0-x\r\n" + b"\xff\xff\xff\xff\x04",
        b"SSH-2.0-x\r\n" + (PACKET + 1).to_bytes(4, "big") + b"\x04",
        b"SSH-2.0-x\r\n" + b"\0\0\0\1\0",
        b"SSH-2.0-x\r\n" + b"\0\0\0\x0c\x0b" + bytes(12),
        b"SSH-2.0-x\r\n" + b"\0\0\0\0\0",
    ],
)
def test_what_is_no_ssh_is_refused(data):
    with pytest.raises(Malformed):
        read(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "without a word"),
        (b"\r\n\r\n", "without a word"),
        (b"\x00\xff\x1b[31mgarbage", "it said: \ufffd\ufffd\ufffd[31mgarbage"),
        (b"220 mail.example ESMTP\r\n", "it said: 220 mail.example ESMTP"),
        (b"<script>" + b"x" * 500, "it said: <script>xxx"),
        (b"SSH-2.0-x\r\n", "the server ended the connection"),
        (b"SSH-2.0-x\r\n\0\0", "the answer is cut short"),
        (b"SSH-2.0-x\r\n\0\0\0\x0c\x04", "the answer is cut short"),
    ],
)
def test_an_end_is_told_with_what_was_said(data, said):
    reader = Reader()
    list(reader.feed(data))

    assert said in str(reader.end())
    assert len(str(reader.end())) < 200


@pytest.mark.parametrize("text", [b"Exceeded MaxStartups\r\n", b"Not allowed at this time\r\n"])
def test_a_server_without_room_is_told_from_one_that_speaks_otherwise(text):
    reader = Reader()
    list(reader.feed(text))

    assert isinstance(reader.end(), Full)


@given(st.binary(max_size=400), st.integers(min_value=1, max_value=9))
@example(b"SSH-2.0-a b\r\n" + packet(b"\x14" + bytes(30)), 3)
def test_any_bytes_in_any_pieces_give_the_same_or_are_refused(data, size):
    def outcome(pieces):
        reader = Reader()
        found = []
        try:
            for piece in pieces:
                found += reader.feed(piece)
        except Malformed as error:
            return found, type(error)
        return found, str(reader.end())

    whole, cut = (
        outcome([data]),
        outcome([data[at : at + size] for at in range(0, len(data), size)]),
    )
    if isinstance(whole[1], type) or isinstance(cut[1], type):
        assert [one for one in cut[0] if one in whole[0]] == cut[0] or not whole[0]
    else:
        assert whole == cut


@given(st.binary(max_size=600))
def test_any_kexinit_is_read_or_refused(data):
    try:
        found = offer(bytes([KEXINIT]) + data)
    except Malformed:
        return
    assert found.kex
    assert all(name.isprintable() and "," not in name for name in found.kex)


@pytest.mark.parametrize(
    "payload",
    [
        lists(kex=b""),
        lists(keys=b""),
        *(lists(**{name: b""}) for name in ("c1", "c2", "m1", "m2", "z1", "z2")),
        lists(kex=b"a,,b"),
        lists(kex=b","),
        lists(kex=b"a\0b"),
        lists(kex=b"a b"),
        lists(kex=b"a\x1b[31m"),
        lists(kex="é".encode()),
        lists(kex=b"x" * 65),
        lists()[:-6],
        lists()[:40],
        b"\x15" + bytes(60),
        bytes([KEXINIT]),
    ],
)
def test_an_offer_that_names_nothing_or_nonsense_is_refused(payload):
    with pytest.raises(Malformed):
        offer(payload)


def test_an_offer_of_too_many_names_is_refused():
    many = b",".join(b"%x" % number for number in range(NAMES + 1))

    with pytest.raises(Oversized):
        offer(lists(keys=many))
    assert len(offer(lists(keys=many[: many.rindex(b",")])).host_keys) == NAMES


def test_markup_in_a_name_stays_text_and_doubles_count_once():
    assert offer(lists(kex=b"<script>,b,b")).kex == ("<script>", "b")


def test_what_is_written_is_read():
    ours = kexinit(OFFER, "curve25519-sha256", "ssh-ed25519")
    (greeting, payload) = read(b"hello\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" + packet(ours))

    assert greeting == Hello("SSH-2.0-OpenSSH_9.2p1 Debian-2", "2.0", "OpenSSH_9.2p1", "Debian-2")
    assert offer(payload) == Offer(
        kex=("curve25519-sha256",),
        host_keys=("ssh-ed25519",),
        ciphers=OFFER.ciphers,
        macs=OFFER.macs,
        compression=OFFER.compression,
    )


@pytest.mark.parametrize("size", range(1, 40))
def test_a_packet_is_padded_as_the_protocol_asks(size):
    data = packet(bytes(size))

    assert len(data) % 8 == 0
    assert data[4] >= 4
    assert read(b"SSH-2.0-x\n" + data)[1] == bytes(size)


def test_what_says_nothing_is_passed_over():
    noise = b"".join(packet(bytes([kind]) + bytes(9)) for kind in (2, 4, 7))

    assert read(b"SSH-2.0-x\n" + noise + packet(b"\x14y"))[1:] == [b"\x14y"]


@pytest.mark.parametrize(
    ("line", "one", "two"),
    [
        (b"SSH-2.0-x", False, True),
        (b"SSH-1.99-x", True, True),
        (b"SSH-1.5-x", True, False),
        (b"SSH-3.0-x", False, False),
    ],
)
def test_the_protocols_of_a_version_line(line, one, two):
    assert (hello(line).speaks_1, hello(line).speaks_2) == (one, two)


def test_control_characters_of_a_version_line_are_made_inert():
    found = hello(b"SSH-2.0-a\0b c\x1b[0m\x9b\r")

    assert found.software == "a\ufffdb"
    assert found.comments == "c\ufffd[0m\ufffd"


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (b"Too many\0 clients", Malformed, "Too many\ufffd clients"),
        (b"", Malformed, "without a word"),
        (b"Exceeded MaxStartups", Full, "no more clients"),
    ],
)
def test_a_farewell_is_told(text, kind, said):
    with pytest.raises(kind, match=said):
        message(bytes([DISCONNECT]) + bytes(4) + string(text), 31)


def test_another_message_than_the_one_that_is_due_is_refused():
    with pytest.raises(Malformed, match="message 3 where 31 was due"):
        message(b"\x03", 31)


@given(st.integers(min_value=0, max_value=2**600))
def test_numbers_are_written_as_they_are_read(value):
    assert Fields(mpint(value)).mpint() == value


def test_a_negative_number_is_refused():
    with pytest.raises(Malformed):
        Fields(string(b"\xff")).mpint()
