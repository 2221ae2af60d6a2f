"""Protocols in binary that go over to TLS: LDAP, PostgreSQL, MySQL and RDP.

Sources: RFC 4511 4.14; PostgreSQL "SSL Session Encryption"; MySQL "Protocol::SSLRequest";
[MS-RDPBCGR] 2.2.1.1 and 2.2.1.2.
"""

from auditor.probe.starttls_words import BYTES, Declined, Step, Words

_START_TLS_OID = b"1.3.6.1.4.1.1466.20037"
LDAP_REQUEST = (
    bytes([0x30, 7 + len(_START_TLS_OID), 0x02, 1, 1, 0x77, 2 + len(_START_TLS_OID)])
    + bytes([0x80, len(_START_TLS_OID)])
    + _START_TLS_OID
)
_SEQUENCE, _INTEGER, _ENUMERATED, _EXTENDED_RESPONSE = 0x30, 0x02, 0x0A, 0x78
_LONG_FORMS = range(0x81, 0x85)
"""First byte of a length in BER that 1 to 4 bytes follow."""
_LDAP_NO = {2: "protocolError", 53: "unwillingToPerform"}
"""Results of a server that has no TLS to give."""

POSTGRESQL_REQUEST = (8).to_bytes(4, "big") + (80_877_103).to_bytes(4, "big")

_MYSQL_TEN, _MYSQL_ERROR = 10, 0xFF
_CLIENT_PROTOCOL_41, _CLIENT_SSL, _CLIENT_SECURE = 0x0200, 0x0800, 0x8000
_UTF8 = 33
MYSQL_REQUEST = (
    bytes([32, 0, 0, 1])
    + (_CLIENT_PROTOCOL_41 | _CLIENT_SSL | _CLIENT_SECURE).to_bytes(4, "little")
    + (2**24).to_bytes(4, "little")
    + bytes([_UTF8, *bytes(23)])
)

_TLS, _CREDSSP, _CREDSSP_EX = 1, 2, 8
RDP_REQUEST = (
    bytes([3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0])
    + bytes([1, 0, 8, 0])
    + (_TLS | _CREDSSP | _CREDSSP_EX).to_bytes(4, "little")
)
_RDP_CONFIRM, _RDP_CHOICE, _RDP_FAILURE = 0xD0, 2, 3
_RDP_NO = {2: "SSL_NOT_ALLOWED_BY_SERVER", 3: "SSL_CERT_NOT_ON_SERVER"}
"""Failures of a server that has no TLS to give."""


def ldap(words: Words) -> Step[None]:
    """Ask for StartTLS by an extended request (RFC 4511 4.14)."""
    yield LDAP_REQUEST
    message = yield from _ber(words, _SEQUENCE)
    number, rest = _split(words, message, _INTEGER)
    response, _ = _split(words, rest, _EXTENDED_RESPONSE)
    result, _ = _split(words, response, _ENUMERATED)
    code = int.from_bytes(result, "big")
    if number != b"\x01":
        raise words.denied(f"ended with result {code}")
    if code in _LDAP_NO:
        raise Declined(f"StartTLS is answered with {_LDAP_NO[code]}")
    if code:
        raise words.denied(f"StartTLS is answered with result {code}")


def _ber(words: Words, tag: int) -> Step[bytes]:
    """Read an element of BER with a definite length and return its content."""
    head = yield from words.take(2)
    if head[0] != tag:
        raise words.strange()
    size = head[1]
    if size & 0x80:
        if size not in _LONG_FORMS:
            raise words.strange()
        size = int.from_bytes((yield from words.take(size & 0x7F)), "big")
    if size > BYTES:
        raise words.strange()
    return (yield from words.take(size))


def _split(words: Words, data: bytes, tag: int) -> tuple[bytes, bytes]:
    """Return the content of the first element of BER in `data`, and what follows it."""
    if len(data) < 2 or data[0] != tag:  # noqa: PLR2004 - tag and length
        raise words.strange()
    size, start = data[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    if not size or start + size > len(data):
        raise words.strange()
    return data[start : start + size], data[start + size :]


def postgresql(words: Words) -> Step[None]:
    """Ask for SSL by the request that comes before the start-up message."""
    yield POSTGRESQL_REQUEST
    answer = yield from words.take(1)
    if answer == b"N":
        raise Declined("the server answers SSLRequest with N")
    if answer == b"E":
        raise words.denied("an error in answer to SSLRequest")
    if answer != b"S":
        raise words.strange()


def mysql(words: Words) -> Step[None]:
    """Read the server's handshake and ask for SSL; no go-ahead follows, TLS begins at once."""
    header = yield from words.take(4)
    size = int.from_bytes(header[:3], "little")
    if header[3] or not 0 < size <= BYTES:
        raise words.strange()
    packet = yield from words.take(size)
    if packet[0] == _MYSQL_ERROR:
        raise words.denied(f"error {int.from_bytes(packet[1:3], 'little')}")
    _, ended, rest = packet[1:].partition(b"\0")
    # thread id 4, salt 8, filler 1, capabilities 2
    if packet[0] != _MYSQL_TEN or not ended or len(rest) < 15:  # noqa: PLR2004
        raise words.strange()
    if not int.from_bytes(rest[13:15], "little") & _CLIENT_SSL:
        raise Declined("the handshake lacks CLIENT_SSL")
    yield MYSQL_REQUEST


def rdp(words: Words) -> Step[None]:
    """Ask for TLS or CredSSP, which is TLS too, in the X.224 connection request."""
    yield RDP_REQUEST
    header = yield from words.take(4)
    size = int.from_bytes(header[2:], "big")
    if header[:2] != b"\x03\x00" or not 11 <= size <= BYTES:  # noqa: PLR2004 - TPKT and X.224
        raise words.strange()
    packet = yield from words.take(size - 4)
    if packet[1] != _RDP_CONFIRM:
        raise words.strange()
    answer = packet[7:]
    if not answer:
        raise Declined("the server knows no security negotiation")
    if len(answer) != 8 or answer[2:4] != b"\x08\x00":  # noqa: PLR2004 - the structure's length
        raise words.strange()
    _rdp_choice(words, answer[0], int.from_bytes(answer[4:], "little"))


def _rdp_choice(words: Words, kind: int, value: int) -> None:
    if kind == _RDP_FAILURE:
        if value in _RDP_NO:
            raise Declined(f"the server answers {_RDP_NO[value]}")
        raise words.denied(f"negotiation failure {value}")
    if kind != _RDP_CHOICE or value not in {0, _TLS, _CREDSSP, _CREDSSP_EX}:
        raise words.strange()
    if not value:
        raise Declined("the server chooses RDP's own encryption")
