"""Four questions over UDP of one packet each, and what their answers show. Pure bytes.

They ask what anybody may ask: a name (DNS), the server's own variables (NTP control, mode 6),
the version (memcached), the instances (SQL Server Browser, which nmap does not ask). None carries
a credential; NTP's list of clients (mode 7) is not asked.
"""

from collections.abc import Callable, Mapping
from struct import pack, unpack_from

from auditor.model.base import Value

_NOERROR, _SERVFAIL, _NXDOMAIN = 0, 2, 3
_DNS_ID = 0x4B42
_ANSWER = 0x8000
_DESIRED = 0x0100
_AVAILABLE = 0x0080


class Question(Value, frozen=True):
    """A packet, and whether an answer says yes to what it asks."""

    packet: bytes
    yes: Callable[[bytes], bool]


def _dns() -> bytes:
    """Ask for the address of a name that belongs to nobody asked, recursion desired."""
    name = b"".join(bytes([len(label)]) + label for label in (b"example", b"com", b""))
    return pack("!6H", _DNS_ID, _DESIRED, 1, 0, 0, 0) + name + pack("!2H", 1, 1)


def offers_recursion(answer: bytes) -> bool:
    """Tell whether a DNS server recurses for us: it says so, and does not refuse.

    SERVFAIL counts: it tried for us and failed.
    """
    if len(answer) < 12:  # noqa: PLR2004 - a header
        return False
    number, flags = unpack_from("!2H", answer)
    return (
        number == _DNS_ID
        and bool(flags & _ANSWER)
        and bool(flags & _AVAILABLE)
        and flags & 0xF in (_NOERROR, _SERVFAIL, _NXDOMAIN)
    )


def answers_control(answer: bytes) -> bool:
    """Tell whether an NTP server answers control messages (mode 6) with its variables."""
    if len(answer) < 12:  # noqa: PLR2004 - a header
        return False
    mode, code = answer[0] & 7, answer[1]
    return mode == 6 and bool(code & 0x80) and not code & 0x40 and code & 0x1F == 2  # noqa: PLR2004


def is_memcached(answer: bytes) -> bool:
    """Tell whether memcached told its version."""
    return answer[8:16] == b"VERSION "


def is_sql_browser(answer: bytes) -> bool:
    """Tell whether a Microsoft SQL Server Browser named its instances."""
    return answer[:1] == b"\x05"


QUESTIONS: Mapping[int, Question] = {
    53: Question(packet=_dns(), yes=offers_recursion),
    123: Question(packet=pack("!BBHHHHH", 0x16, 2, 1, 0, 0, 0, 0), yes=answers_control),
    1434: Question(packet=b"\x03", yes=is_sql_browser),
    11211: Question(
        packet=pack("!4H", _DNS_ID, 0, 1, 0) + b"version\r\n", yes=is_memcached
    ),
}  # fmt: skip
"""Port → what is asked there."""
