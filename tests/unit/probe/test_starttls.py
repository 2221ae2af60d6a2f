"""The words before TLS: what each protocol offers, refuses and garbles."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.starttls import talk
from auditor.probe.starttls_binary import LDAP_REQUEST, MYSQL_REQUEST, RDP_REQUEST
from auditor.probe.starttls_words import BYTES, LINES, Declined
from auditor.probe.tls import StartTls


def speak(protocol: StartTls, pieces: Iterable[bytes]) -> tuple[bytes, bytes]:
    """Hold a talk against what a server sends; return what was said to it, and the rest."""
    coming = iter(pieces)
    steps = talk(protocol)
    said = b""
    received = None
    try:
        while True:
            words = steps.send(received)
            received = None
            if words is None:
                received = next(coming, b"")
            else:
                said += words
    except StopIteration as end:
        return said, end.value


def lines(*texts: str) -> bytes:
    return "".join(f"{text}\r\n" for text in texts).encode("latin-1")


EHLO = ("250-mail.kota.test", "250-SIZE 1000", "250-STARTTLS", "250 8BITMIME")
POSTFIX = lines("220 mail.kota.test ESMTP", *EHLO, "220 2.0.0 Ready to start TLS")
DOVECOT = lines(
    "* OK [CAPABILITY IMAP4rev1] Dovecot ready.",
    "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED",
    "a1 OK done",
    "a2 OK Begin TLS negotiation now.",
)
POP3 = lines("+OK Dovecot ready.", "+OK", "CAPA", "STLS", "SASL", ".", "+OK Begin TLS")
FTP = lines("220-Selamat datang", "bebas", " 220 menjorok", "220 siap", "234 AUTH TLS OK")


def ber(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


def ldap_result(code: bytes, number: bytes = b"\x01", tag: int = 0x78) -> bytes:
    result = ber(0x0A, code) + ber(4, b"") + ber(4, b"")
    return ber(0x30, ber(2, number) + ber(tag, result))


def greeting(capabilities: int, version: int = 10) -> bytes:
    body = bytes([version]) + b"11.4-MariaDB\0" + bytes(13) + capabilities.to_bytes(2, "little")
    return packet(body + bytes(20))


def packet(body: bytes, number: int = 0) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


def confirm(negotiation: bytes, kind: int = 0xD0) -> bytes:
    body = bytes([6 + len(negotiation), kind, 0, 0, 0, 0, 0]) + negotiation
    return b"\x03\x00" + (4 + len(body)).to_bytes(2, "big") + body


def choice(kind: int, value: int) -> bytes:
    return bytes([kind, 0, 8, 0]) + value.to_bytes(4, "little")


OFFERS = {
    StartTls.SMTP: POSTFIX,
    StartTls.IMAP: DOVECOT,
    StartTls.POP3: POP3,
    StartTls.FTP: FTP,
    StartTls.LDAP: ldap_result(b"\0"),
    StartTls.POSTGRESQL: b"S",
    StartTls.MYSQL: greeting(0x0A00),
    StartTls.RDP: confirm(choice(2, 1)),
}


@pytest.mark.parametrize("protocol", StartTls)
def test_a_server_that_offers_tls_is_led_up_to_it(protocol):
    assert speak(protocol, [OFFERS[protocol]])[1] == b""


@pytest.mark.parametrize("protocol", StartTls)
def test_answers_may_come_byte_by_byte(protocol):
    whole = OFFERS[protocol]
    assert speak(protocol, (whole[at : at + 1] for at in range(len(whole))))[1] == b""


@pytest.mark.parametrize("protocol", StartTls)
def test_what_comes_behind_the_go_ahead_is_returned(protocol):
    assert speak(protocol, [OFFERS[protocol] + b"250 injected\r\n"])[1] == b"250 injected\r\n"


@pytest.mark.parametrize("protocol", StartTls)
def test_an_end_at_any_place_is_not_seen(protocol):
    whole = OFFERS[protocol]
    for size in range(len(whole)):
        with pytest.raises(Unseen) as found:
            speak(protocol, [whole[:size]])
        assert found.value.why is Why.UNREADABLE


@pytest.mark.parametrize(
    ("protocol", "said"),
    [
        (StartTls.SMTP, b"EHLO auditor.invalid\r\nSTARTTLS\r\n"),
        (StartTls.IMAP, b"a1 CAPABILITY\r\na2 STARTTLS\r\n"),
        (StartTls.POP3, b"CAPA\r\nSTLS\r\n"),
        (StartTls.FTP, b"AUTH TLS\r\n"),
        (StartTls.LDAP, bytes.fromhex("301d020101771880") + b"\x161.3.6.1.4.1.1466.20037"),
        (StartTls.POSTGRESQL, bytes.fromhex("0000000804d2162f")),
        (StartTls.MYSQL, bytes.fromhex("20000001008a0000" + "00000001" + "21") + bytes(23)),
        (StartTls.RDP, bytes.fromhex("030000130ee000000000000100080" + "00b000000")),
    ],
)
def test_only_what_the_protocol_asks_for_is_sent(protocol, said):
    assert speak(protocol, [OFFERS[protocol]])[0] == said


def test_lengths_in_requests_are_those_of_their_parts():
    assert LDAP_REQUEST[1] == len(LDAP_REQUEST) - 2
    assert MYSQL_REQUEST[0] == len(MYSQL_REQUEST) - 4
    assert RDP_REQUEST[3] == len(RDP_REQUEST) == RDP_REQUEST[4] + 5


DECLINES = [
    (StartTls.SMTP, lines("220 mail ESMTP", "250-mail", "250 SIZE 1")),
    (StartTls.SMTP, lines("220 mail ESMTP", "250 STARTTLS")),  # its name, not an extension
    (StartTls.SMTP, lines("220 mail ESMTP", "250-mail", "250-NOSTARTTLS", "250 XSTARTTLS")),
    (StartTls.SMTP, lines("220 mail SMTP", "502 Command not implemented")),
    (StartTls.SMTP, lines("220 mail SMTP", "500 ?")),
    (StartTls.IMAP, lines("* OK ready", "* CAPABILITY IMAP4rev1 XSTARTTLS", "a1 OK")),
    (StartTls.IMAP, lines("* PREAUTH welcome")),
    (StartTls.POP3, lines("+OK ready", "+OK", "SASL", "USER", ".")),
    (StartTls.POP3, lines("+OK ready", "-ERR unknown", "-ERR unknown")),
    (StartTls.FTP, lines("220 (vsFTPd)", "530 Please login with USER and PASS.")),
    (StartTls.FTP, lines("220 ProFTPD", "500")),
    (StartTls.LDAP, ldap_result(b"\x02")),
    (StartTls.LDAP, ldap_result(b"\x35")),
    (StartTls.POSTGRESQL, b"N"),
    (StartTls.MYSQL, greeting(0xF7FF)),
    (StartTls.RDP, confirm(b"")),
    (StartTls.RDP, confirm(choice(2, 0))),
    (StartTls.RDP, confirm(choice(3, 2))),
    (StartTls.RDP, confirm(choice(3, 3))),
]


@pytest.mark.parametrize(("protocol", "sent"), DECLINES)
def test_a_server_without_tls_declines(protocol, sent):
    with pytest.raises(Declined):
        speak(protocol, [sent])


DENIES = [
    (StartTls.SMTP, lines("554 no service for you"), "554 no service"),
    (StartTls.SMTP, lines("421-busy", "421 later"), "421 later"),
    (StartTls.SMTP, lines("220 mail", "550 who is auditor.invalid?"), "550 who"),
    (StartTls.SMTP, lines("220 mail", *EHLO, "454 TLS not available"), "STARTTLS: 454"),
    (StartTls.SMTP, lines("421 \x1b[31mred\x07 " + "x" * 500), "421 \ufffd[31mred\ufffd x"),
    (StartTls.IMAP, lines("* BYE too many"), "BYE"),
    (StartTls.IMAP, lines("* OK", "a1 BAD what"), "CAPABILITY: BAD"),
    (StartTls.IMAP, lines("* OK", "* CAPABILITY STARTTLS", "a1 OK", "a2 NO"), "STARTTLS: NO"),
    (StartTls.POP3, lines("-ERR [SYS/TEMP] later"), "-ERR"),
    (StartTls.POP3, lines("+OK", "+OK", "STLS", ".", "-ERR"), "STLS: -ERR"),
    (StartTls.FTP, lines("421 too many connections"), "421 too many"),
    (StartTls.FTP, lines("220 ready", "431 no security now"), "AUTH TLS: 431"),
    (StartTls.FTP, lines("220 ready", "334 more"), "AUTH TLS: 334"),
    (StartTls.LDAP, ldap_result(b"\x34"), "result 52"),
    (StartTls.LDAP, ldap_result(b"\x34", number=b"\0"), "ended with result 52"),
    (StartTls.POSTGRESQL, b"EFATAL", "error"),
    (StartTls.MYSQL, packet(b"\xff\x69\x04Host blocked"), "error 1129"),
    (StartTls.RDP, confirm(choice(3, 5)), "failure 5"),
]


@pytest.mark.parametrize(("protocol", "sent", "told"), DENIES)
def test_a_server_that_turns_away_tells_nothing_of_tls(protocol, sent, told):
    with pytest.raises(Unseen) as found:
        speak(protocol, [sent])
    assert found.value.why is Why.DENIED
    assert told in found.value.detail
    assert len(found.value.detail) < 200


STRANGE = [
    (StartTls.SMTP, b"SSH-2.0-OpenSSH_9.2\r\n"),
    (StartTls.SMTP, b"\xb2\xb2\xb0 ok\r\n"),
    (StartTls.SMTP, lines("220-mail", "221 other code")),
    (StartTls.SMTP, lines("220-mail", "free text")),
    (StartTls.SMTP, lines("2200 mail")),
    (StartTls.FTP, lines("999 mail")),
    (StartTls.IMAP, lines("+OK pop")),
    (StartTls.IMAP, lines("")),
    (StartTls.IMAP, lines("* OK", "a1 OK")),
    (StartTls.IMAP, lines("* OK", "a1 MAYBE")),
    (StartTls.IMAP, lines("* OK", "a1")),
    (StartTls.IMAP, lines("* OK", "HTTP/1.1 400 Bad Request")),
    (StartTls.POP3, lines("220 smtp")),
    (StartTls.POP3, lines("+OK", "+MAYBE")),
    (StartTls.LDAP, b"HTTP/1.1 400 Bad Request"),
    (StartTls.LDAP, b"\x30\x80\x02\x01\x01\x00\x00"),
    (StartTls.LDAP, b"\x30\x85\x00\x00\x00\x00\x01"),
    (StartTls.LDAP, b"\x30\x84\x7f\xff\xff\xff"),
    (StartTls.LDAP, b"\x30\x01\x02"),
    (StartTls.LDAP, b"\x30\x02\x04\x01"),
    (StartTls.LDAP, b"\x30\x02\x02\x00"),
    (StartTls.LDAP, b"\x30\x03\x02\x02\x01"),
    (StartTls.LDAP, ldap_result(b"\0", tag=0x61)),
    (StartTls.POSTGRESQL, b"HTTP/1.1 400"),
    (StartTls.MYSQL, b"SSH-2.0-OpenSSH_9.2\r\n"),
    (StartTls.MYSQL, packet(b"\x0a8.0", number=3)),
    (StartTls.MYSQL, b"\0\0\0\0"),
    (StartTls.MYSQL, b"\xff\xff\xff\0"),
    (StartTls.MYSQL, packet(b"\x0a no end")),
    (StartTls.MYSQL, packet(b"\x0a8.0\0" + bytes(14))),
    (StartTls.MYSQL, greeting(0x0A00, version=9)),
    (StartTls.RDP, b"HTTP/1.1 400"),
    (StartTls.RDP, b"\x03\x00\x00\x07"),
    (StartTls.RDP, b"\x03\x00\xff\xff"),
    (StartTls.RDP, confirm(choice(2, 1), kind=0xE0)),
    (StartTls.RDP, confirm(choice(2, 1)[:-1])),
    (StartTls.RDP, confirm(b"\x02\0\x09\0" + bytes(4))),
    (StartTls.RDP, confirm(choice(4, 1))),
    (StartTls.RDP, confirm(choice(2, 16))),
]


@pytest.mark.parametrize(("protocol", "sent"), STRANGE)
def test_another_protocol_is_not_seen(protocol, sent):
    with pytest.raises(Unseen) as found:
        speak(protocol, [sent])
    assert found.value.why is Why.UNREADABLE
    assert found.value.detail == f"does not speak {protocol}"


def test_a_length_in_the_long_form_is_read():
    short = ldap_result(b"\0")
    long = b"\x30\x82\x00" + bytes([short[1] + 1]) + short[2:5] + b"\x78\x81" + short[6:]
    assert speak(StartTls.LDAP, [long]) == (LDAP_REQUEST, b"")


def test_old_pop3_servers_know_stls_without_listing_it():
    assert speak(StartTls.POP3, [lines("+OK", "-ERR unknown", "+OK go")])[1] == b""


def test_a_reply_may_be_a_bare_code():
    assert speak(StartTls.FTP, [lines("220", "234")])[1] == b""


@pytest.mark.parametrize("line", [b"220-more\r\n", b"\n"])
def test_endless_lines_are_cut(line):
    with pytest.raises(Unseen) as found:
        speak(StartTls.FTP, [b"220-hello\r\n" + line * LINES])
    assert found.value.why is Why.CUT


@pytest.mark.parametrize("protocol", StartTls)
def test_an_endless_line_is_cut(protocol):
    first = {StartTls.LDAP: b"\x30\x82\x40\x00", StartTls.MYSQL: b"\x00\x40\x00\x00"}
    start = first.get(protocol, b"\x03\x00\x40\x00" if protocol is StartTls.RDP else b"+OK")
    if protocol is StartTls.POSTGRESQL:
        start = b""
    with pytest.raises(Unseen) as found:
        speak(protocol, [start, *[b"x" * 1000] * (BYTES // 1000 + 1)])
    expected = Why.UNREADABLE if protocol is StartTls.POSTGRESQL else Why.CUT
    assert found.value.why is expected


PIECES = st.sampled_from(
    [*(piece for whole in OFFERS.values() for piece in whole.splitlines(keepends=True)), b"\r\n"]
)


@settings(max_examples=150, deadline=None)
@given(
    protocol=st.sampled_from(StartTls),
    sent=st.lists(st.one_of(st.binary(max_size=80), PIECES), max_size=12),
)
def test_nothing_a_server_sends_breaks_a_talk(protocol, sent):
    try:
        _, rest = speak(protocol, [piece for piece in sent if piece])
    except (Unseen, Declined):
        return
    assert rest in b"".join(sent)
